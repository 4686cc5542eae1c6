import { and, desc, eq } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { bodies, type Message, messages, threads } from '../../db/schema.ts'
import { type KnownLanguage, languageOf } from './language.ts'

/** So many of the newest mails of a thread are looked at: "Thanks, fine" tells nothing. */
const LOOKED_AT = 5

/**
 * The language to answer a message in: the one that somebody chose in its thread, else the one that it is written in, else
 * that of what they wrote before. Empty where nobody knows.
 */
export async function writingLanguage(
  read: Reader,
  { id, threadId }: Pick<Message, 'id' | 'threadId'>,
): Promise<string> {
  const [thread] = await read.select({ language: threads.language }).from(threads).where(eq(threads.id, threadId))
  if (typeof thread?.language === 'string') return thread.language
  const ofThread = and(eq(messages.threadId, threadId), eq(messages.direction, 'in'), eq(messages.writer, 'person'))
  const before = await read
    .select({ id: messages.id })
    .from(messages)
    .where(ofThread)
    .orderBy(desc(messages.at), desc(messages.id))
    .limit(LOOKED_AT)
  for (const messageId of [id, ...before.map((message) => message.id)]) {
    const language = await languageOfMessage(read, messageId)
    if (language) return language
  }
  return ''
}

async function languageOfMessage(read: Reader, messageId: string): Promise<KnownLanguage | null> {
  const [body] = await read.select().from(bodies).where(eq(bodies.messageId, messageId))
  return body ? languageOf(body.text.slice(0, body.quotedFrom ?? undefined)) : null
}
