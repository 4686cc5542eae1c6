import { createHash, createPublicKey, randomUUID, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Behaviour, poxAnswer, soapAnswer } from './advertise.ts'
import { CmdletFailure } from './cmdlet-error.ts'
import type { Call, Fault, Faults } from './faults.ts'
import { invoke } from './invoke.ts'
import type { Holder } from './mail/admission.ts'
import { UnknownCmdlet } from './parameters.ts'
import type { Tenant } from './tenant.ts'
import { wireError, wireRow } from './wire.ts'

export const SIMULATED_TENANT = '0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9'
export const SIMULATED_CLIENT = '5c1d7f0e-3a2b-4c6d-9e8f-0a1b2c3d4e5f'
/** The app as the tenant has it, among its enterprise applications. */
export const SIMULATED_OBJECT = 'a7d2c3b4-95e6-4f17-8a29-3b4c5d6e7f80'

const MAX_BODY_BYTES = 1_000_000
const DEFAULT_PAGE = 1_000
const NULS = Buffer.alloc(4096)
const SCOPE = /^https:\/\/outlook\.office365\.com\/\.default$/

export type SimulatorOptions = {
  tenant: Tenant
  clientSecret: string
  /** PEM of the certificate's public key, where the app signs in with one. */
  publicKey?: string
  port?: number
}
/** What came in and how it was answered. */
export type Answered = Call & { status: number; headers: IncomingMessage['headers'] }
export type Simulator = Awaited<ReturnType<typeof startSimulator>>

/**
 * Exchange as far as provisioning needs it, over HTTP on this machine: tokens, InvokeCommand with paging, throttling,
 * redirects and faults, and Autodiscover. Nothing outside of this process is touched.
 */
