import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, isNotNull, lte, sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { issues } from '../../db/schema.ts'
import { NO_DATE } from '../../db/vocabulary.ts'
import { nextReminderAt, remindDue } from './reminder.ts'
import { wake } from './snooze.ts'

/** How often it is looked where nothing woke us: another node may have put something off. */
const LOOK_EVERY_MS = 5_000
const LOOK_AT_MOST_EVERY_MS = 50
const MAX_A_ROUND = 100

const nextSnoozed = prepared((read) =>
  read
    .select({ id: issues.id, until: issues.snoozedUntil })
    .from(issues)
    .where(
      and(
        eq(issues.status, 'snoozed'),
        isNotNull(issues.snoozedUntil),
        lte(issues.snoozedUntil, sql.placeholder('before')),
      ),
    )
    .orderBy(asc(issues.snoozedUntil), asc(issues.id))
    .limit(MAX_A_ROUND)
    .prepare(UNNAMED),
)

/**
 * Wakes what is due. Any number of nodes may do it: each row is looked at again in the transaction that changes it, so
 * that an issue wakes once, and not where somebody moved it meanwhile.
 * @returns how many were woken
 */
export async function wakeDue(db: Db, now: number): Promise<number> {
  const due = await nextSnoozed(db.read).execute({ before: now })
  let woken = 0
  for (const { id } of due) {
    const isWoken = await db.write(async (tx) => {
      const [issue] = await tx.select().from(issues).where(eq(issues.id, id))
      if (!issue || issue.snoozedUntil === null || issue.snoozedUntil > now) return false
      await wake(tx, issue, now)
      return true
    })
    if (isWoken) woken++
  }
  return woken
}

/** When the next issue comes back, in ms since the epoch; null: none does by itself. */
async function nextWakeAt(db: Db): Promise<number | null> {
  const [next] = await nextSnoozed(db.read).execute({ before: NO_DATE - 1 })
  return next?.until ?? null
}

/** Brings back what was put off, at its time, and what became due while nothing ran. */
export function runWaker({ db, log, now = Date.now }: { db: Db; log: Logger; now?: () => number }): {
  stop(): Promise<void>
} {
  const stop = new AbortController()
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const told = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      let waitMs = LOOK_EVERY_MS
      try {
        while ((await wakeDue(db, now())) === MAX_A_ROUND && !stop.signal.aborted);
        while ((await remindDue(db, now())) === MAX_A_ROUND && !stop.signal.aborted);
        for (const nextAt of [await nextWakeAt(db), await nextReminderAt(db.read)])
          if (nextAt !== null) waitMs = Math.min(waitMs, Math.max(0, nextAt - now()))
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'snoozed issues could not be looked at; trying again')
      }
      await Promise.race([told, sleep(waitMs, undefined, { signal: enough }).catch(() => {})])
      await sleep(LOOK_AT_MOST_EVERY_MS)
    }
  })()
  return {
    async stop() {
      stop.abort()
      await loop
    },
  }
}
