import { and, asc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, notInArray, or, type SQL } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { plainRows } from '../../db/plain-rows.ts'
import { proposalHistory, proposals } from '../../db/schema.ts'
import { type Filter, ofRow, ofState } from './snapshot.ts'
import { type Scope, within } from './visible.ts'
import { awardOf, inReporting, type Pricing, weighted, worthOf } from './worth.ts'

// What reports are computed from: narrow rows, since there are many.

const stateOf = (table: typeof proposals | typeof proposalHistory) => ({
  pipelineId: table.pipelineId,
  stageId: table.stageId,
  outcome: table.outcome,
  probability: table.probability,
  category: table.category,
  valueMinor: table.valueMinor,
  currency: table.currency,
  awardMinor: table.awardMinor,
  fxAtDecision: table.fxAtDecision,
  expectedDecision: table.expectedDecision,
  ownerId: table.ownerId,
  teamId: table.teamId,
  submittedAt: table.submittedAt,
  bidMinor: table.bidMinor,
  bidCurrency: table.bidCurrency,
  decidedAt: table.decidedAt,
})
const SAME = {
  id: proposals.id,
  source: proposals.source,
  createdAt: proposals.createdAt,
  bidDecidedAt: proposals.bidDecidedAt,
}

const NOW = { ...SAME, ...stateOf(proposals) }
const THEN = { ...SAME, ...stateOf(proposalHistory) }

export type FactRow = Awaited<ReturnType<typeof factsNow>>[number]
/** A proposal as of a moment with its amounts in the reporting currency; undefined where value or rate is unknown. */
export type Fact = FactRow & {
  worth: number | undefined
  weighted: number | undefined
  bid: number | undefined
  award: number | undefined
}

/**
 * The proposals that there were at a moment, whatever their outcome.
 * @param at null: now
 * @param since leaves out what was begun and had ended before; null: all
 */
export async function readFacts(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number | null,
  pricing: Pricing,
  since: number | null = null,
): Promise<Fact[]> {
  const rows =
    at === null ? await factsNow(read, scope, filter, since) : await factsThen(read, scope, filter, at, since)
  return rows.map((row) => priced(row, pricing))
}

function ofTime(table: typeof proposals | typeof proposalHistory, since: number | null): SQL | undefined {
  if (since === null) return undefined
  return or(eq(table.outcome, 'open'), gte(table.decidedAt, since), gte(proposals.createdAt, since))
}

export function priced(row: FactRow, pricing: Pricing): Fact {
  const worth = worthOf(row, pricing)
  return {
    ...row,
    worth,
    weighted: worth === undefined ? undefined : weighted(worth, row.probability),
    bid: inReporting(row.bidMinor, row.bidCurrency, row, pricing),
    award: row.outcome === 'won' ? awardOf(row, pricing) : undefined,
  }
}

async function factsNow(read: Reader, scope: Scope, filter: Filter, since: number | null) {
  const query = read
    .select(NOW)
    .from(proposals)
    .where(
      and(
        isNull(proposals.deletedAt),
        within(scope),
        ofRow(filter),
        ofState(proposals, filter),
        ofTime(proposals, since),
      ),
    )
  return await plainRows(query, NOW)
}

async function factsThen(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number,
  since: number | null,
): Promise<FactRow[]> {
  const held = and(lte(proposalHistory.validFrom, at), gt(proposalHistory.validTo, at), ofTime(proposalHistory, since))
  const query = read
    .select(THEN)
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(and(held, isNull(proposals.deletedAt), within(scope), ofRow(filter), ofState(proposalHistory, filter)))
  return await plainRows(query, THEN)
}

/** What was open at a moment, as forecasts are held against it. */
export type OpenFact = Pick<Fact, 'id' | 'category' | 'expectedDecision' | 'worth' | 'weighted'>

const OPEN_FACT = {
  id: proposalHistory.proposalId,
  probability: proposalHistory.probability,
  category: proposalHistory.category,
  valueMinor: proposalHistory.valueMinor,
  currency: proposalHistory.currency,
  expectedDecision: proposalHistory.expectedDecision,
}

/** The proposals that were open at a moment. */
export async function readOpen(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number,
  pricing: Pricing,
): Promise<OpenFact[]> {
  const held = and(lte(proposalHistory.validFrom, at), gt(proposalHistory.validTo, at))
  const query = read
    .select(OPEN_FACT)
    .from(proposalHistory)
    .where(and(held, ofState(proposalHistory, { ...filter, outcome: 'open' }), ofSeen(read, scope, filter)))
  return (await plainRows(query, OPEN_FACT)).map((row) => {
    const worth = worthOf({ ...row, ...OPEN }, pricing)
    return { ...row, worth, weighted: worth === undefined ? undefined : weighted(worth, row.probability) }
  })
}

/** How an open state ended: not at all. */
export const OPEN = { outcome: 'open', awardMinor: null, fxAtDecision: null, decidedAt: null } as const

