import type { Fact } from '../facts.ts'
import { type Rate, rateOf } from './figure.ts'
import { wilson95 } from './statistics.ts'

const BANDS = [0, 20, 40, 60, 80] as const
const BAND_WIDTH = 20
/** With fewer decided ones a comparison says nothing. */
export const ENOUGH_DECIDED = 30

export type Calibration = {
  n: number
  /** There are enough decided ones to say something. */
  enough: boolean
  /** The mean squared distance of what was stated from what happened (Brier 1950): 0 is knowing, lower is better. */
  brier: number | null
  /** What stating the share that was won for each would have given. */
  brierOfBaseRate: number | null
  bands: (Rate & { from: number; to: number; interval: [number, number] | null; ids: string[] })[]
}

/**
 * Whether what was stated at submission came true.
 * @param decided won and lost
 * @param stated percent at the first submission, by id
 */
export function calibrationOf(decided: readonly Fact[], stated: ReadonlyMap<string, number>): Calibration {
  const rows = decided.flatMap(({ id, outcome }) => {
    const percent = stated.get(id)
    return percent === undefined ? [] : [{ id, percent, won: outcome === 'won' ? 1 : 0 }]
  })
  const n = rows.length
  const share = n === 0 ? 0 : rows.filter(({ won }) => won === 1).length / n
  const brier = (of: (percent: number) => number) =>
    n === 0 ? null : rows.reduce((sum, { percent, won }) => sum + (of(percent) - won) ** 2, 0) / n
  return {
    n,
    enough: n >= ENOUGH_DECIDED,
    brier: brier((percent) => percent / 100),
    brierOfBaseRate: brier(() => share),
    bands: BANDS.map((from) => {
      const to = from + BAND_WIDTH
      const inBand = rows.filter(({ percent }) => percent >= from && (percent < to || (to === 100 && percent === 100)))
      const won = inBand.filter(({ won }) => won === 1).length
      const { length } = inBand
      return { from, to, ...rateOf(won, length), interval: wilson95(won, length), ids: inBand.map(({ id }) => id) }
    }),
  }
}
