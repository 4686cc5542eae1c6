import { once } from 'node:events'
import { asc, gt } from 'drizzle-orm'
import { idAt, uuidv7 } from '../../db/ids.ts'
import type { Db, Tx } from '../../db/index.ts'
import { insertInto } from '../../db/prepared.ts'
import { type Event, events } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'

type Happening = {
  action: Action
  at: number
  memberId?: string | null
  mailboxId?: string | null
  issueId?: string | null
  detail?: Record<string, unknown>
}

const insertEvent = insertInto(events)

/** Writes down what happened, in the transaction that made it happen. */
export async function record(tx: Tx, happening: Happening): Promise<Event> {
  const event: Event = {
    id: uuidv7(),
    at: happening.at,
    action: happening.action,
    memberId: happening.memberId ?? null,
    mailboxId: happening.mailboxId ?? null,
    issueId: happening.issueId ?? null,
    detail: happening.detail ?? {},
  }
  await insertEvent(tx, event)
  return event
}

/** How often the events are looked at when no commit of this process woke us. */
const LOOK_EVERY_MS = 1_000
/** Ids of concurrent transactions become visible out of order: the last stretch is read again, known ids dropped. */
const OVERLAP_MS = 10_000
const MAX_EVENTS_A_LOOK = 1_000

/**
 * Calls `on` with every event from now on, whichever process wrote it, each once.
 * @returns a function that stops following
 */
export function followEvents(db: Db, on: (event: Event) => void): () => Promise<void> {
  const stop = new AbortController()
  const known = new Map<string, number>()

  const look = async (since: number) =>
    await db.read
      .select()
      .from(events)
      .where(gt(events.id, idAt(since)))
      .orderBy(asc(events.id))
      .limit(MAX_EVENTS_A_LOOK)

  const following = (async () => {
    let since = Date.now() - OVERLAP_MS
    for (const event of await look(since)) known.set(event.id, event.at)
    while (!stop.signal.aborted) {
      const timeout = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: timeout }).catch(() => {})
      const found = await look(since)
      for (const event of found) {
        if (known.has(event.id)) continue
        known.set(event.id, event.at)
        on(event)
      }
      // A full page may have more behind it: go on from its end before waiting.
      const last = found.at(-1)
      if (last && found.length === MAX_EVENTS_A_LOOK) {
        since = Math.max(since + 1, last.at)
        continue
      }
      since = Date.now() - OVERLAP_MS
      for (const [id, at] of known) if (at < since - OVERLAP_MS) known.delete(id)
      await woken
    }
  })()

  return async () => {
    stop.abort()
    await following
  }
}
