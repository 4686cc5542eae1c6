import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { migrate as migrateSqlite } from 'drizzle-orm/better-sqlite3/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { postgres } from '../../db/columns.ts'
import { openDb } from '../../db/index.ts'
import type { PortableRow } from '../../db/portable/digest.ts'
import { openPostgresSide } from '../../db/portable/postgres-side.ts'
import { openSqliteFile } from '../../db/portable/sqlite-file.ts'
import type { PortableTable } from '../../db/portable/tables.ts'
import { databaseUrl } from '../postgres.ts'

/** How many migrations each released version has. */
const RELEASED = [['0.1.0', 2]] as const

const engine = postgres ? 'postgres' : 'sqlite'
const root = path.join(import.meta.dirname, '../..')

test.each(RELEASED)('a full database of version %s keeps every row through the upgrade', async (_, migrations) => {
  const old = await openOld(migrations)
  await old.fill()
  const before = await old.digests()
  expect(Object.keys(before).length).toBeGreaterThan(25)
  expect(Object.values(before).every(({ rows }) => rows === ROWS_EACH)).toBe(true)

  await (await openDb(old.url)).close()

  expect(await old.digests()).toEqual(before)
})

test('a database of a newer version is not opened, and is left as it is', async () => {
  const old = await openOld(2)
  await old.pretendNewer()

  await expect(openDb(old.url)).rejects.toThrow('The database was used by a newer Downfield')
})

if (!postgres) {
  test('before an upgrade the file is kept as it was', async () => {
    const old = await openOld(2)
    await old.fill()
    const before = await old.digests()

    await (await openDb(old.url)).close()

    const kept = openSqliteFile(`${old.url}.before-upgrade`, { readonly: true })
    onTestFinished(() => kept.close())
    expect(Object.fromEntries(kept.tables.map((table) => [table.name, kept.digest(table)]))).toEqual(before)
    // Once up to date there is nothing to keep.
    await rm(`${old.url}.before-upgrade`)
    await (await openDb(old.url)).close()
    expect((await readdir(path.dirname(old.url))).filter((name) => name.endsWith('.before-upgrade'))).toEqual([])
  })
}

const ROWS_EACH = 2

/** A database that has the first so many migrations, on the engine of the run. */
async function openOld(migrations: number) {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-upgrade-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const first = await firstMigrations(folder, engine, migrations)
  const file = path.join(folder, 'downfield.db')
  const tables = await makeSqlite(file, await firstMigrations(folder, 'sqlite', migrations))
  return postgres ? await oldPostgres(first, tables) : oldSqlite(file, tables)
}

function oldSqlite(file: string, tables: PortableTable[]) {
  const using = <T>(use: (db: ReturnType<typeof openSqliteFile>) => T): T => {
    const db = openSqliteFile(file)
    try {
      return use(db)
    } finally {
      db.close()
    }
  }
  return {
    url: file,
    async fill() {
      using((db) => {
        for (const table of tables) {
          const types = new Map(
            db.all('select name, type from pragma_table_info(?)', table.name).map(({ name, type }) => [name, type]),
          )
          const rows = rowsFor(db, table, (column) => types.get(column) === 'INTEGER')
          db.insert(table, rows)
        }
        expect(db.check()).toEqual([])
      })
    },
    digests: async () => using((db) => Object.fromEntries(tables.map((table) => [table.name, db.digest(table)]))),
    async pretendNewer() {
      using((db) => db.run('insert into __drizzle_migrations (hash, created_at) values (?, ?)', 'newer', 9e15))
    },
  }
}

async function oldPostgres(migrationsFolder: string, tables: PortableTable[]) {
  const server = inject('postgresUrl')
  const name = `old_${randomUUID().replaceAll('-', '')}`
  await onServer(server, (client) => client.query(`create database ${name}`))
  onTestFinished(() => onServer(server, (client) => client.query(`drop database ${name} with (force)`)))
  const url = databaseUrl(server, name)
  await onServer(url, (client) => migratePostgres(drizzlePostgres(client), { migrationsFolder }))
  return {
    url,
    async fill() {
      // The rows of a full SQLite file, brought over.
      const file = await fullFile(tables.length)
      const source = openSqliteFile(file)
      const side = await openPostgresSide(url)
      try {
        for (const table of tables) await side.insert(table, [...source.rows(table)])
      } finally {
        source.close()
        await side.close()
      }
    },
    async digests() {
      const side = await openPostgresSide(url)
      try {
        const all = []
        for (const table of tables) all.push([table.name, await side.digest(table)] as const)
        return Object.fromEntries(all)
      } finally {
        await side.close()
      }
    },
    async pretendNewer() {
      const statement = "insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9000000000000000)"
      await onServer(url, (client) => client.query(statement))
    },
  }

  async function fullFile(count: number): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'df-upgrade-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = path.join(folder, 'full.db')
    const made = await makeSqlite(file, await firstMigrations(folder, 'sqlite', RELEASED[0][1]))
    expect(made.length).toBe(count)
    await oldSqlite(file, made).fill()
    return file
  }
}

/** Rows with something in every column, that refer to the rows of the tables before. */
function rowsFor(
  db: ReturnType<typeof openSqliteFile>,
  table: PortableTable,
  isNumber: (column: string) => boolean,
): PortableRow[] {
  const references = db.all('select "from", "table", "to" from pragma_foreign_key_list(?)', table.name)
  return Array.from({ length: ROWS_EACH }, (_, i) => {
    const values = table.columns.map((column): [string, string | number | null] => {
      const reference = references.find(({ from }) => from === column)
      if (reference && !table.later.includes(column)) {
        const parents = db.all(`select "${reference.to}" as id from "${reference.table}" order by 1`)
        return [column, parents[i]!.id!]
      }
      if (reference) return [column, null]
      if (isNumber(column)) return [column, i]
      return [column, isJson(column) ? `[{"n":${i}}]` : `${column} ${i} ü`]
    })
    return Object.fromEntries(values)
  })
}

/** Columns that PostgreSQL takes JSON in alone. */
const isJson = (column: string) => JSON_COLUMNS.has(column)
const JSON_COLUMNS = new Set<string>()
for (const [, column] of (await readFile(path.join(root, 'migrations/postgres/0000_first.sql'), 'utf8')).matchAll(
  /"(\w+)" jsonb/g,
)) {
  JSON_COLUMNS.add(column!)
}

async function makeSqlite(file: string, migrationsFolder: string): Promise<PortableTable[]> {
  const db = new Database(file)
  migrateSqlite(drizzleSqlite(db), { migrationsFolder })
  db.close()
  const opened = openSqliteFile(file)
  try {
    return opened.tables
  } finally {
    opened.close()
  }
}

/** A folder with the first so many migrations. */
async function firstMigrations(folder: string, of: 'sqlite' | 'postgres', n: number): Promise<string> {
  const copy = path.join(folder, `migrations-${of}`)
  await cp(path.join(root, 'migrations', of), copy, { recursive: true })
  const file = path.join(copy, 'meta/_journal.json')
  // The cast: drizzle-kit's own file.
  const journal = JSON.parse(await readFile(file, 'utf8')) as { entries: unknown[] }
  await writeFile(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, n) }))
  return copy
}

async function onServer(url: string, use: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await use(client)
  } finally {
    await client.end()
  }
}
