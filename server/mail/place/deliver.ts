import { uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import { placeholdersOf, prepared, UNNAMED } from '../../../db/prepared.ts'
import { type Delivery, deliveries, type Folder } from '../../../db/schema.ts'
import type { Cut } from '../../../db/vocabulary.ts'
import type { MailDeps } from '../deps.ts'

/** A raw mail as a folder gave it. */
export type Found = {
  uid: number
  raw: Buffer
  internalAt: number
  /** Why `raw` is only the beginning, and how large the whole is where that is known. */
  cut?: Cut | null
  wholeSize?: number | null
}

/**
 * Stores raw mails before anything tries to understand them: first the bytes, then, in one transaction, the rows and
 * what `alongside` writes, such as the folder's cursor. A crash in between leaves bytes without a row, and the next look
 * finds the same mails again.
 * @returns how many of them were new
 */
export async function storeFound(
  { db, blobs }: Pick<MailDeps, 'db' | 'blobs'>,
  folder: Pick<Folder, 'id' | 'mailboxId' | 'uidValidity'>,
  found: Found[],
  now: number,
  alongside: (tx: Tx) => Promise<unknown>,
): Promise<number> {
  const hashes = await blobs.putAll(found.map(({ raw }) => raw))
  const rows = found.map(
    ({ uid, raw, internalAt, cut, wholeSize }, i): Delivery => ({
      id: uuidv7(),
      mailboxId: folder.mailboxId,
      folderId: folder.id,
      uidValidity: folder.uidValidity,
      uid,
      rawHash: hashes[i]!,
      size: raw.length,
      cut: cut ?? null,
      wholeSize: wholeSize ?? null,
      internalAt,
      fetchedAt: now,
      state: 'stored',
      tries: 0,
      error: null,
      messageId: null,
      goneAt: null,
      parserVersion: 0,
    }),
  )
  return await db.write(async (tx) => {
    let stored = 0
    for (const row of rows) stored += (await insertDelivery(tx).execute(row)).length
    await alongside(tx)
    return stored
  })
}

const insertDelivery = prepared((tx: Tx) =>
  tx
    .insert(deliveries)
    .values(placeholdersOf(deliveries))
    .onConflictDoNothing()
    .returning({ id: deliveries.id })
    .prepare(UNNAMED),
)
