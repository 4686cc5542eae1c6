import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { isSafeUrl } from '../../mail/sign-in/oauth.ts'
import type { Clock } from '../clock.ts'
import { type ErrorKind, ExchangeError } from './connection.ts'
import { limitedText } from './limited-text.ts'

/** What the app signs in with: a secret, or a certificate, which is what Microsoft recommends. */
export type AppCredential =
  | { by: 'secret'; clientSecret: string }
  | { by: 'certificate'; privateKey: string; thumbprint: string }
export type App = { authority: string; tenant: string; clientId: string; scope: string; credential: AppCredential }

/**
 * What a token says of the app: its id, that of its enterprise application in the tenant, and which permissions an admin
 * consented to. Null where it does not say.
 */
export type AppClaims = { appId: string | null; objectId: string | null; permissions: string[] | null }
export type AppToken = { token: string; tenantId: string; expiresAt: number; claims: AppClaims }

const ANSWER_MS = 30_000
const MAX_ANSWER_BYTES = 100_000
/** A token is asked for anew so long before it ends. */
const MARGIN_MS = 5 * 60_000
const ASSERTION_S = 300
const UNKNOWN_LIFETIME_S = 3_600

/** What the numbers of the sign-in service mean for an admin. */
const REFUSALS: [RegExp, ErrorKind, string][] = [
  [/AADSTS7000215|AADSTS7000222/, 'AUTH_SECRET', 'The client secret is wrong or has expired.'],
  [/AADSTS700027/, 'AUTH_CERTIFICATE', 'The certificate is not the one that the app registration has.'],
  [
    /AADSTS700016|AADSTS90002/,
    'AUTH_APP',
    'The tenant does not know this app. Check the tenant and the application id.',
  ],
  [/AADSTS65001/, 'AUTH_CONSENT', 'An admin has not consented to the permissions of the app yet.'],
  [/AADSTS53003|AADSTS50034/, 'AUTH_POLICY', 'A policy of the tenant keeps the app out.'],
]

/** Gives a token that is good now, the same one until shortly before it ends. `fresh` asks for another. */
export function appTokens(app: App, clock: Clock): (fresh?: boolean) => Promise<AppToken> {
  let known: AppToken | null = null
  let asking: Promise<AppToken> | null = null
  return async (fresh = false) => {
    if (!fresh && known && clock.now() < known.expiresAt - MARGIN_MS) return known
    // Several commands at once ask once.
    asking ??= requestAppToken(app, clock).finally(() => {
      asking = null
    })
    known = await asking
    return known
  }
}

/**
 * Asks for a token of the app itself (RFC 6749, section 4.4; with a certificate RFC 7523, section 2.2).
 * @throws ExchangeError
 */
export async function requestAppToken(app: App, clock: Clock): Promise<AppToken> {
  const url = `${app.authority.replace(/\/+$/, '')}/${encodeURIComponent(app.tenant)}/oauth2/v2.0/token`
  if (!isSafeUrl(url)) throw new ExchangeError('UNREACHABLE', `${app.authority} is not reached over TLS.`)
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: app.clientId, scope: app.scope })
  if (app.credential.by === 'secret') body.set('client_secret', app.credential.clientSecret)
  else {
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set('client_assertion', assertionOf(app.clientId, url, app.credential, clock.now()))
  }
  let status: number
  let text: string
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    // A redirect would carry the secret to whoever it names.
    const response = await fetch(url, { method: 'POST', body, signal, redirect: 'error' })
    status = response.status
    text = await limitedText(response, MAX_ANSWER_BYTES)
  } catch (cause) {
    throw new ExchangeError('UNREACHABLE', `The sign-in service ${new URL(url).host} does not answer.`, { cause })
  }
  const answer = asObject(text)
  const { access_token: token, expires_in: lifetime, error_description: description } = answer
  if (status !== 200 || typeof token !== 'string') throw refusalOf(status, String(description ?? answer.error ?? ''))
  const said = asObject(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return {
    token,
    // The token says which tenant it is for; the name that was typed may be a domain.
    tenantId: textOf(said.tid) ?? app.tenant,
    expiresAt: clock.now() + (Number(lifetime) || UNKNOWN_LIFETIME_S) * 1_000,
    claims: {
      appId: textOf(said.appid),
      objectId: textOf(said.oid),
      permissions: Array.isArray(said.roles) ? said.roles.filter((role) => typeof role === 'string') : null,
    },
  }
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)

function refusalOf(status: number, description: string): ExchangeError {
  const said = description.split(/\r?\n/)[0]!.slice(0, 500)
  const known = REFUSALS.find(([pattern]) => pattern.test(description))
  if (known) return new ExchangeError(known[1], `${known[2]} (${said})`)
  if (status === 429 || status >= 500) return new ExchangeError('RETRYABLE', `The sign-in service is busy (${status}).`)
  return new ExchangeError('UNAUTHENTICATED', said || `The sign-in service answered ${status}.`)
}

type Certificate = Extract<AppCredential, { by: 'certificate' }>

/** Says who we are, signed with the key of the certificate; good for minutes, and for this service alone. */
function assertionOf(clientId: string, audience: string, { privateKey, thumbprint }: Certificate, now: number): string {
  const nowS = Math.floor(now / 1_000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = part({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
  const claims = part({
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: nowS,
    exp: nowS + ASSERTION_S,
  })
  let signature: Buffer
  try {
    const key = createPrivateKey(privateKey)
    // RFC 7518, section 3.5: RSASSA-PSS, the salt as long as the hash.
    signature = sign('sha256', Buffer.from(`${head}.${claims}`), { key, padding: PSS_PADDING, saltLength: 32 })
  } catch (cause) {
    throw new ExchangeError(
      'AUTH_CERTIFICATE',
      'The private key of the certificate can not be read. Enter it in PEM.',
      { cause },
    )
  }
  return `${head}.${claims}.${signature.toString('base64url')}`
}

/** RSA_PKCS1_PSS_PADDING of OpenSSL. */
const PSS_PADDING = 6

function asObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    // The cast: each property is looked at where it is used.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
