import type { Segment } from '../facts.ts'
import type { Figure } from './figure.ts'
import { inDays } from './period.ts'

/** The bars between two totals, in their order. */
export const BARS = [
  'opening',
  'new',
  'pulledIn',
  'increased',
  'decreased',
  'won',
  'lost',
  'noBid',
  'withdrawn',
  'cancelled',
  'pushedOut',
  'closing',
] as const
type Bar = (typeof BARS)[number]
const ENDS = { won: 'won', lost: 'lost', no_bid: 'noBid', withdrawn: 'withdrawn', cancelled: 'cancelled' } as const

export type Waterfall = Record<Bar, Figure>

/** What a state is worth at a moment, in the reporting currency; `award`: what was awarded. */
export type WorthAt = (state: Segment, at: number, what: 'value' | 'award') => number | undefined

/**
 * What changed between two moments and why: closing = opening + new + pulledIn + increased − decreased − won − lost −
 * noBid − withdrawn − cancelled − pushedOut.
 *
 * Inside are the open proposals that are expected in the window; one that is decided is inside at its decision, whatever
 * was expected, so that `won` is what was awarded. Each proposal enters once, changes in value once, and leaves once.
 * What happens at `from` belongs to the period, what happens at `to` does not.
 * @param segments the states between the moments, in the order of proposals and time
 * @param window days; null: whatever is open, dated or not
 */
export function waterfallOf(
  segments: readonly Segment[],
  from: number,
  to: number,
  window: { start: string; end: string } | null,
  worthAt: WorthAt,
): Waterfall {
  const bars = Object.fromEntries(
    BARS.map((bar): [Bar, Figure] => [bar, { count: 0, minor: 0, unknown: 0, ids: [] }]),
    // The cast: the keys are those of BARS.
  ) as Waterfall
  const put = (bar: Bar, id: string, minor: number, known = true) => {
    const figure = bars[bar]
    figure.count++
    figure.ids.push(id)
    figure.minor += minor
    if (!known) figure.unknown++
  }
  const isInside = ({ outcome, expectedDecision }: Segment) =>
    outcome === 'open' && (window === null || inDays(expectedDecision, window))

  for (const states of proposalsOf(segments)) {
    const before = states.find(({ validFrom, validTo }) => validFrom < from && validTo >= from)
    const last = states.at(-1)
    if (!last || last.validFrom >= to) continue
    const inside = states.filter((state) => isInside(state) && state.validTo > from - 1)
    const decided = last.outcome !== 'open' && last.decidedAt !== null && last.decidedAt >= from && last.decidedAt < to
    const first = inside[0]
    if (!first && !decided) continue
    const { id, createdAt } = last

    const entry = first ?? last
    const opens = before !== undefined && isInside(before)
    const value = worthAt(entry, opens ? from - 1 : entry.validFrom, 'value')
    const entered = value ?? 0
    put(opens ? 'opening' : createdAt >= from ? 'new' : 'pulledIn', id, entered, value !== undefined)

    const exit = decided || isInside(last) ? last : inside.at(-1)!
    const won = decided && last.outcome === 'won'
    const exitAt = decided ? (last.decidedAt ?? to) : Math.min(exit.validTo, to) - 1
    const leaving = worthAt(exit, exitAt, won ? 'award' : 'value')
    const left = leaving ?? 0
    if (left > entered) put('increased', id, left - entered)
    if (left < entered) put('decreased', id, entered - left)
    const bar: Bar = decided && last.outcome !== 'open' ? ENDS[last.outcome] : isInside(last) ? 'closing' : 'pushedOut'
    put(bar, id, left, leaving !== undefined)
  }
  return bars
}

/** The sum that must be that of `closing`. */
export function closingOf(bars: Waterfall): number {
  const plus = bars.opening.minor + bars.new.minor + bars.pulledIn.minor + bars.increased.minor
  const { decreased, won, lost, noBid, withdrawn, cancelled, pushedOut } = bars
  return [decreased, won, lost, noBid, withdrawn, cancelled, pushedOut].reduce((sum, { minor }) => sum - minor, plus)
}

function* proposalsOf(segments: readonly Segment[]): Iterable<Segment[]> {
  let states: Segment[] = []
  for (const segment of segments) {
    if (states.length > 0 && states[0]?.id !== segment.id) {
      yield states
      states = []
    }
    states.push(segment)
  }
  if (states.length > 0) yield states
}
