import { Column, is } from 'drizzle-orm'
import { UNNAMED } from './prepared.ts'

/** A query that selects fields by their names, none of them nested. */
type Select<Row> = PromiseLike<Row[]> & { prepare(name: string): unknown }

/**
 * The rows of a query for many: on SQLite they are made of what the driver gives, since most fields are texts and
 * integers that need no decoding, and drizzle's own way of making rows takes longer than SQLite takes to find them.
 * @param fields what the query selects, in the same order
 */
export async function plainRows<Row>(query: Select<Row>, fields: Record<string, unknown>): Promise<Row[]> {
  // The cast: SQLite's prepared queries give rows as arrays, those of PostgreSQL have no such method.
  const prepared = query.prepare(UNNAMED) as { values?: () => unknown[][] }
  if (!prepared.values) return await query
  const keys = Object.keys(fields)
  const decoded = Object.values(fields).flatMap((field, i): [number, Column][] =>
    is(field, Column) && field.dataType !== 'string' && field.dataType !== 'number' ? [[i, field]] : [],
  )
  return prepared.values().map((values) => {
    for (const [i, column] of decoded) if (values[i] !== null) values[i] = column.mapFromDriverValue(values[i])
    const row: Record<string, unknown> = {}
    for (let i = 0; i < keys.length; i++) row[keys[i]!] = values[i]
    // The cast: the fields are those that the query selects.
    return row as Row
  })
}
