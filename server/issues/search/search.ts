import type { Reader } from '../../../db/index.ts'
import type { Order } from '../../../db/vocabulary.ts'
import { Invalid } from '../../errors.ts'
import { issuesAsListed, type ListedIssue, MAX_PAGE_SIZE, PAGE_SIZE } from '../list.ts'
import { wantedTerms } from './marked.ts'
import { type Problem, parseQuery } from './query.ts'
import { resolveNames } from './query-names.ts'
import { type IssuePlace, issuesThatMeet } from './search-issues.ts'
import { type Hit, hasNewerHit, hitsOf, type Searcher } from './search-messages.ts'
import { type Plan, planSearch } from './search-plan.ts'
import { type FoundIn, showHits } from './show-hits.ts'

export type SearchQuery = {
  q: string
  cursor?: string | undefined
  limit?: number | undefined
  zone?: string | undefined
  /** Of a search that asks only of issues; what is found in mail comes newest first. */
  order?: Order | undefined
}

export type FoundIssue = ListedIssue & { hit: FoundIn | null }
export type Found = {
  issues: FoundIssue[]
  next: string | null
  /** What of the query could not be understood, and the words that were searched for, as the index has them. */
  explained: { problems: Problem[]; words: string[] }
}

/**
 * A page of the issues in which something was found: those with the newest such message first, each once.
 * A mistake in the query is explained beside what the rest of it finds. Where conditions on issues leave out very many
 * messages, a page may have fewer issues than its limit, or none, and still name a next one.
 */
export async function searchIssues(read: Reader, searcher: Searcher, query: SearchQuery, now: number): Promise<Found> {
  const limit = Math.min(query.limit ?? PAGE_SIZE, MAX_PAGE_SIZE)
  const { plan, terms, explained } = await understand(read, searcher, query, now)
  if (!plan) return { issues: [], next: null, explained }
  if (plan.of === 'issues') {
    const { places, next } = await pageOfIssues(read, searcher, plan, query, limit)
    const listed = await issuesAsListed(
      read,
      searcher.memberId,
      places.map(({ id }) => id),
    )
    return { issues: listed.map((issue) => ({ ...issue, hit: null })), next, explained }
  }
  const { hits, next } = await pageOfHits(read, searcher, plan, query.cursor, limit)
  const listed = await issuesAsListed(read, searcher.memberId, [...hits.keys()])
  const shown = await showHits(read, listed, hits, terms)
  return { issues: shown, next, explained }
}

/** As `searchIssues`, without what is shown of each: for who wants all of them. */
export async function searchIds(
  read: Reader,
  searcher: Searcher,
  query: SearchQuery,
  now: number,
): Promise<{ ids: string[]; next: string | null; explained: Found['explained'] }> {
  const limit = Math.min(query.limit ?? PAGE_SIZE, MAX_PAGE_SIZE)
  const { plan, explained } = await understand(read, searcher, query, now)
  if (!plan) return { ids: [], next: null, explained }
  if (plan.of === 'issues') {
    const { places, next } = await pageOfIssues(read, searcher, plan, query, limit)
    return { ids: places.map(({ id }) => id), next, explained }
  }
  const { hits, next } = await pageOfHits(read, searcher, plan, query.cursor, limit)
  return { ids: [...hits.keys()], next, explained }
}

/** What is asked for, and the way to find it; no way where nothing can be found. */
async function understand(read: Reader, searcher: Searcher, query: SearchQuery, now: number) {
  const parsed = parseQuery(query.q, { now, ...(query.zone && { zone: query.zone }) })
  const resolved = await resolveNames(read, searcher.memberId, searcher.visible, parsed.query, now)
  const problems = [...parsed.problems, ...resolved.problems]
  const terms = resolved.query ? wantedTerms(resolved.query) : []
  const words = terms.map(({ phrase, prefix }) => phrase.join(' ') + (prefix ? '*' : ''))
  const explained: Found['explained'] = { problems, words }
  if (!resolved.query || searcher.visible.length === 0) return { plan: null, terms, explained }
  const plan = planSearch(resolved.query, searcher.visible)
  if (!plan) {
    const message = 'This search has too many alternatives in parentheses. Write it as two.'
    problems.push({ message, at: 0, length: query.q.length })
  }
  return { plan, terms, explained }
}

async function pageOfIssues(read: Reader, searcher: Searcher, plan: Plan, query: SearchQuery, limit: number) {
  const { cursor, order = 'newest' } = query
  const start = readCursor(cursor, /^i\.(\d+)\.([\w-]+)$/)
  const after: IssuePlace | null = start && { at: Number(start[1]), id: start[2]! }
  const found = await issuesThatMeet(read, searcher, plan.alternatives, order, after, limit + 1)
  const places = found.slice(0, limit)
  const last = places.at(-1)
  return { places, next: found.length > limit && last ? `i.${last.at}.${last.id}` : null }
}

type Shown = Exclude<Hit, { stopped: true }>

async function pageOfHits(read: Reader, searcher: Searcher, plan: Plan, cursor: string | undefined, limit: number) {
  const start = readCursor(cursor, /^m\.(\d+)$/)
  const before = start && Number(start[1])
  const hits = new Map<string, Shown>()
  const passed = new Set<string>()
  let last = 0
  for await (const hit of merged(plan.alternatives.map((one) => hitsOf(read, searcher, one, before)))) {
    if ('stopped' in hit) return { hits, next: `m.${hit.n}` }
    if (hits.has(hit.issueId) || passed.has(hit.issueId)) continue
    if (before !== null && (await hasNewerHit(read, searcher, plan.alternatives, hit.issueId, before))) {
      passed.add(hit.issueId)
      continue
    }
    if (hits.size === limit) return { hits, next: `m.${last}` }
    hits.set(hit.issueId, hit)
    last = hit.n
  }
  return { hits, next: null }
}

/** Several streams as one, the newest first. */
async function* merged(streams: AsyncGenerator<Hit>[]): AsyncGenerator<Hit> {
  const heads = await Promise.all(streams.map((stream) => stream.next()))
  for (;;) {
    let at = -1
    for (const [i, head] of heads.entries()) if (!head.done && (at < 0 || head.value.n > heads[at]!.value!.n)) at = i
    const head = heads[at]
    if (!head || head.done) return
    yield head.value
    heads[at] = await streams[at]!.next()
  }
}

function readCursor(cursor: string | undefined, form: RegExp): RegExpExecArray | null {
  if (cursor === undefined) return null
  const found = form.exec(cursor)
  if (found) return found
  throw new Invalid([
    { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
  ])
}
