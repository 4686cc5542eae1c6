import type { Fact } from '../facts.ts'
import { type Figure, figureOf, type Rate, rateOf } from './figure.ts'
import { inTime, type Period } from './period.ts'
import { wilson95 } from './statistics.ts'

/** How many of what was decided was won, by number and by money. */
export type WinRate = Rate & {
  /** With 95 % confidence the rate lies here. */
  interval: [low: number, high: number] | null
  won: Figure
  lost: Figure
  /** Money won of money bid; on both sides what was bid, never what was awarded. */
  captureRate: number | null
  bidMinor: number
}

export type WinReport = WinRate & {
  /** What was awarded: told apart from what was bid. */
  awarded: Figure
  noBid: Figure
  withdrawn: Figure
  cancelled: Figure
  /** Won of all that ended, however. */
  resolvedRate: Rate
  byOwner: (WinRate & { ownerId: string | null })[]
  bySource: (WinRate & { source: string })[]
}

/** What was decided in a period, by the day of the decision. Never in the denominator: what is open, no bid, withdrawn or cancelled. */
export function winReportOf(facts: readonly Fact[], period: Period): WinReport {
  const closed = facts.filter(({ outcome, decidedAt }) => outcome !== 'open' && inTime(decidedAt, period))
  const of = (outcome: Fact['outcome']) => closed.filter((fact) => fact.outcome === outcome)
  const won = of('won')
  return {
    ...winRateOf(closed),
    awarded: figureOf(won, ({ award }) => award),
    noBid: figureOf(of('no_bid'), ({ bid }) => bid),
    withdrawn: figureOf(of('withdrawn'), ({ bid }) => bid),
    cancelled: figureOf(of('cancelled'), ({ bid }) => bid),
    resolvedRate: rateOf(won.length, closed.length),
    byOwner: grouped(closed, ({ ownerId }) => ownerId).map(([ownerId, rate]) => ({ ...rate, ownerId })),
    bySource: grouped(closed, ({ source }) => source).map(([source, rate]) => ({ ...rate, source })),
  }
}

/** @param facts of any outcome; only won and lost count */
export function winRateOf(facts: readonly Fact[]): WinRate {
  const won = figureOf(
    facts.filter(({ outcome }) => outcome === 'won'),
    ({ bid }) => bid,
  )
  const lost = figureOf(
    facts.filter(({ outcome }) => outcome === 'lost'),
    ({ bid }) => bid,
  )
  const n = won.count + lost.count
  const bidMinor = won.minor + lost.minor
  const captureRate = bidMinor === 0 ? null : won.minor / bidMinor
  return { ...rateOf(won.count, n), interval: wilson95(won.count, n), won, lost, captureRate, bidMinor }
}

function grouped<Key>(facts: readonly Fact[], key: (fact: Fact) => Key): [Key, WinRate][] {
  const groups = [...Map.groupBy(facts, key)].map(([name, rows]): [Key, WinRate] => [name, winRateOf(rows)])
  return groups.filter(([, { n }]) => n > 0).sort(([, a], [, b]) => b.n - a.n)
}

/** What became of those that were begun in a period. */
export type Cohort = WinRate & {
  count: number
  ids: string[]
  noBid: number
  withdrawn: number
  cancelled: number
  open: number
  /** How many of them have ended by now. */
  maturity: Rate
}

export function cohortOf(facts: readonly Fact[], period: Period): Cohort {
  const begun = facts.filter(({ createdAt }) => inTime(createdAt, period))
  const count = (outcome: Fact['outcome']) => begun.filter((fact) => fact.outcome === outcome).length
  const open = count('open')
  return {
    ...winRateOf(begun),
    count: begun.length,
    ids: begun.map(({ id }) => id),
    noBid: count('no_bid'),
    withdrawn: count('withdrawn'),
    cancelled: count('cancelled'),
    open,
    maturity: rateOf(begun.length - open, begun.length),
  }
}
