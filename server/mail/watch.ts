import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import { type Folder, folders, type Mailbox, mailboxes } from '../../db/schema.ts'
import { reconnectAfter } from './back-off.ts'
import { batches } from './batch.ts'
import { connectionOf } from './connection.ts'
import { type Found, storeFound } from './deliver.ts'
import type { MailDeps } from './deps.ts'
import { connectImap, type Imap } from './imap.ts'
import { type Diagnosis, diagnose, StorageFailed } from './trouble.ts'
import { startUnderstanding } from './understanding.ts'
import { reportWatch, type WatchReport } from './watch-state.ts'

/** How often we look even though the server would tell us, in ms. */
export const POLL_MS = 60_000
/** A connection that held so long was a good one: what ends it is the first failure, not the next of many. */
const GOOD_AFTER_MS = 60_000
const LISTED_AT_ONCE = 500
const BATCH_MAILS = 200
const BATCH_BYTES = 16 * 1024 * 1024

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
      try {
        await watchOnce()
      } catch (error) {
        if (stop.signal.aborted) break
        const lived = Date.now() - beganAt > GOOD_AFTER_MS
        failures = lived ? 1 : failures + 1
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

  /** From connecting to losing the connection. */
  async function watchOnce(): Promise<void> {
    const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
    if (!mailbox) return stop.abort()
    const imap = await connectImap(connectionOf(mailbox, deps.secrets).imap, stop.signal)
    try {
      const { uidValidity } = await imap.open('INBOX')
      let folder = await findInbox(mailboxId)
      for (;;) {
        folder = await look(imap, mailbox, folder, uidValidity)
        await tell({ state: imap.live ? 'live' : 'polling', syncedAt: Date.now(), failures: 0, nextTryAt: null })
        await imap.waitForNews(pace.pollMs ?? POLL_MS, AbortSignal.any([stop.signal, wake.signal]))
        if (stop.signal.aborted) return
      }
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
      for (let i = 0; i < uids.length; i += LISTED_AT_ONCE) {
        const asked = uids.slice(i, i + LISTED_AT_ONCE)
        const listed = (await imap.list(asked)).filter(({ internalAt }) => internalAt >= (mailbox.sinceAt ?? 0))
        const cut = batches(listed, BATCH_MAILS, BATCH_BYTES)
        for (const batch of cut) await storeNext(await imap.fetch(batch), batch.at(-1)!.uid)
        // What is older than the mailbox wants, or gone by now, is passed over too.
        if (cut.at(-1)?.at(-1)?.uid !== asked.at(-1)) await storeNext([], asked.at(-1)!)
      }
    } finally {
      await storing
    }
    if (uids.length === 0) await store([], after)
    return folder
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
