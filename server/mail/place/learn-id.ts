import { and, eq, isNull } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { type Message, messageIds, outbox } from '../../../db/schema.ts'
import { mailboxSet } from '../../issues/mailbox-set.ts'
import { uniteThreads } from '../../issues/unite.ts'
import { isToMany } from './place.ts'
import { findChildren, wouldAnswer } from './relatives.ts'
import { markReturnedBefore } from './returned.ts'

/** Keeps the Message-ID that a server put in place of ours: what names it means this message. */
export async function keepId(tx: Tx, messageId: string, sentAs: string): Promise<void> {
  await tx.insert(messageIds).values({ internetMessageId: sentAs, messageId }).onConflictDoNothing()
  await tx
    .update(outbox)
    .set({ sentAs })
    .where(and(eq(outbox.messageId, messageId), isNull(outbox.sentAs)))
}

/**
 * A server put another Message-ID in place of ours. What names it from now on means this message; what came before and
 * names it, as an answer by who is quick or the news that it did not arrive, finds to it now.
 * @param sentAs without angle brackets
 */
export async function learnId(tx: Tx, message: Message, sentAs: string, now: number): Promise<void> {
  if (sentAs === message.internetMessageId) return
  await keepId(tx, message.id, sentAs)
  const { ids } = await mailboxSet(tx, message.mailboxId)
  const children = await findChildren(tx, ids, sentAs)
  if (children.length === 0) return
  // Each of those who answer a circular has an issue of their own.
  if (!isToMany(message)) {
    const known = { ...message, internetMessageId: sentAs }
    const tied: string[] = []
    for (const child of children) if (await wouldAnswer(tx, ids, child, known)) tied.push(child.threadId)
    await uniteThreads(tx, [message.threadId, ...tied], now)
  }
  await markReturnedBefore(tx, message, children, now)
}
