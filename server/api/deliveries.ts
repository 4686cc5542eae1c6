import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { deliveries as table } from '../../db/schema.ts'
import { mailboxForMember } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { fetchRest } from '../mail/fetch/fetch-rest.ts'
import { understandAgain } from '../mail/place/ingest.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const inPath = valid('param', z.object({ id: z.string() }))

/** Raw mails: one that could not be read can be tried again, one that was too large can be had as a whole. */
export const deliveries = new Hono<Env>()
  .post('/:id/tries', rule('triage', 'Tries again to read a mail'), inPath, async (c) => {
    const { id } = await seen(c.var, c.req.valid('param').id)
    await understandAgain(c.var.deps, id)
    const [after] = await c.var.db.read.select().from(table).where(eq(table.id, id))
    return c.json({ understood: after?.state === 'understood', error: after?.error ?? null })
  })
  .post('/:id/whole', rule('triage', 'Fetches the rest of a mail that was too large'), inPath, async (c) => {
    const { id } = await seen(c.var, c.req.valid('param').id)
    await fetchRest(c.var.deps, id, c.var.deps.closing)
    return c.body(null, 204)
  })

/** The delivery, if the member sees its mailbox. */
async function seen({ db, member }: Env['Variables'], id: string) {
  const [delivery] = await db.read.select().from(table).where(eq(table.id, id))
  if (!delivery) throw new NotFound('There is no such mail.')
  await mailboxForMember(db.read, member, delivery.mailboxId)
  return delivery
}
