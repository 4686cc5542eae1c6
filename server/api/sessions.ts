import { Hono } from 'hono'
import { endSession, listSessions } from '../access/session.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { rule } from './rule.ts'

/** Where a member is signed in. */
export const sessions = new Hono<Env>()
  .get('/', rule('account', 'Where I am signed in'), async (c) => {
    const { db, member, session, now } = c.var
    const own = await listSessions(db.read, member, now)
    const shown = own.map(({ id, createdAt, lastSeenAt, address, userAgent }) => {
      return { id, createdAt, lastSeenAt, address, userAgent, isCurrent: id === session?.id }
    })
    return c.json(shown)
  })
  .delete('/:id', rule('account', 'Sign out somewhere else'), idInPath, async (c) => {
    const { id } = c.req.valid('param')
    await c.var.db.write((tx) => endSession(tx, c.var.member, id))
    return c.body(null, 204)
  })
