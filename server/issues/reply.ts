import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import {
  type Address,
  bodies,
  type Held,
  type Issue,
  type Mailbox,
  type Member,
  type Message,
  messageIds,
  messages,
  outbox,
  type Upload,
} from '../../db/schema.ts'
import { Invalid, Refused } from '../errors.ts'
import { countMail } from './count.ts'
import { change } from './issue.ts'
import { attachUploads, MAX_ATTACHED_FILES } from './upload.ts'

export const MAX_REPLY_CHARACTERS = 500_000
export const MAX_RECIPIENTS = 100
const MAX_REFERENCES = 100
const SNIPPET_CHARACTERS = 200

/** An answer as its author wrote it. */
export type Draft = {
  /** Chosen by who sends the request, so that sending it again sends nothing twice. */
  id: string
  to: Address[]
  cc: Address[]
  text: string
  /** Text quoted below, with its introduction; may be empty. */
  quoted: string
  /** Fixed here, before the first attempt to send. */
  internetMessageId: string
  /** Where the issue goes with it. */
  status: 'waiting' | 'done'
  /** Files that go along, in this order. */
  attachments?: Upload[]
  /** For so long it waits, in ms, and can be taken back (take-back.ts). */
  heldMs?: number
}

/**
 * Queues an answer from the shared address. The row in the outbox exists with the message or not at all; mail/send/outbox
 * picks it up. Who answers what nobody had takes it.
 */
export async function reply(
  tx: Tx,
  issue: Issue,
  mailbox: Mailbox,
  answered: Message,
  draft: Draft,
  by: Member,
  now: number,
): Promise<Message> {
  const [known] = await tx.select().from(messages).where(eq(messages.id, draft.id))
  if (known?.threadId === answered.threadId) return known
  if (known) throw new Invalid([{ field: 'id', message: 'id must be a new one.' }])
  check(draft)
  const files = draft.attachments ?? []
  if (issue.status === 'trash') throw new Refused('This issue is in the trash. Restore it before answering.')

  const text = draft.quoted ? `${draft.text.trimEnd()}\n\n${draft.quoted}` : draft.text
  const message: Message = {
    id: draft.id,
    mailboxId: mailbox.id,
    threadId: answered.threadId,
    direction: 'out',
    writer: 'person',
    internetMessageId: draft.internetMessageId,
    contentHash: draft.id,
    rawHash: null,
    size: 0,
    subject: replySubject(answered.subject),
    fromName: mailbox.name,
    fromAddress: mailbox.address,
    to: draft.to,
    cc: draft.cc,
    bcc: [],
    replyTo: [],
    inReplyTo: answered.internetMessageId,
    references: [...answered.references, answered.internetMessageId].slice(-MAX_REFERENCES),
    sentAt: now,
    at: now,
    snippet: draft.text.replace(/\s+/gu, ' ').trim().slice(0, SNIPPET_CHARACTERS),
    attachmentCount: files.length,
    flaws: {},
    extras: {},
    authorId: by.id,
    createdAt: now,
  }
  await tx.insert(messages).values(message)
  await tx.insert(messageIds).values({ internetMessageId: draft.internetMessageId, messageId: message.id })
  await tx.insert(bodies).values({
    messageId: message.id,
    text,
    quotedFrom: draft.quoted ? draft.text.trimEnd().length : null,
    hasHtml: false,
    rich: false,
    html: null,
    htmlVersion: null,
  })
  await attachUploads(tx, message.id, files)
  await tx.insert(outbox).values({
    messageId: message.id,
    mailboxId: mailbox.id,
    issueId: issue.id,
    state: 'queued',
    dueAt: now + (draft.heldMs ?? 0),
    recipients: [...new Set([...draft.to, ...draft.cc].map(({ address }) => address))],
    rejected: [],
    copy: mailbox.sentCopy === 'server' ? 'none' : 'pending',
    held: draft.heldMs ? { answeredId: answered.id, issueId: issue.id, before: whatChanges(issue) } : null,
    createdAt: now,
  })
  await countMail(tx, mailbox.id, 'out', now)
  await change(
    tx,
    issue,
    {
      status: draft.status,
      doneReason: draft.status === 'done' ? 'answered' : null,
      ...(issue.assigneeId || issue.teamId ? {} : { assigneeId: by.id }),
      messageCount: issue.messageCount + 1,
      hasAttachments: issue.hasAttachments || files.length > 0,
      lastMessageAt: now,
      lastFrom: by.name,
      snippet: message.snippet,
      lastDirection: 'out',
      sending: 'queued',
    },
    { action: 'replied', memberId: by.id, detail: { messageId: message.id, status: draft.status } },
    now,
  )
  return message
}

/** What an answer changes about its issue and can't be counted back. */
function whatChanges(issue: Issue): Held['before'] {
  const { status, doneReason, assigneeId, lastMessageAt, lastFrom, snippet, lastDirection, waitingSince } = issue
  return { status, doneReason, assigneeId, lastMessageAt, lastFrom, snippet, lastDirection, waitingSince }
}

function check(draft: Draft) {
  const wrong = []
  if (!draft.text.trim()) wrong.push({ field: 'text', message: 'text must not be empty. Write something first.' })
  if (draft.text.length > MAX_REPLY_CHARACTERS)
    wrong.push({ field: 'text', message: `text must have at most ${MAX_REPLY_CHARACTERS} characters.` })
  const recipients = draft.to.length + draft.cc.length
  if (draft.to.length === 0) wrong.push({ field: 'to', message: 'to must name at least one recipient.' })
  if (recipients > MAX_RECIPIENTS)
    wrong.push({ field: 'to', message: `to and cc may name at most ${MAX_RECIPIENTS} recipients together.` })
  if ((draft.attachments ?? []).length > MAX_ATTACHED_FILES)
    wrong.push({ field: 'attachments', message: `attachments may be at most ${MAX_ATTACHED_FILES}.` })
  if (wrong.length > 0) throw new Invalid(wrong)
}

/** The subject of an answer: that of the mail it answers, with one "Re:". */
export function replySubject(subject: string): string {
  return /^re\s*:/i.test(subject.trim()) ? subject.trim() : `Re: ${subject.trim()}`
}

/** The mail that is answered, as quoted text with its introduction. */
export function quote(answered: Pick<Message, 'fromName' | 'fromAddress' | 'at'>, text: string): string {
  const who = answered.fromName ? `${answered.fromName} <${answered.fromAddress}>` : answered.fromAddress
  const when = new Date(answered.at).toUTCString().replace(' GMT', ' UTC')
  const lines = text.trimEnd().split('\n')
  return `On ${when}, ${who} wrote:\n${lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd())).join('\n')}`
}
