import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { postgres } from './columns.ts'
import type * as schema from './schema.ts'
import { newShared, type Shared, wakeAcross } from './threads.ts'

type Handle = PgDatabase<PgQueryResultHKT, typeof schema>

/** Sees what is committed; cannot change anything. */
export type Reader = Pick<Handle, 'select' | 'selectDistinct' | '$with' | 'with' | '$count'>
/** Sees and changes, inside one transaction. */
export type Tx = Reader & Pick<Handle, 'insert' | 'update' | 'delete'>

export type Engine = {
  read: Reader
  write<T>(change: (tx: Tx) => Promise<T>): Promise<T>
  /** The plan of a statement as the engine explains it, for tests that ask whether an index is used. */
  explain(statement: string, parameters: unknown[]): Promise<string>
  close(): Promise<void>
}

export type Db = {
  /** Committed data. Refuses inside `write`: it would not see the transaction, and may wait for it for ever. */
  readonly read: Reader
  /**
   * A serializable transaction, all or nothing. It may run `change` again after a conflict, so nothing but `tx` happens
   * inside: no mail, no file, no clock, no random number that matters.
   */
  write<T>(change: (tx: Tx) => Promise<T>): Promise<T>
  explain: Engine['explain']
  close(): Promise<void>
  /** Emits 'wake' after each commit of this process: look at the events now. A hint; the rows are the truth. */
  wake: EventEmitter
  /** For another thread of this process that opens the database too (`joinDb`). */
  share(): Shared
}

/** Rolls back the rehearsal that tests ask for. */
const rehearsal = Symbol('rehearsal')

/** Called with every statement of `read`, for tests that ask whether an index is used. */
export type OnQuery = (statement: string, parameters: unknown[]) => void

/**
 * Opens the database and brings its schema up to date.
 * @param target a file for SQLite, or a postgres:// URL where DATABASE_URL is one
 */
export async function openDb(target: string, onQuery?: OnQuery): Promise<Db> {
  return await open({ shared: newShared(target), joins: false, onQuery })
}

/** Opens the database that another thread of this process has open. */
export async function joinDb(shared: Shared): Promise<Db> {
  return await open({ shared, joins: true })
}

/** How a database is opened. Who joins finds its schema up to date. */
export type Opening = { shared: Shared; joins: boolean; onQuery?: OnQuery | undefined }

async function open(opening: Opening): Promise<Db> {
  const engine = postgres
    ? await (await import('./postgres.ts')).openPostgres(opening)
    : await (await import('./sqlite.ts')).openSqlite(opening)
  const wake = new EventEmitter().setMaxListeners(0)
  const inside = new AsyncLocalStorage<true>()
  let others = opening.joins ? wakeAcross(opening.shared, wake) : undefined
  return {
    wake,
    explain: engine.explain,
    share() {
      others ??= wakeAcross(opening.shared, wake)
      return opening.shared
    },
    async close() {
      others?.close()
      others = undefined
      await engine.close()
    },
    get read() {
      if (inside.getStore()) throw new Error('read inside write: use tx')
      return engine.read
    },
    async write(change) {
      if (inside.getStore()) throw new Error('write inside write: pass tx on')
      const result = await inside.run(true, async () => {
        // Under test each transaction runs twice, the first time in vain: a conflict may do that any day.
        if (process.env.DB_TWICE) {
          const vain = engine.write(async (tx) => {
            await change(tx)
            throw rehearsal
          })
          await vain.catch((error: unknown) => {
            if (error !== rehearsal) throw error
          })
        }
        return await engine.write(change)
      })
      wake.emit('wake')
      others?.tell()
      return result
    },
  }
}
