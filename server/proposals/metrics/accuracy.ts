import type { Fact, OpenFact } from '../facts.ts'
import { type Figure, figureOf } from './figure.ts'
import { type Weighed, weighedOf } from './forecast.ts'
import { inDays, inTime, type Period } from './period.ts'
import { type Slip, slipOf } from './slip.ts'

export type Accuracy = {
  start: string
  end: string
  /** What was expected in the period at its first moment, by probability: `weightedMinor` is the forecast, and stays. */
  frozen: Weighed
  /** What was awarded in it. */
  actual: Figure
  /** Forecast less actual: above 0 we hoped for too much. */
  errorMinor: number
  attainment: number | null
  slip: Slip
}

/**
 * What was forecast at the start of a period against what came.
 * @param before what was open at the start
 * @param after what was open at the end
 * @param known all proposals as of the report, which say what was won
 */
export function accuracyOf(
  before: readonly OpenFact[],
  after: readonly OpenFact[],
  known: readonly Fact[],
  period: Period,
): Accuracy {
  const expected = before.filter(
    ({ category, expectedDecision }) => category !== 'omitted' && inDays(expectedDecision, period),
  )
  const won = known.filter(({ outcome, decidedAt }) => outcome === 'won' && inTime(decidedAt, period))
  const frozen = weighedOf(expected)
  const actual = figureOf(won, ({ award }) => award)
  return {
    start: period.start,
    end: period.end,
    frozen,
    actual,
    errorMinor: frozen.weightedMinor - actual.minor,
    attainment: frozen.weightedMinor === 0 ? null : actual.minor / frozen.weightedMinor,
    slip: slipOf(before, after, period),
  }
}
