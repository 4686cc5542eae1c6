import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, gt, inArray, isNotNull, isNull, lte } from 'drizzle-orm'
import { idAt, uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import { nodeName, releaseLease, takeLease } from '../../../db/lease.ts'
import {
  deliveries,
  events,
  folders,
  type Mailbox,
  mailboxes,
  messages,
  settings,
  threads,
  writeBacks,
} from '../../../db/schema.ts'
import type { WriteBackAct } from '../../../db/vocabulary.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { diagnose } from '../trouble.ts'
import { copyAfter } from './back-off.ts'
import { connectImap, type Imap } from './imap.ts'
import { actsOf } from './write-back-plan.ts'

// What members do here is shown on the mail server, where a mailbox wants that. Events become rows of a queue; the rows
// are carried out on a connection of their own and tried again until they succeed. Nothing of it is in the way of mail.

const LEASE = 'write-back'
const CURSOR = 'write-back'
const LOOK_EVERY_MS = 5_000
const MAX_EVENTS_A_ROUND = 500
const MAX_ROWS_A_ROUND = 200
/** Ids of concurrent transactions become visible out of order: the last stretch is read again. */
const OVERLAP_MS = 10_000

export type WriteBacks = { stop(): Promise<void> }

/** Carries out what mailboxes want shown on their servers. Any number of nodes may run it; one at a time does the work. */
export function runWriteBack(deps: Omit<MailDeps, 'parsers' | 'blobs'>): WriteBacks {
  const { db, log } = deps
  const me = nodeName()
  const stop = new AbortController()
  const running = follow()

  async function follow() {
    while (!stop.signal.aborted) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      try {
        await round()
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'what is to be shown on mail servers could not be looked at; trying again')
      }
      await woken
      // Nobody waits for it: what belongs together is done together.
      await sleep(LOOK_EVERY_MS / 10, undefined, { signal: stop.signal }).catch(() => {})
    }
    await releaseLease(db, LEASE, me).catch(() => {})
  }

  async function round() {
    const wanting = await db.read.select().from(mailboxes).where(isNotNull(mailboxes.writeBack))
    if (wanting.length === 0 || !(await takeLease(db, LEASE, me, Date.now()))) return
    await noteEvents(deps, wanting, Date.now())
    for (const mailbox of wanting)
      if (!mailbox.paused && !stop.signal.aborted) await carryOut(deps, mailbox, stop.signal)
  }

  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

/** Makes rows of the events since the last time. A mailbox that just began to want it begins with what happens now. */
export async function noteEvents({ db }: Pick<MailDeps, 'db'>, wanting: Mailbox[], now: number): Promise<void> {
  const [row] = await db.read.select().from(settings).where(eq(settings.key, CURSOR))
  // The cast: written below alone.
  const cursor = row?.value as { at: number } | undefined
  const since = cursor ? cursor.at - OVERLAP_MS : now - OVERLAP_MS
  const found = await db.read
    .select()
    .from(events)
    .where(gt(events.id, idAt(since)))
    .orderBy(asc(events.id))
    .limit(MAX_EVENTS_A_ROUND)
  const planned = found.flatMap((event) => {
    const mailbox = wanting.find(({ id }) => id === event.mailboxId)
    if (!mailbox?.writeBack || !event.issueId) return []
    const { issueId, detail } = event
    const answerId = typeof detail.messageId === 'string' ? detail.messageId : ''
    return actsOf(event, mailbox.writeBack).map((act) => ({ mailboxId: mailbox.id, issueId, act, answerId }))
  })
  const last = found.at(-1)
  const next = found.length === MAX_EVENTS_A_ROUND && last ? Math.max(last.at, since + OVERLAP_MS + 1) : now
  if (planned.length === 0 && cursor && now - cursor.at < OVERLAP_MS / 2) return
  await db.write(async (tx) => {
    for (const plan of planned) await enqueue(tx, plan, now)
    const value = { at: next }
    await tx
      .insert(settings)
      .values({ key: CURSOR, value })
      .onConflictDoUpdate({ target: settings.key, set: { value } })
  })
}

