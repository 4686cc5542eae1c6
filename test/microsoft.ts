import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { OAuthApp } from '../db/schema.ts'

/** What the next requests get instead of what they ask for. */
type Refusal = { status: number; error: string; code: number; words: string; retryAfter?: string }
/** What Graph does with a mail: answers with an error, or breaks off before or after it took the mail. */
export type GraphBehaviour =
  | { status: number; code?: string; message?: string; retryAfter?: string; takes?: boolean }
  | 'dies before the end'
  | 'takes and dies'

const TENANT = 'contoso.onmicrosoft.com'
const CLIENT_ID = '11111111-2222-4333-8444-555555555555'
export const CLIENT_SECRET = 'a client secret / with+odd&characters'
/** Who signs in, and may open and send from the mailbox. */
export const DELEGATE = 'dana@contoso.example'

const SECRET_UNKNOWN = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT_ID}'.`

export type Microsoft = Awaited<ReturnType<typeof startMicrosoft>>

/**
 * The sign-in service and Graph of Microsoft 365, as far as mail needs them, over HTTP on this machine: tokens for
 * apps and for accounts, refresh tokens that are good once, and a place where Dovecot asks about tokens.
 * @param mailbox the shared mailbox that app and delegate may open
 */
export async function startMicrosoft(mailbox: string) {
  const access = new Map<string, { resource: string; account: string | null; expiresAt: number }>()
  const refresh = new Map<string, { used: boolean }>()
  const codes = new Map<string, { challenge: string; redirectUri: string }>()
  const self = {
    /** How long a token lives, in seconds. */
    lifetimeS: 3_600,
    /** Each request for a token: by what, for what, and how it ended. */
    asked: [] as { by: string; resource: string; ok: boolean }[],
    /** What servers asked about, and whether it was good then. */
    shown: [] as { good: boolean }[],
    refusal: null as Refusal | null,
    graph: null as GraphBehaviour | null,
    graphAttempts: 0,
    graphTook: [] as { user: string; raw: string }[],
    /** What happens with a mail that Graph took, before it says so. */
    onGraphTook: (_raw: string): void => {},
    /** Holds the answers of the token endpoint back. */
    answersAfter: Promise.resolve(),
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  const url = `http://127.0.0.1:${address.port}`

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    const [, first, ...rest] = pathname.split('/')
    if (pathname === '/tokeninfo') return tokeninfo(searchParams.get('token') ?? '', response)
    if (first === 'v1.0' && rest.at(-1) === 'sendMail')
      return await sendMail(decodeURIComponent(rest[1] ?? ''), request, response)
    if (rest.join('/') === 'oauth2/v2.0/authorize')
      return response.writeHead(302, { location: microsoft.signIn(new URL(request.url ?? '/', url).href) }).end()
    if (rest.join('/') === 'oauth2/v2.0/token' && request.method === 'POST') {
      const form = new URLSearchParams(await textOf(request))
      await self.answersAfter
      return token(first ?? '', form, response)
    }
    json(response, 404, {})
  }

  function token(tenant: string, form: URLSearchParams, response: ServerResponse) {
    const by = form.get('grant_type') ?? ''
    const scopes = (form.get('scope') ?? '').split(' ')
    const resources = new Set(scopes.filter((scope) => /^https:/.test(scope)).map((scope) => new URL(scope).origin))
    const resource = [...resources][0] ?? ''
    const refuse = (refusal: Refusal) => {
      self.asked.push({ by, resource, ok: false })
      const stamp = { timestamp: '2026-03-01 08:00:00Z', trace_id: randomUUID(), correlation_id: randomUUID() }
      const trace = `Trace ID: ${stamp.trace_id}\r\nCorrelation ID: ${stamp.correlation_id}\r\nTimestamp: ${stamp.timestamp}`
      if (refusal.retryAfter) response.setHeader('retry-after', refusal.retryAfter)
      json(response, refusal.status, {
        error: refusal.error,
        error_description: `AADSTS${refusal.code}: ${refusal.words}\r\n${trace}`,
        error_codes: [refusal.code],
        ...stamp,
        error_uri: `${url}/error?code=${refusal.code}`,
      })
    }
    const bad = (error: string, code: number, words: string) =>
      refuse({ status: error === 'invalid_client' ? 401 : 400, error, code, words })
    if (self.refusal) return refuse(self.refusal)
    if (tenant !== TENANT) return bad('invalid_request', 90002, `Tenant '${tenant}' not found.`)
    if (form.get('client_id') !== CLIENT_ID)
      return bad('unauthorized_client', 700016, `Application with identifier '${form.get('client_id')}' was not found.`)
    if (form.get('client_secret') !== CLIENT_SECRET) return bad('invalid_client', 7000215, SECRET_UNKNOWN)
    if (resources.size !== 1) return bad('invalid_scope', 28000, 'The scope contains more than one resource.')
    if (by === 'client_credentials') {
      if (scopes.length !== 1 || !scopes[0]?.endsWith('/.default'))
        return bad('invalid_scope', 1002012, 'The provided value for scope is not valid for client credentials.')
      return grant(null)
    }
    if (by === 'authorization_code') {
      const code = codes.get(form.get('code') ?? '')
      codes.delete(form.get('code') ?? '')
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (!code) return bad('invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed.')
      if (code.challenge !== challenge) return bad('invalid_grant', 501481, 'The Code_Verifier does not match.')
      if (code.redirectUri !== form.get('redirect_uri'))
        return bad('invalid_request', 50011, 'The redirect URI differs.')
      return grant(DELEGATE)
    }
    const old = refresh.get(form.get('refresh_token') ?? '')
    if (by !== 'refresh_token' || !old || old.used) {
      // Stricter than Microsoft is: who shows a used one loses all of them.
      if (old?.used) refresh.clear()
      return bad('invalid_grant', 50173, 'The provided grant has expired due to it being revoked.')
    }
    old.used = true
    return grant(DELEGATE)

    function grant(account: string | null) {
      self.asked.push({ by, resource, ok: true })
      const accessToken = `eyJ0eXAi.${randomUUID()}`
      access.set(accessToken, { resource, account, expiresAt: Date.now() + self.lifetimeS * 1_000 })
      const life = { token_type: 'Bearer', expires_in: self.lifetimeS, ext_expires_in: self.lifetimeS }
      if (account === null) return json(response, 200, { ...life, access_token: accessToken })
      const refreshToken = `0.${randomUUID()}`
      refresh.set(refreshToken, { used: false })
      const claims = Buffer.from(JSON.stringify({ preferred_username: account })).toString('base64url')
      json(response, 200, {
        ...life,
        scope: scopes.join(' '),
        access_token: accessToken,
        refresh_token: refreshToken,
        id_token: `e30.${claims}.`,
      })
    }
  }

  /** Who a token is good for now, if anybody. */
  function holderOf(text: string, resource: RegExp) {
    const token = access.get(text)
    const good = token !== undefined && token.expiresAt > Date.now() && resource.test(token.resource)
    self.shown.push({ good })
    return good ? token : null
  }

  function tokeninfo(text: string, response: ServerResponse) {
    const token = holderOf(text, /outlook\.office/)
    if (token) json(response, 200, { email: mailbox, active: true })
    else json(response, 401, { error: 'invalid_token' })
  }

  async function sendMail(user: string, request: IncomingMessage, response: ServerResponse) {
    self.graphAttempts++
    const behaviour = self.graph
    if (behaviour === 'dies before the end') {
      request.once('data', () => request.socket.destroy())
      return
    }
    const body = await textOf(request)
    const token = holderOf(request.headers.authorization?.replace(/^Bearer /, '') ?? '', /graph\.microsoft\.com/)
    const error = (status: number, code: string, message: string) =>
      json(response, status, { error: { code, message } })
    if (!token) return error(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.')
    if (request.headers['content-type'] !== 'text/plain' || !/^[A-Za-z0-9+/]+=*$/.test(body))
      return error(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.')
    const take = () => {
      const raw = Buffer.from(body, 'base64').toString('utf8')
      self.onGraphTook(raw)
      self.graphTook.push({ user, raw })
    }
    if (behaviour === 'takes and dies') {
      take()
      return void request.socket.destroy()
    }
    if (!behaviour) {
      take()
      return void response.writeHead(202).end()
    }
    if (behaviour.takes) take()
    if (behaviour.retryAfter) response.setHeader('retry-after', behaviour.retryAfter)
    error(behaviour.status, behaviour.code ?? '', behaviour.message ?? '')
  }

  const microsoft = Object.assign(self, {
    url,
    app: { tenant: TENANT, clientId: CLIENT_ID, authority: url, graphUrl: url } satisfies OAuthApp,
    tokeninfoUrl: `${url}/tokeninfo?token=`,

    /** Whether SMTP takes a token for a user: an app signs in as the mailbox, an account as itself. */
    takesAtSmtp(user: string, text: string): boolean {
      const token = holderOf(text, /outlook\.office/)
      return token !== null && user === (token.account ?? mailbox)
    },

    /** A person signs in and consents, as the page of Microsoft lets them: gives where the browser is sent then. */
    signIn(signInUrl: string): string {
      const { origin, pathname, searchParams: q } = new URL(signInUrl)
      const scope = (q.get('scope') ?? '').split(' ')
      const complete =
        origin === url &&
        pathname === `/${TENANT}/oauth2/v2.0/authorize` &&
        q.get('client_id') === CLIENT_ID &&
        q.get('response_type') === 'code' &&
        q.get('code_challenge_method') === 'S256' &&
        scope.includes('offline_access')
      if (!complete) throw new Error(`the sign-in page refuses ${signInUrl}`)
      const code = `0.${randomUUID()}`
      const redirectUri = q.get('redirect_uri') ?? ''
      codes.set(code, { challenge: q.get('code_challenge') ?? '', redirectUri })
      const back = new URL(redirectUri)
      back.search = new URLSearchParams({ code, state: q.get('state') ?? '' }).toString()
      return back.href
    },

    /** A refresh token, as if somebody had signed in. */
    signedIn(): string {
      const refreshToken = `0.${randomUUID()}`
      refresh.set(refreshToken, { used: false })
      return refreshToken
    },

    /** Ends every token at once, as when an admin revokes them. */
    revoke(what: 'access' | 'all' = 'access') {
      access.clear()
      if (what === 'all') refresh.clear()
    },

    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  return microsoft
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}
