import { and, count, eq, gt } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { automaticSends, type Member, settings } from '../../db/schema.ts'
import { record } from './event.ts'

// How much Downfield writes by itself, and what stops it (mail.md 5.5): a mail to a machine that answers could go on for ever.

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** So many in a day to one address, from all mailboxes together, and in an hour to all: more is a loop, or an attack. */
export const MAX_TO_ONE_A_DAY = 4
export const MAX_TO_ALL_AN_HOUR = 100
const KEY = 'automaticStopped'

/** Since when nothing is sent by itself any more, and why. */
export type AutomaticStop = { at: number; why: string }

/** Whether automatic sending was stopped; null while it goes on. */
export async function automaticStop(read: Reader): Promise<AutomaticStop | null> {
  const [row] = await read.select().from(settings).where(eq(settings.key, KEY))
  // The cast: written below and nowhere else.
  return (row?.value as AutomaticStop | undefined) ?? null
}

/**
 * Whether a mail may be sent to somebody by itself now: at most one a day from a mailbox. Where it is too many over all,
 * this stops all automatic sending, until an admin has looked.
 */
export async function mayAutomatically(
  tx: Tx,
  { mailboxId, recipient }: { mailboxId: string; recipient: string },
  now: number,
): Promise<boolean> {
  if (await automaticStop(tx)) return false
  const lately = await tx
    .select({ mailboxId: automaticSends.mailboxId })
    .from(automaticSends)
    .where(and(eq(automaticSends.recipient, recipient), gt(automaticSends.at, now - DAY_MS)))
    .limit(MAX_TO_ONE_A_DAY)
  if (lately.some((sent) => sent.mailboxId === mailboxId)) return false
  if (lately.length >= MAX_TO_ONE_A_DAY)
    return await stop(tx, `${recipient} would have got more than ${MAX_TO_ONE_A_DAY} automatic mails in a day.`, now)
  const [all] = await tx
    .select({ n: count() })
    .from(automaticSends)
    .where(gt(automaticSends.at, now - HOUR_MS))
  if ((all?.n ?? 0) >= MAX_TO_ALL_AN_HOUR)
    return await stop(tx, `More than ${MAX_TO_ALL_AN_HOUR} automatic mails would have gone out in an hour.`, now)
  return true
}

/** Counts a mail that goes out by itself. */
export async function countAutomatic(tx: Tx, sent: typeof automaticSends.$inferInsert): Promise<void> {
  await tx.insert(automaticSends).values(sent)
}

async function stop(tx: Tx, why: string, now: number): Promise<false> {
  const value: AutomaticStop = { at: now, why }
  await tx.insert(settings).values({ key: KEY, value }).onConflictDoUpdate({ target: settings.key, set: { value } })
  await record(tx, { action: 'automatic_stopped', at: now, detail: value })
  return false
}

/** An admin has looked: from here on it counts anew. */
export async function resumeAutomatic(tx: Tx, by: Member, now: number): Promise<void> {
  if (!(await automaticStop(tx))) return
  await tx.delete(settings).where(eq(settings.key, KEY))
  await tx.delete(automaticSends)
  await record(tx, { action: 'automatic_resumed', at: now, memberId: by.id })
}
