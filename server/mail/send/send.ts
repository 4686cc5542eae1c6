import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { bodies, type Mailbox, type Message, mailboxes, messages, type Outgoing, outbox } from '../../../db/schema.ts'
import { Invalid } from '../../errors.ts'
import { automaticStop } from '../../issues/automatic-sending.ts'
import { cameSince } from '../../issues/meanwhile.ts'
import {
  findOutgoing,
  markAccepted,
  markRejected,
  markRetry,
  markSending,
  markUncertain,
} from '../../issues/sending.ts'
import { readUpload, uploadsOf } from '../../issues/upload.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { keepId, learnId } from '../place/learn-id.ts'
import { diagnose } from '../trouble.ts'
import { automaticFields } from './acknowledge.ts'
import { idInAnswer } from './changed-id.ts'
import { compose, type OutboundFile } from './compose.ts'
import { sendByGraph } from './graph.ts'
import type { SendPace } from './outbox.ts'
import { domainOf } from './own-id.ts'
import { isInSent } from './sent-copy.ts'
import { type Attempt, sendBySmtp } from './smtp.ts'
import { verdictOf } from './verdict.ts'
import { contentIdOf } from './written-html.ts'

type SendDeps = Omit<MailDeps, 'parsers'>
type Sender = { me: string; stop: AbortSignal } & Partial<SendPace>

/** A server that files copies by itself may take a moment to do so. */
const LOOK_IN_SENT_AFTER_MS = [1_000, 5_000, 20_000]
const PREPARE_AGAIN_MS = 30_000
const WRITE_AGAIN_MS = 1_000
const STOPPED = 'Automatic sending was stopped; the page of the mailbox says why.'
const THEY_WROTE = 'They wrote again before this was due. Read that first; then send it or give it up.'

/** One attempt to send a queued message. What is not due any more, or was cancelled, is left alone. */
export async function sendMessage(deps: SendDeps, messageId: string, sender: Sender & { claimMs: number }) {
  const { db, log } = deps
  const [row] = await db.read
    .select({ outgoing: outbox, message: messages, text: bodies.text, html: bodies.composedHtml, mailbox: mailboxes })
    .from(outbox)
    .innerJoin(messages, eq(messages.id, outbox.messageId))
    .innerJoin(bodies, eq(bodies.messageId, outbox.messageId))
    .innerJoin(mailboxes, eq(mailboxes.id, outbox.mailboxId))
    .where(eq(outbox.messageId, messageId))
  if (!row) return
  // What was written to go out later is dated when it goes.
  const at = row.outgoing.scheduledAt === null || row.message.rawHash ? row.message.at : Date.now()
  const message = { ...row.message, at, sentAt: at }

  let raw: Buffer
  let rawHash: string
  try {
    ;({ raw, rawHash } = await prepare(deps, message, row, row.outgoing.automatic))
  } catch (error) {
    await giveBack(deps, messageId, error)
    return
  }

  // The bytes are kept and the state is committed before a word is said to the server: whatever happens from here on,
  // nobody sends this mail a second time without knowing of the first.
  const now = Date.now()
  const outgoing = await db.write(async (tx) => {
    if (!(await isQueued(tx, messageId, now))) return null
    const before = await findOutgoing(tx, messageId)
    if (before.automatic && (await automaticStop(tx))) {
      await markRejected(tx, messageId, { response: STOPPED }, now)
      return null
    }
    if (before.scheduledAt !== null && (await cameSince(tx, before.issueId, before.createdAt))) {
      await markRejected(tx, messageId, { response: THEY_WROTE }, now)
      return null
    }
    await tx.update(messages).set({ rawHash, size: raw.length, at, sentAt: at }).where(eq(messages.id, messageId))
    const claim = { owner: sender.me, ownedUntil: now + sender.claimMs, attempts: before.attempts + 1, triedAt: now }
    await markSending(tx, messageId, claim, now)
    return before
  })
  if (!outgoing) return
  const attempt = await attemptToSend(deps, { mailbox: row.mailbox, message, outgoing }, raw, sender.silenceMs)
  log.info({ messageId, outcome: attempt.outcome, response: attempt.response }, 'tried to send')
  await settle(deps, messageId, attempt, sender)
  // Who was quicker than we were to write that down has answered it already.
  const sentAs = attempt.sentAs
  if (sentAs)
    await db
      .write((tx) => learnId(tx, message, sentAs, Date.now()))
      .catch((error) => log.error({ err: error, messageId }, 'what answers the id that the server gave was not found'))
}

