import type { Reader } from '../../db/index.ts'
import { type View, viewOf } from './card.ts'
import { dayIn } from './deadline.ts'
import { type Fact, readFacts, type Segment } from './facts.ts'
import { groundOf } from './proposal.ts'
import type { Filter } from './snapshot.ts'
import type { Scope } from './visible.ts'
import { awardOf, type Pricing, worthOf } from './worth.ts'

/** What a report is asked by. */
export type ReportQuery = {
  filter: Omit<Filter, 'outcome' | 'stageId' | 'q' | 'ids'>
  /** As of when; null: now. */
  asOf: number | null
}

/** What reports read and count with: everything as of one moment. */
export type ReportGround = {
  read: Reader
  scope: Scope
  filter: ReportQuery['filter']
  /** The moment, and whether it is now. */
  at: number
  isNow: boolean
  view: View
  currency: string
  zone: string
  /** That moment's day in the organization's zone. */
  today: string
  /** Rates of the day of a moment. */
  pricingAt(moment: number): Pricing
  /** All proposals as of the moment. */
  facts(): Promise<Fact[]>
  /** All proposals as of an earlier one, with its rates; later than the report is as of the report. */
  factsAt(moment: number): Promise<Fact[]>
  /** What a state was worth at a moment. */
  worthAt(state: Segment, moment: number, what?: 'value' | 'award'): number | undefined
}

export async function reportGround(
  read: Reader,
  scope: Scope,
  { filter, asOf }: ReportQuery,
  now: number,
): Promise<ReportGround> {
  const ground = await groundOf(read)
  const { zone, currency } = ground.settings
  const at = asOf ?? now
  const view = viewOf(ground, at)
  const days = new Map<number, Pricing>()
  const pricingAt = (moment: number) => {
    // Rates change by the day, and finding the day of a moment costs more than remembering it.
    const hour = Math.floor(moment / HOUR_MS)
    const known = days.get(hour) ?? { rates: ground.rates, zone, day: dayIn(zone, moment) }
    days.set(hour, known)
    return known
  }
  let facts: Promise<Fact[]> | undefined
  const current = () => (facts ??= readFacts(read, scope, filter, asOf, view.pricing))
  return {
    read,
    scope,
    filter,
    at,
    isNow: asOf === null,
    view,
    currency,
    zone,
    today: view.pricing.day,
    pricingAt,
    facts: current,
    factsAt: async (moment) =>
      moment >= at ? await current() : await readFacts(read, scope, filter, moment, pricingAt(moment)),
    worthAt: (state, moment, what = 'value') =>
      what === 'award' ? awardOf(state, pricingAt(moment)) : worthOf(state, pricingAt(moment)),
  }
}

/** Every zone's days begin at a full hour, or at the half or quarter of one: close enough for a rate of a day. */
const HOUR_MS = 3_600_000
