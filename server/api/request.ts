import { randomUUID } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Origin } from '../access/session.ts'
import { processMetrics } from '../operate/metrics.ts'
import type { Deps, Env } from './deps.ts'

/** A request id that a proxy gave and that is safe to log and to answer with. */
const REQUEST_ID = /^[\w.-]{8,80}$/
/** Links to set up and to join carry a token in their path, and logs are read by many. */
const TOKEN = /[\w-]{40,}/g

/** Gives each request its id, its time and its log line, and the handlers what they work with. */
export function request(deps: Deps): MiddlewareHandler<Env> {
  const clock = deps.now ?? Date.now
  return async (c, next) => {
    const given = deps.config.trustProxy ? c.req.header('x-request-id') : undefined
    const requestId = given && REQUEST_ID.test(given) ? given : randomUUID()
    const log = deps.log.child({ requestId })
    c.set('deps', deps)
    c.set('db', deps.db)
    c.set('requestId', requestId)
    c.set('log', log)
    c.set('now', clock())
    const began = performance.now()
    await next()
    c.res.headers.set('x-request-id', requestId)
    const path = c.req.path.replace(TOKEN, '…')
    const ms = performance.now() - began
    // Live updates go on for as long as a page is open: that is no time to answer in.
    if (routePath(c) !== '/api/events') processMetrics().answered(c.req.method, routePath(c), c.res.status, ms / 1000)
    log.debug({ method: c.req.method, path, status: c.res.status, ms: Math.round(ms) }, 'request')
  }
}

/** Where the request comes from. Behind a proxy of ours the last entry of X-Forwarded-For is the one that it wrote. */
export function originOf(c: Context<Env>): Origin {
  const userAgent = c.req.header('user-agent') ?? ''
  if (c.var.deps.config.trustProxy) {
    const address = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim()
    if (address) return { address, userAgent }
  }
  // Without a socket, as in tests, there is no address.
  const env: unknown = c.env
  const hasSocket = typeof env === 'object' && env !== null && 'incoming' in env
  const address = hasSocket ? getConnInfo(c).remote.address : undefined
  return { address: address ?? 'unknown', userAgent }
}