export async function startSimulator({ tenant, clientSecret, publicKey, port = 0 }: SimulatorOptions) {
  const tokens = new Map<string, { expiresAt: number; holder: Holder }>()
  const assertions = new Set<string>()
  const pages = new Map<string, { rows: Record<string, unknown>[]; warnings: string[] }>()
  const counts = new Map<string, number>()
  let n = 0
  const self = {
    tenant,
    /** Whether the app has the role Exchange.ManageAsApp, a role in the directory, and those for mail. */
    grants: { appRole: true, directoryRole: true, imap: true, smtp: true },
    tokenLifetimeS: 3_600,
    tokensGiven: 0,
    faults: (() => undefined) as Faults,
    /** Called when a command was carried out, before its answer goes out. */
    onApplied: (async () => {}) as (call: Call) => Promise<void>,
    /** Called when a command came, before anything is done. */
    onCall: (async () => {}) as (call: Call) => Promise<void>,
    /** Where the tenant lives: what comes in elsewhere is sent there. */
    regionalHost: null as string | null,
    maxPageSize: DEFAULT_PAGE,
    /** Following pages are not found by the server that is asked. */
    losesCursors: false,
    autodiscover: { pox: 'answers', soap: 'answers' } as { pox: Behaviour; soap: Behaviour },
    answered: [] as Answered[],
    /** Forgets what was asked, so that a test counts from here. */
    reset() {
      self.answered.length = 0
      counts.clear()
      n = 0
    },
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulator does not listen on a port')
  const url = `http://127.0.0.1:${address.port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    if (request.method !== 'POST') return json(response, 405, {})
    const body = await textOf(request)
    if (/^\/[^/]+\/oauth2\/v2\.0\/token$/.test(pathname)) return token(pathname, new URLSearchParams(body), response)
    if (pathname === '/autodiscover/autodiscover.xml') return autodiscover('pox', request, body, response)
    if (pathname === '/autodiscover/autodiscover.svc') return autodiscover('soap', request, body, response)
    const path = /^\/adminapi\/(beta|v1\.0)\/([^/]+)\/InvokeCommand$/i.exec(pathname)
    if (!path) return json(response, 404, {})
    if (path[1] !== 'beta') return json(response, 405, { error: { code: 'MethodNotAllowed', message: '' } })
    if (self.regionalHost && request.headers.host !== self.regionalHost) {
      response.writeHead(302, { location: `http://${self.regionalHost}${request.url}` }).end()
      return
    }
    await command(request, response, body, path[2]!, searchParams)
  }

  async function command(
    request: IncomingMessage,
    response: ServerResponse,
    body: string,
    tenantId: string,
    query: URLSearchParams,
  ): Promise<unknown> {
    // The cast: whatever else came is refused below.
    const { CmdletInput } = JSON.parse(body) as { CmdletInput?: { CmdletName?: string; Parameters?: Call['params'] } }
    const cmdlet = String(CmdletInput?.CmdletName ?? '')
    const params = CmdletInput?.Parameters ?? {}
    const nth = (counts.get(cmdlet) ?? 0) + 1
    counts.set(cmdlet, nth)
    const call: Call = { n: ++n, nth, cmdlet, params }
    const done = (status: number) => self.answered.push({ ...call, status, headers: request.headers })
    const end = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      done(status)
      json(response, status, value, headers)
    }
    response.setHeader('request-id', randomUUID())
    await self.onCall(call)
    if (!isGoodToken(request) || tenantId !== SIMULATED_TENANT || !self.grants.appRole) {
      done(401)
      response.writeHead(401, { 'www-authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000"' }).end()
      return
    }
    const deniedWithoutAWord = () => {
      done(403)
      response.writeHead(403, { 'content-type': 'text/plain' }).end(NULS)
    }
    if (!self.grants.directoryRole) return deniedWithoutAWord()
    const fault = self.faults(call)
    if (fault && !(fault.is === 'drop' && fault.applied)) {
      if (fault.is === 'denied without a word') return deniedWithoutAWord()
      return fail(fault, response, done, end)
    }
    try {
      const page = pageOf(call, query)
      await self.onApplied(call)
      if (fault) {
        done(0)
        response.destroy()
        return
      }
      const select = query.get('$select')?.split(',') ?? null
      const size = Math.min(self.maxPageSize, preferred(request))
      const rows = page.rows.slice(0, size)
      const rest = page.rows.slice(size)
      const next = randomUUID()
      if (rest.length > 0) pages.set(next, { rows: rest, warnings: page.warnings })
      end(
        200,
        {
          '@odata.context': `${url}/adminapi/beta/${tenantId}/$metadata#Collection(Exchange.GenericHashTable)`,
          'adminapi.warnings@odata.type': '#Collection(String)',
          '@adminapi.warnings': page.warnings,
          ...(rest.length > 0
            ? { '@odata.nextLink': `${url}/adminapi/beta/${tenantId}/InvokeCommand?$skiptoken=${next}` }
            : {}),
          value: rows.map((row) => wireRow(row, select)),
        },
        {
          'rate-limit-limit': '30000',
          'rate-limit-remaining': String(Math.max(0, 30_000 - n)),
          'rate-limit-reset': new Date(tenant.clock.now() + 60_000).toISOString(),
        },
      )
    } catch (error) {
      if (error instanceof UnknownCmdlet) return deniedWithoutAWord()
      if (!(error instanceof CmdletFailure)) throw error
      end(error.status, wireError(error))
    }
  }

  function pageOf({ cmdlet, params }: Call, query: URLSearchParams) {
    const cursor = query.get('$skiptoken')
    if (cursor === null) {
      const { rows, warnings } = invoke(tenant, cmdlet, params)
      const limit = Number(params.ResultSize ?? Number.NaN)
      const most = params.ResultSize === 'Unlimited' ? rows.length : Number.isNaN(limit) ? DEFAULT_PAGE : limit
      const more =
        'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.'
      return rows.length > most ? { rows: rows.slice(0, most), warnings: [...warnings, more] } : { rows, warnings }
    }
    const page = self.losesCursors ? undefined : pages.get(cursor)
    if (!page) throw new CmdletFailure('', 'Expired or Invalid pagination request. Default Expiry time is 00:30:00')
    return page
  }

  function isGoodToken(request: IncomingMessage): boolean {
    const text = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    return text !== undefined && holderOf(text) !== null
  }

  /** Who a token was given to, while it is good. */
  function holderOf(text: string): Holder | null {
    const token = tokens.get(text)
    return token && token.expiresAt > tenant.clock.now() ? token.holder : null
  }

  function token(pathname: string, form: URLSearchParams, response: ServerResponse): unknown {
    const refuse = (status: number, code: number, error: string, words: string) =>
      json(response, status, { error, error_description: `AADSTS${code}: ${words}`, error_codes: [code] })
    if (form.get('grant_type') !== 'client_credentials')
      return refuse(400, 70003, 'unsupported_grant_type', 'Not here.')
    if (form.get('client_id') !== SIMULATED_CLIENT)
      return refuse(
        400,
        700016,
        'unauthorized_client',
        `Application '${form.get('client_id')}' was not found in the directory.`,
      )
    if (!SCOPE.test(form.get('scope') ?? '')) return refuse(400, 70011, 'invalid_scope', 'The scope is not valid.')
    const assertion = form.get('client_assertion')
    if (assertion !== null) {
      if (!isGoodAssertion(assertion, `${url}${pathname}`, form.get('client_assertion_type')))
        return refuse(
          401,
          700027,
          'invalid_client',
          'The certificate with identifier used to sign the client assertion is not registered on application.',
        )
    } else if (form.get('client_secret') !== clientSecret)
      return refuse(401, 7000215, 'invalid_client', 'Invalid client secret provided.')
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { appRole, imap, smtp } = self.grants
    const roles = [
      ...(appRole ? ['Exchange.ManageAsApp'] : []),
      ...(imap ? ['IMAP.AccessAsApp'] : []),
      ...(smtp ? ['SMTP.SendAsApp'] : []),
    ]
    const holder = { appId: SIMULATED_CLIENT, objectId: SIMULATED_OBJECT, roles }
    const claims = { tid: SIMULATED_TENANT, appid: holder.appId, oid: holder.objectId, jti: randomUUID(), roles }
    const text = `${part({ alg: 'none' })}.${part(claims)}.x`
    tokens.set(text, { expiresAt: tenant.clock.now() + self.tokenLifetimeS * 1_000, holder })
    self.tokensGiven++
    json(response, 200, { token_type: 'Bearer', expires_in: self.tokenLifetimeS, access_token: text })
  }

  /** RFC 7523, section 3, as Entra ID keeps it: signed by the certificate, for this address, and good once. */
  function isGoodAssertion(assertion: string, audience: string, type: string | null): boolean {
    const [head, claims, signature] = assertion.split('.')
    if (!publicKey || !head || !claims || !signature) return false
    if (type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return false
    // The casts: what is not as it should be compares unequal.
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
    const nowS = tenant.clock.now() / 1_000
    const key = createPublicKey(publicKey)
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key, padding: 6, saltLength: 32 },
      Buffer.from(signature, 'base64url'),
    )
    const isOnce = typeof said.jti === 'string' && !assertions.has(said.jti)
    if (typeof said.jti === 'string') assertions.add(said.jti)
    return (
      isSigned &&
      isOnce &&
      header.alg === 'PS256' &&
      typeof header['x5t#S256'] === 'string' &&
      said.aud === audience &&
      said.iss === SIMULATED_CLIENT &&
      said.sub === SIMULATED_CLIENT &&
      Number(said.nbf) <= nowS + 1 &&
      Number(said.exp) > nowS &&
      Number(said.exp) - Number(said.nbf) <= 600
    )
  }

  function autodiscover(
    kind: 'pox' | 'soap',
    request: IncomingMessage,
    body: string,
    response: ServerResponse,
  ): unknown {
    if (!isGoodToken(request)) {
      response.writeHead(401).end()
      return
    }
    const behaviour = self.autodiscover[kind]
    if (behaviour === 'silent') {
      response.destroy()
      return
    }
    const asked = /<(?:\w+:)?(?:EMailAddress|Mailbox)>([^<]*)</.exec(body)?.[1] ?? ''
    const xml = (kind === 'pox' ? poxAnswer : soapAnswer)(tenant, asked, behaviour)
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' }).end(xml)
  }

  return Object.assign(self, {
    url,
    holderOf,
    host: `127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** A stand-in for the thumbprint of a certificate: the simulator holds its key alone. */
export const thumbprintOf = (publicKey: string) => createHash('sha256').update(publicKey).digest('base64url')

function fail(
  fault: Fault,
  response: ServerResponse,
  done: (status: number) => void,
  end: (status: number, value: unknown, headers?: Record<string, string>) => void,
): unknown {
  switch (fault.is) {
    case 'throttled':
      return end(429, {}, fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) })
    case 'too many at once':
      done(429)
      response
        .writeHead(429, { 'content-type': 'text/plain' })
        .end('You have reached the maximum number of concurrent requests per tenant. Please wait and try again')
      return
    case 'busy':
      return end(503, {})
    case 'unauthenticated':
      return end(401, {})
    case 'garbage':
      done(200)
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>not what was asked for')
      return
    case 'denied':
      return end(
        403,
        wireError({
          type: 'Microsoft.Exchange.Configuration.Authorization.CmdletAccessDeniedException',
          message: 'The term is not present in the role definition of the current user.',
        }),
      )
    case 'cursor lost':
      return end(
        400,
        wireError({ type: '', message: 'Expired or Invalid pagination request. Default Expiry time is 00:30:00' }),
      )
    case 'failure':
      return end(fault.status ?? 400, wireError(fault))
    default:
      done(0)
      response.destroy()
  }
}

function preferred({ headers }: IncomingMessage): number {
  return Number(/odata\.maxpagesize=(\d+)/.exec(String(headers.prefer ?? ''))?.[1] ?? DEFAULT_PAGE)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    // The cast: a request without an encoding gives buffers.
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) throw new Error('too large')
  }
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}
