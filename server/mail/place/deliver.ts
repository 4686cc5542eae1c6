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

/** Puts the bytes of raw mails on disk, which comes first: a crash leaves bytes without a row, which are found again. */
export async function keepRaw({ blobs }: Pick<MailDeps, 'blobs'>, found: Found[]): Promise<string[]> {
  return await blobs.putAll(found.map(({ raw }) => raw))
}

/**
 * Stores raw mails before anything tries to understand them: first the bytes, then the rows.
 * @returns how many of them were new
 */
export async function storeFound(
  deps: Pick<MailDeps, 'db' | 'blobs'>,
  folder: Pick<Folder, 'id' | 'mailboxId' | 'uidValidity'>,
  found: Found[],
  now: number,
  alongside: (tx: Tx) => Promise<unknown>,
): Promise<number> {
  return await writeFound(deps, folder, found, await keepRaw(deps, found), now, alongside)
}

/**
 * Writes, in one transaction, the rows of raw mails whose bytes are on disk, and what `alongside` writes, such as the
 * folder's cursor.
 * @param hashes of the bytes, by `keepRaw`
 * @returns how many of them were new
 */
export async function writeFound(
  { db }: Pick<MailDeps, 'db'>,
  folder: Pick<Folder, 'id' | 'mailboxId' | 'uidValidity'>,
  found: Found[],
  hashes: string[],
  now: number,
  alongside: (tx: Tx) => Promise<unknown>,
): Promise<number> {
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
