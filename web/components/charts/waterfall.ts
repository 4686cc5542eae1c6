import type { Piece } from './columns.ts'

/** What enters a total, what changes it, and what leaves it, in the order of the report. */
export const STEPS = [
  ['new', 'New', 1],
  ['pulledIn', 'Pulled in', 1],
  ['increased', 'Increased', 1],
  ['decreased', 'Decreased', -1],
  ['won', 'Won', -1],
  ['lost', 'Lost', -1],
  ['noBid', 'No bid', -1],
  ['withdrawn', 'Withdrawn', -1],
  ['cancelled', 'Cancelled', -1],
  ['pushedOut', 'Pushed out', -1],
] as const
export type Step = (typeof STEPS)[number][0]

/**
 * Where each bar of a waterfall begins and ends: each goes on where the one before it ended.
 * @param amounts of each step, without a sign
 */
export function fallOf(opening: number, amounts: Record<Step, number>): Map<Step, Pick<Piece, 'from' | 'to'>> {
  const bars = new Map<Step, Pick<Piece, 'from' | 'to'>>()
  let at = opening
  for (const [step, , sign] of STEPS) {
    const to = at + sign * amounts[step]
    bars.set(step, { from: at, to })
    at = to
  }
  return bars
}
