import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../../db/index.ts'
import { prepared, UNNAMED } from '../../../db/prepared.ts'
import { type Delivery, deliveries, folders, mailboxes } from '../../../db/schema.ts'
import type { FolderRole } from '../../../db/vocabulary.ts'
import { PARSER_VERSION, type ParsedMail } from '../read/parse.ts'

/** A raw mail that is to be understood. */
export type Pending = Pick<Delivery, 'id' | 'rawHash' | 'size' | 'internalAt' | 'messageId' | 'cut' | 'wholeSize'> & {
  role: FolderRole
}

const pending = {
  id: deliveries.id,
  rawHash: deliveries.rawHash,
  size: deliveries.size,
  internalAt: deliveries.internalAt,
  messageId: deliveries.messageId,
  cut: deliveries.cut,
  wholeSize: deliveries.wholeSize,
  role: folders.role,
}

/** The next raw mails of a mailbox, in the order of their coming, after the one with this id. */
export async function nextPending(read: Reader, mailboxId: string, after: string, limit: number): Promise<Pending[]> {
  return await read
    .select(pending)
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(and(eq(deliveries.mailboxId, mailboxId), eq(deliveries.state, 'stored'), sql`${deliveries.id} > ${after}`))
    .orderBy(asc(deliveries.id))
    .limit(limit)
}

/** One raw mail, whatever became of it before. */
export async function pendingById(
  read: Reader,
  deliveryId: string,
): Promise<(Pending & { mailboxId: string }) | undefined> {
  const [delivery] = await read
    .select({ ...pending, mailboxId: deliveries.mailboxId })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .where(eq(deliveries.id, deliveryId))
  return delivery
}

/** Writes down what became of a raw mail: the message that it is, and why it could not be read where that is so. */
export async function settle(tx: Tx, delivery: Pending, mail: ParsedMail, messageId: string | null): Promise<void> {
  const failed = mail.flaws.unreadable !== undefined
  await settleDelivery(tx).execute({
    state: failed ? 'failed' : 'understood',
    error: mail.flaws.unreadable ?? null,
    messageId,
    parserVersion: PARSER_VERSION,
    id: delivery.id,
  })
}

const settleDelivery = prepared((tx: Tx) =>
  tx
    .update(deliveries)
    .set({
      state: sql`${sql.placeholder('state')}`,
      error: sql`${sql.placeholder('error')}`,
      messageId: sql`${sql.placeholder('messageId')}`,
      parserVersion: sql`${sql.placeholder('parserVersion')}`,
      tries: sql`${deliveries.tries} + 1`,
    })
    .where(eq(deliveries.id, sql.placeholder('id')))
    .prepare(UNNAMED),
)

/**
 * Puts what an older parser could not read back among what is to be understood: an upgrade may have taught us. Each mail
 * once for each version. Called at the start.
 * @returns how many mails that are
 */
export async function retryFailed(db: Pick<Db, 'write'>): Promise<number> {
  const again = await db.write(
    async (tx) =>
      await tx
        .update(deliveries)
        .set({ state: 'stored' })
        .where(
          and(
            // Mailbox by mailbox, which is how the index knows what failed.
            inArray(deliveries.mailboxId, tx.select({ id: mailboxes.id }).from(mailboxes)),
            eq(deliveries.state, 'failed'),
            lt(deliveries.parserVersion, PARSER_VERSION),
          ),
        )
        .returning({ id: deliveries.id }),
  )
  return again.length
}
