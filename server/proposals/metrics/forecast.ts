import type { ForecastCategory } from '../../../db/vocabulary.ts'
import type { Fact } from '../facts.ts'
import { type Figure, figureOf } from './figure.ts'
import { inDays, inTime, monthsOf, type Period } from './period.ts'
import { type Spread, spreadOf } from './spread.ts'

const CATEGORIES = ['commit', 'best_case', 'pipeline'] as const satisfies ForecastCategory[]
type Category = (typeof CATEGORIES)[number]

/** An amount whole and by its probability, of the same proposals. */
export type Weighed = Figure & { weightedMinor: number }

/** What may come in, by category; `closed` is what was awarded. `omitted` is in no sum. */
export type ByCategory = Record<Category, Weighed> & { closed: Figure; omitted: Figure }

export type Forecast = ByCategory & {
  months: (ByCategory & { month: string; weightedMinor: number })[]
  /** Of the whole period: each category with those above it; `openPipeline` is all that is open. */
  cumulative: {
    closedMinor: number
    commitForecastMinor: number
    bestCaseForecastMinor: number
    openPipelineMinor: number
  }
  /** What was expected before today and is still open: never silently in a past month, never dropped. */
  overdue: Weighed
  undated: Weighed
  /** Of what is open and expected in the period from today on. */
  weightedMinor: number
  spread: Spread
}

export const weighedOf = (rows: readonly Pick<Fact, 'id' | 'worth' | 'weighted'>[]): Weighed => ({
  ...figureOf(rows, ({ worth }) => worth),
  weightedMinor: figureOf(rows, ({ weighted }) => weighted).minor,
})

/**
 * What may come in over a period, by month and category.
 * @param facts all proposals as of a moment
 * @param today that moment's day in the organization's zone
 * @param month the month, YYYY-MM, of a moment in that zone
 */
export function forecastOf(
  facts: readonly Fact[],
  period: Period,
  today: string,
  month: (at: number) => string,
  goalMinor?: number,
): Forecast {
  const open = facts.filter(({ outcome }) => outcome === 'open')
  const counted = open.filter(({ category }) => category !== 'omitted')
  const overdue = counted.filter(({ expectedDecision }) => expectedDecision !== null && expectedDecision < today)
  const undated = counted.filter(({ expectedDecision }) => expectedDecision === null)
  const expected = open.filter(
    ({ expectedDecision }) => inDays(expectedDecision, period) && (expectedDecision ?? '') >= today,
  )
  const won = facts.filter(({ outcome, decidedAt }) => outcome === 'won' && inTime(decidedAt, period))
  const all = byCategory(expected, won)
  const [commit, bestCase, pipeline] = CATEGORIES.map((category) => all[category].minor) as [number, number, number]
  const inForecast = expected.filter(({ category }) => category !== 'omitted')
  const byMonth = Map.groupBy(expected, ({ expectedDecision }) => (expectedDecision ?? '').slice(0, 7))
  const wonByMonth = Map.groupBy(won, ({ decidedAt }) => month(decidedAt ?? 0))
  const bids = inForecast.flatMap(({ worth, probability }) =>
    worth === undefined ? [] : [{ minor: worth, probability }],
  )
  return {
    ...all,
    months: monthsOf(period).map((name) => {
      const parts = byCategory(byMonth.get(name) ?? [], wonByMonth.get(name) ?? [])
      return { ...parts, month: name, weightedMinor: weightedOf(parts) }
    }),
    cumulative: {
      closedMinor: all.closed.minor,
      commitForecastMinor: all.closed.minor + commit,
      bestCaseForecastMinor: all.closed.minor + commit + bestCase,
      openPipelineMinor: commit + bestCase + pipeline,
    },
    overdue: weighedOf(overdue),
    undated: weighedOf(undated),
    weightedMinor: weightedOf(all),
    spread: spreadOf(bids, goalMinor),
  }
}

const weightedOf = (parts: ByCategory) => CATEGORIES.reduce((sum, category) => sum + parts[category].weightedMinor, 0)

function byCategory(open: readonly Fact[], won: readonly Fact[]): ByCategory {
  const of = (category: ForecastCategory) => open.filter((fact) => fact.category === category)
  return {
    closed: figureOf(won, ({ award }) => award),
    commit: weighedOf(of('commit')),
    best_case: weighedOf(of('best_case')),
    pipeline: weighedOf(of('pipeline')),
    omitted: figureOf(of('omitted'), ({ worth }) => worth),
  }
}
