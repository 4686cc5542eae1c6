import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { HistoryRow } from '../../db/schema.ts'
import { convert, MAX_MINOR, percentOf } from '../../server/proposals/currency.ts'
import { dayIn } from '../../server/proposals/deadline.ts'
import type { Segment } from '../../server/proposals/facts.ts'
import { FOREVER, SAID } from '../../server/proposals/history.ts'
import { trendOf } from '../../server/proposals/metrics/trend.ts'
import { closingOf, waterfallOf } from '../../server/proposals/metrics/waterfall.ts'
import { awardOf, type Pricing, sumOf, weighted, worthOf } from '../../server/proposals/worth.ts'
import { BEGIN, DAYS, day, GROUND, life, lived, segmentsOf } from './random.ts'

const DAY_MS = 86_400_000
const RUNS = { numRuns: 200 }
const pricing = (at: number): Pricing => ({ rates: GROUND.rates, zone: 'UTC', day: dayIn('UTC', at) })
const worthAt = (state: Segment, at: number, what: 'value' | 'award' = 'value') =>
  what === 'award' ? awardOf(state, pricing(at)) : worthOf(state, pricing(at))
const lives = (order: 'in order' | 'backdated') => fc.array(life(order), { minLength: 1, maxLength: 8 })
const stateAt = (rows: HistoryRow[], at: number) =>
  rows.find(({ validFrom, validTo }) => validFrom <= at && at < validTo)
const sum = (values: (number | undefined)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)

test('the waterfall adds up, and its ends are what is counted at its ends', () => {
  const period = fc.tuple(fc.integer({ min: 0, max: DAYS }), fc.integer({ min: 1, max: DAYS }))
  fc.assert(
    fc.property(lives('backdated'), period, period, fc.boolean(), (all, [a, length], [b, width], whole) => {
      const [from, to] = [BEGIN + a * DAY_MS, BEGIN + (a + length) * DAY_MS]
      const window = whole ? null : { start: day(b), end: day(b + width) }
      const histories = all.map((steps, i) => lived(`p${i}`, steps))
      const bars = waterfallOf(segmentsOf(histories, from, to), from, to, window, worthAt)
      const inside = (at: number) =>
        histories.flatMap((rows) => {
          const state = stateAt(rows, at)
          const expected = state?.expectedDecision ?? null
          const fits = window === null || (expected !== null && expected >= window.start && expected < window.end)
          return state && state.outcome === 'open' && fits ? [worthOf(state, pricing(at))] : []
        })
      expect(bars.opening.minor).toBe(sum(inside(from - 1)))
      expect(bars.closing.minor).toBe(sum(inside(to - 1)))
      expect(bars.closing.count).toBe(inside(to - 1).length)
      expect(closingOf(bars)).toBe(bars.closing.minor)
      const awarded = histories.flatMap((rows) => {
        const state = stateAt(rows, to - 1)
        const decided = state?.decidedAt ?? null
        return state?.outcome === 'won' && decided !== null && decided >= from && decided < to
          ? [awardOf(state, pricing(to - 1))]
          : []
      })
      expect(bars.won.minor).toBe(sum(awarded))
      const entered = [...bars.opening.ids, ...bars.new.ids, ...bars.pulledIn.ids]
      const { won, lost, noBid, withdrawn, cancelled, pushedOut, closing } = bars
      const left = [won, lost, noBid, withdrawn, cancelled, pushedOut, closing].flatMap(({ ids }) => ids)
      expect(entered.toSorted()).toEqual(left.toSorted())
      expect(new Set(entered).size).toBe(entered.length)
    }),
    RUNS,
  )
})

test('a point in time is what was shown then', () => {
  fc.assert(
    fc.property(life('in order'), (steps) => {
      const shown: [at: number, state: HistoryRow][] = []
      const rows = lived('p', steps, (sofar, at) => {
        // What happens in the same millisecond is one state.
        if (shown.at(-1)?.[0] === at) shown.pop()
        shown.push([at, sofar.at(-1)!])
      })
      const seen = (state: HistoryRow | undefined) => SAID.map((key) => state?.[key])
      for (const [at, state] of shown) expect(seen(stateAt(rows, at))).toEqual(seen(state))
    }),
    RUNS,
  )
})

