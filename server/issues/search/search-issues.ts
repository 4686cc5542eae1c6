import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { issues, issueTags, seen } from '../../../db/schema.ts'
import type { Order, Status } from '../../../db/vocabulary.ts'
import { conditionOf, type Searcher } from './search-messages.ts'
import type { Alternative, IssueCondition } from './search-plan.ts'

// A search that asks nothing of any message, as `is:unassigned`: the indexes of the lists answer it, one range for each
// status, mailbox and assignee or tag, merged by time.

/** Where an issue stands among the results: by when it was listed, or since when it is as it is. */
export type IssuePlace = { id: string; at: number }

/** The next issues after a place, at most `limit`. */
export async function issuesThatMeet(
  read: Reader,
  searcher: Searcher,
  alternatives: Alternative[],
  order: Order,
  after: IssuePlace | null,
  limit: number,
): Promise<IssuePlace[]> {
  const found = new Map<string, IssuePlace>()
  for (const range of alternatives.flatMap((one) => rangesOf(one, searcher, order))) {
    const { at, id, inOrder, behind } = columnsOf(range)
    const place = after ? sql`(${at}, ${id}) ${behind} (${after.at}, ${after.id})` : undefined
    const rows = await select(read, searcher, range, { id: issues.id, at: sql<number>`${at}`.mapWith(Number) })
      .where(and(range.within, ...range.rest, place))
      .orderBy(inOrder(at), inOrder(id))
      .limit(limit)
    for (const row of rows) found.set(row.id, row)
  }
  return [...found.values()]
    .sort((a, b) => {
      const by = a.at - b.at || (a.id < b.id ? -1 : 1)
      return order === 'oldest' ? by : -by
    })
    .slice(0, limit)
}

/** How many were found, and whether there may be more than were looked for. */
export type Counted = { n: number; more: boolean }

/**
 * How many issues meet, up to `most`. At most `lookedAt` of each range are looked at, whatever is in the archive: what is
 * counted is what stands at the top of the list.
 */
export async function countThatMeet(
  read: Reader,
  searcher: Searcher,
  alternatives: Alternative[],
  { most, lookedAt }: { most: number; lookedAt: number },
): Promise<Counted> {
  const found = new Set<string>()
  let more = false
  for (const range of alternatives.flatMap((one) => rangesOf(one, searcher, 'newest'))) {
    const { at, id } = columnsOf(range)
    const size = range.rest.length === 0 ? most + 1 : lookedAt
    const passes = sql<boolean>`${and(...range.rest) ?? sql`1 = 1`}`.mapWith(Boolean).as('passes')
    const looked = select(read, searcher, range, { id: sql<string>`${issues.id}`.as('found_id'), passes })
      .where(range.within)
      .orderBy(desc(at), desc(id))
      .limit(size)
      .as('looked')
    const rows = await read
      .select({ id: looked.id })
      .from(looked)
      .where(sql`${looked.passes}`)
      .limit(most + 1)
    for (const row of rows) found.add(row.id)
    if (found.size > most) return { n: most, more: true }
    if (range.rest.length > 0 && rows.length < most && !more) {
      const [all] = await read.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(
        select(read, searcher, range, { id: sql<string>`${issues.id}`.as('found_id') })
          .where(range.within)
          .limit(lookedAt)
          .as('all_of_it'),
      )
      more = (all?.n ?? 0) === lookedAt
    }
  }
  return { n: found.size, more }
}

/** One range of one index, and what else is asked of the issues in it. */
type Range = { status: Status; tagged: boolean; order: Order; within: SQL | undefined; rest: SQL[] }

function rangesOf({ statuses, conditions }: Alternative, searcher: Searcher, order: Order): Range[] {
  const chosen = (kind: IssueCondition['kind']) => conditions.find((one) => one.kind === kind && !one.not)
  const assigned = chosen('assignee')
  const within = chosen('mailbox')
  const tag = chosen('tag')
  const mailboxIds = mailboxesOf(within, searcher)
  return statuses.flatMap((status) => {
    // What is ours to move is sorted by how long it is so, which the lists of tags do not know.
    const tagged = tag?.kind === 'tag' && tag.tagIds.length > 0 && !(order === 'oldest' && isOurs(status))
    const tagIds = tagged ? tag.tagIds : [null]
    const whose = assigned?.kind === 'assignee' && !tagged ? whoseOf(assigned) : [undefined]
    const used = [within, tagged ? tag : assigned]
    const rest = conditions.filter((one) => !used.includes(one)).map((one) => conditionOf(one, searcher))
    // A mailbox is a range of the lists; of those of tags it is a condition.
    const boxes = tagged ? [null] : mailboxIds
    const seesAll = mailboxIds.length === 1 && mailboxIds[0] === null
    const ofBoxes = tagged && !seesAll ? [conditionOf(boxCondition(mailboxIds), searcher)] : []
    return boxes.flatMap((mailboxId) =>
      whose.flatMap((who) =>
        tagIds.map((tagId): Range => {
          const at = tagged ? eq(issueTags.status, status) : eq(issues.status, status)
          const ours = order === 'oldest' && isOurs(status) ? isNotNull(issues.waitingSince) : undefined
          const box = mailboxId === null ? undefined : eq(issues.mailboxId, mailboxId)
          const label = tagId === null ? undefined : eq(issueTags.tagId, tagId)
          return { status, tagged, order, within: and(label, at, box, who, ours), rest: [...rest, ...ofBoxes] }
        }),
      ),
    )
  })
}

const boxCondition = (ids: (string | null)[]): IssueCondition => ({
  kind: 'mailbox',
  mailboxIds: ids.filter((id) => id !== null),
  not: false,
})

const isOurs = (status: Status) => status === 'new' || status === 'open'

function mailboxesOf(within: IssueCondition | undefined, { visible }: Searcher): (string | null)[] {
  const asked = within?.kind === 'mailbox' ? within.mailboxIds : visible
  if (asked === 'all') return [null]
  return visible === 'all' ? asked : asked.filter((id) => visible.includes(id))
}

/** By what a range is sorted: a list by when it was listed; what is longest as it is first. */
function columnsOf({ status, tagged, order }: Range) {
  const listed = tagged ? issueTags.listedAt : issues.listedAt
  return {
    at: order === 'oldest' && isOurs(status) ? issues.waitingSince : listed,
    id: tagged ? issueTags.issueId : issues.id,
    inOrder: order === 'oldest' ? asc : desc,
    behind: order === 'oldest' ? sql`>` : sql`<`,
  }
}

function select<Fields extends Parameters<Reader['select']>[0]>(
  read: Reader,
  searcher: Searcher,
  { tagged }: Range,
  fields: Fields & NonNullable<Parameters<Reader['select']>[0]>,
) {
  const ofReader = and(eq(seen.memberId, searcher.memberId), eq(seen.issueId, issues.id))
  return tagged
    ? read.select(fields).from(issueTags).innerJoin(issues, eq(issues.id, issueTags.issueId)).leftJoin(seen, ofReader)
    : read.select(fields).from(issues).leftJoin(seen, ofReader)
}

type Assigned = { memberIds: string[]; teamIds: string[]; nobody: boolean }

function whoseOf({ memberIds, teamIds, nobody }: Assigned): (SQL | undefined)[] {
  return [
    ...memberIds.map((id) => eq(issues.assigneeId, id)),
    ...teamIds.map((id) => eq(issues.teamId, id)),
    ...(nobody ? [and(isNull(issues.assigneeId), isNull(issues.teamId))] : []),
  ]
}
