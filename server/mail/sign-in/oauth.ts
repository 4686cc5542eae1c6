import { createHash } from 'node:crypto'
import type { OAuthApp } from '../../../db/schema.ts'
import type { Auth, TokenUse } from '../../../db/vocabulary.ts'
import { SignInFailed } from '../trouble.ts'

// OAuth 2.0 (RFC 6749) as Microsoft Entra ID speaks it: client credentials for an app, code with PKCE (RFC 7636) and
// refresh tokens for an account.

const ANSWER_MS = 10_000
const MAX_ANSWER_BYTES = 64 * 1024
/** RFC 6749, section 5.1: the lifetime may be left out. */
const UNKNOWN_LIFETIME_MS = 5 * 60_000
const MAX_LIFETIME_MS = 24 * 60 * 60_000

/** The clouds of Microsoft: which Exchange and which Graph belong to a sign-in service. */
const PUBLIC_CLOUD = {
  authority: 'https://login.microsoftonline.com',
  forApps: 'https://outlook.office365.com',
  forMembers: 'https://outlook.office.com',
  graphUrl: 'https://graph.microsoft.com',
}
const CLOUDS = [
  PUBLIC_CLOUD,
  {
    authority: 'https://login.microsoftonline.us',
    forApps: 'https://outlook.office365.us',
    forMembers: 'https://outlook.office365.us',
    graphUrl: 'https://graph.microsoft.us',
  },
  {
    authority: 'https://login.partner.microsoftonline.cn',
    forApps: 'https://partner.outlook.cn',
    forMembers: 'https://partner.outlook.cn',
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
  },
]

/** The id of a directory or its domain. */
export const TENANT = /^[a-z0-9][a-z0-9.-]{0,254}$/i
export const CLIENT_ID = /^[\w.-]{1,200}$/

/** An app with what the installation does not need to say about it. */
export function completeApp(app: Pick<OAuthApp, 'tenant' | 'clientId'> & Partial<OAuthApp>): OAuthApp {
  const authority = withoutSlash(app.authority || PUBLIC_CLOUD.authority)
  return { ...app, authority, graphUrl: withoutSlash(app.graphUrl || cloudOf(authority).graphUrl) }
}

/** Whether secrets may be sent there: over TLS, or to this machine itself. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text)
  if (username || password || search || hash) return false
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
}

/** Who asks for tokens. The secret is plain, and empty where the app has none. */
export type Client = { app: OAuthApp; secret: string }
export type Grant =
  | { by: 'client_credentials' }
  | { by: 'refresh_token'; refreshToken: string }
  | { by: 'authorization_code'; code: string; verifier: string; redirectUri: string }
/** What the service granted. `account` is who signed in, where it says so. */
export type Granted = { accessToken: string; lifetimeMs: number; refreshToken: string | null; account: string | null }

/** What a token is asked for. Microsoft gives a token for one resource only: Exchange or Graph. */
export function scopesFor(app: OAuthApp, auth: Auth, use: TokenUse): string {
  const { forApps, forMembers } = cloudOf(app.authority)
  if (auth === 'oauth_app') return `${use === 'graph' ? graphResource(app) : forApps}/.default`
  const wanted =
    use === 'graph'
      ? [`${graphResource(app)}/Mail.Send`, `${graphResource(app)}/Mail.Send.Shared`]
      : [`${forMembers}/IMAP.AccessAsUser.All`, `${forMembers}/SMTP.Send`]
  return [...wanted, 'offline_access', 'openid', 'profile'].join(' ')
}

/** Where to send somebody who signs in for a mailbox. They come back to `redirectUri` with a code and `state`. */
export function signInUrl(
  app: OAuthApp,
  uses: TokenUse[],
  { redirectUri, state, verifier, hint }: { redirectUri: string; state: string; verifier: string; hint: string },
): string {
  // Consent may be asked for several resources at once; tokens may not.
  const scopes = new Set(uses.flatMap((use) => scopesFor(app, 'oauth_member', use).split(' ')))
  const url = new URL(endpoint(app, 'authorize'))
  url.search = new URLSearchParams({
    client_id: app.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: redirectUri,
    scope: [...scopes].join(' '),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prompt: 'select_account',
    login_hint: hint,
  }).toString()
  return url.href
}

/**
 * Asks the sign-in service for a token.
 * @throws SignInFailed
 */
