import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Tx } from '../../db/index.ts'
import { insertInto, placeholdersOf, prepared, UNNAMED } from '../../db/prepared.ts'
import {
  attachments,
  bodies,
  type Delivery,
  deliveries,
  folders,
  type Issue,
  type Mailbox,
  type Message,
  mailboxes,
  messageIds,
  messageReferences,
  messages,
  type Thread,
  threads,
} from '../../db/schema.ts'
import type { Direction, FolderRole } from '../../db/vocabulary.ts'
import { change, findIssue, openIssue } from '../issues/issue.ts'
import { issueOfThread, received } from '../issues/message.ts'
import type { MailDeps } from './deps.ts'
import type { ParsedMail } from './parse.ts'
import { unreadableMail } from './parsers.ts'
import { normalizedSubject } from './subject.ts'
import { parentIds } from './thread.ts'

/** So many mails, or so many bytes of them, are parsed and written in one go. */
const BATCH_MAILS = 100
const BATCH_BYTES = 32 * 1024 * 1024
/** A Date field this far ahead of the mail's arrival is a wrong clock. */
const CLOCK_SLACK_MS = 10 * 60_000

/**
 * Understands every raw mail of a mailbox that is stored and not yet understood, in the order of their coming, and
 * puts each into its issue. May be called again at any time, also after a crash: what is understood stays so.
 * @returns how many deliveries were handled
 */
export async function understand(deps: MailDeps, mailboxId: string): Promise<number> {
  let handled = 0
  let parsed = parseNext(deps, mailboxId, '')
  for (;;) {
    const batch = await parsed
    if (batch.length === 0) return handled
    // The next batch is parsed while this one is written.
    parsed = parseNext(deps, mailboxId, batch.at(-1)?.delivery.id ?? '')
    parsed.catch(() => {}) // reported when it is awaited
    await ingestBatch(deps, mailboxId, batch)
    handled += batch.length
  }
}

/** Tries again to understand one raw mail, whatever became of it before. */
export async function understandAgain(deps: MailDeps, deliveryId: string): Promise<void> {
  const [delivery] = await deps.db.read
    .select({ ...pending, mailboxId: deliveries.mailboxId })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(eq(deliveries.id, deliveryId))
  if (!delivery) return
  await ingestBatch(deps, delivery.mailboxId, [{ delivery, mail: await parse(deps, delivery) }])
}

type Pending = Pick<Delivery, 'id' | 'rawHash' | 'size' | 'internalAt' | 'messageId'> & { role: FolderRole }
type Parsed = { delivery: Pending; mail: ParsedMail }

const pending = {
  id: deliveries.id,
  rawHash: deliveries.rawHash,
  size: deliveries.size,
  internalAt: deliveries.internalAt,
  messageId: deliveries.messageId,
  role: folders.role,
}

async function parseNext(deps: MailDeps, mailboxId: string, after: string): Promise<Parsed[]> {
  const rows = await deps.db.read
    .select(pending)
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(deliveries.mailboxId, mailboxId), eq(deliveries.state, 'stored'), sql`${deliveries.id} > ${after}`))
    .orderBy(asc(deliveries.id))
    .limit(BATCH_MAILS)
  let bytes = 0
  const batch = rows.filter(({ size }, i) => {
    bytes += size
    return i === 0 || bytes <= BATCH_BYTES
  })
  return await Promise.all(batch.map(async (delivery) => ({ delivery, mail: await parse(deps, delivery) })))
}

async function parse({ blobs, parsers, log }: MailDeps, delivery: Pending): Promise<ParsedMail> {
  const raw = await blobs.get(delivery.rawHash)
  if (!raw) {
    log.error({ deliveryId: delivery.id }, 'the raw mail is missing from the blobs')
    return unreadableMail(new Uint8Array(), 'The raw mail is missing from the disk.')
  }
  return await parsers.parse(raw)
}

/** Writes a batch in one transaction; if that fails, mail by mail, so that one bad mail does not hold up the rest. */
async function ingestBatch(deps: MailDeps, mailboxId: string, batch: Parsed[]): Promise<void> {
  const { db, log } = deps
  const now = Date.now()
  try {
    await db.write(async (tx) => {
      const mailbox = await mailboxById(tx, mailboxId)
      for (const { delivery, mail } of batch) await ingest(tx, mailbox, delivery, mail, now)
    })
    return
  } catch (error) {
    if (isOutside(error)) throw error
    log.warn({ err: error, mailboxId, mails: batch.length }, 'a batch of mails could not be written; trying one by one')
  }
  for (const { delivery, mail } of batch) {
    try {
      await db.write(async (tx) => await ingest(tx, await mailboxById(tx, mailboxId), delivery, mail, now))
    } catch (error) {
      if (isOutside(error)) throw error
      log.error({ err: error, deliveryId: delivery.id }, 'a mail could not be written as understood; showing it raw')
      const reason = `Downfield could not store what it read: ${(error as Error).message.slice(0, 200)}`
      const raw = (await deps.blobs.get(delivery.rawHash)) ?? new Uint8Array()
      await db.write(
        async (tx) => await ingest(tx, await mailboxById(tx, mailboxId), delivery, unreadableMail(raw, reason), now),
      )
    }
  }
}

