import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { issues, type Mailbox, type Member, messages, type Outgoing, outbox } from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { record } from './event.ts'
import { findOutgoing } from './sending.ts'

const MAX_AHEAD_MS = 366 * 86_400_000
const MAX_LISTED = 500

/** @throws Invalid where it is in the past, or further away than a year */
export function checkSendAt(sendAt: number, now: number): void {
  const wrong = (message: string) => new Invalid([{ field: 'sendAt', message }])
  if (sendAt <= now) throw wrong('sendAt must be in the future.')
  if (sendAt > now + MAX_AHEAD_MS) throw wrong('sendAt must be within a year.')
}

/** Gives a mail that goes out later another time; none: it goes now. */
export async function reschedule(tx: Tx, messageId: string, sendAt: number | null, by: Member, now: number) {
  if (sendAt !== null) checkSendAt(sendAt, now)
  const { state, scheduledAt, mailboxId, issueId } = await findOutgoing(tx, messageId)
  if (state !== 'queued' || scheduledAt === null) throw new Refused('It does not wait for a time any more.')
  if (scheduledAt === sendAt) return
  await tx
    .update(outbox)
    // What goes now is dated now, so it stays a mail that was to go at a time.
    .set({ dueAt: sendAt ?? now, scheduledAt: sendAt ?? now })
    .where(eq(outbox.messageId, messageId))
  const detail = { messageId, sendAt }
  await record(tx, { action: 'rescheduled', at: now, memberId: by.id, mailboxId, issueId, detail })
}

/** What goes out at a time, the next first. */
export async function listScheduled(read: Reader, visible: string[] | 'all') {
  const rows = await read
    .select({ outgoing: outbox, message: messages, number: issues.number })
    .from(outbox)
    .innerJoin(messages, eq(messages.id, outbox.messageId))
    .innerJoin(issues, eq(issues.id, outbox.issueId))
    .where(
      and(
        eq(outbox.state, 'queued'),
        isNotNull(outbox.scheduledAt),
        visible === 'all' ? undefined : inArray(outbox.mailboxId, visible.length > 0 ? visible : ['']),
      ),
    )
    .orderBy(asc(outbox.scheduledAt))
    .limit(MAX_LISTED)
  return rows.map(({ outgoing, message, number }) => ({
    messageId: message.id,
    issueId: outgoing.issueId,
    number,
    mailboxId: outgoing.mailboxId,
    subject: message.subject,
    to: message.to,
    snippet: message.snippet,
    authorId: message.authorId,
    sendAt: outgoing.scheduledAt,
  }))
}

/** Why a mail that is queued has not gone out. */
export type WaitsFor = 'undo' | 'time' | 'pause' | 'again' | 'rate' | null

/** What a queued mail waits for, as far as its row and its mailbox tell. */
export function waitsFor(
  { state, dueAt, scheduledAt, attempts, held }: Outgoing,
  { paused, mailsPerMinute }: Pick<Mailbox, 'paused' | 'mailsPerMinute'>,
  now: number,
): WaitsFor {
  if (state !== 'queued') return null
  if (scheduledAt !== null && scheduledAt > now) return 'time'
  if (paused) return 'pause'
  if (attempts > 0) return 'again'
  if (held && dueAt > now) return 'undo'
  return mailsPerMinute !== null && dueAt <= now ? 'rate' : null
}
