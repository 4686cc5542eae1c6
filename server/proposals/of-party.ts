import { eq, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { proposalContacts, proposals, proposalThreads, threads } from '../../db/schema.ts'
import { type Card, cardOf, viewOf } from './card.ts'
import { groundOf } from './proposal.ts'
import { readSnapshot } from './snapshot.ts'
import type { Scope } from './visible.ts'

// The proposals of a person or an organization.

/** So many are shown, those that changed last. */
const MAX_SHOWN = 50

/** How it went: `other` is what we did not bid for, withdrew, or the customer cancelled. */
export const RESULTS = ['open', 'won', 'lost', 'other'] as const
export type Result = (typeof RESULTS)[number]

/** Proposals with one result in one currency. Currencies are not added up: what they were worth is a question of the day. */
export type Tally = {
  result: Result
  currency: string
  count: number
  /** In minor units: of what was won the award, where one is known. */
  minor: number
  /** Those without a value, which are in no sum. */
  withoutValue: number
}

export type PartyProposals = { proposals: Card[]; tallies: Tally[]; count: number; complete: boolean }

/** The proposals of an organization, or these, as far as the member sees them. */
export async function proposalsOf(
  read: Reader,
  scope: Scope,
  which: { organizationId: string } | { ids: string[] },
  now: number,
): Promise<PartyProposals> {
  if ('ids' in which && which.ids.length === 0) return { proposals: [], tallies: [], count: 0, complete: true }
  const rows = await readSnapshot(read, scope, { ...which, outcome: 'all' }, null)
  const view = viewOf(await groundOf(read), now)
  const newest = rows.toSorted((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  const { complete } = scope
  return {
    proposals: newest.slice(0, MAX_SHOWN).map((row) => cardOf(row, view)),
    tallies: tally(rows),
    count: rows.length,
    complete,
  }
}

type Row = Pick<Card, 'outcome' | 'currency' | 'valueMinor' | 'awardMinor'>

/** Counts and sums by result and currency; what is open first, then what was won and lost, the most first. */
export function tally(rows: readonly Row[]): Tally[] {
  const found = new Map<string, Tally>()
  for (const { outcome, currency, valueMinor, awardMinor } of rows) {
    const result = outcome === 'open' || outcome === 'won' || outcome === 'lost' ? outcome : 'other'
    const minor = result === 'won' ? (awardMinor ?? valueMinor) : valueMinor
    const key = `${result} ${currency}`
    const one = found.get(key) ?? { result, currency, count: 0, minor: 0, withoutValue: 0 }
    found.set(key, {
      ...one,
      count: one.count + 1,
      minor: one.minor + (minor ?? 0),
      withoutValue: one.withoutValue + (minor === null ? 1 : 0),
    })
  }
  return [...found.values()].sort(
    (a, b) =>
      RESULTS.indexOf(a.result) - RESULTS.indexOf(b.result) || b.count - a.count || (a.currency < b.currency ? -1 : 1),
  )
}

/** The proposals that a person has a part in, or that mail of these issues belongs to. */
export async function proposalIdsOf(read: Reader, contactId: string, issueIds: readonly string[]): Promise<string[]> {
  const parts = await read
    .select({ id: proposalContacts.proposalId })
    .from(proposalContacts)
    .where(eq(proposalContacts.contactId, contactId))
  const ids = new Set(parts.map(({ id }) => id))
  if (issueIds.length > 0) {
    const linked = await read
      .select({ id: proposalThreads.proposalId, unlinkedAt: proposalThreads.unlinkedAt })
      .from(threads)
      .innerJoin(proposalThreads, eq(proposalThreads.threadId, threads.id))
      .where(inArray(threads.issueId, [...issueIds]))
    for (const { id, unlinkedAt } of linked) if (unlinkedAt === null) ids.add(id)
    const made = await read
      .select({ id: proposals.id })
      .from(proposals)
      .where(inArray(proposals.issueId, [...issueIds]))
    for (const { id } of made) ids.add(id)
  }
  return [...ids]
}