/** Faults of the machine, not of a mail: a full disk, a lock, a lost database. The mail waits for better times. */
function isOutside(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown }
  if (
    typeof code === 'string' &&
    /^(SQLITE_(FULL|BUSY|IOERR|READONLY|CANTOPEN|CORRUPT)|ENOSPC|EDQUOT|EIO|ECONN|08|53|57)/.test(code)
  )
    return true
  return cause !== undefined && isOutside(cause)
}

async function mailboxById(tx: Tx, mailboxId: string): Promise<Mailbox> {
  const [mailbox] = await tx.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
  if (!mailbox) throw new Error(`mailbox ${mailboxId} is gone`)
  return mailbox
}

/** Puts one mail where it belongs: into the thread it answers, else into an issue of its own. Happens once per mail. */
async function ingest(tx: Tx, mailbox: Mailbox, delivery: Pending, mail: ParsedMail, now: number): Promise<void> {
  const { known, sameId } = await findKnown(tx, mailbox, delivery, mail)
  if (known && known.id !== delivery.messageId) {
    // The same mail again: from another folder, another fetch, or our own coming back from the Sent folder.
    await settle(tx, delivery, mail, known.id)
    return
  }
  const before = known ?? (await messageById(tx, delivery.messageId))
  if (before) {
    await rewrite(tx, before, mail)
    await settle(tx, delivery, mail, before.id)
    return
  }

  const ours = [mailbox.address, ...mailbox.aliases]
  const direction: Direction = delivery.role === 'sent' || isFromUs(delivery, mail, ours) ? 'out' : 'in'
  const { thread, issue } = await placeFor(tx, mailbox, mail, delivery, direction, now)
  const flaws = sameId ? { ...mail.flaws, sameId } : mail.flaws
  const message: Message = { ...messageOf(mailbox, thread, delivery, mail, direction, now), flaws }
  await insertMessage(tx, message)
  await writeParts(tx, message.id, mail)
  await received(tx, issue, message, now)
  await settle(tx, delivery, mail, message.id)
}

const messagesWithId = prepared((read) =>
  read
    .select({ message: messages })
    .from(messageIds)
    .innerJoin(messages, eq(messages.id, messageIds.messageId))
    .where(
      and(
        eq(messageIds.internetMessageId, sql.placeholder('internetMessageId')),
        eq(messages.mailboxId, sql.placeholder('mailboxId')),
      ),
    )
    .prepare(UNNAMED),
)

/** The message that this mail already is, if any, and whether its Message-ID was used before at all. */
async function findKnown(
  tx: Tx,
  mailbox: Mailbox,
  delivery: Pending,
  mail: ParsedMail,
): Promise<{ known: Message | undefined; sameId: boolean }> {
  const { internetMessageId } = mail
  const rows = await messagesWithId(tx).execute({ internetMessageId, mailboxId: mailbox.id })
  const found = rows.map(({ message }) => message)
  const equal = found.find((message) => message.contentHash === mail.contentHash)
  if (equal) return { known: equal, sameId: false }
  const composed = found.find((message) => message.direction === 'out' && message.authorId !== null)
  if (composed && (await isCopyOf(tx, composed, delivery, mail))) return { known: composed, sameId: false }
  return { known: undefined, sameId: found.length > 0 }
}

const COMPARED_CHARACTERS = 1_000

/**
 * Whether a mail is the copy of one that we composed. Servers rewrap what they file, so the bytes differ; but in the
 * inbox a known Message-ID alone proves nothing, since everybody who got the mail knows it.
 */
async function isCopyOf(tx: Tx, composed: Message, delivery: Pending, mail: ParsedMail): Promise<boolean> {
  if (delivery.role === 'sent') return true
  const [body] = await tx.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, composed.id))
  const folded = (text: string) => text.replace(/[\s>]+/gu, '')
  return folded(mail.text).startsWith(folded(body?.text ?? '').slice(0, COMPARED_CHARACTERS))
}

/** What an earlier reading of the same delivery made. */
async function messageById(tx: Tx, id: string | null): Promise<Message | undefined> {
  if (id === null) return undefined
  const [message] = await tx.select().from(messages).where(eq(messages.id, id))
  return message
}

