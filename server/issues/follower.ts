import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import type { Logger } from 'pino'
import { idAt } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import { cursors, type Event } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { followEvents } from './event.ts'

/** Events of transactions that ended late may lie so far behind the cursor: they are looked at again after a start. */
const AGAIN_MS = 10_000
const MAX_A_ROUND = 25
/** Nobody waits for a follower, and a thousand old mails may come in at once: it rests as long as it works. */
const LONGEST_REST_MS = 100
const KEEP_CURSOR_EVERY_MS = 2_000
const AFTER_A_FAULT_MS = 1_000
/** What can't be handled so often in a row is passed over: what comes after it must not wait for ever. */
const MAX_TRIES = 5

export type Follower = { stop(): Promise<void> }

/**
 * Hands events to a worker, in rounds, from where it had come before the process ended. What it does may be asked for
 * again after a crash, and by other nodes: it must come out the same.
 * @param name of the cursor
 * @param most so many events are handed over at once
 */
export async function runFollower(
  { db, log, now = Date.now }: { db: Db; log: Logger; now?: () => number },
  name: string,
  wanted: ReadonlySet<Action>,
  handle: (events: Event[]) => Promise<void>,
  most = MAX_A_ROUND,
): Promise<Follower> {
  const stop = new AbortController()
  const [kept] = await db.read.select().from(cursors).where(eq(cursors.name, name))
  const queue: Event[] = []
  let reached: Pick<Event, 'id' | 'at'> | undefined
  let woken = Promise.withResolvers<void>()
  const from = idAt((kept?.at ?? now()) - AGAIN_MS)
  const unfollow = followEvents(
    db,
    (event) => {
      if (wanted.has(event.action)) queue.push(event)
      // Without anything in the queue the cursor goes along with what is of no interest.
      else if (queue.length === 0) reached = event
      woken.resolve()
    },
    kept ? from : undefined,
  )

  async function keep() {
    if (!reached) return
    const at = { eventId: reached.id, at: reached.at }
    reached = undefined
    await db.write(async (tx) => {
      await tx
        .insert(cursors)
        .values({ name, ...at })
        .onConflictDoUpdate({ target: cursors.name, set: at })
    })
  }

  const loop = (async () => {
    let tries = 0
    let keptAt = 0
    // Who never ran begins now: what was before is no news.
    if (!kept) reached = { id: idAt(now()), at: now() }
    while (!stop.signal.aborted) {
      const began = performance.now()
      try {
        const round = queue.slice(0, tries === 0 ? most : 1)
        if (round.length > 0) {
          await handle(round)
          queue.splice(0, round.length)
          reached = round.at(-1)
          tries = 0
        }
        if (performance.now() - keptAt > KEEP_CURSOR_EVERY_MS) {
          await keep()
          keptAt = performance.now()
        }
      } catch (error) {
        log.error({ err: error, worker: name }, 'events could not be handled; trying again')
        if (++tries >= MAX_TRIES) {
          queue.shift()
          tries = 0
        }
        await sleep(AFTER_A_FAULT_MS, undefined, { signal: stop.signal }).catch(() => {})
      }
      if (queue.length > 0) {
        // At least a turn of the event loop: a database in this thread answers without one.
        const worked = performance.now() - began
        await sleep(Math.min(worked, LONGEST_REST_MS), undefined, { signal: stop.signal }).catch(() => {})
        continue
      }
      woken = Promise.withResolvers()
      const enough = sleep(KEEP_CURSOR_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
      await Promise.race([woken.promise, enough])
    }
  })()

  return {
    async stop() {
      stop.abort()
      await loop
      await unfollow()
      await keep().catch(() => {})
    },
  }
}