type Plan = {
  mailboxId: string
  issueId: string
  act: WriteBackAct
  /** The message that answers, where that is the act. */
  answerId: string
}

/**
 * A row for each mail that came into the issue and is still where it was found, or for the one that was answered. Doing
 * it twice changes nothing.
 */
async function enqueue(tx: Tx, { mailboxId, issueId, act, answerId }: Plan, now: number): Promise<void> {
  const rows = await tx
    .select({ id: deliveries.id, internetMessageId: messages.internetMessageId })
    .from(deliveries)
    .innerJoin(messages, eq(messages.id, deliveries.messageId))
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(
      and(
        eq(threads.issueId, issueId),
        eq(deliveries.mailboxId, mailboxId),
        eq(messages.direction, 'in'),
        isNull(deliveries.goneAt),
        inArray(folders.role, ['inbox', 'other']),
      ),
    )
    .orderBy(asc(messages.at))
  const [answer] =
    act === 'answered'
      ? await tx.select({ inReplyTo: messages.inReplyTo }).from(messages).where(eq(messages.id, answerId))
      : []
  const meant = act === 'answered' ? rows.filter((row) => row.internetMessageId === answer?.inReplyTo) : rows
  for (const { id: deliveryId } of meant)
    await tx
      .insert(writeBacks)
      .values({ id: uuidv7(), mailboxId, deliveryId, act, dueAt: now, createdAt: now })
      .onConflictDoNothing()
}

/** Does what is due for a mailbox. What fails is tried again later, and given up after some times. */
export async function carryOut(
  deps: Omit<MailDeps, 'parsers' | 'blobs'>,
  mailbox: Mailbox,
  signal?: AbortSignal,
): Promise<void> {
  const { db, log } = deps
  const due = await db.read
    .select({ row: writeBacks, delivery: deliveries, folder: folders })
    .from(writeBacks)
    .innerJoin(deliveries, eq(deliveries.id, writeBacks.deliveryId))
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(writeBacks.mailboxId, mailbox.id), lte(writeBacks.dueAt, Date.now())))
    .orderBy(asc(writeBacks.dueAt), asc(writeBacks.id))
    .limit(MAX_ROWS_A_ROUND)
  if (due.length === 0) return
  let imap: Imap | undefined
  let failed: unknown
  try {
    imap = await connectImap(connectionOf(mailbox, deps).imap, signal)
  } catch (error) {
    failed = error
  }
  // A mail that is moved away can't be marked any more.
  const inOrder = due.toSorted((a, b) => Number(a.row.act === 'move') - Number(b.row.act === 'move'))
  for (const { row, delivery, folder } of inOrder) {
    if (signal?.aborted) break
    let error: string | null = null
    try {
      if (!imap) throw failed
      await perform(imap, row.act, delivery, folder.path, mailbox)
    } catch (caught) {
      if (signal?.aborted) break
      error = diagnose(caught, 'IMAP').detail
      log.warn({ mailboxId: mailbox.id, act: row.act, detail: error }, 'the mail server could not be told')
    }
    const tries = row.tries + 1
    const wait = error === null ? null : copyAfter(tries)
    const dueAt = wait === null ? null : Date.now() + wait
    await db.write(async (tx) => {
      await tx.update(writeBacks).set({ tries, error, dueAt }).where(eq(writeBacks.id, row.id))
    })
  }
  await imap?.close()
}

async function perform(
  imap: Imap,
  act: WriteBackAct,
  { uid, uidValidity }: { uid: number; uidValidity: string },
  path: string,
  { writeBack }: Mailbox,
): Promise<void> {
  if (!writeBack) return
  const target = writeBack.moveDoneTo
  if (act === 'move' && (target === null || target === path)) return
  // Under other numbers it would be another mail.
  if ((await imap.openToChange(path)).uidValidity !== uidValidity) return
  if (act === 'move') await imap.move(uid, target!)
  else await imap.setFlag(uid, act === 'seen' ? '\\Seen' : '\\Answered')
}
