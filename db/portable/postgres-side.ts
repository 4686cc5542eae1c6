import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { type Digest, openDigest, type PortableRow } from './digest.ts'
import { quoted } from './sqlite-file.ts'
import type { PortableTable } from './tables.ts'

const migrationsFolder = path.join(import.meta.dirname, '../../migrations/postgres')

/** How many rows are read, or written, at once. */
export const ROWS_AT_ONCE = 500

/** A PostgreSQL database that rows are copied from or to. */
export type PostgresSide = {
  /** It had no schema before. */
  isNew: boolean
  /** Removes all rows, those of the last table first. */
  empty(tables: PortableTable[]): Promise<void>
  /** Calls `use` while everything is seen as it is at this moment. */
  asOfNow<T>(use: () => Promise<T>): Promise<T>
  rows(table: PortableTable): AsyncIterable<PortableRow>
  count(table: PortableTable): Promise<number>
  digest(table: PortableTable): Promise<Digest>
  /** Adds rows that are not there yet. Columns that refer to rows which come later stay empty: see `fill`. */
  insert(table: PortableTable, rows: PortableRow[]): Promise<void>
  /** Fills in the columns that had to wait. */
  fill(table: PortableTable, rows: PortableRow[]): Promise<void>
  close(): Promise<void>
}

type Types = Map<string, string>

/**
 * Opens one connection to a database.
 * @param migrate gives it the schema of this version first; otherwise it has it already
 */
export async function openPostgresSide(url: string, options: { migrate?: boolean } = {}): Promise<PostgresSide> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: found } = await client.query("select to_regclass('drizzle.__drizzle_migrations') is null as fresh")
  const isNew: boolean = found[0]?.fresh === true
  if (options.migrate) await migrate(drizzle(client), { migrationsFolder })
  const types = new Map<string, Types>()
  const typesOf = async (table: string): Promise<Types> => {
    const known = types.get(table)
    if (known) return known
    const { rows } = await client.query<{ column_name: string; data_type: string }>(
      'select column_name, data_type from information_schema.columns where table_schema = current_schema() and table_name = $1',
      [table],
    )
    const found = new Map(rows.map(({ column_name, data_type }) => [column_name, data_type]))
    types.set(table, found)
    return found
  }

  async function* rows(table: PortableTable): AsyncIterable<PortableRow> {
    const columnTypes = await typesOf(table.name)
    const order = table.key.map(quoted).join(', ')
    let after: unknown[] | undefined
    for (;;) {
      const places = table.key.map((_, i) => `$${i + 1}`).join(', ')
      const where = after ? `where (${order}) > (${places})` : ''
      const { rows: page } = await client.query<Record<string, unknown>>(
        `select * from ${quoted(table.name)} ${where} order by ${order} limit ${ROWS_AT_ONCE}`,
        after ?? [],
      )
      for (const row of page) yield portable(row, columnTypes)
      const last = page.at(-1)
      if (page.length < ROWS_AT_ONCE || !last) return
      after = table.key.map((column) => last[column])
    }
  }

  return {
    isNew,
    rows,
    async empty(tables) {
      for (const { name } of tables.toReversed()) await client.query(`delete from ${quoted(name)}`)
    },
    async asOfNow(use) {
      await client.query('begin isolation level repeatable read read only')
      try {
        return await use()
      } finally {
        await client.query('rollback')
      }
    },
    async count(table) {
      const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${quoted(table.name)}`)
      return Number(rows[0]?.n)
    },
    async digest(table) {
      const digest = openDigest(table.columns)
      for await (const row of rows(table)) digest.add(row)
      return digest.end()
    },
    async insert(table, rows) {
      const columnTypes = await typesOf(table.name)
      const columns = table.columns.filter((column) => !table.later.includes(column))
      await client.query(statementFor(table, columns, columnTypes, 'insert'), arrays(columns, rows))
    },
    async fill(table, rows) {
      const columnTypes = await typesOf(table.name)
      const columns = [...table.key, ...table.later]
      await client.query(statementFor(table, columns, columnTypes, 'fill'), arrays(columns, rows))
    },
    close: () => client.end(),
  }
}

/** One statement for any number of rows: each column comes as one array of text, which PostgreSQL casts. */
function statementFor(table: PortableTable, columns: string[], types: Types, what: 'insert' | 'fill'): string {
  const names = columns.map(quoted).join(', ')
  const casts = columns.map((column) => `cast(t.${quoted(column)} as ${types.get(column)})`)
  const source = `unnest(${columns.map((_, i) => `$${i + 1}::text[]`).join(', ')}) as t(${names})`
  if (what === 'insert') {
    return `insert into ${quoted(table.name)} (${names}) select ${casts.join(', ')} from ${source} on conflict do nothing`
  }
  const set = columns.slice(table.key.length).map((column, i) => `${quoted(column)} = ${casts[table.key.length + i]}`)
  const same = table.key.map((column, i) => `o.${quoted(column)} = ${casts[i]}`)
  return `update ${quoted(table.name)} o set ${set.join(', ')} from ${source} where ${same.join(' and ')}`
}

const arrays = (columns: string[], rows: PortableRow[]) =>
  columns.map((column) => rows.map((row) => (row[column] === null ? null : String(row[column]))))

/** Truth values become 0 and 1, JSON becomes text, as SQLite stores them. */
function portable(row: Record<string, unknown>, types: Types): PortableRow {
  const values = Object.entries(row).map(([column, value]): [string, string | number | null] => {
    if (value === null || value === undefined) return [column, null]
    switch (types.get(column)) {
      case 'boolean':
        return [column, value ? 1 : 0]
      case 'jsonb':
        return [column, JSON.stringify(value)]
      case 'bigint':
        return [column, Number(value)]
      default:
        return [column, String(value)]
    }
  })
  return Object.fromEntries(values)
}
