import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Engine, Opening, Tx } from './index.ts'
import { migrationState } from './migration-state.ts'
import * as schema from './schema.ts'
import { takeTurn } from './threads.ts'

const config = { schema, casing: 'snake_case' } as const
const migrationsFolder = path.join(import.meta.dirname, '../migrations/sqlite')

const MAX_STATEMENTS = 1_000
const CACHE_KIB = 32_000
/** Pages that the log may have before they are moved to the file (16 MB): those that change often move once. */
const LOG_PAGES = 4_000
/** How long another process's lock is waited for. */
const BUSY_MS = 5_000

type Live = { state: 'none' | 'open' | 'failed' }
type Statement = Database.Statement & { raw(): Statement }

/**
 * Statements are prepared once, by their text. On the writer they need an open transaction, and a failed one kills it,
 * as on PostgreSQL: an error swallowed inside `write` must not commit the rest.
 */
function cacheStatements(db: Database.Database, live?: Live): Database.Database {
  const prepare = db.prepare.bind(db)
  const cache = new Map<string, unknown>()
  const guard = (statement: Statement, live: Live) => {
    const call =
      (method: (...parameters: unknown[]) => unknown) =>
      (...parameters: unknown[]) => {
        if (live.state !== 'open')
          throw new Error(`no open transaction (${live.state}): was tx used after write ended?`)
        try {
          return method.apply(statement, parameters)
        } catch (error) {
          live.state = 'failed'
          throw error
        }
      }
    return {
      run: call(statement.run),
      all: call(statement.all),
      get: call(statement.get),
      raw() {
        statement.raw()
        return this
      },
    }
  }
  const cached = (text: string) => {
    let statement = cache.get(text)
    if (!statement) {
      if (cache.size >= MAX_STATEMENTS) cache.clear()
      const prepared = prepare(withStablePlan(text)) as Statement
      statement = live ? guard(prepared, live) : prepared
      cache.set(text, statement)
    }
    return statement
  }
  return Object.assign(db, { prepare: cached as typeof db.prepare })
}

/** A quoted text or name, or the place of a value. */
const VALUE_OR_QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g

/**
 * Has SQLite plan a statement once. It would plan anew before each run where a value that is compared may change the plan,
 * and better-sqlite3 empties the values after each run, which counts as such a change: that takes ten times as long as
 * most of our queries. What is behind a plus is not looked at when planning.
 */
function withStablePlan(text: string): string {
  return text.replace(VALUE_OR_QUOTED, (found) => (found === '?' ? '+?' : found))
}

function tune(db: Database.Database) {
  db.pragma(`cache_size = -${CACHE_KIB}`)
  db.pragma('temp_store = memory')
  db.pragma('trusted_schema = off')
}

/** Foreign keys are off while migrating: rebuilding a table inside the migrator's transaction would cascade. */
function bringUpToDate(writer: Database.Database, file: string) {
  if (migrationState('sqlite', newestMigration(writer)) === 'behind') keepAsItWas(writer, file)
  writer.pragma('foreign_keys = off')
  migrate(drizzle(writer), { migrationsFolder })
  const broken = writer.pragma('foreign_key_check') as unknown[]
  if (broken.length > 0) throw new Error(`the database has ${broken.length} rows that refer to nothing`)
  writer.pragma('foreign_keys = on')
  writer.pragma('optimize')
}

/** When the newest migration that a file has was written. */
function newestMigration(db: Database.Database): number | undefined {
  const kept = db.prepare("select 1 from sqlite_schema where name = '__drizzle_migrations'").get()
  if (!kept) return undefined
  const row = db.prepare('select max(created_at) as newest from __drizzle_migrations').get() as {
    newest: number | null
  }
  return row.newest ?? undefined
}

/** A copy of the file from before a migration, should somebody want to go back to the version before. One is kept. */
function keepAsItWas(writer: Database.Database, file: string) {
  const copy = `${file}.before-upgrade`
  rmSync(copy, { force: true })
  writer.prepare('vacuum into ?').run(copy)
}

/** One writer with a queue, and one reader beside it, which it never holds up (WAL). */
export async function openSqlite({ shared, joins, onQuery }: Opening): Promise<Engine> {
  const file = shared.target
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  const writer = new Database(file, { timeout: BUSY_MS })
  writer.pragma('journal_mode = wal')
  writer.pragma('synchronous = normal')
  writer.pragma('journal_size_limit = 67108864')
  writer.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
  tune(writer)
  if (!joins) bringUpToDate(writer, file)
  const begin = writer.prepare('begin immediate')
  const commit = writer.prepare('commit')
  const rollback = writer.prepare('rollback')
  const live: Live = { state: 'none' }
  const tx = drizzle(cacheStatements(writer, live), config) as unknown as Tx
  const reader = new Database(file, { readonly: true, timeout: BUSY_MS })
  tune(reader)
  const logged = onQuery ? { ...config, logger: { logQuery: onQuery } } : config
  const read = drizzle(cacheStatements(reader), logged) as unknown as Engine['read']
  let tail: Promise<unknown> = Promise.resolve()

  return {
    read,
    write(change) {
      const run = tail.then(async () => {
        const endTurn = await takeTurn(shared)
        try {
          begin.run()
          live.state = 'open'
          const result = await change(tx)
          if ((live.state as Live['state']) !== 'open') throw new Error('a statement of the transaction failed')
          commit.run()
          return result
        } catch (error) {
          if (writer.inTransaction) rollback.run()
          throw error
        } finally {
          live.state = 'none'
          endTurn()
        }
      })
      tail = run.catch(() => {})
      return run
    },
    async explain(statement, parameters) {
      const rows = reader.prepare(`explain query plan ${statement}`).all(...parameters) as { detail: string }[]
      return rows.map((row) => row.detail).join('\n')
    },
    async close() {
      await tail
      reader.close()
      writer.close()
    },
  }
}
