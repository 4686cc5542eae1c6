import { expect, test } from 'vitest'
import { inStage, withCard } from '../../web/board.ts'
import type { Board, Card, Stage } from '../../web/proposals.ts'

const stage = (id: string, probability: number) =>
  ({ id, label: id, probability, pipelineId: 'p', category: 'pipeline' }) as Stage
const made = (id: string, dueAt: number | null, worthMinor: number | null, of: Stage) =>
  ({
    id,
    dueAt,
    worthMinor,
    valueMinor: worthMinor,
    weightedMinor: worthMinor === null ? null : Math.round((worthMinor * of.probability) / 100),
    outcome: 'open',
    stageId: of.id,
    probability: of.probability,
    isOverride: false,
  }) as Card

const [lead, writing] = [stage('Lead', 10), stage('Writing', 40)]
const sum = (count: number, totalMinor: number, weightedMinor: number, withoutValue = 0) => ({
  count,
  totalMinor,
  weightedMinor,
  withoutValue,
  withoutRate: 0,
})
const board = {
  total: sum(4, 1_700, 350, 1),
  columns: [
    { stage: lead, cards: [made('a', 5, 1_000, lead), made('b', null, null, lead)], sum: sum(2, 1_000, 100, 1) },
    { stage: writing, cards: [made('c', 3, 300, writing), made('d', 9, 400, writing)], sum: sum(2, 700, 280) },
  ],
} as unknown as Board

test('a card that moves takes its value along and stands by its deadline, and the sums still add up', () => {
  const moved = withCard(board, inStage(board.columns[0]!.cards[0]!, writing, false, 77))

  expect(moved.columns.map(({ cards }) => cards.map(({ id }) => id))).toEqual([['b'], ['c', 'a', 'd']])
  expect(moved.columns.map((column) => column.sum)).toEqual([sum(1, 0, 0, 1), sum(3, 1_700, 680)])
  expect(moved.total).toEqual(sum(4, 1_700, 650, 1))
  expect(moved.columns[1]!.cards[1]).toMatchObject({ status: 'Writing · 40 %', probability: 40, stageSince: 77 })
})

test('a card without a deadline goes to the end', () => {
  const moved = withCard(board, inStage(board.columns[0]!.cards[1]!, writing, false, 77))
  expect(moved.columns[1]!.cards.map(({ id }) => id)).toEqual(['c', 'd', 'b'])
})

test('a probability of its own is kept where that is the rule, and goes where it is not', () => {
  const own = { ...board.columns[0]!.cards[0]!, isOverride: true, probability: 80 }
  expect(inStage(own, writing, true, 0)).toMatchObject({ status: '80 %', probability: 80, weightedMinor: 800 })
  expect(inStage(own, writing, false, 0)).toMatchObject({ status: 'Writing · 40 %', weightedMinor: 400 })
})

test('a proposal that ended leaves the board and its sums', () => {
  const closed = withCard(board, { ...board.columns[1]!.cards[1]!, outcome: 'won' })
  expect(closed.columns[1]!.cards.map(({ id }) => id)).toEqual(['c'])
  expect(closed.columns[1]!.sum).toEqual(sum(1, 300, 120))
})
