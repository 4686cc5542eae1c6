import { eq, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Issue, issues, type Message, messages, type Thread, threads } from '../../db/schema.ts'
import type { Status } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { countMail } from './count.ts'
import { record } from './event.ts'
import { change } from './issue.ts'
import { afterLateMail } from './late.ts'
import { statusAfterSnooze } from './snooze.ts'

/** The message with its thread's issue, or NotFound. */
export async function findMessage(read: Reader, id: string): Promise<Message & { issueId: string }> {
  const [row] = await read
    .select({ message: messages, issueId: threads.issueId })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(messages.id, id))
  if (!row) throw new NotFound('There is no such message.')
  return { ...row.message, issueId: row.issueId }
}

/** The message, if there is one. */
export async function messageById(read: Reader, id: string): Promise<Message | undefined> {
  const [message] = await read.select().from(messages).where(eq(messages.id, id))
  return message
}

const threadWithIssue = prepared((read) =>
  read
    .select({ thread: threads, issue: issues })
    .from(threads)
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .where(eq(threads.id, sql.placeholder('threadId')))
    .prepare(UNNAMED),
)

/** The issue that a thread belongs to now. */
export async function issueOfThread(read: Reader, threadId: string): Promise<{ thread: Thread; issue: Issue }> {
  const [row] = await threadWithIssue(read).execute({ threadId })
  if (!row) throw new NotFound('There is no such thread.')
  return row
}

/** Where an issue stands after a mail came into it (mail.md 5.5: what a machine wrote never reopens). */
export function statusAfter(status: Status, message: Pick<Message, 'direction' | 'writer'>): Status {
  if (message.direction === 'out') return status === 'spam' || status === 'done' ? status : 'waiting'
  if (message.writer !== 'person') return status
  if (status === 'waiting' || status === 'done') return 'open'
  return status === 'trash' ? 'new' : status
}

const statusNow = (issue: Issue, message: Message): Status =>
  issue.status === 'snoozed' ? statusAfterSnooze(issue, message) : statusAfter(issue.status, message)

function isOurs(status: Status): boolean {
  return status === 'new' || status === 'open'
}

/**
 * Puts a mail that came in, or that a colleague sent elsewhere, into its issue: what the list shows follows, a
 * customer's answer reopens the issue to whom it was assigned.
 * @param answered by a mail that is in the issue already: of the same second, this one is the earlier
 */
export async function received(tx: Tx, issue: Issue, message: Message, now: number, answered = false): Promise<Issue> {
  await countMail(tx, message.mailboxId, message.direction, message.at)
  const { lastMessageAt, messageCount } = issue
  const newest = messageCount === 0 || message.at > lastMessageAt || (message.at === lastMessageAt && !answered)
  const next = newest ? statusNow(issue, message) : issue.status
  const { status, waitingSince } = newest
    ? { status: next, waitingSince: isOurs(next) ? (issue.waitingSince ?? message.at) : null }
    : await afterLateMail(tx, issue, statusAfter)
  const reopened = issue.status === 'done' && status === 'open'
  if (issue.status === 'snoozed' && status === 'open') {
    const detail = { by: 'reply', assigneeId: issue.assigneeId, teamId: issue.teamId }
    await record(tx, { action: 'woken', at: now, mailboxId: issue.mailboxId, issueId: issue.id, detail })
  }
  const from = message.extras.forwarded?.from ?? { name: message.fromName, address: message.fromAddress }
  return await change(
    tx,
    issue,
    {
      status,
      messageCount: issue.messageCount + 1,
      hasAttachments: issue.hasAttachments || message.attachmentCount > 0,
      waitingSince,
      ...(newest
        ? {
            lastMessageAt: message.at,
            lastFrom: from.name || from.address,
            snippet: message.snippet,
            lastDirection: message.direction,
          }
        : {}),
    },
    {
      action: reopened ? 'reopened' : 'received',
      detail: {
        messageId: message.id,
        from: message.fromName || message.fromAddress,
        direction: message.direction,
        messageAt: message.at,
      },
    },
    now,
  )
}