/** An import has no Sent folder: there the sender tells. In the inbox, mail from our own address came in. */
function isFromUs(delivery: Pending, mail: ParsedMail, ours: string[]): boolean {
  return delivery.role === 'import' && ours.includes(mail.from.address)
}

/**
 * The thread and issue of a mail (mail.md 5.3): what its In-Reply-To names, else the newest of its References with an
 * equal subject or a known participant, else a mail that came before and answers this one, else a new issue.
 */
async function placeFor(
  tx: Tx,
  mailbox: Mailbox,
  mail: ParsedMail,
  delivery: Pending,
  direction: Direction,
  now: number,
): Promise<{ thread: Thread; issue: Issue }> {
  const threadId = (await parentThread(tx, mailbox, mail)) ?? (await childThread(tx, mailbox, mail))
  if (threadId) return await issueOfThread(tx, threadId)
  const at = arrivalOf(delivery, mail)
  const contact = direction === 'out' ? (mail.to[0] ?? { name: '', address: '' }) : mail.from
  const subject = normalizedSubject(mail.subject)
  const issue = await openIssue(
    tx,
    mailbox,
    { subject, contact, at, status: direction === 'out' ? 'waiting' : 'new' },
    now,
  )
  const thread: Thread = { id: uuidv7(), mailboxId: mailbox.id, issueId: issue.id, subject, createdAt: now }
  await insertThread(tx, thread)
  return { thread, issue }
}

const MAX_PARENTS = 30

/** One query for each number of ids. */
const withIds = new Map<number, ReturnType<typeof buildMessagesWithIds>>()

function messagesWithIds(n: number) {
  const known = withIds.get(n) ?? buildMessagesWithIds(n)
  withIds.set(n, known)
  return known
}

function buildMessagesWithIds(n: number) {
  const ids = Array.from({ length: n }, (_, i) => sql.placeholder(`id${i}`))
  return prepared((read) =>
    read
      .select({
        internetMessageId: messageIds.internetMessageId,
        threadId: messages.threadId,
        subject: messages.subject,
        fromAddress: messages.fromAddress,
        to: messages.to,
        cc: messages.cc,
      })
      .from(messageIds)
      .innerJoin(messages, eq(messages.id, messageIds.messageId))
      .where(and(inArray(messageIds.internetMessageId, ids), eq(messages.mailboxId, sql.placeholder('mailboxId'))))
      .orderBy(desc(messages.at))
      .prepare(UNNAMED),
  )
}

async function parentThread(tx: Tx, mailbox: Mailbox, mail: ParsedMail): Promise<string | null> {
  const candidates = parentIds(mail).slice(0, MAX_PARENTS)
  if (candidates.length === 0) return null
  const rows = await messagesWithIds(candidates.length)(tx).execute({
    mailboxId: mailbox.id,
    ...Object.fromEntries(candidates.map(({ id }, i) => [`id${i}`, id])),
  })
  const subject = normalizedSubject(mail.subject).toLowerCase()
  for (const candidate of candidates) {
    for (const row of rows) {
      if (row.internetMessageId !== candidate.id) continue
      if (candidate.from === 'in-reply-to') return row.threadId
      const people = [row.fromAddress, ...[...row.to, ...row.cc].map(({ address }) => address)]
      if (normalizedSubject(row.subject).toLowerCase() === subject || people.includes(mail.from.address))
        return row.threadId
    }
  }
  return null
}

const childOf = prepared((read) =>
  read
    .select({ threadId: messages.threadId })
    .from(messageReferences)
    .innerJoin(messages, eq(messages.id, messageReferences.messageId))
    .where(
      and(
        eq(messageReferences.internetMessageId, sql.placeholder('internetMessageId')),
        eq(messageReferences.parent, true),
        eq(messages.mailboxId, sql.placeholder('mailboxId')),
      ),
    )
    .orderBy(asc(messages.at))
    .limit(1)
    .prepare(UNNAMED),
)

/** A mail that came late: those that answer it are here already. */
async function childThread(tx: Tx, mailbox: Mailbox, mail: ParsedMail): Promise<string | null> {
  const [child] = await childOf(tx).execute({ internetMessageId: mail.internetMessageId, mailboxId: mailbox.id })
  return child?.threadId ?? null
}

/** When a mail counts as having come: its Date unless that is missing or ahead of its arrival. */
function arrivalOf(delivery: Pending, mail: ParsedMail): number {
  const { internalAt } = delivery
  return mail.sentAt !== null && mail.sentAt > 0 && mail.sentAt <= internalAt + CLOCK_SLACK_MS
    ? mail.sentAt
    : internalAt
}

