import { once } from 'node:events'
import { asc, gt, inArray, sql } from 'drizzle-orm'
import { idAt, uuidv7 } from '../../db/ids.ts'
import type { Db, Tx } from '../../db/index.ts'
import { insertInto, prepared, UNNAMED } from '../../db/prepared.ts'
import { type Event, events } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'

type Happening = {
  action: Action
  at: number
  memberId?: string | null
  mailboxId?: string | null
  issueId?: string | null
  proposalId?: string | null
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
    proposalId: happening.proposalId ?? null,
    detail: happening.detail ?? {},
  }
  await insertEvent(tx, event)
  return event
}

/** How often the events are looked at when no commit of this process woke us. */
const LOOK_EVERY_MS = 1_000
/** Ids of concurrent transactions become visible out of order: the last stretch is read again, now and then. */
const OVERLAP_MS = 10_000
const AGAIN_EVERY_MS = 1_000
const MAX_EVENTS_A_LOOK = 1_000
const ROWS_AT_ONCE = 200

const idsAfter = prepared((read) =>
  read
    .select({ id: events.id, at: events.at })
    .from(events)
    .where(gt(events.id, sql.placeholder('after')))
    .orderBy(asc(events.id))
    .limit(MAX_EVENTS_A_LOOK)
    .prepare(UNNAMED),
)

/**
 * Calls `on` with every event from now on, whichever process wrote it, each once.
 * @param from the id after which events are told, where those of the past are wanted too
 * @returns a function that stops following
 */
export function followEvents(db: Db, on: (event: Event) => void, from?: string): () => Promise<void> {
  const stop = new AbortController()
  const known = new Map<string, number>()

  /** Hands over what is not known yet, and gives the ids of all that was there. */
  const look = async (after: string): Promise<string[]> => {
    const found = await idsAfter(db.read).execute({ after })
    const fresh = found.filter(({ id }) => !known.has(id)).map(({ id }) => id)
    for (let i = 0; i < fresh.length; i += ROWS_AT_ONCE) {
      const some = fresh.slice(i, i + ROWS_AT_ONCE)
      const rows = await db.read.select().from(events).where(inArray(events.id, some)).orderBy(asc(events.id))
      for (const event of rows) {
        known.set(event.id, event.at)
        on(event)
      }
    }
    return found.map(({ id }) => id)
  }

  const following = (async () => {
    let after = from ?? idAt(Date.now() - OVERLAP_MS)
    while (from === undefined) {
      const before = await idsAfter(db.read).execute({ after })
      for (const { id, at } of before) known.set(id, at)
      after = before.at(-1)?.id ?? after
      if (before.length < MAX_EVENTS_A_LOOK) break
    }
    let againAt = performance.now() + AGAIN_EVERY_MS
    while (!stop.signal.aborted) {
      const timeout = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: timeout }).catch(() => {})
      // What this process commits comes in order; what others do, or a clock that was set back, may not.
      if (performance.now() >= againAt) {
        const since = Date.now() - OVERLAP_MS
        const newest = after
        let page = await look(idAt(since))
        while (page.length === MAX_EVENTS_A_LOOK) page = await look(page.at(-1)!)
        after = [page.at(-1) ?? '', newest].sort().at(-1)!
        for (const [id, at] of known) if (at < since - OVERLAP_MS) known.delete(id)
        againAt = performance.now() + AGAIN_EVERY_MS
      } else {
        const page = await look(after)
        after = page.at(-1) ?? after
        // A full page may have more behind it: go on from its end before waiting.
        if (page.length === MAX_EVENTS_A_LOOK) continue
      }
      await woken
    }
  })()

  return async () => {
    stop.abort()
    await following
  }
}
