import type { Reader } from '../../db/index.ts'
import { type View, viewOf } from './card.ts'
import { dayIn } from './deadline.ts'
import { type Fact, type OpenFact, readFacts, readOpen } from './facts.ts'
import { groundOf } from './proposal.ts'
import type { Filter } from './snapshot.ts'
import type { Scope } from './visible.ts'
import { awardOf, type Priced, type Pricing, worthOf } from './worth.ts'

/** What a report is asked by. */
export type ReportQuery = {
  filter: Omit<Filter, 'outcome' | 'stageId' | 'category' | 'q' | 'ids'>
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
  /** All proposals as of the moment, except those that were begun and had ended before `since`. */
  facts(since: number | null): Promise<Fact[]>
  /** The same without the filter. */
  allFacts(since: number | null): Promise<Fact[]>
  /** The open proposals as of an earlier moment, with its rates; later than the report is as of the report. */
  openAt(moment: number): Promise<OpenFact[]>
  /** What a state was worth at a moment. */
  worthAt(state: Priced, moment: number, what?: 'value' | 'award'): number | undefined
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
  const open = new Map<number, Promise<OpenFact[]>>()
  const openAt = (moment: number) => {
    const when = Math.min(moment, at)
    const known = open.get(when) ?? readOpen(read, scope, filter, when, when === at ? view.pricing : pricingAt(when))
    open.set(when, known)
    return known
  }
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
    facts: (since) => readFacts(read, scope, filter, asOf, view.pricing, since),
    allFacts: (since) => readFacts(read, scope, {}, asOf, view.pricing, since),
    openAt,
    worthAt: (state, moment, what = 'value') =>
      what === 'award' ? awardOf(state, pricingAt(moment)) : worthOf(state, pricingAt(moment)),
  }
}

/** Every zone's days begin at a full hour, or at the half or quarter of one: close enough for a rate of a day. */
const HOUR_MS = 3_600_000
