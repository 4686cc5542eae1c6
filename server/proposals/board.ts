import type { Reader } from '../../db/index.ts'
import type { Stage } from '../../db/schema.ts'
import { type Card, type CardSort, cardOf, sorted, viewOf } from './card.ts'
import { groundOf } from './proposal.ts'
import { type Filter, readSnapshot } from './snapshot.ts'
import type { Scope } from './visible.ts'
import { type Sum, sumOf } from './worth.ts'

export const CARDS_A_COLUMN = 100
export const MAX_CARDS_A_COLUMN = 2_000

export type BoardQuery = {
  filter: Omit<Filter, 'outcome'>
  /** As of a past moment; null: now. */
  asOf: number | null
  sort: CardSort
  descending: boolean
  /** How many cards of each column come along; the totals are of all. */
  limit: number
}

export type Board = {
  asOf: number
  currency: string
  /** Whether the member sees every mailbox: else proposals of others are left out of all totals. */
  complete: boolean
  total: Sum
  columns: { stage: Stage; sum: Sum; cards: Card[] }[]
}

/** The open proposals by stage. One query over proposals, whatever their number; stages and rates are read beside it. */
export async function readBoard(read: Reader, scope: Scope, query: BoardQuery, now: number): Promise<Board> {
  const ground = await groundOf(read)
  const rows = await readSnapshot(read, scope, { ...query.filter, outcome: 'open' }, query.asOf)
  const view = viewOf(ground, query.asOf ?? now)
  const byStage = Map.groupBy(rows, ({ stageId }) => stageId)
  const { pipelineId } = query.filter
  const columns = [...ground.stages.values()]
    .filter((stage) => pipelineId === undefined || stage.pipelineId === pipelineId)
    // A stage no longer in use is shown where proposals stood in it.
    .filter(({ id, archivedAt }) => archivedAt === null || byStage.has(id))
    .map((stage) => {
      const inStage = byStage.get(stage.id) ?? []
      const cards = inStage.map((row) => cardOf(row, view))
      const shown = sorted(cards, query.sort, query.descending).slice(0, query.limit)
      return { stage, sum: sumOf(inStage, view.pricing), cards: shown.map(({ card }) => card) }
    })
  const { currency } = ground.settings
  return { asOf: view.at, currency, complete: scope.complete, total: sumOf(rows, view.pricing), columns }
}
