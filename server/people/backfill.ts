import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { Db, Reader } from '../../db/index.ts'
import { contactAddresses, contacts, cursors, messages, organizations } from '../../db/schema.ts'
import { addressDomain } from './belonging.ts'
import { writeOrganization, writePerson } from './book.ts'
import { grow } from './grow.ts'

// What was here before the address book: once, from row to row, going on where the last process ended.

const ROWS_A_STEP = 50
/** Behind every id: there is nothing left to do. */
const DONE = '~'

/** What is gone through, in this order: later ones find what earlier ones wrote. */
const PASSES = ['people-organizations', 'people-contacts', 'people-messages'] as const
type Pass = (typeof PASSES)[number]

/** Which pass is not done yet. */
async function passLeft(read: Reader): Promise<Pass | undefined> {
  const done = await read
    .select({ name: cursors.name })
    .from(cursors)
    .where(and(inArray(cursors.name, [...PASSES]), eq(cursors.eventId, DONE)))
  return PASSES.find((name) => !done.some((row) => row.name === name))
}

/** Whether there is anything left to go through. */
export const isBackfilled = async (read: Reader): Promise<boolean> => (await passLeft(read)) === undefined

/**
 * Does one step of the pass over what was here before.
 * @returns whether there is more to do
 */
export async function backfillStep(db: Db, now: number): Promise<boolean> {
  const pass = await passLeft(db.read)
  if (!pass) return false
  const [cursor] = await db.read.select().from(cursors).where(eq(cursors.name, pass))
  const ids = await next(db, pass, cursor?.eventId ?? '')
  await STEPS[pass](db, ids, now)
  const eventId = ids.length < ROWS_A_STEP ? DONE : ids.at(-1)!
  await db.write(async (tx) => {
    await tx
      .insert(cursors)
      .values({ name: pass, eventId, at: now })
      .onConflictDoUpdate({ target: cursors.name, set: { eventId, at: now } })
  })
  return true
}

async function next(db: Db, pass: Pass, after: string): Promise<string[]> {
  const table = pass === 'people-organizations' ? organizations : pass === 'people-contacts' ? contacts : messages
  const rows = await db.read
    .select({ id: table.id })
    .from(table)
    .where(gt(table.id, after))
    .orderBy(asc(table.id))
    .limit(ROWS_A_STEP)
  return rows.map(({ id }) => id)
}

const STEPS: Record<Pass, (db: Db, ids: string[], now: number) => Promise<unknown>> = {
  'people-organizations': (db, ids) =>
    db.write(async (tx) => {
      for (const id of ids) await writeOrganization(tx, id)
    }),
  'people-contacts': (db, ids) =>
    db.write(async (tx) => {
      for (const id of ids) {
        const [contact] = await tx.select().from(contacts).where(eq(contacts.id, id))
        if (!contact || contact.mergedIntoId !== null) continue
        const { email: address } = contact
        await tx
          .insert(contactAddresses)
          .values({ address, contactId: id, domain: addressDomain(address), byHand: contact.openToAll })
          .onConflictDoNothing()
        await writePerson(tx, id)
      }
    }),
  'people-messages': (db, ids, now) => grow(db, ids, now),
}
