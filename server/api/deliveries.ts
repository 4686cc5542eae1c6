import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { deliveries as table } from '../../db/schema.ts'
import { mailboxForMember } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { understandAgain } from '../mail/ingest.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** Raw mails: one that could not be read can be tried again. */
export const deliveries = new Hono<Env>().post(
  '/:id/tries',
  rule('triage', 'Tries again to read a mail'),
  valid('param', z.object({ id: z.string() })),
  async (c) => {
    const { id } = c.req.valid('param')
    const [delivery] = await c.var.db.read.select().from(table).where(eq(table.id, id))
    if (!delivery) throw new NotFound('There is no such mail.')
    await mailboxForMember(c.var.db.read, c.var.member, delivery.mailboxId)
    await understandAgain(c.var.deps, id)
    const [after] = await c.var.db.read.select().from(table).where(eq(table.id, id))
    return c.json({ understood: after?.state === 'understood', error: after?.error ?? null })
  },
)
