import { and, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type Outgoing, outbox } from '../../db/schema.ts'
import type { SendingState, Trouble } from '../../db/vocabulary.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from './event.ts'
import { change, findIssue } from './issue.ts'

/** What became of an attempt to send. */
export type Attempted = {
  /** The server's words. */
  response: string
  trouble?: Trouble | null
  rejected?: { address: string; response: string }[]
}

/** The outbox row of a message, or NotFound. */
export async function findOutgoing(read: Reader, messageId: string): Promise<Outgoing> {
  const [outgoing] = await read.select().from(outbox).where(eq(outbox.messageId, messageId))
  if (!outgoing) throw new NotFound('There is no such message on its way out.')
  return outgoing
}

/** An attempt begins: committed before a word is said to the server. From here on nobody can take the message back. */
export async function markSending(
  tx: Tx,
  messageId: string,
  claim: { owner: string; ownedUntil: number; attempts: number; triedAt: number },
  now: number,
): Promise<void> {
  await move(tx, messageId, { state: 'sending', held: null, ...claim }, null, now)
}

/** The server took the message: it is out, whatever happens next. */
export async function markAccepted(tx: Tx, messageId: string, result: Attempted, now: number): Promise<void> {
  await move(tx, messageId, { state: 'accepted', acceptedAt: now, dueAt: now, ...words(result) }, 'sent', now)
}

/** The server refused the message for good, or we gave up. A person decides what follows. */
export async function markRejected(tx: Tx, messageId: string, result: Attempted, now: number): Promise<void> {
  await move(tx, messageId, { state: 'rejected', ...words(result) }, 'send_failed', now)
}

/** The connection broke after the text was handed over: nobody knows whether it is out. */
export async function markUncertain(tx: Tx, messageId: string, result: Attempted, now: number): Promise<void> {
  await move(tx, messageId, { state: 'uncertain', ...words(result) }, 'send_uncertain', now)
}

/** Its copy lies in Sent: of a message of which nobody knew, this is what was to be known. */
export async function foundInSent(tx: Tx, messageId: string, now: number): Promise<void> {
  const [row] = await tx.select().from(outbox).where(eq(outbox.messageId, messageId))
  // Where some have had it before, the copy may be theirs: it says nothing about the others.
  if (row?.state !== 'uncertain' || row.acceptedAt !== null) return
  const response = `${row.response ?? ''} It lies in the Sent folder.`.trim()
  await markAccepted(tx, messageId, { response, rejected: row.rejected }, now)
}

/** It did not get out and may be tried again without harm, at `dueAt`. */
export async function markRetry(tx: Tx, messageId: string, result: Attempted & Again, now: number): Promise<void> {
  const { dueAt, recipients, acceptedAt } = result
  const who = recipients ? { recipients, acceptedAt: acceptedAt ?? null } : {}
  await move(tx, messageId, { state: 'queued', dueAt, ...who, ...words(result) }, null, now)
}

/** When to try again, with whom, and since when others have the mail already; without recipients: as before. */
type Again = { dueAt: number; recipients?: string[]; acceptedAt?: number | null }

/** A person sends a message again that failed, or of which nobody knows. */
export async function retrySending(tx: Tx, messageId: string, by: Member, now: number): Promise<void> {
  const outgoing = await findOutgoing(tx, messageId)
  if (outgoing.state !== 'rejected' && outgoing.state !== 'uncertain')
    throw new Refused('Only a message that failed, or of which nobody knows, can be sent again.')
  await move(
    tx,
    messageId,
    // Who sends it now has seen what it waited for.
    { state: 'queued', dueAt: now, scheduledAt: null, attempts: 0, response: null, trouble: null, rejected: [] },
    null,
    now,
  )
  const event = { action: 'send_retried', at: now, memberId: by.id, detail: { messageId } } as const
  await record(tx, { ...event, mailboxId: outgoing.mailboxId, issueId: outgoing.issueId })
}

/** A person settles a message of which nobody knew: it did arrive. Or gives up one that failed. */
export async function settleSending(tx: Tx, messageId: string, as: 'accepted' | 'cancelled', by: Member, now: number) {
  const outgoing = await findOutgoing(tx, messageId)
  const allowed = as === 'accepted' ? ['uncertain'] : ['rejected', 'uncertain']
  if (!allowed.includes(outgoing.state)) throw new Refused('This message needs no decision any more.')
  const { acceptedAt, recipients, rejected } = outgoing
  const settled: Move =
    as === 'accepted' ? { state: as, acceptedAt: acceptedAt ?? now, dueAt: now } : { state: as, copy: 'none' }
  // Some have had it before: it was sent, though not to those who are given up now.
  const given = recipients.map((address) => ({ address, response: outgoing.response ?? '' }))
  const to: Move =
    as === 'cancelled' && acceptedAt !== null
      ? {
          state: 'accepted',
          dueAt: now,
          rejected: [...rejected.filter(({ address }) => !recipients.includes(address)), ...given],
        }
      : settled
  await move(tx, messageId, to, null, now)
  const event = { action: as === 'accepted' ? 'sent' : 'send_cancelled', at: now, memberId: by.id } as const
  await record(tx, { ...event, mailboxId: outgoing.mailboxId, issueId: outgoing.issueId, detail: { messageId } })
}

function words({ response, trouble, rejected }: Attempted) {
  return { response, trouble: trouble ?? null, rejected: rejected ?? [] }
}

type Move = Partial<Omit<Outgoing, 'messageId' | 'mailboxId' | 'issueId' | 'createdAt'>>

async function move(
  tx: Tx,
  messageId: string,
  to: Move,
  action: 'sent' | 'send_failed' | 'send_uncertain' | null,
  now: number,
) {
  const outgoing = await findOutgoing(tx, messageId)
  await tx
    .update(outbox)
    .set({ owner: null, ownedUntil: null, ...to })
    .where(eq(outbox.messageId, messageId))
  const issue = await findIssue(tx, outgoing.issueId)
  const sending = await sendingOf(tx, outgoing.issueId)
  if (!action && sending === issue.sending) return
  const failed = action === 'send_failed' || action === 'send_uncertain'
  await change(
    tx,
    issue,
    // What did not get out is ours to move again: nobody waits for an answer to it.
    {
      sending,
      ...(failed && (issue.status === 'waiting' || issue.status === 'done') ? { status: 'open' as const } : {}),
    },
    action
      ? { action, detail: { messageId, response: to.response } }
      : { action: 'sending_changed', detail: { messageId } },
    now,
  )
}

/** What the list shows of all that an issue has on its way: the worst of it, or nothing. */
export async function sendingOf(tx: Tx, issueId: string): Promise<SendingState | null> {
  const order: SendingState[] = ['uncertain', 'rejected', 'sending', 'queued']
  const rows = await tx
    .select({ state: outbox.state })
    .from(outbox)
    .where(and(eq(outbox.issueId, issueId), inArray(outbox.state, order)))
  return order.find((state) => rows.some((row) => row.state === state)) ?? null
}
