import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { issues, seen } from '../../db/schema.ts'
import { type Order, type Status, VIEW_GROUPS, type View } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'

export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 200

export type ListQuery = {
  view: View
  /** For the view `team`. */
  teamId?: string | undefined
  mailboxId?: string | undefined
  order?: Order | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** An issue as lists show it. */
export type ListedIssue = Awaited<ReturnType<ReturnType<ReturnType<typeof buildPage>>['execute']>>[number]

const listed = {
  id: issues.id,
  mailboxId: issues.mailboxId,
  number: issues.number,
  subject: issues.subject,
  status: issues.status,
  doneReason: issues.doneReason,
  assigneeId: issues.assigneeId,
  teamId: issues.teamId,
  contactName: issues.contactName,
  contactAddress: issues.contactAddress,
  lastFrom: issues.lastFrom,
  snippet: issues.snippet,
  lastDirection: issues.lastDirection,
  messageCount: issues.messageCount,
  hasAttachments: issues.hasAttachments,
  sending: issues.sending,
  lastMessageAt: issues.lastMessageAt,
  listedAt: issues.listedAt,
  waitingSince: issues.waitingSince,
  snoozedUntil: issues.snoozedUntil,
  wakesOnReply: issues.wakesOnReply,
  tagIds: issues.tagIds,
  version: issues.version,
  unread: sql<boolean>`coalesce(${seen.at}, 0) < ${issues.listedAt}`.mapWith(Boolean),
}

/**
 * A page of a view for one member: the groups in order, each the newest first, or what is longest ours to move first.
 * What is snoozed goes by when it comes back.
 * Pages follow each other by key, so a deep page costs what the first one does.
 * @param mailboxIds the mailboxes that the member may see
 * @returns the issues and the cursor of the next page, or null at the end
 */
export async function listIssues(
  read: Reader,
  memberId: string,
  mailboxIds: string[] | 'all',
  query: ListQuery,
): Promise<{ issues: ListedIssue[]; next: string | null }> {
  const limit = Math.min(query.limit ?? PAGE_SIZE, MAX_PAGE_SIZE)
  const within = narrow(mailboxIds, query.mailboxId)
  const start = query.cursor ? readCursor(query.cursor) : null
  const groups = VIEW_GROUPS[query.view]
  const first = start ? groups.indexOf(start.status) : 0
  if (first < 0) throw new Invalid([{ field: 'cursor', message: 'cursor belongs to another view. Start without one.' }])

  const found: ListedIssue[] = []
  for (const status of groups.slice(first)) {
    const after = start?.status === status ? start : null
    found.push(...(await group(read, memberId, within, query, status, after, limit + 1 - found.length)))
    if (found.length > limit) break
  }
  const more = found.length > limit
  const shown = more ? found.slice(0, limit) : found
  const last = shown.at(-1)
  return { issues: shown, next: more && last ? writeCursor(last, sortOf(last.status, query.order)) : null }
}

/** One group of a view. Who may see only some mailboxes gets each from its own index range, merged by time. */
async function group(
  read: Reader,
  memberId: string,
  within: string[] | 'all',
  query: ListQuery,
  status: Status,
  after: Cursor | null,
  limit: number,
): Promise<ListedIssue[]> {
  const whose = whoseOf(query)
  const whoseId = query.view === 'team' ? query.teamId : memberId
  const sort = sortOf(status, query.order)
  const page = async (mailboxId: string | null) => {
    const shape: Shape = { whose, oneMailbox: mailboxId !== null, sort, after: after !== null }
    return await pageOf(shape)(read).execute({
      memberId,
      status,
      whoseId,
      mailboxId,
      at: after?.at,
      id: after?.id,
      limit,
    })
  }
  if (within === 'all') return await page(null)
  const pages = await Promise.all(within.map(page))
  if (pages.length === 1) return pages[0] ?? []
  return pages
    .flat()
    .sort((a, b) => {
      const by = keyOf(a, sort) - keyOf(b, sort) || (a.id < b.id ? -1 : 1)
      return sort === 'newest' ? -by : by
    })
    .slice(0, limit)
}

/** How one group is sorted: the newest first; or by these, the lowest first. */
type Sort = 'newest' | 'listedAt' | 'waitingSince' | 'snoozedUntil'

function sortOf(status: Status, order: Order | undefined): Sort {
  if (status === 'snoozed') return 'snoozedUntil'
  if (order !== 'oldest') return 'newest'
  return status === 'new' || status === 'open' ? 'waitingSince' : 'listedAt'
}

const columnOf = (sort: Sort) => (sort === 'newest' ? 'listedAt' : sort)
const keyOf = (issue: Pick<ListedIssue, 'listedAt' | 'waitingSince' | 'snoozedUntil'>, sort: Sort) =>
  issue[columnOf(sort)] ?? 0

type Whose = 'anybody' | 'member' | 'team' | 'nobody'

function whoseOf(query: ListQuery): Whose {
  if (query.view === 'mine') return 'member'
  if (query.view === 'unassigned') return 'nobody'
  if (query.view !== 'team') return 'anybody'
  if (!query.teamId) throw new Invalid([{ field: 'teamId', message: 'teamId must name a team for this view.' }])
  return 'team'
}

function narrow(mailboxIds: string[] | 'all', mailboxId: string | undefined): string[] | 'all' {
  if (!mailboxId) return mailboxIds
  return mailboxIds === 'all' || mailboxIds.includes(mailboxId) ? [mailboxId] : []
}

/** What a page is asked by. Each shape is one query, built once. */
type Shape = { whose: Whose; oneMailbox: boolean; sort: Sort; after: boolean }

const pages = new Map<string, ReturnType<typeof buildPage>>()

function pageOf(shape: Shape) {
  const key = `${shape.whose} ${shape.oneMailbox} ${shape.sort} ${shape.after}`
  const known = pages.get(key) ?? buildPage(shape)
  pages.set(key, known)
  return known
}

function buildPage({ whose, oneMailbox, sort, after }: Shape) {
  const column = issues[columnOf(sort)]
  const inOrder = sort === 'newest' ? desc : asc
  const behind = sort === 'newest' ? sql`<` : sql`>`
  const place = sql.placeholder
  const ofWhom = {
    anybody: undefined,
    member: eq(issues.assigneeId, place('whoseId')),
    team: eq(issues.teamId, place('whoseId')),
    nobody: and(isNull(issues.assigneeId), isNull(issues.teamId)),
  }[whose]
  return prepared((read) =>
    read
      .select(listed)
      .from(issues)
      .leftJoin(seen, and(eq(seen.memberId, place('memberId')), eq(seen.issueId, issues.id)))
      .where(
        and(
          oneMailbox ? eq(issues.mailboxId, place('mailboxId')) : undefined,
          ofWhom,
          eq(issues.status, place('status')),
          // Says that the index with such rows alone will do.
          sort === 'waitingSince' || sort === 'snoozedUntil' ? isNotNull(column) : undefined,
          after ? sql`(${column}, ${issues.id}) ${behind} (${place('at')}, ${place('id')})` : undefined,
        ),
      )
      .orderBy(inOrder(column), inOrder(issues.id))
      .limit(place('limit'))
      .prepare(UNNAMED),
  )
}

/** One issue as lists show it, for patching a list that is on screen. */
export async function listedIssue(read: Reader, memberId: string, issueId: string): Promise<ListedIssue | undefined> {
  const [row] = await read
    .select(listed)
    .from(issues)
    .leftJoin(seen, and(eq(seen.memberId, memberId), eq(seen.issueId, issues.id)))
    .where(eq(issues.id, issueId))
  return row
}

/** Issues as lists show them, in the order of their ids. */
export async function issuesAsListed(read: Reader, memberId: string, ids: string[]): Promise<ListedIssue[]> {
  if (ids.length === 0) return []
  const rows = await read
    .select(listed)
    .from(issues)
    .leftJoin(seen, and(eq(seen.memberId, memberId), eq(seen.issueId, issues.id)))
    .where(inArray(issues.id, ids))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

type Cursor = { status: Status; at: number; id: string }

function writeCursor(issue: ListedIssue, sort: Sort): string {
  return `${issue.status}.${keyOf(issue, sort)}.${issue.id}`
}

function readCursor(cursor: string): Cursor {
  const [status, at, id] = cursor.split('.')
  if (!status || !id || !/^\d+$/.test(at ?? ''))
    throw new Invalid([
      { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
    ])
  return { status: status as Status, at: Number(at), id }
}
