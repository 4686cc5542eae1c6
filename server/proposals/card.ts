import type { Stage } from '../../db/schema.ts'
import { type Aging, agingOf } from './aging.ts'
import { dayIn } from './deadline.ts'
import type { SnapshotRow } from './snapshot.ts'
import type { Ground } from './state.ts'
import { statusWords } from './state.ts'
import { type Pricing, weighted, worthOf } from './worth.ts'

/** A proposal as board, table and field show it. */
export type Card = SnapshotRow &
  Aging & {
    /** "Won", "80 %" or "Pending · 60 %". */
    status: string
    /** In minor units of the reporting currency; null where value or rate is unknown. */
    worthMinor: number | null
    weightedMinor: number | null
  }

/** What cards are worked out with. */
export type View = Ground & { at: number; pricing: Pricing }

export function viewOf(ground: Ground, at: number): View {
  const { zone } = ground.settings
  return { ...ground, at, pricing: { rates: ground.rates, day: dayIn(zone, at), zone } }
}

export function cardOf(row: SnapshotRow, { stages, settings, at, pricing }: View): Card {
  const stage: Stage | undefined = stages.get(row.stageId)
  const worth = worthOf(row, pricing)
  return {
    ...row,
    ...agingOf(row, stage, at, settings.zone),
    status: statusWords(row, stage),
    worthMinor: worth ?? null,
    weightedMinor: worth === undefined ? null : weighted(worth, row.probability),
  }
}

export const CARD_SORTS = [
  'due',
  'expected',
  'value',
  'weighted',
  'probability',
  'idle',
  'age',
  'number',
  'title',
  'updated',
  'decided',
  'created',
] as const
export type CardSort = (typeof CARD_SORTS)[number]

/** What a card is sorted by; null goes last whichever way. */
export function sortKey(card: Card, by: CardSort): number | string | null {
  switch (by) {
    case 'due':
      return card.dueAt
    case 'expected':
      return card.expectedDecision
    case 'value':
      return card.worthMinor
    case 'weighted':
      return card.weightedMinor
    case 'probability':
      return card.probability
    case 'idle':
      return card.idleDays
    case 'age':
      return card.ageDays
    case 'number':
      return card.number
    case 'title':
      return card.title.toLowerCase()
    case 'updated':
      return card.updatedAt
    case 'decided':
      return card.decidedAt
    case 'created':
      return card.createdAt
  }
}

type Key = { key: number | string | null; id: string }

/** Which of two comes first; those without a key last, those with the same key by id. */
export function compareKeys(a: Key, b: Key, descending: boolean): number {
  if (a.key !== b.key) {
    if (a.key === null) return 1
    if (b.key === null) return -1
    return (a.key < b.key ? -1 : 1) * (descending ? -1 : 1)
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** Cards in their order, with what they were sorted by. */
export function sorted(cards: Card[], by: CardSort, descending: boolean): { card: Card; key: Key }[] {
  return cards
    .map((card) => ({ card, key: { key: sortKey(card, by), id: card.id } }))
    .sort((a, b) => compareKeys(a.key, b.key, descending))
}
