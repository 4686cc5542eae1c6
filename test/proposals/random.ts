import fc from 'fast-check'
import type { HistoryRow, Stage } from '../../db/schema.ts'
import type { Segment } from '../../server/proposals/facts.ts'
import { ratesFrom } from '../../server/proposals/fx.ts'
import { type Said, withChange } from '../../server/proposals/history.ts'
import { type Asked, type Ground, saidBy } from '../../server/proposals/state.ts'

// Proposals whose lives are made up: anything may happen at any time, in any order.

const DAY_MS = 86_400_000
export const BEGIN = Date.UTC(2026, 0, 1)
export const DAYS = 120
export const day = (n: number) => new Date(BEGIN + n * DAY_MS).toISOString().slice(0, 10)

const STAGES = [10, 30, 50, 60, 80].map(
  (probability, position): Stage => ({
    id: `stage-${position}`,
    pipelineId: 'pipeline',
    label: `Stage ${position}`,
    position,
    probability,
    category: probability < 50 ? 'pipeline' : 'best_case',
    idleAfterDays: 14,
    submitted: position >= 3,
    idleFromExpected: false,
    archivedAt: null,
  }),
)
export const GROUND: Ground = {
  stages: new Map(STAGES.map((stage) => [stage.id, stage])),
  settings: { currency: 'USD', zone: 'UTC', onStageChange: 'clear', autoLink: true },
  // A rate that changes, and a currency without one.
  rates: ratesFrom(
    [
      { currency: 'EUR', day: '2026-01-01', rate: '1.10' },
      { currency: 'EUR', day: '2026-03-01', rate: '1.0372' },
      { currency: 'JPY', day: '2026-02-01', rate: '0.0066' },
    ],
    'USD',
  ),
}

const value = fc.option(fc.integer({ min: 0, max: 99_999_999 }), { freq: 8 })
const expected = fc.option(
  fc.integer({ min: 0, max: DAYS + 60 }).map((n) => day(n)),
  { freq: 8 },
)
const act: fc.Arbitrary<Asked> = fc.oneof(
  fc.integer({ min: 0, max: 4 }).map((i) => ({ stageId: `stage-${i}` })),
  fc.option(fc.integer({ min: 0, max: 100 })).map((override) => ({ override })),
  value.map((valueMinor) => ({ valueMinor })),
  expected.map((expectedDecision) => ({ expectedDecision })),
  fc.constantFrom('USD', 'EUR', 'JPY', 'CHF').map((currency) => ({ currency })),
  fc
    .tuple(fc.constantFrom('won', 'lost', 'no_bid', 'withdrawn', 'cancelled', 'open'), value)
    .map(([outcome, awardMinor]): Asked => (outcome === 'won' ? { outcome, awardMinor } : { outcome })),
)
const moment = fc.integer({ min: 0, max: DAYS * 24 }).map((hours) => BEGIN + hours * 3_600_000)

export type Life = { at: number; asked: Asked }[]
const begun: fc.Arbitrary<Asked> = fc
  .tuple(value, expected, fc.constantFrom('USD', 'EUR', 'JPY', 'CHF'))
  .map(([valueMinor, expectedDecision, currency]) => ({ valueMinor, expectedDecision, currency }))

/** A life: how it begins, and what happens after, in the order of time or in any. */
export const life = (order: 'in order' | 'backdated'): fc.Arbitrary<Life> =>
  fc.tuple(begun, fc.array(fc.tuple(moment, act), { minLength: 1, maxLength: 14 })).map(([first, rest]) => {
    const times = rest.map(([at]) => at).sort((a, b) => a - b)
    const acts = rest.map(([at, asked], i) => ({ at: order === 'in order' ? times[i]! : at, asked }))
    return [{ at: times[0]! - 1, asked: first }, ...acts]
  })

const NOTHING: Said = {
  pipelineId: 'pipeline',
  stageId: 'stage-0',
  outcome: 'open',
  probability: 10,
  isOverride: false,
  category: 'pipeline',
  isCategoryOverride: false,
  valueMinor: null,
  currency: 'USD',
  awardMinor: null,
  fxAtDecision: null,
  expectedDecision: null,
  dueAt: null,
  ownerId: null,
  teamId: null,
}

/** Lives a life, step by step; `after` sees the history after each. */
export function lived(
  id: string,
  steps: Life,
  after: (rows: HistoryRow[], at: number) => void = () => {},
): HistoryRow[] {
  let rows: HistoryRow[] = []
  for (const { at, asked } of steps) {
    const newest = rows.at(-1) ?? NOTHING
    const said = saidBy(asked, newest, GROUND, at)
    const because = { byId: null, cause: 'user', recordedAt: at } as const
    rows = withChange(id, rows, at, rows.length === 0 ? { ...NOTHING, ...said } : said, because, GROUND.stages)
    after(rows, at)
  }
  return rows
}

/** The states of several lives that held at some time between two moments, as reports read them. */
export function segmentsOf(lives: HistoryRow[][], from: number, to: number): Segment[] {
  return lives.flatMap((rows) =>
    rows
      .filter(({ validFrom, validTo }) => validFrom < to && validTo >= from)
      .map((row) => ({ ...row, id: row.proposalId, createdAt: rows[0]!.validFrom })),
  )
}