test('a history has no gap and no overlap, says something new with each state, and what was said holds when it was said of', () => {
  fc.assert(
    fc.property(life('backdated'), (steps) => {
      const rows = lived('p', steps, (sofar, at) => expect(stateAt(sofar, at)).toBeDefined())
      expect(rows.at(-1)?.validTo).toBe(FOREVER)
      for (const [i, row] of rows.entries()) {
        expect(row.validTo).toBe(rows[i + 1]?.validFrom ?? FOREVER)
        expect(row.validFrom).toBeLessThan(row.validTo)
        const before = rows[i - 1]
        if (before) expect(row.changed).toEqual(SAID.filter((key) => row[key] !== before[key]))
        if (before) expect(row.changed.length).toBeGreaterThan(0)
        expect(row.decidedAt === null).toBe(row.outcome === 'open')
      }
      expect(rows.filter(({ isMove }) => isMove).length).toBe(
        rows.filter((row, i) => row.stageId !== rows[i - 1]?.stageId || row.outcome !== rows[i - 1]?.outcome).length,
      )
    }),
    RUNS,
  )
})

test('the trend is what the board shows at each moment', () => {
  fc.assert(
    fc.property(lives('backdated'), (several) => {
      const histories = several.map((steps, i) => lived(`p${i}`, steps))
      const moments = Array.from({ length: 12 }, (_, i) => BEGIN + i * 11 * DAY_MS)
      const all = segmentsOf(histories, moments[0]!, moments.at(-1)! + 1)
      const segments = all.filter(({ outcome }) => outcome === 'open')
      const samples = trendOf(segments, moments, (i, at) => {
        const segment = segments[i]!
        const minor = worthAt(segment, at)
        return minor === undefined ? undefined : { minor, weightedMinor: weighted(minor, segment.probability) }
      })
      for (const sample of samples) {
        const open = histories
          .flatMap((rows) => stateAt(rows, sample.at) ?? [])
          .filter(({ outcome }) => outcome === 'open')
        const board = sumOf(open, pricing(sample.at))
        const { count, totalMinor, weightedMinor, unknown } = sample
        const { withoutValue, withoutRate } = board
        expect({ count, totalMinor, weightedMinor, unknown }).toEqual({
          count: board.count,
          totalMinor: board.totalMinor,
          weightedMinor: board.weightedMinor,
          unknown: withoutValue + withoutRate,
        })
      }
    }),
    RUNS,
  )
})

test('sums are sums of proposals: parts add up, unknown ones are counted, and probabilities are never averaged', () => {
  fc.assert(
    fc.property(lives('in order'), fc.nat(8), (all, cut) => {
      const states = all.map((steps, i) => lived(`p${i}`, steps).at(-1)!)
      const at = pricing(BEGIN + DAYS * DAY_MS)
      const [whole, left, right] = [states, states.slice(0, cut), states.slice(cut)].map((some) => sumOf(some, at))
      for (const key of ['count', 'totalMinor', 'weightedMinor', 'withoutValue', 'withoutRate'] as const)
        expect(whole![key]).toBe(left![key] + right![key])
      const known = states.flatMap((state) => {
        const worth = worthOf(state, at)
        return worth === undefined ? [] : [Math.round((worth * state.probability) / 100 + 1e-9)]
      })
      expect(whole!.weightedMinor).toBe(sum(known))
      expect(whole!.count - known.length).toBe(whole!.withoutValue + whole!.withoutRate)
    }),
    RUNS,
  )
})

test('amounts are converted and weighted as exactly in numbers as in whole numbers of any size, half up', () => {
  const halfUp = (value: bigint, by: bigint) => Number((value * 2n + by) / (by * 2n))
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 0, max: MAX_MINOR }), fc.integer({ min: 0, max: 1_000_000_00 })),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 9_999_999 }),
      fc.integer({ min: 1, max: 8 }),
      (minor, percent, units, digits) => {
        expect(percentOf(minor, percent)).toBe(halfUp(BigInt(minor) * BigInt(percent), 100n))
        expect(convert(minor, 'EUR', 'USD', { units: BigInt(units), digits })).toBe(
          halfUp(BigInt(minor) * BigInt(units), 10n ** BigInt(digits)),
        )
      },
    ),
    { numRuns: 300 },
  )
})
