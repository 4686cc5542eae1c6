import { setTimeout as sleep } from 'node:timers/promises'

/** What tells the time and waits. Tests and the simulator have their own, in which hours pass in no time. */
export type Clock = { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> }

/** A clock that stands still until somebody waits by it. */
export type VirtualClock = Clock & {
  pass(ms: number): void
  /** How long each wait was. */
  waited: number[]
}

export function virtualClock(start = Date.parse('2026-11-02T09:00:00Z')): VirtualClock {
  let now = start
  const waited: number[] = []
  return {
    now: () => now,
    waited,
    pass(ms) {
      now += ms
    },
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      waited.push(ms)
      now += ms
    },
  }
}

/** The clock on the wall. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
}
