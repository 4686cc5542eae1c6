import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

const HOUR_MS = 3_600_000

/**
 * Does a piece of work again and again until it is stopped, and each hour what `hourly` does. One bad round does not stop
 * the next.
 * @param fault what the log says where a round fails
 */
export function runRounds(
  { log, everyMs, fault, now }: { log: Logger; everyMs: number; fault: string; now: () => number },
  round: () => Promise<unknown>,
  hourly: () => Promise<unknown>,
): { stop(): Promise<void> } {
  const stop = new AbortController()
  const loop = (async () => {
    let hourAt = 0
    while (!stop.signal.aborted) {
      try {
        await round()
        if (now() - hourAt > HOUR_MS) {
          await hourly()
          hourAt = now()
        }
      } catch (error) {
        log.error({ err: error }, fault)
      }
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stop.abort()
      await loop
    },
  }
}