/** What became of an attempt, and the Message-ID that the server put in place of ours, where it says so. */
type Tried = Attempt & { sentAs?: string | null }

type Sending = { mailbox: Mailbox; outgoing: Outgoing; message: Message }

async function attemptToSend(
  deps: SendDeps,
  { mailbox, outgoing, message }: Sending,
  raw: Buffer,
  silenceMs?: number,
): Promise<Tried> {
  let settings: ReturnType<typeof connectionOf>
  try {
    settings = connectionOf(mailbox, deps)
  } catch (error) {
    return { outcome: 'retry', response: diagnose(error, 'SMTP').detail, trouble: 'other', rejected: [] }
  }
  if (settings.graph) return await sendByGraph(settings.graph, raw, hiddenRecipients(outgoing, message))
  const { recipients } = outgoing
  const attempt = await sendBySmtp(settings.smtp, { from: mailbox.address, to: recipients }, raw, silenceMs)
  if (attempt.outcome !== 'accepted') return attempt
  const mail = { ownId: message.internetMessageId, addresses: [mailbox.address, ...recipients] }
  return { ...attempt, sentAs: idInAnswer(attempt.response, settings.smtp.host, mail) }
}

/** Who gets the mail without standing in its To and Cc fields. */
function hiddenRecipients({ recipients }: Outgoing, { to, cc }: Message): string[] {
  const shown = new Set([...to, ...cc].map(({ address }) => address.toLowerCase()))
  return recipients.filter((address) => !shown.has(address.toLowerCase()))
}

/** The bytes of a message: those of the first attempt, or made now. */
async function prepare(
  deps: SendDeps,
  message: Message,
  { text, html }: { text: string; html: string | null },
  automatic: boolean,
) {
  const { blobs } = deps
  const kept = message.rawHash ? await blobs.get(message.rawHash) : undefined
  if (kept && message.rawHash) return { raw: kept, rawHash: message.rawHash }
  const fields = automatic ? automaticFields(deps.secrets) : {}
  const raw = await compose(message, text, await filesOf(deps, message, html), html, fields)
  return { raw, rawHash: await blobs.put(raw) }
}

/** What goes along; a file that the HTML names is a picture within it. */
async function filesOf({ db, blobs }: SendDeps, message: Message, html: string | null): Promise<OutboundFile[]> {
  const files: OutboundFile[] = []
  for (const upload of await uploadsOf(db.read, message.id)) {
    const { filename, contentType } = upload
    const bytes = await readUpload(blobs, upload)
    // Waiting does not bring it back: a person decides.
    if (!bytes) throw new Invalid([{ field: 'attachments', message: `The file ${filename} is missing from the disk.` }])
    const contentId = contentIdOf(upload.id, domainOf(message.fromAddress))
    files.push({ filename, contentType, bytes, ...(html?.includes(`"cid:${contentId}"`) ? { contentId } : {}) })
  }
  return files
}

async function isQueued(tx: Tx, messageId: string, now: number): Promise<boolean> {
  const [row] = await tx.select().from(outbox).where(eq(outbox.messageId, messageId))
  return row?.state === 'queued' && row.dueAt <= now
}

