import { and, desc, eq, isNotNull } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Address, events, type Issue, issues, type Mailbox, type Message } from '../../db/schema.ts'
import { record } from './event.ts'
import { openIssue } from './issue.ts'
import { homeOf } from './merge.ts'

/** What was done for longer than this is not opened again by an answer: it becomes a new issue, linked to the old one. */
export const CONTINUE_AFTER_MS = 30 * 24 * 60 * 60_000
/** An issue may be continued by one that is continued itself. */
const MAX_STEPS = 20

/** Whether an answer comes too late to open its issue again. What a machine answers never does that anyway. */
export async function isOver(
  tx: Tx,
  issue: Issue,
  answer: Pick<Message, 'direction' | 'writer' | 'at'>,
): Promise<boolean> {
  if (issue.status !== 'done' || answer.direction === 'out' || answer.writer !== 'person') return false
  // Mail by machines changes an issue too; it was one of us who finished it.
  const [last] = await tx
    .select({ at: events.at })
    .from(events)
    .where(and(eq(events.issueId, issue.id), isNotNull(events.memberId)))
    .orderBy(desc(events.id))
    .limit(1)
  return answer.at - (last?.at ?? issue.updatedAt) > CONTINUE_AFTER_MS
}

/** Opens the issue in which an old one goes on. Each names the other. */
export async function continueIssue(
  tx: Tx,
  old: Issue,
  mailbox: Pick<Mailbox, 'id'>,
  about: { subject: string; contact: Address; at: number },
  now: number,
): Promise<Issue> {
  const issue = await openIssue(tx, mailbox, about, now)
  await link(tx, old, issue, now)
  return issue
}

/** Notes on both issues that one grew out of the other. */
export async function link(tx: Tx, old: Issue, issue: Issue, now: number): Promise<void> {
  const from = { fromIssueId: old.id, fromNumber: old.number, fromSubject: old.subject }
  const into = { intoIssueId: issue.id, intoNumber: issue.number, intoSubject: issue.subject }
  await record(tx, { action: 'continued', at: now, mailboxId: issue.mailboxId, issueId: issue.id, detail: from })
  await record(tx, { action: 'continued', at: now, mailboxId: old.mailboxId, issueId: old.id, detail: into })
}

/** The issue in which this one went on last: itself, where it did not. Also where its mail went when two became one. */
export async function latestPart(tx: Tx, issue: Issue, by: 'continued' | 'united'): Promise<Issue> {
  let latest = issue
  if (by === 'united' && issue.mergedIntoId) latest = await homeOf(tx, issue)
  for (let step = 0; step < MAX_STEPS; step++) {
    const rows = await tx
      .select({ detail: events.detail })
      .from(events)
      .where(and(eq(events.issueId, latest.id), eq(events.action, by)))
      .orderBy(desc(events.id))
    const next = rows.map(({ detail }) => detail.intoIssueId).find((id) => typeof id === 'string')
    if (typeof next !== 'string') return latest
    const [found] = await tx.select().from(issues).where(eq(issues.id, next))
    if (!found) return latest
    latest = found
  }
  return latest
}
