import { and, desc, eq, inArray, isNotNull, notInArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import {
  events,
  type Issue,
  issues,
  members,
  messages,
  outbox,
  proposalThreads,
  seen,
  threads,
} from '../../db/schema.ts'
import type { Status } from '../../db/vocabulary.ts'
import { uncount } from './count.ts'
import { record } from './event.ts'
import { change } from './issue.ts'
import { issueOfThread } from './message.ts'
import { sendingOf } from './sending.ts'

/** So many of the moved messages are named in the event. */
const MAX_NAMED = 200

/**
 * Threads turned out to be one: a mail came late that ties them together. The oldest issue stays, and the mails of the
 * others move into its thread, which an event says on both sides. It names them, so that a person can take them apart again.
 *
 * What is left of a younger issue depends on who knew of it. Where somebody of us looked at it or worked in it, it stays
 * as a duplicate with its notes and its history. Otherwise only the order in which mails came in had made it, and it goes.
 * @param threadIds that of the mail which ties them first; those that are apart on purpose stay so
 * @returns the thread that it is in now
 */
export async function uniteThreads(tx: Tx, threadIds: [string, ...string[]], now: number): Promise<string> {
  const [first, ...others] = new Set(threadIds)
  if (first === undefined || others.length === 0) return threadIds[0]
  const home = await issueOfThread(tx, first)
  if (home.thread.apart) return first
  const all: ThreadOfIssue[] = [home]
  for (const id of others) {
    const other = await issueOfThread(tx, id)
    if (!other.thread.apart) all.push(other)
  }
  const kept = all.reduce((a, b) => (staysBefore(b.issue, a.issue) ? b : a))
  let united = kept
  for (const { thread } of all) united = await moveInto(tx, united, thread.id, now)
  return kept.thread.id
}

type ThreadOfIssue = Awaited<ReturnType<typeof issueOfThread>>

async function moveInto(tx: Tx, kept: ThreadOfIssue, threadId: string, now: number): Promise<ThreadOfIssue> {
  if (threadId === kept.thread.id) return kept
  const { issue } = await issueOfThread(tx, threadId)
  const moved = await tx.select({ id: messages.id }).from(messages).where(eq(messages.threadId, threadId))
  const ofThread = tx.select({ id: messages.id }).from(messages).where(eq(messages.threadId, threadId))
  if (issue.id !== kept.issue.id)
    await tx.update(outbox).set({ issueId: kept.issue.id }).where(inArray(outbox.messageId, ofThread))
  await tx.update(messages).set({ threadId: kept.thread.id }).where(eq(messages.threadId, threadId))
  await moveLinks(tx, threadId, kept.thread.id)
  await tx.delete(threads).where(eq(threads.id, threadId))
  if (issue.id === kept.issue.id) return kept

  const rest = await shownOf(tx, issue.id)
  const known = rest !== null || (await isKnownToUs(tx, issue.id))
  const messageIds = moved.slice(0, MAX_NAMED).map(({ id }) => id)
  const united = await takeIn(tx, kept.issue, issue, { known, messageIds }, now)
  if (rest) await leave(tx, issue, united, { ...rest, sending: await sendingOf(tx, issue.id) }, now)
  else if (known) await leave(tx, issue, united, { messageCount: 0, hasAttachments: false, ...DUPLICATE }, now)
  else await foldAway(tx, issue, united, now)
  return { thread: kept.thread, issue: united }
}

/** What belongs to a proposal still does in its new thread, unless that was linked, or taken away, before. */
async function moveLinks(tx: Tx, from: string, to: string): Promise<void> {
  const known = tx
    .select({ id: proposalThreads.proposalId })
    .from(proposalThreads)
    .where(eq(proposalThreads.threadId, to))
  await tx
    .update(proposalThreads)
    .set({ threadId: to })
    .where(and(eq(proposalThreads.threadId, from), notInArray(proposalThreads.proposalId, known)))
}

const DUPLICATE = { status: 'done', doneReason: 'duplicate', sending: null } as const

/** What is out of sight takes nothing in; else the older one stays. */
function staysBefore(a: Issue, b: Issue): boolean {
  if (isOutOfSight(a.status) !== isOutOfSight(b.status)) return isOutOfSight(b.status)
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt
  return a.mailboxId === b.mailboxId ? a.number < b.number : a.id < b.id
}

const isOutOfSight = (status: Status) => status === 'spam' || status === 'trash'

/** Where one issue made of two stands: what was ours to move stays so, and what somebody had begun is not new. */
export function unitedStatus(kept: Status, moved: Status): Status {
  if (kept === moved || isOutOfSight(moved)) return kept
  if (kept === 'snoozed' && moved === 'done') return kept
  if (kept === 'snoozed' || moved === 'snoozed') return 'open'
  if (kept === 'new' || kept === 'open' || moved === 'new' || moved === 'open') return 'open'
  return 'waiting'
}

async function takeIn(
  tx: Tx,
  kept: Issue,
  moved: Issue,
  /** Whether the other issue is still there to look at, and which messages came from it. */
  about: { known: boolean; messageIds: string[] },
  now: number,
): Promise<Issue> {
  const status = unitedStatus(kept.status, moved.status)
  const since = [kept.waitingSince, moved.waitingSince].filter((at) => at !== null)
  const unassigned = kept.assigneeId === null && kept.teamId === null
  const detail = {
    fromIssueId: moved.id,
    fromNumber: moved.number,
    fromSubject: moved.subject,
    fromAssigneeId: moved.assigneeId,
    fromTeamId: moved.teamId,
    ...about,
  }
  return await change(
    tx,
    kept,
    {
      ...(await shownOf(tx, kept.id)),
      status,
      ...(unassigned ? { assigneeId: moved.assigneeId, teamId: moved.teamId } : {}),
      waitingSince: status === 'new' || status === 'open' ? Math.min(...since, now) : null,
      sending: await sendingOf(tx, kept.id),
    },
    { action: 'united', detail },
    now,
  )
}

async function leave(tx: Tx, moved: Issue, united: Issue, to: Parameters<typeof change>[2], now: number) {
  await change(tx, moved, to, { action: 'united', detail: into(united) }, now)
}

/** Nobody knew of this issue. Its number is not given again. */
async function foldAway(tx: Tx, moved: Issue, united: Issue, now: number): Promise<void> {
  await uncount(tx, moved)
  await tx.delete(issues).where(eq(issues.id, moved.id))
  const detail = into(united)
  await record(tx, { action: 'united', at: now, mailboxId: moved.mailboxId, issueId: moved.id, detail })
}

const into = ({ id, number, subject }: Issue) => ({ intoIssueId: id, intoNumber: number, intoSubject: subject })

/** Whether one of us did anything in an issue, or so much as looked at it. */
async function isKnownToUs(tx: Tx, issueId: string): Promise<boolean> {
  const did = await tx
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.issueId, issueId), isNotNull(events.memberId)))
    .limit(1)
  if (did.length > 0) return true
  const looked = await tx.select({ at: seen.at }).from(seen).where(eq(seen.issueId, issueId)).limit(1)
  return looked.length > 0
}

/** What the list shows of an issue's mails; null where it has none. */
export async function shownOf(tx: Tx, issueId: string) {
  const of = eq(threads.issueId, issueId)
  const [newest] = await tx
    .select({ message: messages, author: members.name })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .leftJoin(members, eq(members.id, messages.authorId))
    .where(of)
    .orderBy(desc(messages.at), desc(messages.id))
    .limit(1)
  if (!newest) return null
  const [sums] = await tx
    .select({
      n: sql<number>`count(*)`.mapWith(Number),
      files: sql<number>`sum(${messages.attachmentCount})`.mapWith(Number),
    })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(of)
  const { message, author } = newest
  return {
    messageCount: sums?.n ?? 0,
    hasAttachments: (sums?.files ?? 0) > 0,
    lastMessageAt: message.at,
    lastFrom: author ?? (message.fromName || message.fromAddress),
    snippet: message.snippet,
    lastDirection: message.direction,
  }
}
