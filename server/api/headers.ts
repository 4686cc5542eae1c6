import type { MiddlewareHandler } from 'hono'
import type { Env } from './deps.ts'

/** The page needs no inline script or style, so neither can be smuggled in. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

const YEAR_S = 365 * 24 * 60 * 60

/**
 * The headers that every answer carries. A handler that sets its own Content-Security-Policy keeps it: the body of a
 * mail is shown under a stricter one, in a frame of ours.
 */
export const headers: MiddlewareHandler<Env> = async (c, next) => {
  await next()
  const set = c.res.headers
  if (!set.has('content-security-policy')) {
    set.set('content-security-policy', POLICY)
    set.set('x-frame-options', 'DENY')
  }
  set.set('x-content-type-options', 'nosniff')
  set.set('referrer-policy', 'no-referrer')
  set.set('cross-origin-opener-policy', 'same-origin')
  set.set('cross-origin-resource-policy', 'same-origin')
  set.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  if (c.var.deps.config.publicUrl?.startsWith('https:')) {
    set.set('strict-transport-security', `max-age=${YEAR_S}`)
  }
  // What members see is theirs: no cache on the way keeps it, unless a handler says so.
  if (c.req.path.startsWith('/api/') && !set.has('cache-control')) set.set('cache-control', 'no-store')
}
