import type { Fact } from '../facts.ts'
import { figureOf } from './figure.ts'
import { inTime, type Period } from './period.ts'
import { mean, median } from './statistics.ts'
import { winRateOf } from './win-rate.ts'

const DAY_MS = 86_400_000

export type Days = { n: number; mean: number | null; median: number | null; ids: string[] }
export type Cycle = {
  /** From the beginning of a proposal to its decision. */
  won: Days
  lost: Days
  /** From the first submission to the decision: the customer's time. Of won and lost. */
  decision: Days
  /** From the beginning to the first submission: our time. */
  effort: Days
  each: { id: string; outcome: Fact['outcome']; cycleDays: number; decisionDays: number | null }[]
  /** Money a day: open × average award × win rate / average cycle of what was won. Null where one of them is unknown. */
  velocity: {
    open: number
    averageAwardMinor: number | null
    winRate: number | null
    cycleDays: number | null
    minorADay: number | null
  }
}

/** How long it takes, of what was decided in a period; and what that makes in a day. Days elapsed, rounded to whole ones. */
export function cycleOf(facts: readonly Fact[], period: Period): Cycle {
  const decided = facts.filter(({ outcome, decidedAt }) => outcome !== 'open' && inTime(decidedAt, period))
  const won = decided.filter(({ outcome }) => outcome === 'won')
  const lost = decided.filter(({ outcome }) => outcome === 'lost')
  const both = [...won, ...lost].filter(({ submittedAt }) => submittedAt !== null)
  const awarded = figureOf(won, ({ award }) => award)
  const known = awarded.count - awarded.unknown
  const averageAwardMinor = known === 0 ? null : awarded.minor / known
  const open = facts.filter(({ outcome }) => outcome === 'open').length
  const winRate = winRateOf(decided).rate
  const wonDays = daysOf(won, cycleDays)
  const complete = averageAwardMinor !== null && winRate !== null && wonDays.mean !== null && wonDays.mean > 0
  return {
    won: wonDays,
    lost: daysOf(lost, cycleDays),
    decision: daysOf(both, (fact) => decisionDays(fact) ?? 0),
    effort: daysOf(both, ({ submittedAt, createdAt }) => days((submittedAt ?? createdAt) - createdAt)),
    each: decided.map((fact) => ({
      id: fact.id,
      outcome: fact.outcome,
      cycleDays: cycleDays(fact),
      decisionDays: decisionDays(fact),
    })),
    velocity: {
      open,
      averageAwardMinor: averageAwardMinor === null ? null : Math.round(averageAwardMinor),
      winRate,
      cycleDays: wonDays.mean,
      minorADay: complete ? Math.round((open * averageAwardMinor * winRate) / wonDays.mean!) : null,
    },
  }
}

const days = (ms: number) => Math.round(ms / DAY_MS)
const cycleDays = ({ decidedAt, createdAt }: Fact) => days((decidedAt ?? createdAt) - createdAt)
const decisionDays = ({ decidedAt, submittedAt }: Fact) =>
  decidedAt === null || submittedAt === null ? null : days(decidedAt - submittedAt)

function daysOf(facts: readonly Fact[], of: (fact: Fact) => number): Days {
  const values = facts.map(of)
  return { n: values.length, mean: mean(values), median: median(values), ids: facts.map(({ id }) => id) }
}
