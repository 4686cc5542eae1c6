import { Hono } from 'hono'
import { z } from 'zod'
import { mailboxes } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { readMotion } from '../issues/motion.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_WEEKS = 104

/** Emails set against what was done with them, week by week. */
export const motion = new Hono<Env>().get(
  '/',
  rule('read', 'Emails and moved issues by week'),
  valid('query', z.object({ weeks: z.coerce.number<string>().int().min(1).max(MAX_WEEKS).default(26) })),
  async (c) => {
    const { db, member, now } = c.var
    const visible = await visibleMailboxIds(db.read, member)
    const ids =
      visible === 'all' ? (await db.read.select({ id: mailboxes.id }).from(mailboxes)).map(({ id }) => id) : visible
    return c.json({ weeks: await readMotion(db.read, ids, c.req.valid('query').weeks, now) })
  },
)
