import type { Card } from '../card.ts'

const HOUR_MS = 3_600_000
/** Less than this before a deadline is close. */
const CLOSE_MS = 48 * HOUR_MS

export type Due = {
  proposalId: string
  kind: 'submission' | 'milestone'
  /** Of a milestone: its kind and label. */
  milestone: { id: string; kind: string; label: string } | null
  at: number
  local: string | null
  zone: string | null
  /** How long until then, in ms; below 0 it is over. */
  inMs: number
  close: boolean
  ownerId: string | null
}

export type ComingUp = {
  due: Due[]
  /** How much is due for whom. */
  load: { ownerId: string | null; count: number; worthMinor: number; ids: string[] }[]
  proposals: Card[]
}

type MilestoneDue = {
  id: string
  proposalId: string
  kind: string
  label: string
  at: number
  local: string
  zone: string
}

/**
 * What must leave the house until a moment, soonest first: proposals that are not submitted yet, and milestones.
 * What is over and was not done comes first, since it is what one must know of.
 */
export function comingUpOf(
  cards: readonly Card[],
  milestones: readonly MilestoneDue[],
  at: number,
  until: number,
): ComingUp {
  const byId = new Map(cards.map((card) => [card.id, card]))
  const submissions = cards
    .filter(({ dueAt, submittedAt }) => dueAt !== null && dueAt < until && submittedAt === null)
    .map(
      (card): Due => ({
        ...dueOf(card, card.dueAt ?? 0, at),
        kind: 'submission',
        milestone: null,
        local: card.dueLocal,
        zone: card.dueZone,
      }),
    )
  const others = milestones.flatMap(({ id, proposalId, kind, label, at: dueAt, local, zone }): Due[] => {
    const card = byId.get(proposalId)
    if (!card || dueAt >= until) return []
    return [{ ...dueOf(card, dueAt, at), kind: 'milestone', milestone: { id, kind, label }, local, zone }]
  })
  const due = [...submissions, ...others].sort((a, b) => a.at - b.at)
  const shown = new Set(due.map(({ proposalId }) => proposalId))
  const concerned = cards.filter(({ id }) => shown.has(id))
  const load = [...Map.groupBy(concerned, ({ ownerId }) => ownerId)].map(([ownerId, own]) => ({
    ownerId,
    count: own.length,
    worthMinor: own.reduce((sum, { worthMinor }) => sum + (worthMinor ?? 0), 0),
    ids: own.map(({ id }) => id),
  }))
  return { due, load: load.sort((a, b) => b.count - a.count), proposals: concerned }
}

function dueOf({ id, ownerId }: Card, dueAt: number, at: number) {
  const inMs = dueAt - at
  return { proposalId: id, at: dueAt, inMs, close: inMs < CLOSE_MS, ownerId }
}
