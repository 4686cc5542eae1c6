import { getTableColumns, type Placeholder, sql } from 'drizzle-orm'
import type { PgInsertValue, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Reader, Tx } from './index.ts'

/** Prepared by us, not on the server: a pooler in front of PostgreSQL need not keep track of names. */
export const UNNAMED = ''

/**
 * A query that is asked often: built once for each handle, not each time, which is most of what a short query costs.
 * Values that differ are `sql.placeholder`s.
 */
export function prepared<Query, Handle extends Reader = Reader>(
  build: (handle: Handle) => Query,
): (handle: Handle) => Query {
  const built = new WeakMap<Reader, Query>()
  return (handle) => {
    const known = built.get(handle)
    if (known) return known
    const query = build(handle)
    built.set(handle, query)
    return query
  }
}

/** A placeholder for each column of a table, under the column's name, for an insert or an update of the whole row. */
export function placeholdersOf<T extends PgTable>(table: T): PgInsertValue<T> & PgUpdateSetSource<T> {
  const names = Object.keys(getTableColumns(table))
  const placeholders = Object.fromEntries(names.map((name): [string, Placeholder] => [name, sql.placeholder(name)]))
  // The cast: insert and update take a placeholder for any column; drizzle's types say so only for inserts.
  return placeholders as PgInsertValue<T> & PgUpdateSetSource<T>
}

/** An insert of one whole row, built once: every column is given, what is empty as null. */
export function insertInto<T extends PgTable>(table: T): (tx: Tx, row: T['$inferSelect']) => Promise<void> {
  const statement = prepared((tx: Tx) => tx.insert(table).values(placeholdersOf(table)).prepare(UNNAMED))
  return async (tx, row) => {
    await statement(tx).execute(row)
  }
}
