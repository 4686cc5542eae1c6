import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import { type Folder, folders, type Mailbox, mailboxes } from '../../db/schema.ts'
import { reconnectAfter } from './back-off.ts'
import { connectionOf } from './connection.ts'
import { type Found, storeFound } from './deliver.ts'
import type { MailDeps } from './deps.ts'
import { isHopeless, NOT_STUCK, nextBatch, stuckAt } from './fetch-batch.ts'
import { connectImap, type Imap, notGiven } from './imap.ts'
import { type Diagnosis, diagnose, StorageFailed } from './trouble.ts'
import { startUnderstanding } from './understanding.ts'
import { reportWatch, type WatchReport } from './watch-state.ts'

/** How often we look even though the server would tell us, in ms. */
export const POLL_MS = 60_000
/** A connection that held so long was a good one: what ends it is the first failure, not the next of many. */
const GOOD_AFTER_MS = 60_000
const LISTED_AT_ONCE = 500

export type Pace = { pollMs: number; reconnectAfter: typeof reconnectAfter }
export type Watching = {
  /** Looks at once, also where it was waiting to connect again. */
  lookNow(): void
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
  let stuck = NOT_STUCK
  let stored = 0

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
      const { uidValidity } = await imap.open('INBOX')
      let folder = await findInbox(mailboxId)
      for (;;) {
        folder = await look(imap, mailbox, folder, uidValidity)
        await tell({ state: imap.live ? 'live' : 'polling', syncedAt: Date.now(), failures: 0, nextTryAt: null })
        const left = Math.max(0, imap.renewAt - Date.now())
        await imap.waitForNews(Math.min(pace.pollMs ?? POLL_MS, left), AbortSignal.any([stop.signal, wake.signal]))
        if (stop.signal.aborted || Date.now() >= imap.renewAt) return
      }
    } catch (error) {
      // A server may end a session whose token expired while much was fetched. What is stored stays, and the rest follows.
      if (Date.now() < imap.renewAt || diagnose(error, 'IMAP').trouble !== 'closed') throw error
    } finally {
      await imap.close()
    }
  }

  /** Fetches and stores what the folder has beyond its cursor. While one batch is stored the next is fetched. */
  async function look(imap: Imap, mailbox: Mailbox, before: Folder, uidValidity: string): Promise<Folder> {
    let folder = before
    let storing: Promise<unknown> = Promise.resolve()
    const store = async (found: Found[], lastUid: number) => {
      const seen = { lastUid, serverCount: imap.exists, now: Date.now() }
      try {
        if ((await storeFound(deps, folder, uidValidity, found, seen)) > 0) understanding.kick()
      } catch (cause) {
        throw new StorageFailed('What was fetched could not be stored.', { cause })
      }
      stored += found.length
      folder = { ...folder, uidValidity, lastUid, serverCount: seen.serverCount, lookedAt: seen.now }
    }
    const storeNext = async (found: Found[], lastUid: number) => {
      await storing
      storing = store(found, lastUid)
      storing.catch(() => {}) // told by who awaits it next
    }

    // Other UIDVALIDITY, other numbers: everything is looked at again, and what is known by now stays one message.
    const after = before.uidValidity === uidValidity ? before.lastUid : 0
    const uids = await imap.uidsAfter(after)
    try {
      for (let left = uids; left.length > 0; ) {
        const sizeless = left.slice(0, LISTED_AT_ONCE).map((uid) => ({ uid, size: 0 }))
        const asked = nextBatch(sizeless, stuck, LISTED_AT_ONCE).map(({ uid }) => uid)
        left = left.slice(asked.length)
        const last = asked.at(-1)!
        // Only where the server gives another mail is this one to blame, and only then it holds up something.
        const other = isHopeless(asked, stuck) ? left[stuck.times % left.length] : undefined
        if (other !== undefined) {
          await unlessStuck(asked, async () => await imap.fetch(await imap.list([other])))
          log.warn({ mailboxId, uid: last }, 'the server does not give this mail; it is passed over')
          await storeNext([notGiven(last, Date.now())], last)
          continue
        }
        const listed = await unlessStuck(asked, () => imap.list(asked))
        let wanted = listed.filter(({ internalAt }) => internalAt >= (mailbox.sinceAt ?? 0))
        // What is older than the mailbox wants, or gone by now, is passed over too.
        if (wanted.length === 0) await storeNext([], last)
        while (wanted.length > 0) {
          const batch = nextBatch(wanted, stuck)
          wanted = wanted.slice(batch.length)
          const uids = batch.map(({ uid }) => uid)
          await storeNext(await unlessStuck(uids, () => imap.fetch(batch)), wanted.length > 0 ? uids.at(-1)! : last)
        }
      }
    } finally {
      await storing
    }
    if (uids.length === 0) await store([], after)
    return folder
  }

  /** Remembers over which mails the connection broke. */
  async function unlessStuck<T>(uids: number[], ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      stuck = stuckAt(uids, stuck)
      throw error
    }
  }

  async function findInbox(mailboxId: string): Promise<Folder> {
    const folder = { id: uuidv7(), mailboxId, path: 'INBOX', role: 'inbox' as const }
    await db.write((tx) => tx.insert(folders).values(folder).onConflictDoNothing())
    const [inbox] = await db.read
      .select()
      .from(folders)
      .where(and(eq(folders.mailboxId, mailboxId), eq(folders.path, 'INBOX')))
    return inbox!
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

  return {
    lookNow() {
      wake.abort()
      wake = new AbortController()
    },
    async stop() {
      stop.abort()
      await running
    },
  }
}
