import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../../db/index.ts'
import { placeholdersOf, prepared, UNNAMED } from '../../../db/prepared.ts'
import { attachments, type FileText, fileTexts, messages, searchQueue, textQueue } from '../../../db/schema.ts'

// Files whose text is to be read (mail/files/text-reading.ts), and what came of it.

/** So many files of a message are looked into. */
export const MAX_FILES = 10

/** Has the text of files of a message read, behind all that people wait for. */
export async function queueFiles(tx: Tx, messageId: string, positions: number[]): Promise<void> {
  for (const position of positions) await queueFile(tx).execute({ messageId, position, tries: 0 })
}

const queueFile = prepared((tx: Tx) =>
  tx.insert(textQueue).values(placeholdersOf(textQueue)).onConflictDoNothing().prepare(UNNAMED),
)

/** A file that waits, with where its bytes are. */
export type WaitingFile = Awaited<ReturnType<typeof nextFiles>>[number]

/** The files of the newest message that waits. */
export async function nextFiles(read: Reader) {
  const [newest] = await read
    .select({ messageId: textQueue.messageId })
    .from(textQueue)
    .orderBy(desc(textQueue.messageId))
    .limit(1)
  if (!newest) return []
  return await read
    .select({
      messageId: textQueue.messageId,
      position: textQueue.position,
      tries: textQueue.tries,
      filename: attachments.filename,
      contentType: attachments.contentType,
      size: attachments.size,
      inline: attachments.inline,
      rawHash: messages.rawHash,
    })
    .from(textQueue)
    .innerJoin(messages, eq(messages.id, textQueue.messageId))
    .leftJoin(
      attachments,
      and(eq(attachments.messageId, textQueue.messageId), eq(attachments.position, textQueue.position)),
    )
    .where(eq(textQueue.messageId, newest.messageId))
    .orderBy(asc(textQueue.position))
}

const isFile = ({ messageId, position }: Pick<WaitingFile, 'messageId' | 'position'>) =>
  and(eq(textQueue.messageId, messageId), eq(textQueue.position, position))

/** Takes a file out of the queue without reading it. */
export async function dropFile(tx: Tx, file: WaitingFile): Promise<void> {
  await tx.delete(textQueue).where(isFile(file))
}

/** Writes down that a file is about to be read, and which content it has. */
export async function beginFile(tx: Tx, file: WaitingFile, contentHash: string): Promise<void> {
  await tx
    .update(textQueue)
    .set({ tries: sql`${textQueue.tries} + 1` })
    .where(isFile(file))
  await nameContent(tx, file, contentHash)
}

/** Takes back that it was begun: it was let go of for a reason of ours. */
export async function letGoOfFile(tx: Tx, file: WaitingFile): Promise<void> {
  await tx
    .update(textQueue)
    .set({ tries: sql`${textQueue.tries} - 1` })
    .where(isFile(file))
}

async function nameContent(tx: Tx, { messageId, position }: WaitingFile, contentHash: string): Promise<void> {
  await tx
    .update(attachments)
    .set({ contentHash })
    .where(and(eq(attachments.messageId, messageId), eq(attachments.position, position)))
}

/** What was read of this content, by any message. */
export async function knownText(read: Reader, contentHash: string): Promise<FileText | undefined> {
  const [known] = await read.select().from(fileTexts).where(eq(fileTexts.contentHash, contentHash))
  return known
}

/**
 * Keeps what came of a file, and has its message found by it once none of its files waits any more.
 * @param text none: what is known of this content already stays
 */
export async function settleFile(tx: Tx, file: WaitingFile, contentHash: string, text: FileText | null): Promise<void> {
  if (text) await tx.insert(fileTexts).values(text).onConflictDoUpdate({ target: fileTexts.contentHash, set: text })
  await nameContent(tx, file, contentHash)
  await dropFile(tx, file)
  const left = await tx.$count(textQueue, eq(textQueue.messageId, file.messageId))
  if (left === 0)
    await tx
      .insert(searchQueue)
      .values({ messageId: file.messageId, times: 1 })
      .onConflictDoUpdate({ target: searchQueue.messageId, set: { times: sql`${searchQueue.times} + 1` } })
}

/**
 * Has files read that were not, or that an older version could not read: an upgrade may have taught us.
 * @param version that of the reader by now
 */
export async function queueUnread(tx: Tx, version: number): Promise<void> {
  const older = tx
    .select({ contentHash: fileTexts.contentHash })
    .from(fileTexts)
    .where(and(eq(fileTexts.state, sql`'failed'`), lt(fileTexts.readerVersion, version)))
  await tx
    .insert(textQueue)
    .select(
      tx
        .select({ messageId: attachments.messageId, position: attachments.position, tries: sql<number>`0`.as('tries') })
        .from(attachments)
        .where(or(isNull(attachments.contentHash), inArray(attachments.contentHash, older))),
    )
    .onConflictDoNothing()
}
