import { setImmediate } from 'node:timers/promises'
import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { deliveries, type Member, type Message } from '../../../db/schema.ts'
import type { Direction } from '../../../db/vocabulary.ts'
import { countMail } from '../../issues/count.ts'
import { mailboxSet } from '../../issues/mailbox-set.ts'
import { issueOfThread, messageById, received } from '../../issues/message.ts'
import { indexWritten, type Written } from '../../issues/search/index-messages.ts'
import { foundInSent } from '../../issues/sending.ts'
import type { MailDeps } from '../deps.ts'
import { type ParsedMail, snippetOf } from '../read/parse.ts'
import { type ReadMail, unreadableMail } from '../read/parsers.ts'
import { normalizedSubject } from '../read/subject.ts'
import { acknowledge } from '../send/acknowledge.ts'
import { isTestMessageId, verifyNotificationId } from '../send/own-id.ts'
import { authorIdOf, clientName } from './author.ts'
import { withCut } from './cut.ts'
import { findKnown } from './known.ts'
import { learnId } from './learn-id.ts'
import { noteOfAnswer } from './notification-answer.ts'
import { noteWords, passedOnByUs } from './passed-on.ts'
import { mailWithin, settleWithin, type Within } from './passed-on-whole.ts'
import { nextPending, type Pending, pendingById, settle } from './pending.ts'
import { type Coming, type Placing, placeAgain, placeFor } from './place.ts'
import { markReturned, markReturnedBefore } from './returned.ts'
import { extrasOf, flawsOf, rewriteMessage, writeMessage } from './write-message.ts'

/** So many mails, or so many bytes of them, are parsed and written in one go. */
const BATCH_MAILS = 100
const BATCH_BYTES = 32 * 1024 * 1024
const MAILS_AT_A_STRETCH = 8
/** A Date field this far ahead of the mail's arrival is a wrong clock. */
const CLOCK_SLACK_MS = 10 * 60_000

/** A raw mail and what it says; `within`: the mail is what one of us attached, and stands in the delivery's place. */
type Parsed = { delivery: Pending; mail: ReadMail; within?: Within | undefined }

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
  const delivery = await pendingById(deps.db.read, deliveryId)
  if (delivery) await ingestBatch(deps, delivery.mailboxId, [await parse(deps, delivery)])
}

async function parseNext(deps: MailDeps, mailboxId: string, after: string): Promise<Parsed[]> {
  const rows = await nextPending(deps.db.read, mailboxId, after, BATCH_MAILS)
  let bytes = 0
  const batch = rows.filter(({ size }, i) => {
    bytes += size
    return i === 0 || bytes <= BATCH_BYTES
  })
  return await Promise.all(batch.map((delivery) => parse(deps, delivery)))
}

async function parse(deps: MailDeps, delivery: Pending): Promise<Parsed> {
  const { blobs, parsers, log } = deps
  const raw = await blobs.get(delivery.rawHash)
  if (!raw) {
    log.error({ deliveryId: delivery.id }, 'the raw mail is missing from the blobs')
    return { delivery, mail: unreadableMail(new Uint8Array(), 'The raw mail is missing from the disk.') }
  }
  const mail = withCut(await parsers.parse(raw), delivery)
  const within = await mailWithin(deps, delivery, mail, raw)
  if (!within) return { delivery, mail }
  return { delivery: { ...delivery, rawHash: within.rawHash, size: within.size }, mail: within.mail, within }
}

