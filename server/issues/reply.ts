import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Issue, type Mailbox, type Member, type Message, outbox } from '../../db/schema.ts'
import { queueMail, type Written } from './outgoing.ts'

const MAX_REFERENCES = 100

/** An answer as its author wrote it. */
export type Draft = Written & {
  /** Where the issue goes with it. */
  status: 'waiting' | 'done'
}

/** Queues an answer, in the thread of what it answers and under its subject. */
export async function reply(
  tx: Tx,
  issue: Issue,
  mailbox: Mailbox,
  answered: Message,
  { status, ...written }: Draft,
  by: Member,
  now: number,
): Promise<Message> {
  const sentAs = await idWithOthers(tx, answered)
  const place = {
    threadId: answered.threadId,
    subject: replySubject(answered.subject),
    inReplyTo: sentAs ?? answered.internetMessageId,
    references: referencesAfter(answered, sentAs),
    answeredId: answered.id,
    status,
  }
  return await queueMail(tx, issue, mailbox, place, written, by, now)
}

/**
 * What a mail refers to that follows another (RFC 5322, section 3.6.4).
 * @param sentAs the Message-ID by which others know it, where that is another one
 */
export function referencesAfter(
  { references, internetMessageId }: Pick<Message, 'references' | 'internetMessageId'>,
  sentAs: string | null = null,
): string[] {
  return [...references, internetMessageId, ...(sentAs ? [sentAs] : [])].slice(-MAX_REFERENCES)
}

/** The Message-ID that a server put in place of ours, and by which others know a mail of ours; null: ours. */
export async function idWithOthers(read: Reader, { id, direction }: Pick<Message, 'id' | 'direction'>) {
  if (direction !== 'out') return null
  const [row] = await read.select({ sentAs: outbox.sentAs }).from(outbox).where(eq(outbox.messageId, id))
  return row?.sentAs ?? null
}

/** The subject of an answer: that of the mail it answers, with one "Re:". */
export function replySubject(subject: string): string {
  return /^re\s*:/i.test(subject.trim()) ? subject.trim() : `Re: ${subject.trim()}`
}

/** The introduction of a mail that is quoted. */
export function introduction(answered: Pick<Message, 'fromName' | 'fromAddress' | 'at'>): string {
  const who = answered.fromName ? `${answered.fromName} <${answered.fromAddress}>` : answered.fromAddress
  const when = new Date(answered.at).toUTCString().replace(' GMT', ' UTC')
  return `On ${when}, ${who} wrote:`
}

/** The mail that is answered, as quoted text with its introduction. */
export function quote(answered: Pick<Message, 'fromName' | 'fromAddress' | 'at'>, text: string): string {
  const lines = text.trimEnd().split('\n')
  return `${introduction(answered)}\n${lines.map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd())).join('\n')}`
}
