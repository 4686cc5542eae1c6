import type { ForecastCategory } from '../../../db/vocabulary.ts'
import type { OpenSegment } from '../facts.ts'

/** The open pipeline at one moment. */
export type Sample = {
  at: number
  count: number
  totalMinor: number
  weightedMinor: number
  unknown: number
  byCategory: Record<ForecastCategory, { count: number; totalMinor: number; weightedMinor: number }>
}

/**
 * The open pipeline at each of some moments: what the board showed then.
 * @param segments open states
 * @param moments ascending
 * @param worthAt what a state is worth at a moment, whole and by its probability
 */
export function trendOf(
  segments: readonly Pick<OpenSegment, 'validFrom' | 'validTo' | 'category'>[],
  moments: readonly number[],
  worthAt: (segment: number, at: number) => { minor: number; weightedMinor: number } | undefined,
): Sample[] {
  const samples = moments.map((at): Sample => ({ at, ...emptySum(), unknown: 0, byCategory: emptyCategories() }))
  for (const [i, { validFrom, validTo, category }] of segments.entries()) {
    for (let k = firstFrom(moments, validFrom); k < moments.length && moments[k]! < validTo; k++) {
      const sample = samples[k]!
      const worth = worthAt(i, sample.at)
      const group = sample.byCategory[category]
      sample.count++
      group.count++
      if (!worth) {
        sample.unknown++
        continue
      }
      for (const sum of [sample, group]) {
        sum.totalMinor += worth.minor
        sum.weightedMinor += worth.weightedMinor
      }
    }
  }
  return samples
}

const emptySum = () => ({ count: 0, totalMinor: 0, weightedMinor: 0 })
const emptyCategories = () => ({
  pipeline: emptySum(),
  best_case: emptySum(),
  commit: emptySum(),
  omitted: emptySum(),
})

/** The place of the first moment that is not before another. */
function firstFrom(moments: readonly number[], at: number): number {
  let low = 0
  let high = moments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (moments[middle]! < at) low = middle + 1
    else high = middle
  }
  return low
}
