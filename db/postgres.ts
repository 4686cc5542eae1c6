import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import type { Engine, Opening, Tx } from './index.ts'
import { migrationState } from './migration-state.ts'
import * as schema from './schema.ts'

pg.types.setTypeParser(pg.types.builtins.INT8, Number) // count(*) and sums are numbers, as on SQLite

const config = { schema, casing: 'snake_case' } as const
const migrationsFolder = path.join(import.meta.dirname, '../migrations/postgres')

const MAX_CONNECTIONS = 10
const MAX_TRIES = 50
/** Any number of our own: nodes that start together migrate one after the other. */
const MIGRATION_LOCK = 7_325_601

/** Serialization failure and deadlock (SQLSTATE class 40): the transaction may be run again. */
function isConflict(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown }
  return code === '40001' || code === '40P01' || (cause !== undefined && isConflict(cause))
}

/**
 * A sequential scan of a small table would conflict with every write to it, so there is none. Who lost twice waits for
 * a turn: losers run one after the other, and a hot row starves nobody. The lock comes before the first query, since
 * the snapshot is taken with it.
 */
function beginning(attempt: number): string {
  const turn = attempt > 1 ? 'lock table turn in exclusive mode' : ''
  return `begin isolation level serializable; set local enable_seqscan = off; ${turn}`
}

/** When the newest migration that the database has was written. */
async function newestMigration(client: pg.PoolClient): Promise<number | undefined> {
  const { rows: kept } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as name")
  if (!kept[0]?.name) return undefined
  const { rows } = await client.query('select max(created_at) as newest from drizzle.__drizzle_migrations')
  return rows[0]?.newest === null ? undefined : Number(rows[0]?.newest)
}

async function bringUpToDate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    migrationState('postgres', await newestMigration(client))
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    client.release(true) // closing the connection frees the lock
  }
}

/** A pool; each `write` is a serializable transaction that is tried again after a conflict. */
export async function openPostgres({ shared, joins, onQuery }: Opening): Promise<Engine> {
  const pool = new pg.Pool({ connectionString: shared.target, max: MAX_CONNECTIONS })
  // A lost connection is replaced; one inside a transaction fails its next query. Without listeners the process ends.
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}))
  if (!joins) await bringUpToDate(pool)
  const handles = new WeakMap<pg.PoolClient, Tx>()
  const handleOf = (client: pg.PoolClient) => {
    const known = handles.get(client)
    if (known) return known
    const handle = drizzle(client, config) as unknown as Tx
    handles.set(client, handle)
    return handle
  }

  return {
    read: drizzle(pool, onQuery ? { ...config, logger: { logQuery: onQuery } } : config) as unknown as Engine['read'],
    async write(change) {
      for (let attempt = 0; ; attempt++) {
        const client = await pool.connect()
        let broken = false
        try {
          await client.query(beginning(attempt))
          const result = await change(handleOf(client))
          // After a failed statement PostgreSQL answers a commit with a silent rollback.
          const { command } = await client.query('commit')
          if (command !== 'COMMIT') throw new Error('a statement of the transaction failed')
          return result
        } catch (error) {
          await client.query('rollback').catch(() => {
            broken = true
          })
          if (!isConflict(error) || attempt >= MAX_TRIES) throw error
        } finally {
          client.release(broken)
        }
        await setTimeout(Math.random() * Math.min(50, 2 ** attempt))
      }
    },
    async explain(statement, parameters) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query('set local enable_seqscan = off')
        const { rows } = await client.query(`explain ${statement}`, parameters)
        await client.query('rollback')
        return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
      } finally {
        client.release(true)
      }
    },
    close: () => pool.end(),
  }
}
