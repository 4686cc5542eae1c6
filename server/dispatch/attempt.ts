// What is told to somebody outside by itself, a mail to a member or a call of an address: a row before the first attempt,
// tried again with longer and longer waits. Who moves a row's time on has it, so any number of nodes may try.

import { and, eq, lte } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import type { notificationMails, pushes, webhookCalls } from '../../db/schema.ts'

/** The tables of such rows. */
type Dispatches = typeof webhookCalls | typeof notificationMails | typeof pushes
type Row = { id: string; attempts: number }

const MAX_RESPONSE = 300

/** What became of an attempt, with the words of who was told: it is done, has failed for good, or may be made again. */
export type Outcome = { outcome: 'done' | 'failed' | 'again'; response: string }

/** How long an attempt may take, and how long to wait after each that failed before it is given up; in ms. */
export type Patience = { attemptMs: number; retryAfterMs: readonly number[] }

/** Which rows of a table are to be tried now. */
export function isDue(table: Dispatches, now: number) {
  return and(eq(table.state, 'queued'), lte(table.dueAt, now))
}

/**
 * One attempt at a row that is due. A row that a process left behind in the middle of one is due again after an attempt's
 * time: who is told must be able to know it again, or not mind.
 * @returns what became of it; null where another node has it
 */
export async function attempt(
  db: Db,
  table: Dispatches,
  row: Row,
  { attemptMs, retryAfterMs }: Patience,
  act: () => Promise<Outcome>,
  clock: () => number,
): Promise<Outcome | null> {
  if (!(await claim(db, table, row, clock(), attemptMs))) return null
  let result: Outcome
  try {
    result = await act()
  } catch (error) {
    result = { outcome: 'again', response: error instanceof Error ? error.message : String(error) }
  }
  const wait = retryAfterMs[row.attempts]
  const isAgain = result.outcome === 'again' && wait !== undefined
  const to = {
    state: isAgain ? ('queued' as const) : result.outcome === 'done' ? ('done' as const) : ('failed' as const),
    response: result.response.slice(0, MAX_RESPONSE),
    ...(isAgain ? { dueAt: clock() + wait } : {}),
  }
  await db.write(async (tx) => {
    await tx.update(alike(table)).set(to).where(eq(table.id, row.id))
  })
  return result
}

async function claim(db: Db, table: Dispatches, { id, attempts }: Row, now: number, attemptMs: number) {
  return await db.write(async (tx) => {
    const mine = await tx
      .update(alike(table))
      .set({ attempts: attempts + 1, dueAt: now + attemptMs })
      .where(and(eq(table.id, id), eq(table.attempts, attempts), isDue(table, now)))
      .returning({ id: alike(table).id })
    return mine.length > 0
  })
}

/** The cast: of these tables only columns are written here that all have, and drizzle has no type for that. */
const alike = (table: Dispatches) => table as typeof webhookCalls
