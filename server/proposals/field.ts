import type { Reader } from '../../db/index.ts'
import { type Card, cardOf, viewOf } from './card.ts'
import { groundOf } from './proposal.ts'
import { type Filter, readSnapshot } from './snapshot.ts'
import type { Scope } from './visible.ts'
import { type Sum, sumOf } from './worth.ts'

/** An open proposal on the field: where it is, from 0 to 100, and where it was. */
export type Placed = Card & {
  /** Percent, as its probability. */
  position: number
  /** Where it was on the day that is asked of; null: it was not open then. */
  positionThen: number | null
}

export type Field = {
  asOf: number
  since: number
  currency: string
  complete: boolean
  total: Sum
  /** How many moved ahead, fell back, and are new since then. */
  ahead: number
  back: number
  fresh: number
  proposals: Placed[]
}

/**
 * The open proposals by how likely they are, and how far each has come.
 * @param since the trails begin here, ms since the epoch
 * @param limit only so many, those worth most; what is counted is of all
 */
export async function readField(
  read: Reader,
  scope: Scope,
  query: { filter: Omit<Filter, 'outcome'>; asOf: number | null; since: number; limit?: number | undefined },
  now: number,
): Promise<Field> {
  const ground = await groundOf(read)
  const view = viewOf(ground, query.asOf ?? now)
  const rows = await readSnapshot(read, scope, { ...query.filter, outcome: 'open' }, query.asOf)
  const before = await readSnapshot(read, scope, { outcome: 'open' }, query.since)
  const then = new Map(before.map(({ id, probability }) => [id, probability]))
  const proposals = rows.map((row): Placed => {
    const card = cardOf(row, view)
    return { ...card, position: card.probability, positionThen: then.get(row.id) ?? null }
  })
  const known = proposals.filter(({ positionThen }) => positionThen !== null)
  return {
    asOf: view.at,
    since: query.since,
    currency: ground.settings.currency,
    complete: scope.complete,
    total: sumOf(rows, view.pricing),
    ahead: known.filter(({ position, positionThen }) => position > (positionThen ?? 0)).length,
    back: known.filter(({ position, positionThen }) => position < (positionThen ?? 0)).length,
    fresh: proposals.length - known.length,
    proposals: query.limit === undefined ? proposals : mostWorth(proposals, query.limit),
  }
}

const mostWorth = (proposals: Placed[], limit: number): Placed[] =>
  proposals.toSorted((a, b) => (b.worthMinor ?? 0) - (a.worthMinor ?? 0) || (a.id < b.id ? -1 : 1)).slice(0, limit)
