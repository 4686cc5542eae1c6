import { and, asc, between, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Reader, Tx } from '../../../db/index.ts'
import { deliveries, type Folder, folders } from '../../../db/schema.ts'
import type { WantedFolder } from './folder-choice.ts'

// What is known of a folder, and how it changes. The rows of the mails and these numbers change in one transaction.

const UIDS_A_STATEMENT = 400

/** The rows of the folders that are wanted, in that order; new ones are made. Another role is written down. */
export async function keepFolders(tx: Tx, mailboxId: string, wanted: WantedFolder[]): Promise<Folder[]> {
  const rows: Folder[] = []
  for (const { path, role } of wanted) {
    const [row] = await tx
      .insert(folders)
      .values({ id: uuidv7(), mailboxId, path, role })
      .onConflictDoUpdate({ target: [folders.mailboxId, folders.path], set: { role } })
      .returning()
    rows.push(row!)
  }
  return rows
}

/**
 * Begins a folder, or begins it anew where the server numbers its mails anew (RFC 9051, section 2.3.1.1): what is there
 * was there before us and comes in the background. What was stored under other numbers stays; if it is still there, it
 * is found again under its new number and recognised.
 */
export async function beginFolder(
  tx: Tx,
  folder: Folder,
  uidValidity: string,
  uidNext: number,
  now: number,
): Promise<Folder> {
  await tx
    .update(deliveries)
    .set({ goneAt: now })
    .where(and(eq(deliveries.folderId, folder.id), ne(deliveries.uidValidity, uidValidity), isNull(deliveries.goneAt)))
  return await writeFolder(tx, folder, {
    uidValidity,
    startUid: uidNext,
    lastUid: uidNext - 1,
    toCome: null,
    toComeAtFirst: 0,
    comePerMinute: null,
    leftAlone: 0,
  })
}

/** Writes down what changed of a folder, and gives it as it is now. */
export async function writeFolder(tx: Tx, folder: Folder, changes: Partial<Folder>): Promise<Folder> {
  await tx.update(folders).set(changes).where(eq(folders.id, folder.id))
  return { ...folder, ...changes }
}

/** The UIDs that are stored of a folder, and whether each is marked as gone. */
export async function storedUids(read: Reader, { id, uidValidity }: Folder): Promise<Map<number, boolean>> {
  const rows = await read
    .select({ uid: deliveries.uid, goneAt: deliveries.goneAt })
    .from(deliveries)
    .where(and(eq(deliveries.folderId, id), eq(deliveries.uidValidity, uidValidity)))
    .orderBy(asc(deliveries.uid))
  return new Map(rows.map(({ uid, goneAt }) => [uid, goneAt !== null]))
}

/** Marks mails of a folder as gone from the server since a time, or as there again. */
export async function markGone(tx: Tx, folder: Folder, uids: number[], goneAt: number | null): Promise<void> {
  for (let i = 0; i < uids.length; i += UIDS_A_STATEMENT) {
    const some = uids.slice(i, i + UIDS_A_STATEMENT)
    const isAmong = some.length === 1 ? eq(deliveries.uid, some[0]!) : inArray(deliveries.uid, some)
    await tx
      .update(deliveries)
      .set({ goneAt })
      .where(
        and(
          eq(deliveries.folderId, folder.id),
          eq(deliveries.uidValidity, folder.uidValidity),
          between(deliveries.uid, some[0]!, some.at(-1)!),
          isAmong,
        ),
      )
  }
}

/** How many mails of a mailbox are stored and wait to be understood, counted up to a limit. */
export async function waiting(read: Reader, mailboxId: string, limit: number): Promise<number> {
  const some = read
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.mailboxId, mailboxId), eq(deliveries.state, 'stored')))
    .limit(limit)
    .as('some')
  const [counted] = await read.select({ n: sql<number>`count(*)`.mapWith(Number) }).from(some)
  return counted?.n ?? 0
}
