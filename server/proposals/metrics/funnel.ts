import type { Stage } from '../../../db/schema.ts'
import type { Moved } from '../facts.ts'
import { type Rate, rateOf } from './figure.ts'
import { median } from './statistics.ts'

const DAY_MS = 86_400_000

export type FunnelStage = {
  stageId: string
  label: string
  /** Ever in this stage or a later one; who won has reached every stage. Proposals, not moves. */
  reached: string[]
  /** Ever in this very stage. */
  touched: string[]
  /** Still open, and this is the furthest that they came. */
  pending: string[]
  /** How many reached the next stage; after the last: won. */
  next: string[]
  /** Of all that reached it, and of those that are no longer pending. */
  convAll: Rate
  convResolved: Rate
  medianDays: number | null
}

export type Funnel = {
  stages: FunnelStage[]
  count: number
  /** Decided to bid, of those where that was decided: beyond the first stage, or said so, and not ended as no bid. */
  bidRate: Rate & { bid: string[]; noBid: string[] }
}

/** A stay in a stage; `to` is null while it lasts. */
export type Visit = { stageId: string; from: number; to: number | null }

/** The stays of each proposal, by its moves. What ends a proposal ends its stay. */
export function visitsOf(moves: readonly Moved[]): Map<string, { visits: Visit[]; outcome: Moved['outcome'] }> {
  const found = new Map<string, { visits: Visit[]; outcome: Moved['outcome'] }>()
  for (const { id, at, stageId, outcome } of moves) {
    const known = found.get(id) ?? { visits: [], outcome: 'open' }
    const last = known.visits.at(-1)
    if (last && last.to === null) last.to = at
    if (outcome === 'open') known.visits.push({ stageId, from: at, to: null })
    // Closed in a stage that it had not been in: it was there for no time.
    else if (last?.stageId !== stageId) known.visits.push({ stageId, from: at, to: at })
    known.outcome = outcome
    found.set(id, known)
  }
  return found
}

/**
 * How far proposals came, by distinct proposals, those that were lost among them.
 * @param moves of the cohort, in the order of proposals and time
 * @param stages of one pipeline, in their order
 * @param bidDecided those of whom somebody said that we bid
 */
export function funnelOf(moves: readonly Moved[], stages: readonly Stage[], bidDecided: ReadonlySet<string>): Funnel {
  const place = new Map(stages.map(({ id }, i) => [id, i]))
  const all = [...visitsOf(moves)].map(([id, { visits, outcome }]) => {
    const places = visits.map(({ stageId }) => place.get(stageId) ?? 0)
    const furthest = outcome === 'won' ? stages.length - 1 : Math.max(0, ...places)
    return { id, visits, outcome, furthest, touched: new Set(places) }
  })
  const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)
  const shown = stages.map((stage, i): FunnelStage => {
    const reached = all.filter(({ furthest }) => furthest >= i)
    const pending = reached.filter(({ outcome, furthest }) => outcome === 'open' && furthest === i)
    const isLast = i === stages.length - 1
    const next = all.filter(({ outcome, furthest }) => (isLast ? outcome === 'won' : furthest > i))
    const stays = all.flatMap(({ visits }) => stayed(visits, stage.id))
    return {
      stageId: stage.id,
      label: stage.label,
      reached: ids(reached),
      touched: ids(all.filter(({ touched }) => touched.has(i))),
      pending: ids(pending),
      next: ids(next),
      convAll: rateOf(next.length, reached.length),
      convResolved: rateOf(next.length, reached.length - pending.length),
      medianDays: median(stays),
    }
  })
  const noBid = all.filter(({ outcome }) => outcome === 'no_bid')
  const bid = all.filter(({ id, outcome, furthest }) => outcome !== 'no_bid' && (furthest > 0 || bidDecided.has(id)))
  const bidRate = { ...rateOf(bid.length, bid.length + noBid.length), bid: ids(bid), noBid: ids(noBid) }
  return { stages: shown, count: all.length, bidRate }
}

/** The days of one proposal in a stage, all stays together, as far as they are over; nothing where there was none. */
function stayed(visits: readonly Visit[], stageId: string): number[] {
  const over = visits.filter((visit) => visit.stageId === stageId && visit.to !== null)
  return over.length === 0 ? [] : [over.reduce((sum, { from, to }) => sum + ((to ?? from) - from) / DAY_MS, 0)]
}

/** How long a proposal was in each stage: all stays together, and the last one. In whole days. */
export function timeInStages(
  visits: readonly Visit[],
  now: number,
): { stageId: string; days: number; latestDays: number }[] {
  const byStage = Map.groupBy(visits, ({ stageId }) => stageId)
  return [...byStage].map(([stageId, stays]) => {
    const ms = stays.map(({ from, to }) => (to ?? now) - from)
    const total = ms.reduce((sum, one) => sum + one, 0)
    return { stageId, days: Math.floor(total / DAY_MS), latestDays: Math.floor((ms.at(-1) ?? 0) / DAY_MS) }
  })
}
