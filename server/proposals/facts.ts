import { and, asc, eq, gt, gte, inArray, isNull, lt, lte, type SQL } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
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

export type FactRow = Awaited<ReturnType<typeof factsNow>>[number]
/** A proposal as of a moment with its amounts in the reporting currency; undefined where value or rate is unknown. */
export type Fact = FactRow & {
  worth: number | undefined
  weighted: number | undefined
  bid: number | undefined
  award: number | undefined
}

/** All proposals that there were at a moment, whatever their outcome; null: now. */
export async function readFacts(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number | null,
  pricing: Pricing,
): Promise<Fact[]> {
  const rows = at === null ? await factsNow(read, scope, filter) : await factsThen(read, scope, filter, at)
  return rows.map((row) => priced(row, pricing))
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

async function factsNow(read: Reader, scope: Scope, filter: Filter) {
  return await read
    .select({ ...SAME, ...stateOf(proposals) })
    .from(proposals)
    .where(and(isNull(proposals.deletedAt), within(scope), ofRow(filter), ofState(proposals, filter)))
}

async function factsThen(read: Reader, scope: Scope, filter: Filter, at: number): Promise<FactRow[]> {
  const held = and(lte(proposalHistory.validFrom, at), gt(proposalHistory.validTo, at))
  return await read
    .select({ ...SAME, ...stateOf(proposalHistory) })
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(and(held, isNull(proposals.deletedAt), within(scope), ofRow(filter), ofState(proposalHistory, filter)))
}

/** One state of a proposal and when it held. */
export type Segment = Awaited<ReturnType<typeof readSegments>>[number]

/**
 * The states that held at some time between two moments, in the order of proposals and time.
 * @param filter of `ids`, source and customer; owner and pipeline are those at the end, which the caller asks
 */
export async function readSegments(read: Reader, scope: Scope, filter: Filter, from: number, to: number) {
  return await read
    .select({
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
    })
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
}

/** A move: into a stage, or to another outcome. */
export type Moved = Awaited<ReturnType<typeof readMoves>>[number]

/**
 * The moves of proposals up to a moment, in the order of proposals and time.
 * @param created only of proposals made between these moments
 * @param ids only of these
 */
export async function readMoves(
  read: Reader,
  scope: Scope,
  filter: Filter,
  at: number,
  created?: { from: number; to: number },
) {
  const made: SQL | undefined = created
    ? and(gte(proposals.createdAt, created.from), lt(proposals.createdAt, created.to))
    : undefined
  return await read
    .select({
      id: proposalHistory.proposalId,
      at: proposalHistory.validFrom,
      stageId: proposalHistory.stageId,
      outcome: proposalHistory.outcome,
    })
    .from(proposalHistory)
    .innerJoin(proposals, eq(proposals.id, proposalHistory.proposalId))
    .where(
      and(
        eq(proposalHistory.isMove, true),
        lte(proposalHistory.validFrom, at),
        made,
        isNull(proposals.deletedAt),
        within(scope),
        ofRow(filter),
      ),
    )
    .orderBy(asc(proposalHistory.proposalId), asc(proposalHistory.validFrom))
}

/** What the probability was when a bid went out for the first time, by proposal. */
export async function readStated(read: Reader, ids: readonly string[]): Promise<Map<string, number>> {
  const stated = new Map<string, number>()
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
    const rows = await read
      .select({ id: proposalHistory.proposalId, probability: proposalHistory.probability })
      .from(proposalHistory)
      .where(
        and(
          inArray(proposalHistory.proposalId, ids.slice(i, i + IDS_AT_ONCE)),
          eq(proposalHistory.validFrom, proposalHistory.submittedAt),
        ),
      )
    for (const { id, probability } of rows) stated.set(id, probability)
  }
  return stated
}

const IDS_AT_ONCE = 500
