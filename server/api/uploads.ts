import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import { Invalid } from '../errors.ts'
import { addUpload, asBlob, MAX_UPLOAD_BYTES, removeUpload } from '../issues/upload.ts'
import { tidyName } from '../mail/read/attachment.ts'
import { contentTypeOf } from '../mail/send/compose.ts'
import type { Env } from './deps.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

/** Where files come in: the only path whose bodies may be large. */
export const UPLOADS_PATH = '/api/uploads'
const MAX_NAME_CHARACTERS = 1_000

/** Files that a member wants to send along with an answer. */
export const uploads = new Hono<Env>()
  .post(
    '/',
    rule('reply', 'Takes a file, as the body of the request, to be sent along with an answer'),
    valid('query', z.object({ filename: z.string().min(1).max(MAX_NAME_CHARACTERS) })),
    async (c) => {
      const { member, now } = c.var
      const bytes = await readBody(c.req.raw)
      if (bytes.length === 0) throw new Invalid([{ field: '', message: 'The file is empty. Choose another.' }])
      const id = uuidv7()
      const filename = tidyName(c.req.valid('query').filename) || 'file'
      const blobHash = await c.var.deps.blobs.put(asBlob(id, bytes))
      // The name says what it is. What the browser takes it for decides nothing.
      const file = { id, filename, contentType: contentTypeOf(filename), size: bytes.length, blobHash }
      try {
        await c.var.db.write((tx) => addUpload(tx, member, file, now))
      } catch (error) {
        await c.var.deps.blobs.delete(blobHash)
        throw error
      }
      return c.json({ id, filename, contentType: file.contentType, size: file.size }, 201)
    },
  )
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

/** All of a body that is no larger than a file may be. */
async function readBody({ body, headers }: Request): Promise<Buffer> {
  const tooLarge = () =>
    new HTTPException(413, { message: `A file may have ${MAX_UPLOAD_BYTES / 1e6} MB. Send a link to larger ones.` })
  if (Number(headers.get('content-length') ?? 0) > MAX_UPLOAD_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  // A browser that cancels breaks the stream off: then there is nobody to answer, and nothing was kept.
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > MAX_UPLOAD_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
