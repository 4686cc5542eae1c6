import { and, asc, desc, eq, isNull, lte } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { type Issue, type Member, type Reminder, reminders } from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { record } from './event.ts'
import { change, findIssue } from './issue.ts'
import { cameSince } from './meanwhile.ts'

export const MAX_REMIND_AFTER_MS = 366 * 86_400_000
const MAX_A_ROUND = 100

/** The reminder that an issue has, if any. */
export async function reminderOf(read: Reader, issueId: string): Promise<Reminder | null> {
  const [reminder] = await read
    .select()
    .from(reminders)
    .where(and(eq(reminders.issueId, issueId), isNull(reminders.overAt)))
    .orderBy(desc(reminders.createdAt))
    .limit(1)
  return reminder ?? null
}

/**
 * Brings an issue back at a time where nobody answers until then. An issue has one reminder: this takes the place of the
 * one before.
 * @param messageId the answer it is set with, if it is
 */
export async function remindAt(
  tx: Tx,
  { id, issue, dueAt, messageId }: { id: string; issue: Issue; dueAt: number; messageId: string | null },
  by: Member,
  now: number,
): Promise<void> {
  const wrong = (message: string) => new Invalid([{ field: 'at', message }])
  if (dueAt <= now) throw wrong('at must be in the future.')
  if (dueAt > now + 2 * MAX_REMIND_AFTER_MS) throw wrong('at must be within two years.')
  if (issue.status === 'spam' || issue.status === 'trash') throw new Refused('Restore the issue first.')
  await endReminders(tx, issue.id, now)
  await tx.insert(reminders).values({ id, issueId: issue.id, memberId: by.id, messageId, dueAt, createdAt: now })
  const { mailboxId, id: issueId } = issue
  await record(tx, { action: 'reminder_set', at: now, memberId: by.id, mailboxId, issueId, detail: { dueAt } })
}

/** Lets go of the reminder of an issue. */
export async function dropReminder(tx: Tx, issue: Issue, by: Member, now: number): Promise<void> {
  if (!(await reminderOf(tx, issue.id))) return
  await endReminders(tx, issue.id, now)
  const { mailboxId, id: issueId } = issue
  await record(tx, { action: 'reminder_dropped', at: now, memberId: by.id, mailboxId, issueId })
}

async function endReminders(tx: Tx, issueId: string, now: number): Promise<void> {
  await tx
    .update(reminders)
    .set({ overAt: now })
    .where(and(eq(reminders.issueId, issueId), isNull(reminders.overAt)))
}

/**
 * Brings back the issues whose reminders are due and where nobody wrote since: to the top of what is ours to move, with
 * whoever has them, else with who wanted to be reminded. Any number of nodes may do it, each reminder ends once.
 * @returns how many reminders ended
 */
export async function remindDue(db: Db, now: number): Promise<number> {
  const due = await db.read
    .select({ id: reminders.id })
    .from(reminders)
    .where(and(isNull(reminders.overAt), lte(reminders.dueAt, now)))
    .orderBy(asc(reminders.dueAt))
    .limit(MAX_A_ROUND)
  for (const { id } of due) await db.write((tx) => remind(tx, id, now))
  return due.length
}

async function remind(tx: Tx, id: string, now: number): Promise<void> {
  const [reminder] = await tx.select().from(reminders).where(eq(reminders.id, id))
  if (!reminder || reminder.overAt !== null || reminder.dueAt > now) return
  await tx.update(reminders).set({ overAt: now }).where(eq(reminders.id, id))
  const issue = await findIssue(tx, reminder.issueId)
  if (issue.status === 'spam' || issue.status === 'trash' || issue.status === 'merged') return
  if (await cameSince(tx, issue.id, reminder.createdAt)) return
  const nobody = issue.assigneeId === null && issue.teamId === null
  await change(
    tx,
    issue,
    {
      status: 'open',
      listedAt: now,
      waitingSince: now,
      ...(nobody ? { assigneeId: reminder.memberId } : {}),
    },
    { action: 'reminded', detail: { setBy: reminder.memberId, since: reminder.createdAt } },
    now,
  )
}

/** When the next reminder is due, in ms since the epoch; null: none is. */
export async function nextReminderAt(read: Reader): Promise<number | null> {
  const [next] = await read
    .select({ at: reminders.dueAt })
    .from(reminders)
    .where(isNull(reminders.overAt))
    .orderBy(asc(reminders.dueAt))
    .limit(1)
  return next?.at ?? null
}
