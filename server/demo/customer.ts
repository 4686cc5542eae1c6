import { answerMail } from './answer.ts'
import { arrivalMail } from './arrival.ts'
import type { DemoMailbox } from './mailbox.ts'

/** Mail arrives this much earlier or later than the rhythm says, as a part of it. */
const JITTER = 0.4

/**
 * Lets mail arrive while the demo runs: about every `everyMs` a new matter or a mail that goes on with one, and
 * `replyAfterMs` after the product sent something an answer to it. Ends with `signal`.
 */
export function startCustomers(
  mailbox: DemoMailbox,
  options: { everyMs: number; replyAfterMs: number; signal: AbortSignal; now?: () => number },
): void {
  const { everyMs, replyAfterMs, signal, now = Date.now } = options
  const timers = new Set<NodeJS.Timeout>()
  const later = (ms: number, act: () => void) => {
    if (signal.aborted) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }
  signal.addEventListener('abort', () => {
    for (const timer of timers) clearTimeout(timer)
  })

  let count = 0
  const arrive = () => {
    mailbox.deliver(arrivalMail(count++, now()), { internalAt: now() })
    later(jittered(everyMs), arrive)
  }
  later(jittered(everyMs), arrive)

  const answered = new Map<string, number>()
  mailbox.onSent((sent) => {
    later(replyAfterMs, async () => {
      try {
        const answer = await answerMail(sent, answered, now())
        if (answer && !signal.aborted) mailbox.deliver(answer, { internalAt: now() })
      } catch (error) {
        // One mail without an answer must not end the demo.
        console.error('demo: the customer could not read a mail', error)
      }
    })
  })
}

const jittered = (ms: number) => ms * (1 - JITTER + 2 * JITTER * Math.random())
