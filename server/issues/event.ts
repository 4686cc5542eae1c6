import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { and, asc, gt, inArray, lte, sql } from 'drizzle-orm'
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
  contactId?: string | null
  organizationId?: string | null
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
    contactId: happening.contactId ?? null,
    organizationId: happening.organizationId ?? null,
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
const MAX_EVENTS_A_LOOK = 500

const eventsAfter = prepared((read) =>
  read
    .select()
    .from(events)
    .where(gt(events.id, sql.placeholder('after')))
    .orderBy(asc(events.id))
    .limit(MAX_EVENTS_A_LOOK)
    .prepare(UNNAMED),
)
const idsAfter = prepared((read) =>
  read
    .select({ id: events.id })
    .from(events)
    .where(gt(events.id, sql.placeholder('after')))
    .orderBy(asc(events.id))
    .limit(MAX_EVENTS_A_LOOK)
    .prepare(UNNAMED),
)
const countBetween = prepared((read) =>
  read
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(events)
    .where(and(gt(events.id, sql.placeholder('after')), lte(events.id, sql.placeholder('last'))))
    .prepare(UNNAMED),
)

type Tail = {
  /** Calls `on` with each event from now on; gives what ends it. */
  follow(on: (event: Event) => void): () => Promise<void>
}

/** One reader of the events for all in this thread who follow them: another follower costs no query. */
const tails = new WeakMap<Db, Tail>()

/**
 * Calls `on` with every event from now on, whichever process wrote it, each once.
 * @param from the id after which events are told, where those of the past are wanted too
 * @returns a function that stops following
 */
export function followEvents(db: Db, on: (event: Event) => void, from?: string): () => Promise<void> {
  const tail = tails.get(db) ?? openTail(db)
  tails.set(db, tail)
  return from === undefined ? tail.follow(on) : followFrom(db, tail, on, from)
}

/** What was before is read page by page; what happens meanwhile waits for it, and is told once. */
function followFrom(db: Db, tail: Tail, on: (event: Event) => void, from: string): () => Promise<void> {
  let waiting: Event[] | undefined = []
  let stopped = false
  const told = new Set<string>()
  const unfollow = tail.follow((event) => {
    if (waiting) waiting.push(event)
    else if (!told.has(event.id)) on(event)
  })
  const past = (async () => {
    for (let after = from; !stopped; ) {
      const page = await eventsAfter(db.read).execute({ after })
      for (const event of page) {
        told.add(event.id)
        on(event)
      }
      after = page.at(-1)?.id ?? after
      if (page.length < MAX_EVENTS_A_LOOK) break
    }
    for (const event of waiting ?? []) if (!stopped && !told.has(event.id)) on(event)
    waiting = undefined
  })()
  return async () => {
    stopped = true
    await unfollow()
    await past
  }
}

/** Reads the events as long as anybody follows them. */
function openTail(db: Db): Tail {
  const followers = new Set<(event: Event) => void>()
  let reading: { stop: AbortController; ended: Promise<void> } | undefined
  return {
    follow(on) {
      followers.add(on)
      if (!reading) {
        const stop = new AbortController()
        const tell = (event: Event) => {
          for (const follower of followers) follower(event)
        }
        reading = { stop, ended: readTail(db, tell, stop.signal) }
      }
      return async () => {
        followers.delete(on)
        if (followers.size > 0 || !reading) return
        const { stop, ended } = reading
        reading = undefined
        stop.abort()
        await ended
      }
    },
  }
}

async function readTail(db: Db, tell: (event: Event) => void, stop: AbortSignal): Promise<void> {
  /** The events of the last stretch. */
  const known = new Set<string>()
  let after = idAt(Date.now() - OVERLAP_MS)
  const tellAll = (found: Event[]) => {
    for (const event of found) {
      if (known.has(event.id)) continue
      known.add(event.id)
      tell(event)
    }
  }
  for (;;) {
    const before = await idsAfter(db.read).execute({ after })
    for (const { id } of before) known.add(id)
    after = before.at(-1)?.id ?? after
    if (before.length < MAX_EVENTS_A_LOOK) break
  }
  let againAt = performance.now() + AGAIN_EVERY_MS
  while (!stop.aborted) {
    const timeout = AbortSignal.any([stop, AbortSignal.timeout(LOOK_EVERY_MS)])
    const woken = once(db.wake, 'wake', { signal: timeout }).catch(() => {})
    const page = await eventsAfter(db.read).execute({ after })
    tellAll(page)
    after = page.at(-1)?.id ?? after
    // A full page may have more behind it: go on from its end before waiting, after whoever waits for this thread.
    if (page.length === MAX_EVENTS_A_LOOK) {
      await setImmediate()
      continue
    }
    // What this process commits comes in order; what others do, or a clock that was set back, may not.
    if (performance.now() >= againAt) {
      const since = idAt(Date.now() - OVERLAP_MS)
      for (const id of known) if (id <= since) known.delete(id)
      const [there] = await countBetween(db.read).execute({ after: since, last: after })
      if ((there?.n ?? 0) > known.size) tellAll(await eventsBetween(db, since, after, known))
      againAt = performance.now() + AGAIN_EVERY_MS
    }
    await woken
  }
}

/** The events of a stretch that are not known. */
async function eventsBetween(db: Db, from: string, last: string, known: ReadonlySet<string>): Promise<Event[]> {
  const found: Event[] = []
  for (let after = from; after < last; ) {
    const page = await idsAfter(db.read).execute({ after })
    const ids = page.flatMap(({ id }) => (id <= last && !known.has(id) ? [id] : []))
    if (ids.length > 0)
      found.push(...(await db.read.select().from(events).where(inArray(events.id, ids)).orderBy(asc(events.id))))
    if (page.length < MAX_EVENTS_A_LOOK) break
    after = page.at(-1)!.id
    await setImmediate()
  }
  return found
}
