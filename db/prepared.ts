import { and, Column, eq, getTableColumns, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgInsertValue, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core'
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

/**
 * A placeholder for each column of a table, under the column's name, for an insert or an update of the whole row. Where a
 * value goes to the database as it is, the placeholder stands by itself: to look for it behind an encoder takes drizzle
 * longer than all else about an insert.
 */
export function placeholdersOf<T extends PgTable>(table: T): PgInsertValue<T> & PgUpdateSetSource<T> {
  const columns = Object.entries<Column>(getTableColumns(table))
  const placeholders = Object.fromEntries(
    columns.map(([name, column]): [string, Placeholder | SQL] => {
      const placeholder = sql.placeholder(name)
      return [name, isEncoded(column) ? placeholder : sql`${placeholder}`]
    }),
  )
  // The cast: insert and update take a placeholder for any column; drizzle's types say so only for inserts.
  return placeholders as PgInsertValue<T> & PgUpdateSetSource<T>
}

function isEncoded(column: Column): boolean {
  return column.mapToDriverValue !== Column.prototype.mapToDriverValue
}

/** An insert of one whole row, built once: every column is given, what is empty as null. */
export function insertInto<T extends PgTable>(table: T): (tx: Tx, row: T['$inferSelect']) => Promise<void> {
  const statement = prepared((tx: Tx) => tx.insert(table).values(placeholdersOf(table)).prepare(UNNAMED))
  return async (tx, row) => {
    await statement(tx).execute(row)
  }
}

/** A table whose rows count their changes. */
type Versioned = PgTable & { id: PgColumn; version: PgColumn }

/**
 * An update of those columns in which two states of a row differ, built once for each set of columns: what is not named
 * costs nothing, and neither do the indexes over it.
 * @returns a function that gives false where somebody else has changed the row since
 */
export function updateOf<T extends Versioned>(table: T) {
  type Row = T['$inferSelect'] & { version: number }
  const placeholders = placeholdersOf(table)
  const build = (names: string[]) =>
    prepared((tx: Tx) =>
      tx
        .update(table)
        // The cast: names are keys of both.
        .set(Object.fromEntries(names.map((name) => [name, placeholders[name as never]])) as never)
        .where(and(eq(table.id, sql.placeholder('id')), eq(table.version, sql.placeholder('knownVersion'))))
        .returning({ id: table.id })
        .prepare(UNNAMED),
    )
  const built = new Map<string, ReturnType<typeof build>>()
  return async (tx: Tx, before: Row, after: Row): Promise<boolean> => {
    const names = Object.keys(placeholders).filter((name) => before[name as never] !== after[name as never])
    const known = built.get(names.join()) ?? build(names)
    built.set(names.join(), known)
    // The cast: of a table that it does not know, drizzle's types can't tell what comes back.
    const written = (await known(tx).execute({ ...after, knownVersion: before.version })) as { id: string }[]
    return written.length > 0
  }
}