/** Writes a batch in one transaction; if that fails, mail by mail, so that one bad mail does not hold up the rest. */
async function ingestBatch(deps: MailDeps, mailboxId: string, batch: Parsed[]): Promise<void> {
  const { log } = deps
  try {
    await write(deps, mailboxId, batch, 'and index')
    return
  } catch (error) {
    if (isOutside(error)) throw error
    log.warn({ err: error, mailboxId, mails: batch.length }, 'a batch of mails could not be written; trying one by one')
  }
  for (const parsed of batch) {
    const { delivery } = parsed
    try {
      await write(deps, mailboxId, [parsed])
    } catch (error) {
      if (isOutside(error)) throw error
      log.error({ err: error, deliveryId: delivery.id }, 'a mail could not be written as understood; showing it raw')
      const reason = `Downfield could not store what it read: ${(error as Error).message.slice(0, 200)}`
      const raw = (await deps.blobs.get(delivery.rawHash)) ?? new Uint8Array()
      await write(deps, mailboxId, [{ delivery, mail: unreadableMail(raw, reason) }])
    }
  }
}

async function write({ db, secrets }: MailDeps, mailboxId: string, batch: Parsed[], more?: 'and index'): Promise<void> {
  const now = Date.now()
  await db.write(async (tx) => {
    const placing: Placing = { ...(await mailboxSet(tx, mailboxId)), secrets }
    const written: Written[] = []
    for (const [i, parsed] of batch.entries()) {
      const message = await ingest(tx, placing, parsed, now)
      const { attachments, words } = parsed.mail
      if (message && words !== undefined) written.push({ message, files: attachments, words: words.split(' ') })
      // What else this thread does need not wait for the whole batch.
      if (i % MAILS_AT_A_STRETCH === MAILS_AT_A_STRETCH - 1) await setImmediate()
    }
    // What is not indexed here waits for the indexer, which leaves out what can't be indexed at all.
    if (more) await indexWritten(tx, written)
  })
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

/**
 * Puts one mail where it belongs: into the thread it answers, else into an issue of its own. Happens once per mail.
 * @returns the message, where it is a new one
 */
async function ingest(
  tx: Tx,
  placing: Placing,
  { delivery, mail, within }: Parsed,
  now: number,
): Promise<Message | null> {
  // A server may have given it an id of its own.
  const itsIds = [mail.internetMessageId, ...mail.originalIds]
  if (itsIds.some((id) => isTestMessageId(placing.secrets, id))) {
    // What a mailbox sent to itself to see whether that works (send/send-test.ts) is nobody's mail.
    await settle(tx, delivery, mail, null)
    return null
  }
  // A copy of what told a member something, as some servers file it in Sent, is nobody's mail; an answer to it is a note.
  if (
    itsIds.some((id) => verifyNotificationId(placing.secrets, id) !== null) ||
    (delivery.role !== 'sent' && (await noteOfAnswer(tx, placing.secrets, mail, now)))
  ) {
    await settle(tx, delivery, mail, null)
    return null
  }
  const { known, sameId, sentAs } = await findKnown(tx, placing, delivery, mail)
  if (known && known.id !== delivery.messageId) {
    // The same mail again: from another folder, another mailbox, another fetch, or our own coming back from Sent.
    if (await isFirstHere(tx, placing.mailbox.id, known))
      await countMail(tx, placing.mailbox.id, delivery.role === 'sent' ? 'out' : 'in', known.at)
    await settle(tx, delivery, mail, known.id)
    if (sentAs) await learnId(tx, known, sentAs, now)
    if (delivery.role === 'sent') await foundInSent(tx, known.id, now)
    if (within) await settleWithin(tx, (await issueOfThread(tx, known.threadId)).issue, known.id, within, now)
    return null
  }
  const before = known ?? (delivery.messageId === null ? undefined : await messageById(tx, delivery.messageId))
  if (before) {
    // What an earlier reading of the same delivery made.
    await rewriteMessage(tx, before, delivery, mail, now)
    if (before.flaws.unreadable !== undefined) await placeAgain(tx, placing, before, mail, now)
    await settle(tx, delivery, mail, before.id)
    return null
  }
  const message = await add(tx, placing, { delivery, mail, within }, sameId, now)
  await settle(tx, delivery, mail, message.id)
  return message
}

/** A mail that came to two mailboxes of ours is one message, and counts as mail of each. */
async function isFirstHere(tx: Tx, mailboxId: string, known: Message): Promise<boolean> {
  if (known.mailboxId === mailboxId) return false
  const here = and(eq(deliveries.messageId, known.id), eq(deliveries.mailboxId, mailboxId))
  return (await tx.select({ id: deliveries.id }).from(deliveries).where(here).limit(1)).length === 0
}

async function add(
  tx: Tx,
  placing: Placing,
  { delivery, mail, within }: Parsed,
  sameId: boolean,
  now: number,
): Promise<Message> {
  const { mailbox } = placing
  const at = arrivalOf(delivery, mail)
  const ours = [mailbox.address, ...mailbox.aliases]
  const direction: Direction = delivery.role === 'sent' || isFromUs(delivery, mail, ours) ? 'out' : 'in'
  const passedOn = within ? null : await passedOnByUs(tx, direction, mail)
  const about = passedOn
    ? { contact: passedOn.forwarded.from, subject: normalizedSubject(passedOn.forwarded.subject || mail.subject) }
    : { contact: contactOf(mail, direction), subject: normalizedSubject(mail.subject) }
  const coming: Coming = { mail, direction, at, sent: delivery.role === 'sent', ...about }
  const { thread, issue, flags, opened, children } = await placeFor(tx, placing, coming, now)
  const customer = opened ? passedOn : null
  // What the list shows of a mail that was passed on is what its customer wrote.
  const shown = customer ? { ...mail, snippet: snippetOf(customer.forwarded.bodyText) || mail.snippet } : mail
  const message = await writeMessage(tx, delivery, shown, {
    mailboxId: mailbox.id,
    threadId: thread.id,
    direction,
    at,
    flaws: { ...flawsOf(delivery, mail), ...(sameId && { sameId }) },
    extras: {
      ...extrasOf(mail),
      ...flags,
      ...(customer && { forwarded: forwardedBy(customer.forwarded, customer.by) }),
      ...(within && opened && { forwarded: forwardedBy(mail, within.by) }),
      ...(direction === 'out' && { elsewhere: { client: clientName(mail.client) } }),
    },
    // What we sent from here is known by now: this was sent with another program.
    authorId: direction === 'out' ? await authorIdOf(tx, mail) : null,
    createdAt: now,
  })
  const after = await received(tx, issue, message, now, children.length > 0)
  if (opened && !within) {
    const { role, internalAt } = delivery
    await acknowledge(tx, placing, { message, issue: after, role, internalAt, opened }, now)
  }
  if (customer) await noteWords(tx, after, customer.forwarded.commentText, customer.by, now)
  if (within) await settleWithin(tx, after, message.id, within, now)
  if (mail.bounce) await markReturned(tx, placing, mail.bounce, message, now)
  if (direction === 'out') await markReturnedBefore(tx, message, children, now)
  return message
}

function forwardedBy({ from, subject, sentAt }: Pick<ParsedMail, 'from' | 'subject' | 'sentAt'>, by: Member) {
  return { from, subject, sentAt, byId: by.id }
}

function contactOf(mail: ParsedMail, direction: Direction) {
  return direction === 'out' ? (mail.to[0] ?? { name: '', address: '' }) : mail.from
}

/** An import has no Sent folder: there the sender tells. In the inbox, mail from our own address came in. */
function isFromUs(delivery: Pending, mail: ParsedMail, ours: string[]): boolean {
  return delivery.role === 'import' && ours.includes(mail.from.address)
}

/** When a mail counts as having come: its Date unless that is missing or ahead of its arrival. */
function arrivalOf(delivery: Pending, mail: ParsedMail): number {
  const { internalAt } = delivery
  return mail.sentAt !== null && mail.sentAt > 0 && mail.sentAt <= internalAt + CLOCK_SLACK_MS
    ? mail.sentAt
    : internalAt
}
