// Several threads of this process may have the database open: they tell each other of commits, and on SQLite, which has
// one writer at a time, they take turns. Waiting for its lock instead would stop all that a thread does.

import { randomUUID } from 'node:crypto'
import type { EventEmitter } from 'node:events'

/** What another thread needs to open the same database. May be posted to it. */
export type Shared = { target: string; channel: string; turns: Int32Array<SharedArrayBuffer> }

/** Where in `turns` stands how many turns were asked for, and which one it is. */
const ASKED = 0
const CURRENT = 1

export function newShared(target: string): Shared {
  const turns = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  return { target, channel: `downfield ${randomUUID()}`, turns }
}

/**
 * Waits until it is our turn, in the order of asking, whichever thread asks.
 * @returns what ends the turn
 */
export async function takeTurn({ turns }: Shared): Promise<() => void> {
  const mine = Atomics.add(turns, ASKED, 1)
  for (;;) {
    const current = Atomics.load(turns, CURRENT)
    if (current === mine) break
    // To wait for memory does not keep a thread from ending for want of anything to do: then its turn would never end.
    const alive = setInterval(() => {}, 60_000)
    await Atomics.waitAsync(turns, CURRENT, current).value
    clearInterval(alive)
  }
  return () => {
    Atomics.add(turns, CURRENT, 1)
    Atomics.notify(turns, CURRENT)
  }
}

/** Has commits of each thread wake the others. */
export function wakeAcross({ channel }: Shared, wake: EventEmitter): { tell(): void; close(): void } {
  const others = new BroadcastChannel(channel)
  others.onmessage = () => wake.emit('wake')
  others.unref()
  return {
    tell: () => others.postMessage(null),
    close: () => others.close(),
  }
}
