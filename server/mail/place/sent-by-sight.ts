import { and, between, eq, inArray, isNull, notExists } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { bodies, deliveries, folders, type Message, messages, outbox } from '../../../db/schema.ts'
import type { ParsedMail } from '../read/parse.ts'
import { normalizedSubject } from '../read/subject.ts'
import { isTextOf } from './same-text.ts'

/** A Date field has no parts of a second (RFC 5322, section 3.3). */
const SECOND_MS = 1_000
/** A server files the copy of what it takes shortly after an attempt. */
const NEAR_MS = 15 * 60_000

/**
 * The mail of ours that a mail in Sent is the copy of, where the server left nothing in it by which we could know it: its
 * Message-ID is another one, and our own field is gone. It went out at that time, to the same people, about the same and
 * in answer to the same, says the same or has the same date, and has no copy yet. Of several like that, the nearest in time.
 * @param filedAt when the copy was filed, in ms since the epoch
 */
export async function sentBySight(
  tx: Tx,
  mailboxId: string,
  mail: ParsedMail,
  filedAt: number,
): Promise<Message | undefined> {
  const ofSent = tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(deliveries.messageId, outbox.messageId), eq(folders.role, 'sent')))
  const rows = await tx
    .select({ message: messages, text: bodies.text, triedAt: outbox.triedAt })
    .from(outbox)
    .innerJoin(messages, eq(messages.id, outbox.messageId))
    .innerJoin(bodies, eq(bodies.messageId, outbox.messageId))
    .where(
      and(
        eq(outbox.mailboxId, mailboxId),
        between(outbox.triedAt, filedAt - NEAR_MS, filedAt + NEAR_MS),
        inArray(outbox.state, ['sending', 'accepted', 'uncertain']),
        isNull(outbox.sentAs),
        notExists(ofSent),
      ),
    )
  const alike = rows.filter(({ message }) => looksAlike(message, mail))
  const distance = ({ triedAt }: (typeof rows)[number]) => Math.abs((triedAt ?? 0) - filedAt)
  const [nearest] = alike.filter(({ text }) => isTextOf(text, mail.text)).toSorted((a, b) => distance(a) - distance(b))
  if (nearest) return nearest.message
  // Exchange writes the text anew from the form. Then the date tells, where it tells one from all others.
  const [first, another] = alike.filter(
    ({ message }) => mail.sentAt !== null && Math.abs(message.at - mail.sentAt) < SECOND_MS,
  )
  return another ? undefined : first?.message
}

/** Whether a mail has the header fields of one that we composed: a pure comparison. Ids that begin with gen- are no fields. */
export function looksAlike(
  message: Pick<Message, 'fromAddress' | 'to' | 'cc' | 'subject' | 'inReplyTo'>,
  mail: Pick<ParsedMail, 'from' | 'to' | 'cc' | 'subject' | 'inReplyTo'>,
): boolean {
  const people = ({ to, cc }: Pick<Message, 'to' | 'cc'>) =>
    [...new Set([...to, ...cc].map(({ address }) => address.toLowerCase()))].sort().join(' ')
  return (
    message.fromAddress === mail.from.address &&
    (message.inReplyTo?.startsWith('gen-') ? null : message.inReplyTo) === mail.inReplyTo &&
    people(message) === people(mail) &&
    normalizedSubject(message.subject).toLowerCase() === normalizedSubject(mail.subject).toLowerCase()
  )
}
