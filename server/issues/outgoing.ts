import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import {
  type Address,
  bodies,
  type DraftContent,
  type Held,
  type Issue,
  type Mailbox,
  type Member,
  type Message,
  messageIds,
  messages,
  outbox,
  threads,
  type Upload,
} from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { countMail } from './count.ts'
import { change } from './issue.ts'
import { remindAt } from './reminder.ts'
import { checkSendAt } from './schedule.ts'
import { attachUploads, MAX_ATTACHED_FILES } from './upload.ts'
import { variablesIn } from './variables.ts'

export const MAX_REPLY_CHARACTERS = 500_000
/** What is quoted comes on top, and so does what a form needs. */
export const MAX_REPLY_HTML_CHARACTERS = 2_000_000
export const MAX_RECIPIENTS = 100
const SNIPPET_CHARACTERS = 200

/** A mail as its author wrote it: an answer, one that is passed on, or a new one. */
export type Written = {
  /** Chosen by who sends the request, so that sending it again sends nothing twice. */
  id: string
  to: Address[]
  cc: Address[]
  /** They get it, and nobody sees that. */
  bcc?: Address[]
  /** Which of our addresses it comes from; without it, that of the mailbox. */
  from?: string
  text: string
  /** Text quoted below, with its introduction; may be empty. */
  quoted: string
  /** All of it as HTML, what is quoted too, where it was written with a form. */
  html?: string | null
  /** Fixed here, before the first attempt to send. */
  internetMessageId: string
  /** Files that go along, in this order. */
  attachments?: Upload[]
  /** Pictures that the HTML shows, by the Content-IDs that it names. */
  pictures?: { upload: Upload; contentId: string }[]
  /** The language that its writer chose: the thread keeps it. */
  language?: string
  /** For so long it waits, in ms, and can be taken back (take-back.ts). */
  heldMs?: number
  /** When it is to go out; without it, at once. Until then it can be taken back. */
  sendAt?: number
  /** So long after it, the issue comes back where nobody answered. */
  remindAfterMs?: number
  /** The draft that it was, to be one again when it is taken back. */
  content?: DraftContent
}

/** Where a mail goes: into which thread, below what, and where the issue stands then. */
export type Place = Pick<Message, 'threadId' | 'subject' | 'inReplyTo' | 'references'> & {
  /** The message that it answers or passes on. */
  answeredId: string | null
  status: Issue['status']
}

/**
 * Queues a mail from the shared address. The row in the outbox exists with the message or not at all; mail/send/outbox
 * picks it up. Who writes in what nobody had takes it. Queued before, it is given as it is.
 */
