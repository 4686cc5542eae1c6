import { once } from 'node:events'
import { setTimeout as sleep, setImmediate as yieldToOthers } from 'node:timers/promises'
import { asc, eq, inArray } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Blobs } from '../../../db/blobs.ts'
import type { Db, Tx } from '../../../db/index.ts'
import { nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import { type Import, imports, type Member, members } from '../../../db/schema.ts'
import { may } from '../../access/may.ts'
import { Invalid, NotFound, Refused } from '../../errors.ts'
import { carryOut, writeProgress } from './carry-out.ts'
import type { Complaint, Imported } from './line.ts'
import { forgetTable, readingOf, readLines, tableOf } from './reading.ts'
import { takeBackSome } from './take-back.ts'

/** So many rows are imported in one transaction: nobody waits for it. */
const ROWS_AT_ONCE = 50
const LOOK_EVERY_MS = 5_000
const LOOK_AT_MOST_EVERY_MS = 100
/** Every node asks for this lease; who has it does the imports. */
const LEASE = 'imports'

type WorkerDeps = { db: Db; blobs: Blobs; log: Logger; now?: () => number }

/**
 * Carries imports out and takes them back, and goes on with what a process that is gone left behind: how far it came is
 * committed with the proposals.
 */
export function runImports({ db, blobs, log, now = Date.now }: WorkerDeps): { stop(): Promise<void> } {
  const stop = new AbortController()
  const me = nodeName()
  const working = (async () => {
    while (!stop.signal.aborted) {
      const timeout = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: timeout }).catch(() => {})
      try {
        const [next] = await underWay(db)
        if (next && (await takeLease(db, LEASE, me, now()))) {
          await workImports(db, blobs, now, me, stop.signal)
          await releaseLease(db, LEASE, me)
          continue
        }
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'an import broke off; trying again')
      }
      await woken
      await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
    await releaseLease(db, LEASE, me).catch(() => {})
  })()
  return {
    async stop() {
      stop.abort()
      await working
    },
  }
}

/** Works until no import is under way. */
export async function workImports(
  db: Db,
  blobs: Pick<Blobs, 'get'>,
  now: () => number,
  me: string,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    const [id] = await underWay(db)
    if (id === undefined) return
    const lines = await linesOf(db, blobs, id, now())
    for (let more = true; more; ) {
      if (signal?.aborted || !(await takeLease(db, LEASE, me, now()))) return
      more = await db.write((tx) => workSome(tx, id, lines, now()))
      await yieldToOthers()
    }
    forgetTable()
  }
}

async function underWay(db: Db): Promise<string[]> {
  const rows = await db.read
    .select({ id: imports.id })
    .from(imports)
    .where(inArray(imports.state, ['running', 'undoing']))
    .orderBy(asc(imports.createdAt))
  return rows.map(({ id }) => id)
}

type Lines = (Imported | Complaint[])[]

/** The rows of an import's file; a sentence where they can no longer be read. */
async function linesOf(db: Db, blobs: Pick<Blobs, 'get'>, id: string, now: number): Promise<Lines | string> {
  const [one] = await db.read.select().from(imports).where(eq(imports.id, id))
  if (one?.state !== 'running') return []
  try {
    return readLines(await readingOf(db.read, await tableOf(blobs, one), one, now))
  } catch (error) {
    const isExpected = [Invalid, NotFound, Refused].some((expected) => error instanceof expected)
    if (isExpected && error instanceof Error) return error.message
    throw error
  }
}

/**
 * Does the next rows of an import.
 * @returns whether there are more
 */
async function workSome(tx: Tx, id: string, lines: Lines | string, now: number): Promise<boolean> {
  const [one] = await tx.select().from(imports).where(eq(imports.id, id))
  if (one?.state !== 'running' && one?.state !== 'undoing') return false
  const [by] = await tx.select().from(members).where(eq(members.id, one.memberId))
  const error =
    !by || by.disabledAt !== null || !may(by, 'import proposals')
      ? 'Who asked for it may no longer import.'
      : typeof lines === 'string'
        ? lines
        : null
  if (error !== null || !by || typeof lines === 'string') {
    await writeProgress(tx, { ...one, state: 'failed', error, finishedAt: now })
    return false
  }
  const come = one.state === 'undoing' ? await undoSome(tx, one, by, now) : await importSome(tx, one, lines, by, now)
  await writeProgress(tx, come)
  return come.state === one.state
}

async function importSome(tx: Tx, one: Import, lines: Lines, by: Member, now: number): Promise<Import> {
  const some = lines.slice(one.done, one.done + ROWS_AT_ONCE)
  const good = some.filter((row): row is Imported => !Array.isArray(row))
  const counts = await carryOut(tx, one, good, by, now)
  const done = one.done + some.length
  const isOver = done >= lines.length
  return {
    ...one,
    done,
    created: one.created + counts.created,
    updated: one.updated + counts.updated,
    same: one.same + counts.same,
    broken: one.broken + some.length - good.length,
    ...(isOver ? { state: 'done', finishedAt: now } : {}),
  }
}

async function undoSome(tx: Tx, one: Import, by: Member, now: number): Promise<Import> {
  const { looked, kept } = await takeBackSome(tx, one, ROWS_AT_ONCE, by, now)
  const isOver = looked < ROWS_AT_ONCE
  return {
    ...one,
    done: one.done + looked,
    kept: one.kept + kept,
    ...(isOver ? { state: 'undone', finishedAt: now } : {}),
  }
}
