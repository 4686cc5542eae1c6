import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { HEARTBEAT_MS, nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import { countWaiting, indexAgain, indexBatch, isWaiting } from '../../issues/search/index-messages.ts'
import type { MailDeps } from '../deps.ts'

/** How often the queue is looked at where nothing woke us: another node may have stored mail. */
const LOOK_EVERY_MS = 3_000
/** Between two batches others have a turn. */
const REST_MS = 5
const LEASE = 'search'

export type IndexerDeps = Pick<MailDeps, 'db' | 'log'>
export type Indexer = { stop(): Promise<void> }

/** Makes new mail searchable, behind its coming in: one node at a time, whichever has the lease. */
export function runIndexer(deps: IndexerDeps): Indexer {
  const { db, log } = deps
  const indexing = openIndexing(deps)
  const stop = new AbortController()
  const loop = follow()

  async function follow() {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      try {
        const done = await indexing.next()
        if (done === 'nothing') await woken
        else await sleep(done === 'busy' ? LOOK_EVERY_MS : REST_MS, undefined, { signal: stop.signal })
      } catch (error) {
        if (stop.signal.aborted) break
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'mail could not be made searchable; trying again')
        await sleep(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
      }
    }
    await indexing.end()
  }
  return {
    async stop() {
      stop.abort()
      await loop
    },
  }
}

/** The work itself, batch by batch, for the loop above and for the command line. */
export function openIndexing(deps: IndexerDeps) {
  const { db, log } = deps
  const me = nodeName()
  const onBad = (messageId: string, error: unknown) =>
    log.error({ err: error, messageId }, 'a message could not be made searchable; it is left out')
  let renewAt = 0
  return {
    /** Indexes one batch and says how many messages that were; `busy`: another node is at it. */
    async next(): Promise<number | 'nothing' | 'busy'> {
      if (!(await isWaiting(db.read))) return 'nothing'
      const now = Date.now()
      if (now >= renewAt) {
        if (!(await takeLease(db, LEASE, me, now))) return 'busy'
        renewAt = now + HEARTBEAT_MS
      }
      return (await indexBatch(db, onBad)) || 'nothing'
    },
    /** Has all messages indexed anew, and says how many wait now. */
    async again(): Promise<number> {
      await db.write(indexAgain)
      return await countWaiting(db.read)
    },
    waiting: () => countWaiting(db.read),
    async end() {
      if (renewAt > 0) await releaseLease(db, LEASE, me)
    },
  }
}
