import { statusOf } from './proposal-status.ts'
import type { Board, Card, Column, Stage } from './proposals.ts'

// What a board becomes when a card moves: computed here at once, so that it is painted before the server has answered.

/** The card on the board and the column that it is in. */
export function findCard(board: Board, id: string): { card: Card; column: Column } | undefined {
  for (const column of board.columns) {
    const card = column.cards.find((one) => one.id === id)
    if (card) return { card, column }
  }
  return undefined
}

/** A card as it is in another stage, with the probability of that stage unless its own is kept. */
export function inStage(card: Card, stage: Stage, keepOverride: boolean, now: number): Card {
  const own = keepOverride && card.isOverride
  const probability = own ? card.probability : stage.probability
  return weighed({
    ...card,
    stageId: stage.id,
    pipelineId: stage.pipelineId,
    probability,
    isOverride: own,
    category: stage.category,
    status: statusOf({ outcome: card.outcome, isOverride: own, probability }, stage.label),
    stageSince: now,
    touchedAt: now,
    daysInStage: 0,
    idleDays: 0,
    stale: false,
    staleByDays: 0,
  })
}

/** With what it is worth by its probability: rounded once, half up, as the server does. */
export const weighed = (card: Card): Card => ({
  ...card,
  weightedMinor: card.worthMinor === null ? null : Math.round((card.worthMinor * card.probability) / 100),
})

/** A board with one card as it is now: in its column and place, and in the sums. Others stay where they are. */
export function withCard(board: Board, card: Card): Board {
  const found = findCard(board, card.id)
  if (!found) return board
  const columns = board.columns.map((column): Column => {
    const leaves = column.stage.id === found.column.stage.id
    const enters = card.outcome === 'open' && column.stage.id === card.stageId
    if (!leaves && !enters) return column
    const without = leaves ? column.cards.filter(({ id }) => id !== card.id) : column.cards
    return {
      ...column,
      cards: enters ? placed(without, card) : without,
      sum: added(leaves ? added(column.sum, found.card, -1) : column.sum, card, enters ? 1 : 0),
    }
  })
  const total = added(added(board.total, found.card, -1), card, card.outcome === 'open' ? 1 : 0)
  return { ...board, columns, total }
}

function added(sum: Board['total'], card: Card, by: 1 | -1 | 0): Board['total'] {
  const { count, totalMinor, weightedMinor, withoutValue, withoutRate } = sum
  const isUnknown = card.worthMinor === null
  return {
    count: count + by,
    totalMinor: totalMinor + by * (card.worthMinor ?? 0),
    weightedMinor: weightedMinor + by * (card.weightedMinor ?? 0),
    withoutValue: withoutValue + (isUnknown && card.valueMinor === null ? by : 0),
    withoutRate: withoutRate + (isUnknown && card.valueMinor !== null ? by : 0),
  }
}

/** By deadline, those without one last, as the server orders them: so that nothing jumps when it answers. */
function placed(cards: readonly Card[], card: Card): Card[] {
  const at = cards.findIndex((other) => comesBefore(card, other))
  return at < 0 ? [...cards, card] : [...cards.slice(0, at), card, ...cards.slice(at)]
}

function comesBefore(a: Card, b: Card): boolean {
  if (a.dueAt !== b.dueAt) return b.dueAt === null || (a.dueAt !== null && a.dueAt < b.dueAt)
  return a.id < b.id
}
