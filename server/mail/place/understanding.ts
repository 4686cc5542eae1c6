import { setTimeout as sleep } from 'node:timers/promises'
import type { MailDeps } from '../deps.ts'
import { understand } from './ingest.ts'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/**
 * Understands the stored mails of a mailbox beside fetching them, in one run at a time and in order. What waits is rows
 * and not memory, so that a long way behind costs nothing but time.
 * @param tell is told of what stops it, and with null when it goes on
 */
export function startUnderstanding(deps: MailDeps, mailboxId: string, tell: (error: unknown) => void) {
  const stop = new AbortController()
  let more = true
  let kick = Promise.withResolvers<void>()

  async function run() {
    for (let failures = 0; !stop.signal.aborted; ) {
      if (!more) await kick.promise
      if (stop.signal.aborted) return
      more = false
      kick = Promise.withResolvers<void>()
      try {
        await understand(deps, mailboxId)
        if (failures > 0) tell(null)
        failures = 0
      } catch (error) {
        if (stop.signal.aborted) return
        // Nothing is lost: the mails are stored, and the next try begins where this one ended.
        tell(error)
        more = true
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures++, 10))
        await sleep(pause, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
  }
  const running = run()

  return {
    /** There is something new. */
    kick() {
      more = true
      kick.resolve()
    },
    /** Ends after the run under way. */
    async stop() {
      stop.abort()
      kick.resolve()
      await running
    },
  }
}
