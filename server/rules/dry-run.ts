import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Blobs } from '../../db/blobs.ts'
import type { Reader } from '../../db/index.ts'
import { issues, messages, type Rule, threads } from '../../db/schema.ts'
import { holds } from './match.ts'
import { heavyOf, readHeavy, subjectOfIssue, subjectOfMail } from './subject.ts'

/** So many of the newest mails are looked at, or of the newest issues. */
const MAX_LOOKED_AT = 500
const MAX_SHOWN = 20

/** What a rule would have done. */
export type DryRun = {
  lookedAt: number
  /** How many mails, or issues, it would have fired for. */
  matched: number
  /** The newest time that was looked at, and the oldest. */
  since: number | null
  issues: { id: string; number: number; subject: string; sender: string; at: number }[]
}

/**
 * Holds a rule against the newest mail that came in, or for changes against the newest issues, as they are now. Nothing is
 * done and nothing is kept.
 * @param visible the mailboxes that who asks sees
 */
export async function dryRun(
  deps: { read: Reader; blobs: Pick<Blobs, 'get'> },
  rule: Pick<Rule, 'trigger' | 'match' | 'conditions'>,
  visible: string[] | 'all',
): Promise<DryRun> {
  const { read } = deps
  if (rule.trigger === 'change') {
    const rows = await read
      .select()
      .from(issues)
      .where(
        and(
          inArray(issues.status, ['new', 'open', 'waiting', 'snoozed', 'done']),
          visible === 'all' ? undefined : inArray(issues.mailboxId, visible),
        ),
      )
      .orderBy(desc(issues.updatedAt))
      .limit(MAX_LOOKED_AT)
    const found = rows.filter((issue) => holds(rule, subjectOfIssue(issue)))
    return answer(
      rows.map(({ updatedAt }) => updatedAt),
      found.length,
      found.map(({ id, number, subject, contactAddress, updatedAt }) => ({
        id,
        number,
        subject,
        sender: contactAddress,
        at: updatedAt,
      })),
    )
  }
  const rows = await read
    .select({ message: messages, issue: issues })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .where(and(eq(messages.direction, 'in'), visible === 'all' ? undefined : inArray(messages.mailboxId, visible)))
    .orderBy(desc(messages.id))
    .limit(MAX_LOOKED_AT)
  const wanted = heavyOf([rule])
  const found = new Map<string, DryRun['issues'][number]>()
  let matched = 0
  for (const { message, issue } of rows) {
    const heavy = await readHeavy(deps, message, wanted)
    if (!holds(rule, subjectOfMail(message, issue, heavy))) continue
    matched++
    if (!found.has(issue.id))
      found.set(issue.id, {
        id: issue.id,
        number: issue.number,
        subject: issue.subject,
        sender: message.fromAddress,
        at: message.at,
      })
  }
  return answer(
    rows.map(({ message }) => message.at),
    matched,
    [...found.values()],
  )
}

function answer(times: number[], matched: number, all: DryRun['issues']): DryRun {
  return {
    lookedAt: times.length,
    matched,
    since: times.length > 0 ? Math.min(...times) : null,
    issues: all.slice(0, MAX_SHOWN),
  }
}
