import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import { insertInto, placeholdersOf, prepared, UNNAMED } from '../../../db/prepared.ts'
import {
  attachments,
  bodies,
  type Message,
  type MessageExtras,
  type MessageFlaws,
  messageIds,
  messageReferences,
  messages,
} from '../../../db/schema.ts'
import { change } from '../../issues/issue.ts'
import { issueOfThread } from '../../issues/message.ts'
import type { ParsedMail } from '../read/parse.ts'
import { normalizedSubject } from '../read/subject.ts'
import type { Pending } from './pending.ts'

/** Where a message is put, and how it came there. */
type Where = Pick<
  Message,
  'mailboxId' | 'threadId' | 'direction' | 'at' | 'flaws' | 'extras' | 'authorId' | 'createdAt'
>

/** Writes a mail as a new message with all that hangs on it. */
export async function writeMessage(tx: Tx, delivery: Pending, mail: ParsedMail, where: Where): Promise<Message> {
  const message: Message = {
    id: uuidv7(),
    rawHash: delivery.rawHash,
    size: delivery.size,
    bcc: mail.bcc,
    ...readFrom(mail),
    ...where,
  }
  await insertMessage(tx, message)
  await writeParts(tx, message.id, mail)
  return message
}

/** The columns that say what the mail says. */
function readFrom(mail: ParsedMail) {
  return {
    writer: mail.writer,
    internetMessageId: mail.internetMessageId,
    contentHash: mail.contentHash,
    subject: mail.subject,
    fromName: mail.from.name,
    fromAddress: mail.from.address,
    to: mail.to,
    cc: mail.cc,
    replyTo: mail.replyTo,
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    sentAt: mail.sentAt,
    snippet: mail.snippet,
    attachmentCount: mail.attachments.filter(({ inline }) => !inline).length,
  } satisfies Partial<Message>
}

/** What is wrong with a mail as it is here. What came from a file has no rest to be had. */
export function flawsOf({ cut, role }: Pending, mail: ParsedMail): MessageFlaws {
  return cut && role !== 'import' ? { ...mail.flaws, beginning: true } : mail.flaws
}

/** What the page shows of a mail beside its text. */
export function extrasOf(mail: ParsedMail): MessageExtras {
  const { bounce, calendar, protection, awayUntil } = mail
  return {
    ...(awayUntil === null ? {} : { awayUntil }),
    ...(bounce && {
      bounce: { kind: bounce.kind, recipients: bounce.recipients, status: bounce.status, reason: bounce.reason },
    }),
    ...(calendar && { calendar }),
    ...(protection && { protection }),
  }
}

/** What hangs on a message: its text, its attachments, its own id and those it refers to. */
async function writeParts(tx: Tx, messageId: string, mail: ParsedMail): Promise<void> {
  await insertBody(tx, {
    messageId,
    text: mail.text,
    quotedFrom: mail.quotedFrom,
    hasHtml: mail.hasHtml,
    rich: mail.rich,
    html: null,
    htmlVersion: null,
    remoteCount: null,
    composedHtml: null,
  })
  for (const { position, filename, contentType, size, contentId, inline } of mail.attachments)
    await insertAttachment(tx, {
      messageId,
      position,
      filename,
      contentType,
      size,
      contentId,
      inline,
      contentHash: null,
    })
  await nameMessage(tx).execute({ internetMessageId: mail.internetMessageId, messageId })
  // Who answers the mail that one of us passed on is answering this one, as far as we know.
  const passedOn = mail.forwarded?.internetMessageId
  if (passedOn) await nameMessage(tx).execute({ internetMessageId: passedOn, messageId })
  for (const [internetMessageId, parent] of referencesOf(mail))
    await insertReference(tx, { internetMessageId, messageId, parent })
}

/** The ids that a mail names, and whether one is of the mail that it answers, or says did not arrive. */
function referencesOf(mail: ParsedMail): Map<string, boolean> {
  const references = new Map<string, boolean>()
  for (const id of mail.references) references.set(id, false)
  const parent = mail.inReplyTo ?? mail.references.at(-1)
  if (parent) references.set(parent, true)
  if (mail.bounce?.messageId) references.set(mail.bounce.messageId, true)
  return references
}

const insertMessage = insertInto(messages)
const insertBody = insertInto(bodies)
const insertAttachment = insertInto(attachments)
const insertReference = insertInto(messageReferences)
const nameMessage = prepared((tx: Tx) =>
  tx.insert(messageIds).values(placeholdersOf(messageIds)).onConflictDoNothing().prepare(UNNAMED),
)

/** A second reading of the same raw mail, after it failed or after we learned to read better. */
export async function rewriteMessage(
  tx: Tx,
  message: Message,
  delivery: Pending,
  mail: ParsedMail,
  now: number,
): Promise<void> {
  await tx.delete(bodies).where(eq(bodies.messageId, message.id))
  await tx.delete(attachments).where(eq(attachments.messageId, message.id))
  await tx.delete(messageReferences).where(eq(messageReferences.messageId, message.id))
  const { subjectChanged, newParticipant, bounced, forwarded, elsewhere } = message.extras
  const kept = {
    ...(subjectChanged && { subjectChanged }),
    ...(newParticipant && { newParticipant }),
    ...(bounced && { bounced }),
    ...(forwarded && { forwarded }),
    ...(elsewhere && { elsewhere }),
  }
  await tx
    .update(messages)
    .set({
      ...readFrom(mail),
      rawHash: delivery.rawHash,
      size: delivery.size,
      flaws: flawsOf(delivery, mail),
      extras: { ...extrasOf(mail), ...kept },
    })
    .where(eq(messages.id, message.id))
  await writeParts(tx, message.id, mail)
  const { issue } = await issueOfThread(tx, message.threadId)
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
  await change(tx, issue, shown, { action: 'received', detail: { messageId: message.id, again: true } }, now)
}
