import { and, asc, eq, inArray, isNotNull, isNull, lt, notInArray, or, sql } from 'drizzle-orm'
import type { Blobs } from '../../db/blobs.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { attachments, type Member, messages, outbox, type Upload, uploads } from '../../db/schema.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'

/** One file, in bytes. */
export const MAX_UPLOAD_BYTES = 25_000_000
/** All files of one mail, in bytes: a third more in base64, which is what large providers take (35 MB). */
export const MAX_ATTACHED_BYTES = 25_000_000
export const MAX_ATTACHED_FILES = 50
/** What one member may have here that no message has taken along. */
const MAX_UNUSED_BYTES = 500_000_000
/** A file that no draft has is kept so long. */
const UNUSED_KEPT_MS = 60 * 86_400_000
/** After that the bytes are read from the mail as it went out. */
const SENT_KEPT_MS = 7 * 86_400_000
const MAX_PRUNED_A_ROUND = 200

/** How much room the id takes that stands before the bytes of an upload. */
const ID_BYTES = 36

/**
 * An upload as it is kept: its id stands before its bytes. So no other blob is the same, and it can be deleted without
 * asking who else needs it.
 */
export function asBlob(id: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(id.padEnd(ID_BYTES).slice(0, ID_BYTES)), bytes])
}

/** The bytes of an upload, or undefined where they are gone. */
export async function readUpload(blobs: Blobs, { blobHash }: Pick<Upload, 'blobHash'>): Promise<Buffer | undefined> {
  return (await blobs.get(blobHash))?.subarray(ID_BYTES)
}

/** Writes down a file whose bytes are kept already. */
export async function addUpload(
  tx: Tx,
  by: Member,
  file: Pick<Upload, 'id' | 'filename' | 'contentType' | 'size' | 'blobHash'> & Partial<Pick<Upload, 'copiedFrom'>>,
  now: number,
): Promise<Upload> {
  const [unused] = await tx
    .select({ bytes: sql<number>`coalesce(sum(${uploads.size}), 0)`.mapWith(Number) })
    .from(uploads)
    .where(and(eq(uploads.memberId, by.id), isNull(uploads.messageId)))
  if ((unused?.bytes ?? 0) + file.size > MAX_UNUSED_BYTES)
    throw new Refused('Your drafts hold 500 MB of files. Send or remove some of them first.')
  const free = { draftId: null, messageId: null, position: null }
  const upload: Upload = { copiedFrom: null, ...file, ...free, memberId: by.id, createdAt: now }
  await tx.insert(uploads).values(upload)
  return upload
}

/** A copy of an attachment that a member has already, and no message has taken along. */
export async function freeCopy(read: Reader, copiedFrom: string, by: Member): Promise<Upload | undefined> {
  const [copy] = await read
    .select()
    .from(uploads)
    .where(and(eq(uploads.memberId, by.id), isNull(uploads.messageId), eq(uploads.copiedFrom, copiedFrom)))
  return copy
}

/** Lets go of a file that is not wanted any more; gives the blob to delete. One that a message has stays. */
export async function removeUpload(tx: Tx, id: string, by: Member): Promise<string> {
  const isFree = and(eq(uploads.id, id), eq(uploads.memberId, by.id), isNull(uploads.messageId))
  const [removed] = await tx.delete(uploads).where(isFree).returning({ blobHash: uploads.blobHash })
  if (!removed) throw new NotFound('There is no such file, or it is being sent.')
  return removed.blobHash
}

/**
 * The files that somebody wants to send along, in this order.
 * @throws Invalid for one that is not theirs, not there any more or sent already, and for too many or too large ones
 */
export async function findUploads(read: Reader, ids: string[], by: Member, maxBytes: number): Promise<Upload[]> {
  if (ids.length === 0) return []
  const rows = await read.select().from(uploads).where(inArray(uploads.id, ids))
  const found = ids.map((id) => rows.find((row) => row.id === id && row.memberId === by.id && row.messageId === null))
  const wrong = ids.flatMap((id, i) => {
    const field = `attachments.${i}`
    if (ids.indexOf(id) < i) return [{ field, message: `${field} is there twice. Name each file once.` }]
    return found[i] ? [] : [{ field, message: `${field} must be a file that you uploaded. Attach it again.` }]
  })
  if (wrong.length > 0) throw new Invalid(wrong)
  const files = found.filter((upload) => upload !== undefined)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  if (bytes > maxBytes) {
    const message = `attachments may have ${inMb(maxBytes)} MB together; these have ${inMb(bytes)} MB. Remove some, or send a link.`
    throw new Invalid([{ field: 'attachments', message }])
  }
  return files
}

function inMb(bytes: number): string {
  return (bytes / 1e6).toFixed(1).replace('.0', '')
}

/**
 * Makes files the attachments of a message that goes out; the pictures that its HTML shows come first, as in the mail
 * (mail/send/compose.ts).
 */
export async function attachUploads(
  tx: Tx,
  messageId: string,
  files: Upload[],
  pictures: { upload: Upload; contentId: string }[] = [],
): Promise<void> {
  const parts = [...pictures, ...files.map((upload) => ({ upload, contentId: null }))]
  for (const [position, { upload, contentId }] of parts.entries()) {
    const { id, filename, contentType, size } = upload
    await tx.update(uploads).set({ messageId, position, draftId: null }).where(eq(uploads.id, id))
    const inline = contentId !== null
    await tx.insert(attachments).values({ messageId, position, filename, contentType, size, contentId, inline })
  }
}

/** Gives back what a message was to take along. */
export async function detachUploads(tx: Tx, messageId: string): Promise<void> {
  await tx.update(uploads).set({ messageId: null, position: null }).where(eq(uploads.messageId, messageId))
}

/** What a message takes along, in order. */
export async function uploadsOf(read: Reader, messageId: string): Promise<Upload[]> {
  return await read.select().from(uploads).where(eq(uploads.messageId, messageId)).orderBy(asc(uploads.position))
}

/** Forgets files that nobody sent for long, and those that lie in a mail which went out long ago. */
export async function pruneUploads({ db, blobs }: { db: Db; blobs: Blobs }, now: number): Promise<void> {
  const hashes = await db.write(async (tx) => {
    const onTheirWay = tx
      .select({ id: outbox.messageId })
      .from(outbox)
      .where(notInArray(outbox.state, ['accepted', 'cancelled']))
    const over = await tx
      .select({ id: uploads.id })
      .from(uploads)
      .leftJoin(messages, eq(messages.id, uploads.messageId))
      .where(
        or(
          and(isNull(uploads.messageId), isNull(uploads.draftId), lt(uploads.createdAt, now - UNUSED_KEPT_MS)),
          and(isNotNull(messages.rawHash), lt(messages.at, now - SENT_KEPT_MS), notInArray(messages.id, onTheirWay)),
        ),
      )
      .orderBy(asc(uploads.createdAt))
      .limit(MAX_PRUNED_A_ROUND)
    if (over.length === 0) return []
    const ids = over.map(({ id }) => id)
    const gone = await tx.delete(uploads).where(inArray(uploads.id, ids)).returning({ blobHash: uploads.blobHash })
    return gone.map(({ blobHash }) => blobHash)
  })
  for (const hash of hashes) await blobs.delete(hash)
}
