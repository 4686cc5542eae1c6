import type { MiddlewareHandler } from 'hono'
import { Forbidden } from '../errors.ts'
import type { Env } from './deps.ts'

const HARMLESS = ['GET', 'HEAD', 'OPTIONS']

/**
 * Refuses changes that another site sends with our member's cookie. Browsers say where a request comes from:
 * Sec-Fetch-Site over TLS and on localhost, Origin everywhere. A request with a token carries no cookie's power, so it
 * needs neither.
 */
export const csrf: MiddlewareHandler<Env> = async (c, next) => {
  if (HARMLESS.includes(c.req.method) || c.req.header('authorization') !== undefined) return await next()
  const site = c.req.header('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return await next()
  const origin = c.req.header('origin')
  if (origin !== undefined && isOurs(origin, c.req.header('host'), c.var.deps.config.publicUrl)) return await next()
  throw new Forbidden('This request did not come from a page of Downfield. Programs use an API token instead.')
}

function isOurs(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (origin === publicUrl) return true
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}