export async function queueMail(
  tx: Tx,
  issue: Issue,
  mailbox: Mailbox,
  { answeredId, status, ...place }: Place,
  written: Written,
  by: Member,
  now: number,
): Promise<Message> {
  const [known] = await tx.select().from(messages).where(eq(messages.id, written.id))
  if (known?.threadId === place.threadId) return known
  if (known) throw new Invalid([{ field: 'id', message: 'id must be a new one.' }])
  const { to, cc, bcc = [], attachments: files = [], pictures = [], html = null } = written
  check(written, mailbox)
  const { sendAt, remindAfterMs, heldMs = 0 } = written
  if (sendAt !== undefined) checkSendAt(sendAt, now)
  if (issue.status === 'trash') throw new Refused('This issue is in the trash. Restore it before answering.')

  const own = written.text.trimEnd()
  const message: Message = {
    id: written.id,
    mailboxId: mailbox.id,
    ...place,
    direction: 'out',
    writer: 'person',
    internetMessageId: written.internetMessageId,
    contentHash: written.id,
    rawHash: null,
    size: 0,
    fromName: mailbox.name,
    fromAddress: written.from ?? mailbox.address,
    to,
    cc,
    bcc,
    replyTo: [],
    sentAt: now,
    at: now,
    snippet: (own.split('\n-- \n')[0] ?? '').replace(/\s+/gu, ' ').trim().slice(0, SNIPPET_CHARACTERS),
    attachmentCount: files.length,
    flaws: {},
    extras: {},
    authorId: by.id,
    createdAt: now,
  }
  await tx.insert(messages).values(message)
  await tx.insert(messageIds).values({ internetMessageId: written.internetMessageId, messageId: message.id })
  await tx.insert(bodies).values({
    messageId: message.id,
    text: written.quoted ? `${own}${own ? '\n\n' : ''}${written.quoted}` : written.text,
    quotedFrom: written.quoted && own ? own.length : null,
    hasHtml: html !== null,
    rich: html !== null && isRich(html),
    html: null,
    htmlVersion: null,
    composedHtml: html,
  })
  await attachUploads(tx, message.id, files, pictures)
  await tx.insert(outbox).values({
    messageId: message.id,
    mailboxId: mailbox.id,
    issueId: issue.id,
    state: 'queued',
    dueAt: sendAt ?? now + heldMs,
    scheduledAt: sendAt ?? null,
    recipients: [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))],
    rejected: [],
    copy: mailbox.sentCopy === 'server' ? 'none' : 'pending',
    held: heldMs || sendAt !== undefined ? held(issue, answeredId ?? '', written.content) : null,
    createdAt: now,
  })
  if (written.language !== undefined)
    await tx.update(threads).set({ language: written.language }).where(eq(threads.id, place.threadId))
  await countMail(tx, mailbox.id, 'out', now)
  await change(
    tx,
    issue,
    {
      status,
      doneReason: status !== 'done' ? null : issue.status === 'done' ? issue.doneReason : 'answered',
      ...(issue.assigneeId || issue.teamId || !mailbox.assignOnReply ? {} : { assigneeId: by.id }),
      messageCount: issue.messageCount + 1,
      hasAttachments: issue.hasAttachments || files.length > 0,
      lastMessageAt: now,
      lastFrom: by.name,
      snippet: message.snippet,
      lastDirection: 'out',
      sending: 'queued',
    },
    { action: 'replied', memberId: by.id, detail: { messageId: message.id, status, ...(sendAt ? { sendAt } : {}) } },
    now,
  )
  if (remindAfterMs !== undefined) {
    const dueAt = (sendAt ?? now) + remindAfterMs
    await remindAt(tx, { id: message.id, issue, dueAt, messageId: message.id }, by, now)
  }
  return message
}

/** What a mail changes about its issue and can't be counted back. */
function held(issue: Issue, answeredId: string, draft: DraftContent | undefined): Held {
  const { status, doneReason, assigneeId, lastMessageAt, lastFrom, snippet, lastDirection, waitingSince } = issue
  const before = { status, doneReason, assigneeId, lastMessageAt, lastFrom, snippet, lastDirection, waitingSince }
  return { answeredId, issueId: issue.id, before, ...(draft ? { draft } : {}) }
}

/** Whether HTML says more than its text: what is only emphasised reads as well without a frame. */
function isRich(html: string): boolean {
  return /<(img|table|ul|ol|h[1-6]|blockquote|pre)[\s>/]/i.test(html.split('<div class="gmail_quote">')[0] ?? '')
}

function check(
  { to, cc, bcc = [], text, quoted, from, attachments = [], pictures = [], html }: Written,
  mailbox: Mailbox,
) {
  const wrong = []
  // A mail that is passed on speaks for itself, and so does a picture.
  if (!text.trim() && !quoted && pictures.length === 0)
    wrong.push({ field: 'text', message: 'text must not be empty. Write something first.' })
  const [unfilled] = variablesIn(text)
  if (unfilled)
    wrong.push({ field: 'text', message: `text still has {{${unfilled}}}. Write what it stands for, or remove it.` })
  if (text.length > MAX_REPLY_CHARACTERS)
    wrong.push({ field: 'text', message: `text must have at most ${MAX_REPLY_CHARACTERS} characters.` })
  if ((html?.length ?? 0) > MAX_REPLY_HTML_CHARACTERS)
    wrong.push({ field: 'html', message: `html must have at most ${MAX_REPLY_HTML_CHARACTERS} characters.` })
  if (to.length + cc.length + bcc.length === 0)
    wrong.push({ field: 'to', message: 'to must name at least one recipient.' })
  if (to.length + cc.length + bcc.length > MAX_RECIPIENTS)
    wrong.push({ field: 'to', message: `to, cc and bcc may name at most ${MAX_RECIPIENTS} recipients together.` })
  if (attachments.length + pictures.length > MAX_ATTACHED_FILES)
    wrong.push({ field: 'attachments', message: `attachments may be at most ${MAX_ATTACHED_FILES}.` })
  if (from !== undefined && from !== mailbox.address && !mailbox.aliases.includes(from))
    wrong.push({ field: 'from', message: 'from must be the address of the mailbox, or one of its further addresses.' })
  if (wrong.length > 0) throw new Invalid(wrong)
}
