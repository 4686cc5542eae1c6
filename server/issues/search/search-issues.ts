import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { issues, seen } from '../../../db/schema.ts'
import { conditionOf, type Searcher } from './search-messages.ts'
import type { Alternative } from './search-plan.ts'

// A search that asks nothing of any message, as `is:unassigned`: the indexes of the lists answer it, one range for each
// status, mailbox and assignee, merged by time.

/** Where an issue stands among the results: the newest first. */
export type IssuePlace = { id: string; listedAt: number }

/** The next issues after a place, at most `limit`. */
export async function issuesThatMeet(
  read: Reader,
  searcher: Searcher,
  alternatives: Alternative[],
  after: IssuePlace | null,
  limit: number,
): Promise<IssuePlace[]> {
  const found = new Map<string, IssuePlace>()
  for (const { statuses, conditions } of alternatives) {
    const [assigned] = conditions.filter((condition) => condition.kind === 'assignee' && !condition.not)
    const [within] = conditions.filter((condition) => condition.kind === 'mailbox' && !condition.not)
    const asked = within?.kind === 'mailbox' ? within.mailboxIds : searcher.visible
    const seenOnly =
      asked === 'all' || searcher.visible === 'all' ? asked : asked.filter((id) => searcher.visible.includes(id))
    const mailboxIds = seenOnly === 'all' ? [null] : seenOnly
    const whose = assigned?.kind === 'assignee' ? rangesOf(assigned) : [undefined]
    const rest = conditions.filter((condition) => condition !== assigned && condition !== within).map(conditionOf)
    for (const status of statuses) {
      for (const mailboxId of mailboxIds) {
        for (const who of whose) {
          const rows = await read
            .select({ id: issues.id, listedAt: issues.listedAt })
            .from(issues)
            .leftJoin(seen, and(eq(seen.memberId, searcher.memberId), eq(seen.issueId, issues.id)))
            .where(
              and(
                eq(issues.status, status),
                mailboxId === null ? undefined : eq(issues.mailboxId, mailboxId),
                who,
                ...rest,
                after ? sql`(${issues.listedAt}, ${issues.id}) < (${after.listedAt}, ${after.id})` : undefined,
              ),
            )
            .orderBy(desc(issues.listedAt), desc(issues.id))
            .limit(limit)
          for (const row of rows) found.set(row.id, row)
        }
      }
    }
  }
  return [...found.values()].sort((a, b) => b.listedAt - a.listedAt || (a.id < b.id ? 1 : -1)).slice(0, limit)
}

type Assigned = { memberIds: string[]; teamIds: string[]; nobody: boolean }

function rangesOf({ memberIds, teamIds, nobody }: Assigned): (SQL | undefined)[] {
  return [
    ...memberIds.map((id) => eq(issues.assigneeId, id)),
    ...teamIds.map((id) => eq(issues.teamId, id)),
    ...(nobody ? [and(isNull(issues.assigneeId), isNull(issues.teamId))] : []),
  ]
}
