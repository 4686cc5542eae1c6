import type { Db } from '../../db/index.ts'
import type { Event } from '../../db/schema.ts'
import { followEvents } from './event.ts'
import { type Watching, watchPresence } from './presence.ts'

/** One reader of the events for all who watch, so that a hundred open pages cost one query. */
export type Feed = {
  /** Calls `on` with each event from now on; returns a function that stops it. */
  subscribe(on: (event: Event) => void): () => void
  /** Who looks where and writes where: now, and never kept. */
  presence: Pick<Watching, 'subscribe'>
  close(): Promise<void>
}

export function openFeed(db: Db, clock: () => number = Date.now): Feed {
  const presence = watchPresence(db, clock)
  const listeners = new Set<(event: Event) => void>()
  const stop = followEvents(db, (event) => {
    for (const listener of listeners) listener(event)
  })
  return {
    subscribe(on) {
      listeners.add(on)
      return () => listeners.delete(on)
    },
    presence,
    async close() {
      await Promise.all([stop(), presence.close()])
    },
  }
}
