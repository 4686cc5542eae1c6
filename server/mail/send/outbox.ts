import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, gt, lte, min } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { isGone, nodeName } from '../../../db/lease.ts'
import { mailboxes, type Outgoing, outbox } from '../../../db/schema.ts'
import type { MailDeps } from '../deps.ts'
import { freeAt } from './rate.ts'
import { sendMessage, settle } from './send.ts'
import { fileCopies } from './sent-copy.ts'
import { type Attempt, MAX_ATTEMPT_MS } from './smtp.ts'

/** How often the outbox is looked at where nothing woke us: another node may have put something into it. */
const LOOK_EVERY_MS = 3_000
const LOOK_AT_MOST_EVERY_MS = 20
const MAX_ROWS_A_ROUND = 100
/** An attempt, and looking in Sent after it, are over by then. */
export const CLAIM_MS = MAX_ATTEMPT_MS + 5 * 60_000

/** What sending needs: no parser takes part. */
export type SendDeps = Omit<MailDeps, 'parsers'>
export type Outbox = { stop(): Promise<void> }
/** Times in ms; tests set them. */
export type SendPace = {
  /** When to look for a mail of which nobody knows, after the connection broke. */
  lookInSentAfterMs: number[]
  /** How long to wait after each attempt that failed. */
  retryAfterMs: number[]
  /** How long a server may keep silent. */
  silenceMs: number
}

/**
 * Sends what is due, one mail at a time for each mailbox and no faster than it may, and files the copies. A mailbox that
 * is paused sends nothing. Any number of nodes may run it: who moves a row to `sending` has it.
 */
export function runOutbox(deps: SendDeps, pace: Partial<SendPace> = {}): Outbox {
  const { db, log } = deps
  const me = nodeName()
  const stop = new AbortController()
  const busy = new Map<string, Promise<void>>()
  const loop = follow()

  async function follow() {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      let nextAt: number | null = null
      try {
        nextAt = await round()
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'the outbox could not be looked at; trying again')
      }
      const due = nextAt === null ? woken : sleep(Math.max(0, nextAt - Date.now()), undefined, { signal: enough })
      await Promise.race([woken, due.catch(() => {})])
      await sleep(LOOK_AT_MOST_EVERY_MS)
    }
    await Promise.all(busy.values())
  }

  /** Starts what is due; gives when the next is. */
  async function round(): Promise<number | null> {
    const now = Date.now()
    for (const row of await abandoned(now)) begin(`sent:${row.messageId}`, () => takeOver(row))
    let nextAt = Number.POSITIVE_INFINITY
    for (const mailbox of await mailboxesWithMail(now)) {
      const at = await freeAt(db.read, mailbox, now)
      if (at > now) nextAt = Math.min(nextAt, at)
      else begin(mailbox.id, () => sendAll(mailbox.id))
    }
    const copies = await rows(and(eq(outbox.copy, 'pending'), eq(outbox.state, 'accepted'), lte(outbox.dueAt, now)))
    const free = copies.filter(({ owner, ownedUntil }) => !owner || (ownedUntil ?? 0) < now || isGone(owner))
    for (const { mailboxId } of free) begin(`copies:${mailboxId}`, () => fileCopies(deps, mailboxId, me, stop.signal))
    const [next] = await db.read
      .select({ at: min(outbox.dueAt) })
      .from(outbox)
      .where(and(eq(outbox.state, 'queued'), gt(outbox.dueAt, now)))
    if (typeof next?.at === 'number') nextAt = Math.min(nextAt, next.at)
    return Number.isFinite(nextAt) ? nextAt : null
  }

  /** The mailboxes that have something due and may send. */
  async function mailboxesWithMail(now: number) {
    return await db.read
      .selectDistinct({ id: mailboxes.id, mailsPerMinute: mailboxes.mailsPerMinute })
      .from(outbox)
      .innerJoin(mailboxes, eq(mailboxes.id, outbox.mailboxId))
      .where(and(eq(outbox.state, 'queued'), lte(outbox.dueAt, now), eq(mailboxes.paused, false)))
  }

  function begin(key: string, work: () => Promise<void>) {
    if (busy.has(key) || stop.signal.aborted) return
    const working = async () => {
      try {
        await work()
      } catch (error) {
        log.error({ err: error }, 'work on the outbox failed; trying again')
        await sleep(LOOK_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
      }
      busy.delete(key)
      db.wake.emit('wake')
    }
    busy.set(key, working())
  }

  async function sendAll(mailboxId: string) {
    const isDue = and(eq(outbox.mailboxId, mailboxId), eq(outbox.state, 'queued'), lte(outbox.dueAt, Date.now()))
    for (const { messageId } of await rows(isDue)) {
      if (stop.signal.aborted || !(await maySend(mailboxId))) return
      await sendMessage(deps, messageId, { me, claimMs: CLAIM_MS, stop: stop.signal, ...pace })
    }
  }

  async function maySend(mailboxId: string): Promise<boolean> {
    const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
    const now = Date.now()
    return mailbox !== undefined && !mailbox.paused && (await freeAt(db.read, mailbox, now)) <= now
  }

  /** Rows of a node that died while it was sending: nobody knows whether the mail is out. */
  async function abandoned(now: number): Promise<Outgoing[]> {
    const sending = await rows(eq(outbox.state, 'sending'))
    return sending.filter(({ owner, ownedUntil }) => owner !== me && ((ownedUntil ?? 0) < now || isGone(owner ?? '')))
  }

  async function takeOver({ messageId, owner }: Outgoing) {
    const now = Date.now()
    const mine = await db.write(async (tx) => {
      const claim = { owner: me, ownedUntil: now + CLAIM_MS }
      const taken = await tx
        .update(outbox)
        .set(claim)
        .where(and(eq(outbox.messageId, messageId), eq(outbox.state, 'sending'), eqOwner(owner)))
        .returning({ id: outbox.messageId })
      return taken.length > 0
    })
    const response = 'Downfield was stopped while it handed this mail to the server.'
    const attempt: Attempt = { outcome: 'uncertain', response, trouble: 'closed', rejected: [] }
    if (mine) await settle(deps, messageId, attempt, { me, stop: stop.signal, ...pace })
  }

  async function rows(
    which: Parameters<ReturnType<ReturnType<Tx['select']>['from']>['where']>[0],
  ): Promise<Outgoing[]> {
    return await db.read.select().from(outbox).where(which).orderBy(asc(outbox.dueAt)).limit(MAX_ROWS_A_ROUND)
  }

  return {
    async stop() {
      stop.abort()
      await loop
    },
  }
}

function eqOwner(owner: string | null) {
  return eq(outbox.owner, owner ?? '')
}
