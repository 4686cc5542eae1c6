import path from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { type Digest, openDigest, type PortableRow } from './digest.ts'
import { type PortableTable, tablesOf } from './tables.ts'

const migrationsFolder = path.join(import.meta.dirname, '../../migrations/sqlite')
/** How long another process's lock is waited for. */
const BUSY_MS = 30_000

/** A SQLite file that holds all rows of an installation, and is changed by nobody else. */
export type SqliteFile = {
  tables: PortableTable[]
  rows(table: PortableTable): Iterable<PortableRow>
  digest(table: PortableTable): Digest
  /** Adds rows, all or none. Rows refer to others that may come later: see `check`. */
  insert(table: PortableTable, rows: PortableRow[]): void
  /** Runs a statement that looks. */
  all(statement: string, ...parameters: unknown[]): PortableRow[]
  /** Runs a statement that changes, and says how many rows it changed. */
  run(statement: string, ...parameters: unknown[]): number
  /** What SQLite finds damaged, and rows that refer to nothing. */
  check(): string[]
  close(): void
}

/** Writes a consistent copy of a SQLite file that a server may be using, without holding it up. */
export function copySqlite(from: string, to: string): void {
  const source = new Database(from, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
  try {
    // One read transaction, however long it takes; better-sqlite3's backup() begins again with every change.
    source.prepare('vacuum into ?').run(to)
  } finally {
    source.close()
  }
}

/** Makes a file with the schema of this version and no rows, also not those that a migration writes. */
export function createSqliteFile(file: string): SqliteFile {
  bringSqliteUpToDate(file)
  const made = openSqliteFile(file)
  for (const { name } of made.tables) made.run(`delete from ${quoted(name)}`)
  return made
}

/** Gives a file that nobody uses the schema of this version; one that is missing is made. */
export function bringSqliteUpToDate(file: string): void {
  const db = new Database(file)
  try {
    db.pragma('foreign_keys = off')
    migrate(drizzle(db), { migrationsFolder })
  } finally {
    db.close()
  }
}

/** Opens a file without bringing its schema up to date. */
export function openSqliteFile(file: string, { readonly = false } = {}): SqliteFile {
  const db = new Database(file, { readonly, fileMustExist: true, timeout: BUSY_MS })
  db.pragma('foreign_keys = off')
  const rows = (table: PortableTable) =>
    db.prepare(`select * from ${quoted(table.name)}`).iterate() as Iterable<PortableRow>
  return {
    tables: tablesOf(db),
    rows,
    digest(table) {
      const digest = openDigest(table.columns)
      for (const row of rows(table)) digest.add(row)
      return digest.end()
    },
    insert(table, rows) {
      const places = table.columns.map(() => '?').join(', ')
      const columns = table.columns.map(quoted).join(', ')
      const insert = db.prepare(`insert into ${quoted(table.name)} (${columns}) values (${places})`)
      db.transaction(() => {
        for (const row of rows) insert.run(table.columns.map((column) => row[column] ?? null))
      })()
    },
    all: (statement, ...parameters) => db.prepare(statement).all(...parameters) as PortableRow[],
    run: (statement, ...parameters) => db.prepare(statement).run(...parameters).changes,
    check() {
      const integrity = (db.pragma('integrity_check') as { integrity_check: string }[])
        .map(({ integrity_check }) => integrity_check)
        .filter((line) => line !== 'ok')
      const broken = db.pragma('foreign_key_check') as { table: string; parent: string }[]
      return [...integrity, ...broken.map(({ table, parent }) => `A row of ${table} refers to no row of ${parent}.`)]
    },
    close: () => db.close(),
  }
}

/** A name as both engines take it. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
