import { Hono } from 'hono'
import { z } from 'zod'
import { isZone } from '../../time/zone.ts'
import { mailboxForMember } from '../access/may.ts'
import { readHours, setHours } from '../issues/hours.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const DAY_MINUTES = 24 * 60
const MAX_HOLIDAYS = 400
const minute = z.int().min(0).max(DAY_MINUTES)
const range = z
  .tuple([minute, minute])
  .refine(([from, to]) => from < to, 'must end after it begins.')
  .nullable()
const hours = z.object({
  zone: z.string().max(64).refine(isZone, 'must be a time zone, as Europe/Paris.'),
  /** From Monday to Sunday, in minutes after midnight. */
  days: z.array(range).length(7),
  holidays: z.array(z.iso.date()).max(MAX_HOLIDAYS),
})

/** When people work: what waiting is measured by. */
export const workingHours = new Hono<Env>()
  .get('/', rule('read directory', 'The working hours, and those of mailboxes with their own'), async (c) =>
    c.json(await readHours(c.var.db.read)),
  )
  .put('/', rule('manage desk', 'Say when everybody works'), valid('json', hours), async (c) => {
    const { db, member, now } = c.var
    await db.write((tx) => setHours(tx, { mailboxId: null }, c.req.valid('json'), member, now))
    return c.json(await readHours(db.read))
  })
  .put(
    '/:mailboxId',
    rule('manage desk', 'Say when the people behind a mailbox work; null: as everybody'),
    valid('param', z.object({ mailboxId: z.uuid() })),
    valid('json', z.object({ hours: hours.nullable() })),
    async (c) => {
      const { db, member, now } = c.var
      const { mailboxId } = c.req.valid('param')
      await db.write(async (tx) => {
        await mailboxForMember(tx, member, mailboxId)
        await setHours(tx, { mailboxId }, c.req.valid('json').hours, member, now)
      })
      return c.json(await readHours(db.read))
    },
  )
