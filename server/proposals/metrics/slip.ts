import type { OpenFact } from '../facts.ts'
import { type Figure, figureOf } from './figure.ts'
import { inDays, type Period } from './period.ts'

export type Slip = {
  /** Open at the start of the period, and then expected in it. */
  base: Figure
  /** Of those, what is still open at its end. */
  slipped: Figure
  countRate: number | null
  valueRate: number | null
}

/**
 * What was expected in a period and did not come to a decision in it.
 * @param before what was open at the start of the period
 * @param after what was open at its end, or is today where it is not over
 */
export function slipOf(
  before: readonly OpenFact[],
  after: readonly Pick<OpenFact, 'id'>[],
  period: Pick<Period, 'start' | 'end'>,
): Slip {
  const base = before.filter(({ expectedDecision }) => inDays(expectedDecision, period))
  const open = new Set(after.map(({ id }) => id))
  const all = figureOf(base, ({ worth }) => worth)
  const slipped = figureOf(
    base.filter(({ id }) => open.has(id)),
    ({ worth }) => worth,
  )
  return {
    base: all,
    slipped,
    countRate: all.count === 0 ? null : slipped.count / all.count,
    valueRate: all.minor === 0 ? null : slipped.minor / all.minor,
  }
}
