import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import { type Delivery, deliveries, type Folder, folders } from '../../db/schema.ts'
import type { MailDeps } from './deps.ts'

/** A raw mail as a folder gave it. */
export type Found = { uid: number; raw: Buffer; internalAt: number }

/** What a look into a folder showed beside the mails. */
export type Look = { lastUid: number; serverCount: number | null; now: number }

const ROWS_A_STATEMENT = 200

/**
 * Stores raw mails before anything tries to understand them: first the bytes, then, in one transaction, the rows and
 * the folder's cursor. A crash in between leaves bytes without a row, and the next look finds the same mails again.
 * @returns how many of them were new
 */
export async function storeFound(
  { db, blobs }: Pick<MailDeps, 'db' | 'blobs'>,
  folder: Folder,
  uidValidity: string,
  found: Found[],
  look: Look,
): Promise<number> {
  const hashes = await blobs.putAll(found.map(({ raw }) => raw))
  const rows = found.map(
    ({ uid, raw, internalAt }, i): Delivery => ({
      id: uuidv7(),
      mailboxId: folder.mailboxId,
      folderId: folder.id,
      uidValidity,
      uid,
      rawHash: hashes[i]!,
      size: raw.length,
      internalAt,
      fetchedAt: look.now,
      state: 'stored',
      tries: 0,
      error: null,
      messageId: null,
      parserVersion: 0,
    }),
  )
  return await db.write(async (tx) => {
    let stored = 0
    for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
      const part = rows.slice(i, i + ROWS_A_STATEMENT)
      const inserted = await tx.insert(deliveries).values(part).onConflictDoNothing().returning({ id: deliveries.id })
      stored += inserted.length
    }
    await tx
      .update(folders)
      .set({ uidValidity, lastUid: look.lastUid, serverCount: look.serverCount, lookedAt: look.now })
      .where(and(eq(folders.id, folder.id)))
    return stored
  })
}
