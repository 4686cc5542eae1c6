import { Hono } from 'hono'
import { leases } from '../../db/schema.ts'
import { alertsOf } from '../operate/alerts.ts'
import { processMetrics } from '../operate/metrics.ts'
import { readStatus } from '../operate/status.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'

/** How Downfield itself is, for admins. */
export const status = new Hono<Env>().get(
  '/',
  rule('operate', 'How everything goes that runs by itself'),
  async (c) => {
    const { db, now, deps } = c.var
    const status = await readStatus(db.read, deps.config, now)
    return c.json({ ...status, now, alerts: alertsOf(status, now) })
  },
)

/** What machines ask, at the paths where they look for it. */
export const operating = new Hono<Env>()
  .get('/readyz', rule('anyone', 'Whether requests can be answered: the database is there'), async (c) => {
    try {
      await c.var.db.read.select({ name: leases.name }).from(leases).limit(1)
      return c.json({ ok: true })
    } catch (error) {
      c.var.log.error({ err: error }, 'the database does not answer')
      return c.json({ ok: false }, 503)
    }
  })
  .get('/metrics', rule('operate', 'Measurements for Prometheus; a token that only reads is enough'), async (c) => {
    const { db, now, deps } = c.var
    const metrics = processMetrics()
    c.header('content-type', metrics.contentType)
    return c.body(await metrics.text(await readStatus(db.read, deps.config, now), now))
  })
