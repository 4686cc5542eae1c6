import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { LIFETIME_MS } from '../access/session.ts'
import type { Env } from './deps.ts'

const NAME = 'downfield_session'

/** The token of the session that the browser sent, if any. */
export function sessionToken(c: Context<Env>): string | undefined {
  return getCookie(c, NAME, prefix(c))
}

/** Gives the browser a token. Scripts can't read it, and other sites can't send it along with a change. */
export function setSessionToken(c: Context<Env>, token: string): void {
  setCookie(c, NAME, token, { ...attributes(c), maxAge: LIFETIME_MS / 1000 })
}

/** Takes the token from the browser. */
export function clearSessionToken(c: Context<Env>): void {
  deleteCookie(c, NAME, attributes(c))
}

/** `__Host-` binds the cookie to this very host (RFC 6265bis, section 4.1.3.2); it needs TLS. */
const prefix = (c: Context<Env>) => (isTls(c) ? 'host' : undefined)
const isTls = (c: Context<Env>) => c.var.deps.config.publicUrl?.startsWith('https:') ?? false

function attributes(c: Context<Env>) {
  const common = { path: '/', httpOnly: true, sameSite: 'Lax' } as const
  return isTls(c) ? ({ ...common, secure: true, prefix: 'host' } as const) : common
}
