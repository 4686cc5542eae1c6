import type { Proposal } from '../../db/schema.ts'
import { percentOf } from './currency.ts'
import { dayIn } from './deadline.ts'
import { inBase, type Rates } from './fx.ts'

/** Rates as of a day: open values count at that day's rate, closed ones at the rate of their decision. */
export type Pricing = { rates: Rates; day: string; zone: string }

/** What says what a proposal is worth. */
export type Priced = Pick<Proposal, 'outcome' | 'valueMinor' | 'currency' | 'awardMinor' | 'fxAtDecision' | 'decidedAt'>

/** What amounts of a proposal are worth in the reporting currency, in minor units; undefined where that is unknown. */
export function inReporting(minor: number | null, currency: string, row: Priced, pricing: Pricing): number | undefined {
  return inBase(minor, currency, rateOf(row, currency, pricing), pricing.rates.base)
}

function rateOf(row: Priced, currency: string, { rates, day, zone }: Pricing): string | undefined {
  if (row.outcome === 'open' || row.decidedAt === null) return rates.on(currency, day)
  if (row.fxAtDecision !== null && currency === row.currency) return row.fxAtDecision
  return rates.on(currency, dayIn(zone, row.decidedAt))
}

/** The value of a proposal in the reporting currency. */
export const worthOf = (row: Priced, pricing: Pricing): number | undefined =>
  inReporting(row.valueMinor, row.currency, row, pricing)

/** What was awarded, in the reporting currency; the value where nobody said. */
export const awardOf = (row: Priced, pricing: Pricing): number | undefined =>
  inReporting(row.awardMinor ?? row.valueMinor, row.currency, row, pricing)

/** What it is worth by its probability. */
export const weighted = (worth: number, probability: number): number => percentOf(worth, probability)

/** How many there are, what they are worth together, and who is left out of the sum because nobody knows what it is worth. */
export type Sum = {
  count: number
  /** Minor units of the reporting currency. */
  totalMinor: number
  weightedMinor: number
  withoutValue: number
  withoutRate: number
}

/** Adds up. A total is the sum of rounded amounts, and the weighted total that of weighted ones: no average of probabilities. */
export function sumOf(rows: readonly (Priced & Pick<Proposal, 'probability'>)[], pricing: Pricing): Sum {
  const sum: Sum = { count: rows.length, totalMinor: 0, weightedMinor: 0, withoutValue: 0, withoutRate: 0 }
  for (const row of rows) {
    const worth = worthOf(row, pricing)
    if (worth === undefined) {
      if (row.valueMinor === null) sum.withoutValue++
      else sum.withoutRate++
      continue
    }
    sum.totalMinor += worth
    sum.weightedMinor += weighted(worth, row.probability)
  }
  return sum
}