/** A message that could not even be composed or kept: what can't be a mail is refused, a full disk is waited for. */
async function giveBack({ db, log }: SendDeps, messageId: string, error: unknown) {
  const now = Date.now()
  const { trouble, detail } = diagnose(error, 'SMTP')
  const result = { response: detail, trouble }
  log.error({ err: error, messageId }, 'a mail could not be prepared for sending')
  await db.write(async (tx) => {
    if (!(await isQueued(tx, messageId, now))) return
    if (error instanceof Invalid) await markRejected(tx, messageId, { ...result, trouble: null }, now)
    else await markRetry(tx, messageId, { ...result, dueAt: now + PREPARE_AGAIN_MS }, now)
  })
}

/** Writes down what became of an attempt; of an uncertain one, after looking for the mail in Sent. */
export async function settle(deps: SendDeps, messageId: string, attempt: Tried, sender: Sender): Promise<void> {
  const known = attempt.outcome === 'uncertain' ? await lookInSent(deps, messageId, attempt, sender) : attempt
  for (;;) {
    const now = Date.now()
    try {
      await deps.db.write((tx) => write(tx, messageId, known, sender, now))
      return
    } catch (error) {
      // What the server said must not be lost to a full disk: it is written as soon as that is possible. If the process
      // ends before, the mail counts as uncertain.
      deps.log.error({ err: error, messageId }, 'the outcome of sending could not be written; trying again')
      if (sender.stop.aborted) return
      await sleep(WRITE_AGAIN_MS, undefined, { signal: sender.stop }).catch(() => {})
    }
  }
}

async function write(tx: Tx, messageId: string, attempt: Tried, sender: Sender, now: number): Promise<void> {
  const [row] = await tx.select().from(outbox).where(eq(outbox.messageId, messageId))
  if (!row) return
  const mine = row.state === 'sending' && row.owner === sender.me
  // Another node may have thought us dead; that the server took the mail is true all the same.
  const late = attempt.outcome === 'accepted' && (row.state === 'sending' || row.state === 'uncertain')
  if (!mine && !late) return
  if (attempt.sentAs) await keepId(tx, messageId, attempt.sentAs)
  const verdict = verdictOf(row, attempt, sender.retryAfterMs)
  if (verdict.state === 'accepted') return await markAccepted(tx, messageId, verdict, now)
  if (verdict.state === 'uncertain') return await markUncertain(tx, messageId, verdict, now)
  if (verdict.state !== 'queued') return await markRejected(tx, messageId, verdict, now)
  const { afterMs, recipients, someHaveIt } = verdict
  const acceptedAt = someHaveIt ? (row.acceptedAt ?? now) : null
  await markRetry(tx, messageId, { ...verdict, dueAt: now + afterMs, recipients, acceptedAt }, now)
}

/** Nobody knows whether the server took the mail. Where it lies in Sent, it did. */
async function lookInSent(deps: SendDeps, messageId: string, attempt: Tried, sender: Sender): Promise<Tried> {
  const [row] = await deps.db.read
    .select({ mailbox: mailboxes, internetMessageId: messages.internetMessageId, acceptedAt: outbox.acceptedAt })
    .from(messages)
    .innerJoin(outbox, eq(outbox.messageId, messages.id))
    .innerJoin(mailboxes, eq(mailboxes.id, messages.mailboxId))
    .where(eq(messages.id, messageId))
  // Where some have had it before, the copy that lies there may be theirs: it says nothing about the others.
  if (!row || row.acceptedAt !== null) return attempt
  for (const wait of sender.lookInSentAfterMs ?? LOOK_IN_SENT_AFTER_MS) {
    await sleep(wait, undefined, { signal: sender.stop }).catch(() => {})
    if (sender.stop.aborted) break
    try {
      const found = await isInSent(deps, row.mailbox, { id: messageId, ...row }, sender.stop)
      if (found) return { ...attempt, outcome: 'accepted', response: `${attempt.response} It lies in the Sent folder.` }
    } catch (error) {
      deps.log.warn({ messageId, ...diagnose(error, 'IMAP') }, 'the Sent folder could not be looked at')
    }
  }
  return attempt
}