export async function requestToken({ app, secret }: Client, grant: Grant, scope: string): Promise<Granted> {
  const { by, ...fields } = grant
  const body = new URLSearchParams({ grant_type: by, client_id: app.clientId, scope })
  if (secret) body.set('client_secret', secret)
  if ('refreshToken' in fields) body.set('refresh_token', fields.refreshToken)
  if ('code' in fields) {
    body.set('code', fields.code)
    body.set('code_verifier', fields.verifier)
    body.set('redirect_uri', fields.redirectUri)
  }
  const { status, retryAfterMs, answer } = await post(endpoint(app, 'token'), body)
  if (status === 200) return grantedOf(answer)
  throw refusal(status, answer, by, retryAfterMs)
}

/** What is said to a mail server to sign in with a token, in base64 (Google and Microsoft, SASL XOAUTH2). */
export function xoauth2(user: string, token: string): string {
  return Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64')
}

function endpoint({ authority, tenant }: OAuthApp, which: 'authorize' | 'token'): string {
  return `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/${which}`
}

type Answer = Record<string, unknown>

async function post(url: string, body: URLSearchParams) {
  // What is stored was checked when it was entered; a secret goes nowhere else in any case.
  if (!isSafeUrl(url)) throw new SignInFailed('app_refused', `${new URL(url).origin} is not reached over TLS.`)
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    // A redirect would carry the secret to whoever it names.
    const response = await fetch(url, {
      method: 'POST',
      body,
      signal,
      redirect: 'error',
      headers: { accept: 'application/json' },
    })
    const answer = asAnswer(await readLimited(response, MAX_ANSWER_BYTES))
    return { status: response.status, retryAfterMs: retryAfterOf(response.headers.get('retry-after')), answer }
  } catch (cause) {
    throw new SignInFailed('sign_in_unreachable', `${new URL(url).host}: ${innermost(cause)}`, { cause })
  }
}

/** The text of an answer, as far as it is not larger than anything it could be. */
async function readLimited(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Retry-After in ms (RFC 9110, section 10.2.3): seconds or a date; none where it is missing. */
export function retryAfterOf(text: string | null | undefined, now = Date.now()): number | null {
  if (!text) return null
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

/** What fetch hides behind "fetch failed". */
function innermost(error: unknown): string {
  let message = 'no answer'
  for (let part = error; part instanceof Error; part = part.cause) message = part.message || message
  return message
}

function asAnswer(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text)
    // The cast: what is in it is checked where it is used.
    return typeof answer === 'object' && answer !== null ? (answer as Answer) : {}
  } catch {
    return {}
  }
}

function grantedOf(answer: Answer): Granted {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn, id_token: idToken } = answer
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]+$/.test(accessToken))
    throw new SignInFailed('sign_in_unreachable', 'The sign-in service answered without a token.')
  const lifetimeMs = Number(expiresIn) * 1_000
  return {
    accessToken,
    lifetimeMs: lifetimeMs > 0 ? Math.min(lifetimeMs, MAX_LIFETIME_MS) : UNKNOWN_LIFETIME_MS,
    refreshToken: typeof refreshToken === 'string' && refreshToken ? refreshToken : null,
    account: typeof idToken === 'string' ? accountOf(idToken) : null,
  }
}

/** Who an ID token is about. It came from the service itself, over TLS: OpenID Connect Core, section 3.1.3.7, rule 6. */
function accountOf(idToken: string): string | null {
  const { preferred_username: name, email } = asAnswer(
    Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'),
  )
  const account = name ?? email
  return typeof account === 'string' ? account.toLowerCase().slice(0, 320) : null
}

/** What an error of the token endpoint means (RFC 6749, section 5.2). The numbers in the words are only shown. */
function refusal(status: number, answer: Answer, by: Grant['by'], retryAfterMs: number | null): SignInFailed {
  const { error, error_description: description } = answer
  const said = typeof description === 'string' ? description.split(/\r?\n/)[0]! : ''
  const detail = said || (typeof error === 'string' ? error : `The sign-in service answered ${status}.`)
  const busy = status === 429 || status >= 500 || error === 'temporarily_unavailable' || error === 'server_error'
  if (busy || typeof error !== 'string') return new SignInFailed('sign_in_unreachable', detail, { retryAfterMs })
  const needsPerson = /^(invalid_grant|interaction_required|consent_required|login_required)$/.test(error)
  return new SignInFailed(needsPerson && by !== 'client_credentials' ? 'sign_in_again' : 'app_refused', detail)
}

function graphResource({ authority, graphUrl }: OAuthApp): string {
  // A Graph behind a proxy is still the Graph of its cloud.
  const { graphUrl: known } = cloudOf(authority)
  return CLOUDS.some((cloud) => cloud.graphUrl === graphUrl) ? graphUrl : known
}

function cloudOf(authority: string) {
  return CLOUDS.find((cloud) => cloud.authority === authority) ?? PUBLIC_CLOUD
}

function withoutSlash(url: string): string {
  return url.trim().replace(/\/+$/, '')
}
