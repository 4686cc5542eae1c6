import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { HEARTBEAT_MS, nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import { mailboxes } from '../../../db/schema.ts'
import type { MailDeps } from '../deps.ts'
import { type Pace, type Watching, watchMailbox } from './watch.ts'
import { reportWatch } from './watch-state.ts'

/** How often the mailboxes are looked at where nothing woke us. */
const LOOK_EVERY_MS = 3_000
/** At most so often where much is written. */
const LOOK_AT_MOST_EVERY_MS = 100

export type Watches = {
  /** Looks into a mailbox at once. Does nothing where another node watches it: that one is told by the server. */
  lookNow(mailboxId: string, more?: 'and check'): void
  stop(): Promise<void>
}

type Running = { watching: Watching; changedAt: number }

/**
 * Keeps a watch over every mailbox that is not paused. A lease makes sure that only one node has it; where that node
 * dies, another takes over. Follows mailboxes that are added, changed, paused and removed.
 */
export function runWatches(deps: MailDeps, pace: Partial<Pace> = {}): Watches {
  const { db, log } = deps
  const me = nodeName()
  const stop = new AbortController()
  const running = new Map<string, Running>()
  /** Watches on their way out: a watch may take a moment to finish what it stores. */
  const ending = new Map<string, Promise<void>>()
  const keptAt = new Map<string, number>()
  const shownPaused = new Set<string>()
  const loop = follow()

  async function follow() {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      try {
        await round()
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'the mailboxes could not be looked at; trying again')
      }
      await woken
      await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
    for (const id of running.keys()) end(id, 'and release')
    await Promise.all(ending.values())
  }

  async function round() {
    const { id, paused, changedAt } = mailboxes
    const known = await db.read.select({ id, paused, changedAt }).from(mailboxes)
    const wanted = new Set(known.filter((mailbox) => !mailbox.paused).map((mailbox) => mailbox.id))
    for (const id of running.keys()) if (!wanted.has(id)) end(id, 'and release')
    for (const mailbox of known) {
      if (mailbox.paused) await showPaused(mailbox.id)
      else await keep(mailbox.id, mailbox.changedAt)
    }
  }

  async function keep(id: string, changedAt: number) {
    shownPaused.delete(id)
    if (ending.has(id)) return
    // Not the clock of the wall: where that is set back, leases would not be kept for as long.
    const now = performance.now()
    if (now - (keptAt.get(id) ?? Number.NEGATIVE_INFINITY) >= HEARTBEAT_MS) {
      const mine = await takeLease(db, leaseOf(id), me, Date.now())
      // Who does not have it asks again soon.
      keptAt.set(id, mine ? now : now - HEARTBEAT_MS + LOOK_EVERY_MS)
      if (!mine) return end(id)
    } else if (!running.has(id)) return
    const known = running.get(id)
    if (known?.changedAt === changedAt) return
    if (known) {
      // The settings changed: the next round begins anew with them.
      keptAt.delete(id)
      return end(id)
    }
    running.set(id, { watching: watchMailbox(deps, id, pace), changedAt })
  }

  function end(id: string, lease?: 'and release') {
    const known = running.get(id)
    if (!known) return
    running.delete(id)
    if (lease) keptAt.delete(id)
    const ended = async () => {
      await known.watching.stop()
      if (lease) await releaseLease(db, leaseOf(id), me).catch((error) => log.error({ err: error }, 'a lease was kept'))
      ending.delete(id)
      db.wake.emit('wake')
    }
    ending.set(id, ended())
  }

  async function showPaused(id: string) {
    if (shownPaused.has(id) || ending.has(id)) return
    const now = Date.now()
    await db.write((tx) => reportWatch(tx, id, { state: 'paused', failures: 0, nextTryAt: null }, now))
    shownPaused.add(id)
  }

  return {
    lookNow(mailboxId, more) {
      const watching = running.get(mailboxId)?.watching
      if (more) watching?.checkNow()
      else watching?.lookNow()
    },
    async stop() {
      stop.abort()
      await loop
    },
  }
}

function leaseOf(mailboxId: string): string {
  return `watch:${mailboxId}`
}
