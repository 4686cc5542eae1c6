import { and, desc, eq, gt, gte, inArray, lt, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { followers, issues, issueTags, messages, searchDocs, seen, threads } from '../../../db/schema.ts'
import { indexNumber, matches, searchIndex } from '../../../db/search-index.ts'
import { numberAt } from './index-messages.ts'
import type { Alternative, IssueCondition } from './search-plan.ts'

// Messages that match, newest first: the index gives their numbers in windows, and what is asked of the issue is looked
// up for each. A condition that hardly any issue meets could make that long, so it ends after a while with where it got.

/** The first window holds a page in most cases; each further one is larger. */
const FIRST_WINDOW = 150
const MAX_WINDOW = 4_000
const GROWTH = 3
/** So many matching messages are looked at for one page. */
const MAX_LOOKED_AT = 16_000

/** A message that matches, or `stopped`: everything from number `n` on was looked at, and more was too much. */
export type Hit = { n: number; issueId: string; messageId: string } | { n: number; stopped: true }

/** Who asks, and what they may see. */
export type Searcher = { memberId: string; visible: string[] | 'all' }

/** The hits of one alternative with a number below `before`, the newest first. */
export async function* hitsOf(
  read: Reader,
  searcher: Searcher,
  alternative: Alternative,
  before: number | null,
  most = MAX_LOOKED_AT,
): AsyncGenerator<Hit> {
  let below = before
  let lookedAt = 0
  for (let size = FIRST_WINDOW; ; size = Math.min(size * GROWTH, MAX_WINDOW)) {
    const rows = await windowOf(
      read,
      searcher,
      alternative,
      below === null ? undefined : lt(searchIndex.n, indexNumber(below)),
      size,
    )
    for (const { n, issueId, messageId, passes } of rows) if (passes) yield { n, issueId, messageId }
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    below = last.n
    lookedAt += size
    if (lookedAt >= most) {
      yield { n: below, stopped: true }
      return
    }
  }
}

/** Whether a message of the issue matches that has number `from` or a higher one: then an earlier page showed it. */
export async function hasNewerHit(
  read: Reader,
  searcher: Searcher,
  alternatives: Alternative[],
  issueId: string,
  from: number,
): Promise<boolean> {
  const newer = await read
    .select({ n: searchDocs.n })
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .innerJoin(searchDocs, eq(searchDocs.messageId, messages.id))
    .where(and(eq(threads.issueId, issueId), gte(searchDocs.n, from)))
  if (newer.length === 0) return false
  const numbers = newer.map(({ n }) => n)
  for (const alternative of alternatives) {
    const rows = await windowOf(
      read,
      searcher,
      alternative,
      inArray(searchIndex.n, sql`(${sql.join(numbers.map(indexNumber), sql`, `)})`),
      numbers.length,
    )
    if (rows.some(({ passes }) => passes)) return true
  }
  return false
}

async function windowOf(
  read: Reader,
  searcher: Searcher,
  { match, after, before, statuses, conditions }: Alternative,
  within: SQL | undefined,
  size: number,
) {
  const found = read
    .select({ n: sql<number>`${searchIndex.n}`.as('found_n') })
    .from(searchIndex)
    .where(
      and(
        matches({ all: match }),
        within,
        after === null ? undefined : gte(searchIndex.n, indexNumber(numberAt(after))),
        before === null ? undefined : lt(searchIndex.n, indexNumber(numberAt(before))),
      ),
    )
    .orderBy(desc(searchIndex.n))
    .limit(size)
    .as('found')
  const passes = and(
    inArray(issues.status, statuses),
    searcher.visible === 'all' ? undefined : inArray(issues.mailboxId, searcher.visible),
    ...conditions.map((condition) => conditionOf(condition, searcher)),
  )
  const rows = await read
    .select({
      n: found.n,
      issueId: issues.id,
      messageId: messages.id,
      passes: sql<boolean>`${passes}`.mapWith(Boolean),
    })
    .from(found)
    .innerJoin(searchDocs, eq(searchDocs.n, found.n))
    .innerJoin(messages, eq(messages.id, searchDocs.messageId))
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .leftJoin(seen, and(eq(seen.memberId, searcher.memberId), eq(seen.issueId, issues.id)))
  return rows.sort((a, b) => b.n - a.n)
}

/** A condition on an issue, with `seen` of who asks beside it. */
export function conditionOf(condition: IssueCondition, searcher: Searcher): SQL {
  const met = meant(condition, searcher)
  // What is not known, as the assignee of nobody's issue, counts as not met.
  return condition.not ? sql`(${met}) is not true` : sql`(${met}) is true`
}

function meant(condition: IssueCondition, { memberId }: Searcher): SQL | undefined {
  switch (condition.kind) {
    case 'tag': {
      const { tagIds } = condition
      const own = sql`select 1 from ${issueTags} where ${issueTags.issueId} = ${issues.id}`
      return tagIds.length === 0
        ? sql`not exists (${own})`
        : sql`exists (${own} and ${inArray(issueTags.tagId, tagIds)})`
    }
    case 'following':
      return sql`exists (select 1 from ${followers} where ${followers.issueId} = ${issues.id}
        and ${followers.memberId} = ${memberId} and ${followers.state} = ${condition.state})`
    case 'waiting': {
      const { than, others, of } = condition
      const begun = (at: number) => (than === 'longer' ? lte(issues.waitingSince, at) : gt(issues.waitingSince, at))
      const own = Object.entries(of).map(([id, at]) => and(eq(issues.mailboxId, id), begun(at)))
      const ids = Object.keys(of)
      return or(and(ids.length > 0 ? notInArray(issues.mailboxId, ids) : undefined, begun(others)), ...own)
    }
    case 'unread':
      return sql`coalesce(${seen.at}, 0) < ${issues.listedAt}`
    case 'mailbox':
      return inArray(issues.mailboxId, condition.mailboxIds)
    case 'assignee': {
      const { memberIds, teamIds, nobody } = condition
      return or(
        memberIds.length > 0 ? inArray(issues.assigneeId, memberIds) : undefined,
        teamIds.length > 0 ? inArray(issues.teamId, teamIds) : undefined,
        nobody ? sql`(${issues.assigneeId} is null and ${issues.teamId} is null)` : undefined,
      )
    }
  }
}
