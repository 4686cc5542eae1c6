import { inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { issues, type Member } from '../../db/schema.ts'
import type { View } from '../../db/vocabulary.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { Refused } from '../errors.ts'
import { issuesAsListed, listIssues, MAX_PAGE_SIZE } from '../issues/list.ts'
import { searchIds } from '../issues/search/search.ts'

/** One job changes at most so many issues. */
export const MAX_JOB_ISSUES = 20_000
const IDS_AT_ONCE = 500

/** An issue, as the version that was seen of it. */
export type Seen = { id: string; version: number | null }

/** Which issues a job is over: those that are named, or all that a list or a search holds now. */
export type Over =
  | { issues: Seen[] }
  | { view: View; teamId?: string | undefined }
  | { q: string; zone?: string | undefined }

/**
 * The issues of a job, in the order of the list.
 * @throws Refused where there are too many, or where the search was not understood: what it leaves out would be changed
 */
export async function issuesOver(read: Reader, by: Member, over: Over, now: number): Promise<Seen[]> {
  if ('issues' in over) return await visibleOf(read, by, over.issues)
  const found = new Map<string, Seen>()
  for await (const page of 'q' in over ? searched(read, by, over, now) : listed(read, by, over)) {
    for (const one of page) found.set(one.id, one)
    if (found.size > MAX_JOB_ISSUES) {
      const most = MAX_JOB_ISSUES.toLocaleString('en')
      throw new Refused(`There are more than ${most} issues here. Narrow them down with a search first.`)
    }
  }
  return [...found.values()]
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Those of the named issues that are there and that the member sees. */
async function visibleOf(read: Reader, by: Member, named: Seen[]): Promise<Seen[]> {
  const visible = await visibleMailboxIds(read, by)
  const byId = new Map(named.map((one) => [one.id, one]))
  const ids = [...byId.keys()]
  const found = new Set<string>()
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const rows = await read
      .select({ id: issues.id, mailboxId: issues.mailboxId })
      .from(issues)
      .where(inArray(issues.id, ids.slice(i, i + IDS_AT_ONCE)))
    for (const { id, mailboxId } of rows) if (visible === 'all' || visible.includes(mailboxId)) found.add(id)
  }
  return [...byId.values()].filter(({ id }) => found.has(id))
}

async function* listed(read: Reader, by: Member, over: { view: View; teamId?: string | undefined }) {
  const visible = await visibleMailboxIds(read, by)
  let cursor: string | undefined
  do {
    const page = await listIssues(read, by.id, visible, { ...over, cursor, limit: MAX_PAGE_SIZE })
    yield page.issues.map(({ id, version }): Seen => ({ id, version }))
    cursor = page.next ?? undefined
  } while (cursor)
}

async function* searched(read: Reader, by: Member, over: { q: string; zone?: string | undefined }, now: number) {
  const searcher = { memberId: by.id, visible: await visibleMailboxIds(read, by) }
  let cursor: string | undefined
  do {
    const page = await searchIds(read, searcher, { ...over, cursor, limit: MAX_PAGE_SIZE }, now)
    const [problem] = page.explained.problems
    if (problem) throw new Refused(`This search is not understood in full. ${sentence(problem.message)}`)
    const rows = await issuesAsListed(read, by.id, page.ids)
    yield rows.map(({ id, version }): Seen => ({ id, version }))
    cursor = page.next ?? undefined
  } while (cursor)
}
