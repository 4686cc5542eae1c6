import { and, eq } from 'drizzle-orm'
import { hashOf } from '../../../db/blobs.ts'
import { uuidv7 } from '../../../db/ids.ts'
import { deliveries, type Folder, folders, type Mailbox } from '../../../db/schema.ts'
import type { MailDeps } from '../deps.ts'
import type { MailFromFile } from './files.ts'

/** How far an import has come. */
export type Imported = {
  /** Mails read from the files, and their bytes. */
  read: number
  bytes: number
  /** Those that were not here before. */
  added: number
  /** Files that hold nothing that looks like a mail. */
  skipped: string[]
}

/** Stands in for the folder of the mail server. */
const PATH = 'Import'
const BATCH_MAILS = 200
const BATCH_BYTES = 16 * 1024 * 1024
const DAY_MS = 24 * 60 * 60_000

/**
 * Stores mails from files as if they had been found in the mailbox. Their content is their name, so importing the same
 * again changes nothing. They still have to be understood (ingest.ts), as every stored mail.
 * @param tell is called after each batch
 */
export async function importMails(
  deps: Pick<MailDeps, 'db' | 'blobs'>,
  mailbox: Pick<Mailbox, 'id'>,
  mails: AsyncIterable<MailFromFile>,
  tell: (soFar: Imported) => void = () => {},
): Promise<Imported> {
  const folder = await importFolder(deps, mailbox.id)
  const soFar: Imported = { read: 0, bytes: 0, added: 0, skipped: [] }
  let batch: MailFromFile[] = []
  let bytes = 0
  const store = async () => {
    soFar.added += await storeBatch(deps, folder, batch, Date.now())
    soFar.read += batch.length
    soFar.bytes += bytes
    batch = []
    bytes = 0
    tell(soFar)
  }
  for await (const mail of mails) {
    if (!looksLikeMail(mail.raw)) {
      soFar.skipped.push(mail.from)
      continue
    }
    batch.push(mail)
    bytes += mail.raw.length
    if (batch.length >= BATCH_MAILS || bytes >= BATCH_BYTES) await store()
  }
  if (batch.length > 0) await store()
  return soFar
}

async function importFolder({ db }: Pick<MailDeps, 'db'>, mailboxId: string): Promise<Folder> {
  const id = uuidv7()
  return await db.write(async (tx) => {
    await tx.insert(folders).values({ id, mailboxId, path: PATH, role: 'import' }).onConflictDoNothing()
    const [folder] = await tx
      .select()
      .from(folders)
      .where(and(eq(folders.mailboxId, mailboxId), eq(folders.path, PATH)))
    return folder!
  })
}

async function storeBatch(
  { db, blobs }: Pick<MailDeps, 'db' | 'blobs'>,
  { id: folderId, mailboxId }: Folder,
  mails: MailFromFile[],
  now: number,
): Promise<number> {
  await blobs.putAll(mails.map(({ raw }) => raw))
  const rows = mails.map((mail): typeof deliveries.$inferInsert => {
    const rawHash = hashOf(mail.raw)
    return {
      id: uuidv7(),
      mailboxId,
      folderId,
      // A file has no UIDVALIDITY and no UID: the content alone says which mail it is.
      uidValidity: rawHash,
      uid: 0,
      rawHash,
      size: mail.raw.length,
      cut: mail.wholeSize === null ? null : 'too_large',
      wholeSize: mail.wholeSize,
      internalAt: arrivedAt(mail, now),
      fetchedAt: now,
      state: 'stored',
      tries: 0,
      error: null,
      messageId: null,
      goneAt: null,
      parserVersion: 0,
    }
  })
  return await db.write(async (tx) => {
    const added = await tx.insert(deliveries).values(rows).onConflictDoNothing().returning({ id: deliveries.id })
    await tx.update(folders).set({ lookedAt: now }).where(eq(folders.id, folderId))
    return added.length
  })
}

/** When a mail came in: as its file says; where that may be off by a time zone, or is missing, its Date helps. */
function arrivedAt({ raw, filedAt, vague }: MailFromFile, now: number): number {
  const dated = dateOf(raw)
  if (filedAt === null) return Math.min(dated ?? now, now)
  const sameDay = dated !== null && Math.abs(dated - filedAt) < DAY_MS
  return Math.min(vague && sameDay ? Math.max(dated, filedAt) : filedAt, now)
}

const HEADER_BYTES = 64 * 1024

function dateOf(raw: Buffer): number | null {
  const value = /^date:[ \t]*(.+)$/im.exec(headerOf(raw))?.[1]
  const at = value ? Date.parse(value.replace(/\([^)]*\)/g, '').trim()) : Number.NaN
  return Number.isNaN(at) ? null : at
}

function headerOf(raw: Buffer): string {
  const start = raw.toString('latin1', 0, HEADER_BYTES)
  const end = start.search(/\r?\n\r?\n/)
  return end < 0 ? start : start.slice(0, end)
}

/** A file that begins without any header field, such as a picture, is no mail. */
function looksLikeMail(raw: Buffer): boolean {
  return /^[!-9;-~]+[ \t]*:/m.test(headerOf(raw))
}
