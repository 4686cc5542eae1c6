import { and, desc, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { issues, seen } from '../../db/schema.ts'
import type { Status, View } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'

/** The groups that a view shows, in their order. Each is one range of one index. */
const GROUPS: Record<View, readonly Status[]> = {
  inbox: ['new', 'open'],
  mine: ['new', 'open', 'waiting'],
  team: ['new', 'open', 'waiting'],
  unassigned: ['new', 'open'],
  waiting: ['waiting'],
  done: ['done'],
  spam: ['spam'],
  trash: ['trash'],
  all: ['new', 'open', 'waiting', 'done'],
}

export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 200

export type ListQuery = {
  view: View
  /** For the view `team`. */
  teamId?: string | undefined
  mailboxId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** An issue as lists show it. */
export type ListedIssue = Awaited<ReturnType<typeof page>>[number]

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
  waitingSince: issues.waitingSince,
  version: issues.version,
  unread: sql<boolean>`coalesce(${seen.at}, 0) < ${issues.lastMessageAt}`.mapWith(Boolean),
}

/**
 * A page of a view for one member: newest first within each group, the groups in order.
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
  const groups = GROUPS[query.view]
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
  return { issues: shown, next: more && last ? writeCursor(last) : null }
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
  const who = ofWhom(query, memberId)
  if (within === 'all') return await page(read, memberId, and(who, eq(issues.status, status)), after, limit)
  if (who && query.view !== 'unassigned')
    return await page(
      read,
      memberId,
      and(who, eq(issues.status, status), inArray(issues.mailboxId, within)),
      after,
      limit,
    )
  const pages = await Promise.all(
    within.map((mailboxId) =>
      page(read, memberId, and(eq(issues.mailboxId, mailboxId), eq(issues.status, status), who), after, limit),
    ),
  )
  if (pages.length === 1) return pages[0] ?? []
  return pages
    .flat()
    .sort((a, b) => b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1))
    .slice(0, limit)
}

function ofWhom(query: ListQuery, memberId: string): SQL | undefined {
  switch (query.view) {
    case 'mine':
      return eq(issues.assigneeId, memberId)
    case 'team':
      if (!query.teamId) throw new Invalid([{ field: 'teamId', message: 'teamId must name a team for this view.' }])
      return eq(issues.teamId, query.teamId)
    case 'unassigned':
      return and(isNull(issues.assigneeId), isNull(issues.teamId))
    default:
      return undefined
  }
}

function narrow(mailboxIds: string[] | 'all', mailboxId: string | undefined): string[] | 'all' {
  if (!mailboxId) return mailboxIds
  return mailboxIds === 'all' || mailboxIds.includes(mailboxId) ? [mailboxId] : []
}

async function page(read: Reader, memberId: string, where: SQL | undefined, after: Cursor | null, limit: number) {
  const later = after && sql`(${issues.lastMessageAt}, ${issues.id}) < (${after.at}, ${after.id})`
  return await read
    .select(listed)
    .from(issues)
    .leftJoin(seen, and(eq(seen.memberId, memberId), eq(seen.issueId, issues.id)))
    .where(later ? and(where, later) : where)
    .orderBy(desc(issues.lastMessageAt), desc(issues.id))
    .limit(limit)
}

/** One issue as lists show it, for patching a list that is on screen. */
export async function listedIssue(read: Reader, memberId: string, issueId: string): Promise<ListedIssue | undefined> {
  const [row] = await page(read, memberId, eq(issues.id, issueId), null, 1)
  return row
}

type Cursor = { status: Status; at: number; id: string }

function writeCursor(issue: Pick<ListedIssue, 'status' | 'lastMessageAt' | 'id'>): string {
  return `${issue.status}.${issue.lastMessageAt}.${issue.id}`
}

function readCursor(cursor: string): Cursor {
  const [status, at, id] = cursor.split('.')
  if (!status || !id || !/^\d+$/.test(at ?? ''))
    throw new Invalid([
      { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
    ])
  return { status: status as Status, at: Number(at), id }
}
