import { and, asc, eq, lte } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { isGone } from '../../../db/lease.ts'
import {
  deliveries,
  folders,
  type Mailbox,
  type Message,
  mailboxes,
  messages,
  type Outgoing,
  outbox,
} from '../../../db/schema.ts'
import type { SentCopy } from '../../../db/vocabulary.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { copyAfter } from '../fetch/back-off.ts'
import { connectImap, type Imap } from '../fetch/imap.ts'
import { diagnose } from '../trouble.ts'

type SendDeps = Omit<MailDeps, 'parsers'>

const CLAIM_MS = 5 * 60_000
const MAX_COPIES_A_ROUND = 50
const NO_SENT_FOLDER = 'The mailbox has no folder for sent mail. Make one named Sent.'

/** These file what they send by themselves: a copy of ours would be the second. */
const FILES_BY_ITSELF = /(^|\.)(office365\.com|outlook\.com|gmail\.com|googlemail\.com|google\.com)$/i

/** Who should file the copy of what goes out through this server, unless somebody says otherwise. */
export function defaultSentCopy(smtpHost: string): SentCopy {
  return FILES_BY_ITSELF.test(smtpHost.trim().replace(/\.$/, '')) ? 'server' : 'append'
}

/**
 * Files the copies that are due in the Sent folder of a mailbox, each once: what lies there already is left alone. A
 * failure is written down and tried again later; it never leads to a second sending.
 */
export async function fileCopies(deps: SendDeps, mailboxId: string, me: string, stop: AbortSignal): Promise<void> {
  const { db } = deps
  const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
  const due = await claimCopies(deps, mailboxId, me)
  if (!mailbox || due.length === 0) return
  let imap: Imap | undefined
  let failed: unknown
  try {
    imap = await connectImap(connectionOf(mailbox, deps).imap, stop)
  } catch (error) {
    failed = error
  }
  for (const row of due) {
    if (stop.aborted) break
    try {
      if (!imap) throw failed
      await fileCopy(deps, imap, row.messageId)
      await writeCopy(deps, row, null)
    } catch (error) {
      if (stop.aborted) break
      const { detail } = diagnose(error, 'IMAP')
      deps.log.warn({ messageId: row.messageId, detail }, 'the copy of a sent mail could not be filed')
      await writeCopy(deps, row, detail)
    }
  }
  await imap?.close()
}

/** Whether the Sent folder of a mailbox has the copy of a mail of ours: as far as we fetched it, else as the server says. */
export async function isInSent(
  deps: Pick<MailDeps, 'db' | 'secrets'>,
  mailbox: Mailbox,
  { id, internetMessageId }: Pick<Message, 'id' | 'internetMessageId'>,
  stop: AbortSignal,
): Promise<boolean> {
  if (await wasFetchedFromSent(deps.db.read, id)) return true
  const imap = await connectImap(connectionOf(mailbox, deps).imap, stop)
  try {
    const sent = await imap.findSent()
    return sent !== null && (await imap.has(sent, internetMessageId))
  } finally {
    await imap.close()
  }
}

/** Whether a mail that we fetched from Sent turned out to be the copy of this message, by whatever it was known. */
async function wasFetchedFromSent(read: Reader, messageId: string): Promise<boolean> {
  const rows = await read
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(deliveries.messageId, messageId), eq(folders.role, 'sent')))
    .limit(1)
  return rows.length > 0
}

async function fileCopy({ db, blobs }: SendDeps, imap: Imap, messageId: string): Promise<void> {
  const [message] = await db.read.select().from(messages).where(eq(messages.id, messageId))
  const raw = message?.rawHash ? await blobs.get(message.rawHash) : undefined
  if (!message || !raw) throw new Error('The bytes of the sent mail are not there any more.')
  const sent = await imap.findSent()
  if (sent === null) throw new Error(NO_SENT_FOLDER)
  // An attempt whose answer was lost may have filed it, or the server did.
  if (await wasFetchedFromSent(db.read, messageId)) return
  if (await imap.has(sent, message.internetMessageId)) return
  await imap.append(sent, raw, message.at)
}

/** Claims rows, so that two nodes do not file the same copy. */
async function claimCopies({ db }: SendDeps, mailboxId: string, me: string): Promise<Outgoing[]> {
  const now = Date.now()
  const isDue = and(
    eq(outbox.mailboxId, mailboxId),
    eq(outbox.copy, 'pending'),
    eq(outbox.state, 'accepted'),
    lte(outbox.dueAt, now),
  )
  const rows = await db.read.select().from(outbox).where(isDue).orderBy(asc(outbox.dueAt)).limit(MAX_COPIES_A_ROUND)
  const free = rows.filter(({ owner, ownedUntil }) => !owner || (ownedUntil ?? 0) < now || isGone(owner))
  return await db.write(async (tx) => {
    const claimed: Outgoing[] = []
    for (const row of free) {
      const [now_] = await tx.select().from(outbox).where(eq(outbox.messageId, row.messageId))
      if (now_?.copy !== 'pending' || now_.owner !== row.owner) continue
      await tx
        .update(outbox)
        .set({ owner: me, ownedUntil: now + CLAIM_MS })
        .where(eq(outbox.messageId, row.messageId))
      claimed.push(row)
    }
    return claimed
  })
}

async function writeCopy({ db }: SendDeps, row: Outgoing, error: string | null): Promise<void> {
  const now = Date.now()
  const copyTries = row.copyTries + 1
  const wait = error === null ? null : copyAfter(copyTries)
  const copy = error === null ? ('filed' as const) : wait === null ? ('failed' as const) : ('pending' as const)
  const set = { copy, copyError: error, copyTries, owner: null, ownedUntil: null, dueAt: now + (wait ?? 0) }
  await db.write(async (tx) => {
    await tx.update(outbox).set(set).where(eq(outbox.messageId, row.messageId))
  })
}
