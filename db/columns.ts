import * as p from 'drizzle-orm/pg-core'
import * as s from 'drizzle-orm/sqlite-core'

/**
 * The engine is chosen once, by DATABASE_URL. Types are PostgreSQL's, the everyday run is SQLite's:
 * what compiles and passes the tests is what both have.
 */
export const postgres = /^postgres/.test(process.env.DATABASE_URL ?? '')

const pg = {
  table: p.pgTable,
  index: p.index,
  unique: p.uniqueIndex,
  primaryKey: p.primaryKey,
  text: p.text,
  int: (name = '') => p.bigint(name, { mode: 'number' }),
  bool: () => p.boolean(),
  json: <T>() => p.jsonb().$type<T>(),
}
const sqlite = {
  table: s.sqliteTable,
  index: s.index,
  unique: s.uniqueIndex,
  primaryKey: s.primaryKey,
  text: s.text,
  int: (name = '') => s.integer(name),
  bool: () => s.integer({ mode: 'boolean' }),
  json: () => s.text({ mode: 'json' }),
}

// The one cast that makes two dialects one: SQLite's builders stand in for PostgreSQL's of the same name.
export const { table, index, unique, primaryKey, text, int, bool, json } = postgres
  ? pg
  : (sqlite as unknown as typeof pg)
