import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { type Mailbox, mailboxes } from '../../../db/schema.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { startUnderstanding } from '../place/understanding.ts'
import { type Diagnosis, diagnose } from '../trouble.ts'
import { reconnectAfter } from './back-off.ts'
import type { Stuck } from './fetch-batch.ts'
import { connectImap, type Imap } from './imap.ts'
import { openRounds } from './rounds.ts'
import { reportWatch, type WatchReport } from './watch-state.ts'

/** How often we look even though the server would tell us, in ms. */
export const POLL_MS = 60_000
/** A connection that held so long was a good one: what ends it is the first failure, not the next of many. */
const GOOD_AFTER_MS = 60_000
/** While old mail comes in, the folders beside the inbox are asked for new mail so often. */
const OTHERS_EVERY_MS = 10_000
/** While old mail comes in, we say so often that new mail is all here. */
const TELL_EVERY_MS = 5_000
const CATCH_UP_MS = 500

export type Pace = { pollMs: number; reconnectAfter: typeof reconnectAfter; checkAfterLossMs: number }
export type Watching = {
  /** Looks at once, also where it was waiting to connect again. */
  lookNow(): void
  /** Compares the folders with what is here, as soon as all old mail is here. */
  checkNow(): void
  stop(): Promise<void>
}

/**
 * Watches over one mailbox until it is stopped: connects, stores what is new, has it understood, waits for news, and
 * connects again after whatever went wrong. How it goes stands in the watches row. Never throws.
 */
export function watchMailbox(deps: MailDeps, mailboxId: string, pace: Partial<Pace> = {}): Watching {
  const { db, log } = deps
  const stop = new AbortController()
  let wake = new AbortController()
  let report: WatchReport = { state: 'connecting', failures: 0, nextTryAt: null }
  let notUnderstood: Diagnosis | null = null
  const stuck = new Map<string, Stuck>()
  let stored = 0
  let checkAll = false

  const understanding = startUnderstanding(deps, mailboxId, (error) => {
    if (error) log.error({ err: error, mailboxId }, 'stored mail could not be understood; it is tried again')
    notUnderstood = error ? diagnose(error, 'IMAP') : null
    void tell(report)
  })
  const running = run()

  async function run() {
    await tell(report)
    for (let failures = 0; !stop.signal.aborted; ) {
      const beganAt = Date.now()
      stored = 0
      try {
        await watchOnce()
        failures = 0
      } catch (error) {
        if (stop.signal.aborted) break
        const lived = Date.now() - beganAt > GOOD_AFTER_MS
        failures = lived || stored > 0 ? 1 : failures + 1
        const { trouble, detail } = diagnose(error, 'IMAP')
        const wait = (pace.reconnectAfter ?? reconnectAfter)(failures, trouble)
        log.warn({ mailboxId, trouble, detail, failures, againInMs: wait }, 'mailbox in trouble')
        // Servers end long connections as a matter of course; that alone is no trouble.
        const next = { failures, nextTryAt: Date.now() + wait }
        await tell(lived ? { state: 'connecting', ...next } : { state: 'trouble', trouble, detail, ...next })
        await pause(wait)
      }
    }
    await understanding.stop()
  }

  /** From connecting to losing the connection, or to the time for a fresh token: that alone is no trouble. */
  async function watchOnce(): Promise<void> {
    const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
    if (!mailbox) return stop.abort()
    const imap = await connectImap(connectionOf(mailbox, deps).imap, stop.signal)
    try {
      await watchWith(imap, mailbox)
    } catch (error) {
      // A server may end a session whose token expired while much was fetched. What is stored stays, and the rest follows.
      if (Date.now() < imap.renewAt || diagnose(error, 'IMAP').trouble !== 'closed') throw error
    } finally {
      await imap.close()
    }
  }

  /** New mail, then old mail for a while, then new mail again; with all of it here, waiting for news. */
  async function watchWith(imap: Imap, mailbox: Mailbox): Promise<void> {
    const took = (mails: number) => {
      stored += mails
      understanding.kick()
    }
    const rounds = await openRounds({ deps, mailbox, imap, stuck, stored: took }, pace.checkAfterLossMs)
    const isOver = () => stop.signal.aborted || Date.now() >= imap.renewAt
    let askedOthersAt = Number.NEGATIVE_INFINITY
    let toldAt = Number.NEGATIVE_INFINITY
    while (!isOver()) {
      // Taken before looking: who asks meanwhile may mean what this look has passed already.
      const woken = wake.signal
      const others = !rounds.hasOlder() || performance.now() - askedOthersAt > OTHERS_EVERY_MS
      await rounds.lookForNew({ others })
      const hasOlder = rounds.hasOlder()
      if (others) askedOthersAt = performance.now()
      if (!hasOlder || performance.now() - toldAt > TELL_EVERY_MS) {
        const next = { failures: 0, nextTryAt: null }
        await tell({ state: imap.live ? 'live' : 'polling', syncedAt: Date.now(), ...next })
        toldAt = performance.now()
      }
      if (hasOlder) {
        const handled = await rounds.bringInOlder(() => !isOver())
        if (!handled) await understood(imap, woken)
        continue
      }
      const all = checkAll
      checkAll = false
      for (const { path, missing, gone } of await rounds.check({ all }))
        if (missing.length + gone.length > 0)
          log.warn({ mailboxId, folder: path, missing: missing.length, gone: gone.length }, 'a folder was put right')
      const left = Math.max(0, imap.renewAt - Date.now())
      await imap.waitForNews(Math.min(pace.pollMs ?? POLL_MS, left), AbortSignal.any([stop.signal, woken]))
    }
  }

  /** Waits a moment while understanding catches up, unless there is news. */
  async function understood(imap: Imap, woken: AbortSignal): Promise<void> {
    const enough = AbortSignal.any([stop.signal, woken, AbortSignal.timeout(CATCH_UP_MS)])
    await Promise.race([once(db.wake, 'wake', { signal: enough }).catch(() => {}), imap.closed])
  }

  async function tell(next: WatchReport): Promise<void> {
    report = next
    const told: WatchReport = notUnderstood ? { ...report, state: 'trouble', ...notUnderstood } : report
    const now = Date.now()
    await db
      .write((tx) => reportWatch(tx, mailboxId, told, now))
      .catch((error) => log.error({ err: error, mailboxId }, 'the state of the watch could not be written'))
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: AbortSignal.any([stop.signal, wake.signal]) }).catch(() => {})
  }

  function lookNow() {
    wake.abort()
    wake = new AbortController()
  }

  return {
    lookNow,
    checkNow() {
      checkAll = true
      lookNow()
    },
    async stop() {
      stop.abort()
      await running
    },
  }
}