/** The condition on states by what their proposals are, without a look at each. */
function ofSeen(read: Reader, scope: Scope, filter: Filter): SQL | undefined {
  const deleted = read.select({ id: proposals.id }).from(proposals).where(isNotNull(proposals.deletedAt))
  const seen = and(within(scope), ofRow(filter))
  const chosen = seen && read.select({ id: proposals.id }).from(proposals).where(seen)
  return and(notInArray(proposalHistory.proposalId, deleted), chosen && inArray(proposalHistory.proposalId, chosen))
}

/** One state of a proposal and when it held. */
export type Segment = Awaited<ReturnType<typeof readSegments>>[number]

const SEGMENT = {
  id: proposalHistory.proposalId,
  validFrom: proposalHistory.validFrom,
  validTo: proposalHistory.validTo,
  createdAt: proposals.createdAt,
  outcome: proposalHistory.outcome,
  probability: proposalHistory.probability,
  category: proposalHistory.category,
  valueMinor: proposalHistory.valueMinor,
  currency: proposalHistory.currency,
  awardMinor: proposalHistory.awardMinor,
  fxAtDecision: proposalHistory.fxAtDecision,
  expectedDecision: proposalHistory.expectedDecision,
  decidedAt: proposalHistory.decidedAt,
  ownerId: proposalHistory.ownerId,
  teamId: proposalHistory.teamId,
  pipelineId: proposalHistory.pipelineId,
}

/**
 * The states that held at some time between two moments, in the order of proposals and time.
 * @param filter of `ids`, source and customer; owner and pipeline are those at the end, which the caller asks
 */
export async function readSegments(read: Reader, scope: Scope, filter: Filter, from: number, to: number) {
  const query = read
    .select(SEGMENT)
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(
      and(
        lt(proposalHistory.validFrom, to),
        gte(proposalHistory.validTo, from),
        isNull(proposals.deletedAt),
        within(scope),
        ofRow(filter),
      ),
    )
    .orderBy(asc(proposalHistory.proposalId), asc(proposalHistory.validFrom))
  return await plainRows(query, SEGMENT)
}

/** An open state as a line over time needs it. */
export type OpenSegment = Awaited<ReturnType<typeof readOpenSegments>>[number]

const OPEN_SEGMENT = {
  validFrom: proposalHistory.validFrom,
  validTo: proposalHistory.validTo,
  probability: proposalHistory.probability,
  category: proposalHistory.category,
  valueMinor: proposalHistory.valueMinor,
  currency: proposalHistory.currency,
}

/** The open states that held at some time between two moments, in no order, each with its own owner and pipeline. */
export async function readOpenSegments(read: Reader, scope: Scope, filter: Filter, from: number, to: number) {
  const query = read
    .select(OPEN_SEGMENT)
    .from(proposalHistory)
    .where(
      and(
        gte(proposalHistory.validTo, from),
        lt(proposalHistory.validFrom, to),
        ofState(proposalHistory, { ...filter, outcome: 'open' }),
        ofSeen(read, scope, filter),
      ),
    )
  return await plainRows(query, OPEN_SEGMENT)
}

/** A move: into a stage, or to another outcome. */
export type Moved = Awaited<ReturnType<typeof readMoves>>[number]

const MOVED = {
  id: proposalHistory.proposalId,
  at: proposalHistory.validFrom,
  stageId: proposalHistory.stageId,
  outcome: proposalHistory.outcome,
}

/**
 * The moves of proposals up to a moment, in the order of proposals and time.
 * @param only of proposals made between two moments, or won since one
 */
export async function readMoves(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number,
  only: { created?: { from: number; to: number } | undefined; wonSince?: number } = {},
) {
  const { created, wonSince } = only
  const made = created && and(gte(proposals.createdAt, created.from), lt(proposals.createdAt, created.to))
  const won =
    wonSince === undefined
      ? undefined
      : and(eq(proposals.outcome, 'won'), gte(proposals.decidedAt, wonSince), lte(proposals.decidedAt, at))
  const query = read
    .select(MOVED)
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(
      and(
        eq(proposalHistory.isMove, true),
        lte(proposalHistory.validFrom, at),
        made,
        won,
        isNull(proposals.deletedAt),
        within(scope),
        ofRow(filter),
      ),
    )
    .orderBy(asc(proposalHistory.proposalId), asc(proposalHistory.validFrom))
  return await plainRows(query, MOVED)
}

/** What the probability was when a bid went out for the first time, by proposal. */
export async function readStated(read: Reader, ids: readonly string[]): Promise<Map<string, number>> {
  const stated = new Map<string, number>()
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    // One look into an index each: what holds from the first submission on begins with it.
    const rows = await read
      .select({ id: proposals.id, probability: proposalHistory.probability })
      .from(proposals)
      .innerJoin(
        proposalHistory,
        and(eq(proposalHistory.proposalId, proposals.id), eq(proposalHistory.validFrom, proposals.submittedAt)),
      )
      .where(inArray(proposals.id, ids.slice(i, i + IDS_AT_ONCE)))
    for (const { id, probability } of rows) stated.set(id, probability)
  }
  return stated
}

const IDS_AT_ONCE = 500
