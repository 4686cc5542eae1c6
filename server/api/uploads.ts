import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader } from '../../db/index.ts'
import { drafts, type Member, type Upload, uploads as uploadRows } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { Invalid, NotFound } from '../errors.ts'
import { addUpload, asBlob, freeCopy, MAX_UPLOAD_BYTES, readUpload, removeUpload } from '../issues/upload.ts'
import { tidyName } from '../mail/read/attachment.ts'
import { contentTypeOf } from '../mail/send/compose.ts'
import type { Deps, Env } from './deps.ts'
import { dispositionOf, INLINE_TYPES } from './disposition.ts'
import { readBody } from './read-body.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** Where files come in that are sent along. */
export const UPLOADS_PATH = '/api/uploads'
const MAX_NAME_CHARACTERS = 1_000
const DAY_S = 86_400

/** Files that a member wants to send along with an answer. */
export const uploads = new Hono<Env>()
  .post(
    '/',
    rule('reply', 'Takes a file, as the body of the request, to be sent along with an answer'),
    valid('query', z.object({ filename: z.string().min(1).max(MAX_NAME_CHARACTERS) })),
    async (c) => {
      const { member, now } = c.var
      const bytes = await readBody(c.req.raw, MAX_UPLOAD_BYTES, 'Send a link to larger ones.')
      if (bytes.length === 0) throw new Invalid([{ field: '', message: 'The file is empty. Choose another.' }])
      return c.json(await takeFile(c.var.deps, bytes, c.req.valid('query').filename, null, member, now), 201)
    },
  )
  .get('/:id', rule('read', 'A file of a draft'), valid('param', z.object({ id: z.string() })), async (c) => {
    const { db, deps, member } = c.var
    const upload = await uploadFor(db.read, member, c.req.valid('param').id)
    const bytes = await readUpload(deps.blobs, upload)
    if (!bytes) throw new NotFound('There is no such file.')
    const inline = INLINE_TYPES.includes(upload.contentType)
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': inline ? upload.contentType : 'application/octet-stream',
      'content-disposition': dispositionOf(inline ? 'inline' : 'attachment', upload.filename),
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': `private, max-age=${DAY_S}`,
    })
  })
  .delete(
    '/:id',
    rule('reply', 'Lets go of a file that was not sent'),
    valid('param', z.object({ id: z.string() })),
    async (c) => {
      const hash = await c.var.db.write((tx) => removeUpload(tx, c.req.valid('param').id, c.var.member))
      await c.var.deps.blobs.delete(hash)
      return c.body(null, 204)
    },
  )

type File = { id: string; filename: string; contentType: string; size: number }

/** Keeps a file for a member; a copy of the same attachment only once. */
export async function takeFile(
  { db, blobs }: Deps,
  bytes: Uint8Array,
  name: string,
  copiedFrom: string | null,
  member: Member,
  now: number,
): Promise<File> {
  const known = copiedFrom === null ? undefined : await freeCopy(db.read, copiedFrom, member)
  if (known) return { id: known.id, filename: known.filename, contentType: known.contentType, size: known.size }
  const id = uuidv7()
  const filename = tidyName(name) || 'file'
  const blobHash = await blobs.put(asBlob(id, bytes))
  // The name says what it is. What the browser takes it for decides nothing.
  const file = { id, filename, contentType: contentTypeOf(filename), size: bytes.length }
  try {
    await db.write((tx) => addUpload(tx, member, { ...file, blobHash, copiedFrom }, now))
  } catch (error) {
    await blobs.delete(blobHash)
    throw error
  }
  return file
}

/** The file, for who put it here and for who sees the draft that it belongs to. */
async function uploadFor(read: Reader, member: Member, id: string): Promise<Upload> {
  const [row] = await read
    .select({ upload: uploadRows, mailboxId: drafts.mailboxId })
    .from(uploadRows)
    .leftJoin(drafts, eq(drafts.id, uploadRows.draftId))
    .where(eq(uploadRows.id, id))
  const visible = await visibleMailboxIds(read, member)
  const sees = row?.mailboxId && (visible === 'all' || visible.includes(row.mailboxId))
  if (row && (row.upload.memberId === member.id || sees)) return row.upload
  throw new NotFound('There is no such file.')
}