function messageOf(
  mailbox: Mailbox,
  thread: Thread,
  delivery: Pending,
  mail: ParsedMail,
  direction: Direction,
  now: number,
): Message {
  return {
    id: uuidv7(),
    mailboxId: mailbox.id,
    threadId: thread.id,
    direction,
    writer: mail.writer,
    internetMessageId: mail.internetMessageId,
    contentHash: mail.contentHash,
    rawHash: delivery.rawHash,
    size: delivery.size,
    subject: mail.subject,
    fromName: mail.from.name,
    fromAddress: mail.from.address,
    to: mail.to,
    cc: mail.cc,
    bcc: mail.bcc,
    replyTo: mail.replyTo,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    sentAt: mail.sentAt,
    at: arrivalOf(delivery, mail),
    snippet: mail.snippet,
    attachmentCount: mail.attachments.filter(({ inline }) => !inline).length,
    flaws: mail.flaws,
    authorId: null,
    createdAt: now,
  }
}

/** Elements that carry meaning which the text of a mail loses. Emphasis is not worth a frame. */
const RICH = /<(img|table|ul|ol|h[1-6])[\s>/]/i

/** What hangs on a message: its text, its attachments, its own id and those it refers to. */
async function writeParts(tx: Tx, messageId: string, mail: ParsedMail): Promise<void> {
  await insertBody(tx, {
    messageId,
    text: mail.text,
    quotedFrom: mail.quotedFrom,
    hasHtml: mail.html !== null,
    rich: mail.html !== null && RICH.test(mail.html),
    html: null,
    htmlVersion: null,
  })
  for (const { position, filename, contentType, size, contentId, inline } of mail.attachments)
    await insertAttachment(tx, { messageId, position, filename, contentType, size, contentId, inline })
  await nameMessage(tx).execute({ internetMessageId: mail.internetMessageId, messageId })
  const references = new Map<string, boolean>()
  for (const id of mail.references) references.set(id, false)
  const parent = mail.inReplyTo ?? mail.references.at(-1)
  if (parent) references.set(parent, true)
  for (const [internetMessageId, isParent] of references)
    await insertReference(tx, { internetMessageId, messageId, parent: isParent })
}

const insertThread = insertInto(threads)
const insertMessage = insertInto(messages)
const insertBody = insertInto(bodies)
const insertAttachment = insertInto(attachments)
const insertReference = insertInto(messageReferences)
const nameMessage = prepared((tx: Tx) =>
  tx.insert(messageIds).values(placeholdersOf(messageIds)).onConflictDoNothing().prepare(UNNAMED),
)

/** A second reading of the same raw mail, after it failed or after we learned to read better. */
async function rewrite(tx: Tx, message: Message, mail: ParsedMail): Promise<void> {
  await tx.delete(bodies).where(eq(bodies.messageId, message.id))
  await tx.delete(attachments).where(eq(attachments.messageId, message.id))
  await tx.delete(messageReferences).where(eq(messageReferences.messageId, message.id))
  await tx
    .update(messages)
    .set({
      writer: mail.writer,
      internetMessageId: mail.internetMessageId,
      contentHash: mail.contentHash,
      inReplyTo: mail.inReplyTo,
      references: mail.references,
      sentAt: mail.sentAt,
      subject: mail.subject,
      fromName: mail.from.name,
      fromAddress: mail.from.address,
      to: mail.to,
      cc: mail.cc,
      replyTo: mail.replyTo,
      snippet: mail.snippet,
      attachmentCount: mail.attachments.filter(({ inline }) => !inline).length,
      flaws: mail.flaws,
    })
    .where(eq(messages.id, message.id))
  await writeParts(tx, message.id, mail)
  const [thread] = await tx.select().from(threads).where(eq(threads.id, message.threadId))
  if (!thread) return
  const issue = await findIssue(tx, thread.issueId)
  const only = issue.messageCount === 1
  const shown = only
    ? {
        subject: normalizedSubject(mail.subject),
        contactName: mail.from.name,
        contactAddress: mail.from.address,
        lastFrom: mail.from.name || mail.from.address,
        snippet: mail.snippet,
      }
    : {}
  await change(tx, issue, shown, { action: 'received', detail: { messageId: message.id, again: true } }, Date.now())
}

async function settle(tx: Tx, delivery: Pending, mail: ParsedMail, messageId: string): Promise<void> {
  const failed = mail.flaws.unreadable !== undefined
  await settleDelivery(tx).execute({
    state: failed ? 'failed' : 'understood',
    error: mail.flaws.unreadable ?? null,
    messageId,
    id: delivery.id,
  })
}

const settleDelivery = prepared((tx: Tx) =>
  tx
    .update(deliveries)
    .set({
      state: sql`${sql.placeholder('state')}`,
      error: sql`${sql.placeholder('error')}`,
      messageId: sql`${sql.placeholder('messageId')}`,
      tries: sql`${deliveries.tries} + 1`,
    })
    .where(eq(deliveries.id, sql.placeholder('id')))
    .prepare(UNNAMED),
)
