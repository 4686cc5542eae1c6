import { and, eq, gte, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { type Message, messages, searchDocs, threads } from '../../db/schema.ts'
import type { Match } from '../../db/search-index.ts'
import { LISTED_STATUSES } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { domainOf } from '../issues/domain.ts'
import { issuesAsListed, type ListedIssue } from '../issues/list.ts'
import { type Hit, hitsOf, type Searcher } from '../issues/search/search-messages.ts'
import { type Alternative, mailboxWord } from '../issues/search/search-plan.ts'
import { words } from '../issues/search/words.ts'

/** Whose issues: with mail from or to these addresses, or addresses at these domains and what is below them. */
export type Whose = { addresses: readonly string[]; domains: readonly string[] }

export const ISSUES_A_PAGE = 20
/** So many addresses and domains are asked for at once. */
const MAX_ASKED = 60
/** So many found mails are checked together. */
const CHECKED_AT_ONCE = 60
/** A page ends after so many mails, however few issues they are of. */
const MAX_LOOKED_AT = 3_000

/**
 * A page of the issues with mail of somebody, the newest such mail first. The index of the search finds the mails, so that
 * it costs what a search does, however much mail there is, and shows what the member may see.
 */
export async function issuesOf(
  read: Reader,
  searcher: Searcher,
  whose: Whose,
  cursor: string | undefined,
): Promise<{ issues: ListedIssue[]; next: string | null }> {
  const alternative = alternativeFor(searcher, whose)
  if (!alternative || searcher.visible.length === 0) return { issues: [], next: null }
  const start = readCursor(cursor)
  const found = new Map<string, number>()
  const passed = new Set<string>()
  let batch: Found[] = []
  let last = 0
  let isFull = false
  const check = async () => {
    for (const { n, issueId } of await onlyTheirs(read, whose, batch)) {
      if (isFull || found.has(issueId) || passed.has(issueId)) continue
      if (start !== null && (await hasNewer(read, whose, issueId, start))) passed.add(issueId)
      else if (found.size === ISSUES_A_PAGE) isFull = true
      else {
        found.set(issueId, n)
        last = n
      }
    }
    batch = []
  }
  let stoppedAt: number | null = null
  for await (const hit of hitsOf(read, searcher, alternative, start, MAX_LOOKED_AT)) {
    if ('stopped' in hit) {
      stoppedAt = hit.n
      break
    }
    batch.push(hit)
    if (batch.length === CHECKED_AT_ONCE) await check()
    if (isFull) break
  }
  await check()
  const issues = await issuesAsListed(read, searcher.memberId, [...found.keys()])
  return { issues, next: isFull ? String(last) : stoppedAt === null ? null : String(stoppedAt) }
}

type Found = Exclude<Hit, { stopped: true }>

function alternativeFor({ visible }: Searcher, { addresses, domains }: Whose): Alternative | null {
  const phrases = [...addresses, ...domains].slice(0, MAX_ASKED).map((text) => words(text))
  const any = phrases
    .filter((phrase) => phrase.length > 0)
    .flatMap((phrase): Match[] => [
      { phrase, field: 'sender' },
      { phrase, field: 'recipients' },
    ])
  if (any.length === 0) return null
  const match: Match[] = [{ any }]
  if (visible !== 'all') match.push({ any: visible.map((id) => ({ phrase: [mailboxWord(id)] })) })
  const statuses = LISTED_STATUSES.filter((status) => status !== 'spam' && status !== 'trash')
  return { match, after: null, before: null, statuses, conditions: [] }
}

/** The words of an address may stand in another one too: what was found is looked at. */
async function onlyTheirs(read: Reader, whose: Whose, hits: Found[]): Promise<Found[]> {
  if (hits.length === 0) return []
  const rows = await read
    .select(PEOPLE)
    .from(messages)
    .where(
      inArray(
        messages.id,
        hits.map(({ messageId }) => messageId),
      ),
    )
  const theirs = new Set(rows.filter((row) => isTheirs(row, whose)).map(({ id }) => id))
  return hits.filter(({ messageId }) => theirs.has(messageId))
}

/** Whether an earlier page showed the issue: by a mail of theirs with this number or a higher one. */
async function hasNewer(read: Reader, whose: Whose, issueId: string, from: number): Promise<boolean> {
  const rows = await read
    .select(PEOPLE)
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .innerJoin(searchDocs, eq(searchDocs.messageId, messages.id))
    .where(and(eq(threads.issueId, issueId), gte(searchDocs.n, from)))
  return rows.some((row) => isTheirs(row, whose))
}

const PEOPLE = {
  id: messages.id,
  fromAddress: messages.fromAddress,
  to: messages.to,
  cc: messages.cc,
  extras: messages.extras,
}

type People = Pick<Message, 'fromAddress' | 'to' | 'cc' | 'extras'>

function isTheirs({ fromAddress, to, cc, extras }: People, { addresses, domains }: Whose): boolean {
  const all = [fromAddress, ...[...to, ...cc].map(({ address }) => address), extras.forwarded?.from.address ?? '']
  return all.some((address) => {
    const domain = domainOf(address)
    return addresses.includes(address) || domains.some((one) => domain === one || domain.endsWith(`.${one}`))
  })
}

function readCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new Invalid([
    { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
  ])
}
