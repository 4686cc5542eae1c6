import type { Reader } from '../../db/index.ts'
import { Invalid } from '../errors.ts'
import { type Card, type CardSort, cardOf, compareKeys, sorted, viewOf } from './card.ts'
import { groundOf } from './proposal.ts'
import { type Filter, readSnapshot } from './snapshot.ts'
import type { Scope } from './visible.ts'
import { type Sum, sumOf } from './worth.ts'

export const TABLE_PAGE = 50
export const MAX_TABLE_PAGE = 500

export type TableQuery = {
  filter: Filter
  asOf: number | null
  sort: CardSort
  descending: boolean
  limit: number
  cursor?: string | undefined
}

export type TablePage = {
  asOf: number
  currency: string
  complete: boolean
  /** Of all that the filter means, not of the page. */
  sum: Sum
  proposals: Card[]
  next: string | null
}

/** A page of proposals in an order, with what all of them are worth. Pages follow each other by key. */
export async function readTable(read: Reader, scope: Scope, query: TableQuery, now: number): Promise<TablePage> {
  const ground = await groundOf(read)
  const rows = await readSnapshot(read, scope, query.filter, query.asOf)
  const view = viewOf(ground, query.asOf ?? now)
  const all = sorted(
    rows.map((row) => cardOf(row, view)),
    query.sort,
    query.descending,
  )
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  const rest = after ? all.filter(({ key }) => compareKeys(key, after, query.descending) > 0) : all
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  return {
    asOf: view.at,
    currency: ground.settings.currency,
    complete: scope.complete,
    sum: sumOf(rows, view.pricing),
    proposals: page.map(({ card }) => card),
    next: rest.length > page.length && last ? writeCursor(last.key) : null,
  }
}

type Key = Parameters<typeof compareKeys>[0]

const writeCursor = ({ key, id }: Key): string => Buffer.from(JSON.stringify([key, id])).toString('base64url')

function readCursor(cursor: string): Key {
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (typeof id === 'string' && (key === null || typeof key === 'number' || typeof key === 'string'))
      return { key, id }
  } catch {
    // Told below.
  }
  throw new Invalid([
    { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
  ])
}
