import { Readable } from 'node:stream'
import { and, eq, sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import { attachments, bodies, type Message } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { retrySending, settleSending } from '../issues/sending.ts'
import { readHeld, takeBack } from '../issues/take-back.ts'
import { readUpload, uploadsOf } from '../issues/upload.ts'
import { SANITIZER_VERSION } from '../mail/read/sanitize.ts'
import { isSigned, remotePrefix, signRemote } from '../mail/remote.ts'
import { openOutside } from '../net/outside.ts'
import { pictureType } from '../net/picture.ts'
import type { Deps, Env } from './deps.ts'
import { dispositionOf, INLINE_TYPES } from './disposition.ts'
import { mailDocument, mailPolicy } from './mail-document.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { messageFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.string() }))
const DAY_S = 86_400
const outside = openOutside()
const PICTURES = 'image/avif,image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5'

/** Messages: their HTML for the frame, the raw mail, attachments, and what a person decides about one that failed. */
export const messages = new Hono<Env>()
  .get(
    '/:id/body',
    rule('read', 'The HTML of a message, made harmless'),
    inPath,
    valid(
      'query',
      z.object({
        quoted: z.enum(['0', '1']).default('1'),
        /** Whether what the mail has elsewhere is loaded, through us. */
        remote: z.enum(['0', '1']).default('0'),
      }),
    ),
    async (c) => {
      const { message } = await messageFor(c.var.db.read, c.var.member, c.req.valid('param').id)
      const { quoted, remote } = c.req.valid('query')
      const body = remote === '1' ? await withRemote(c.var.deps, message) : await sanitizedHtml(c.var.deps, message)
      if (body === null) throw new NotFound('This message has no HTML.')
      c.header('content-security-policy', mailPolicy)
      // Folded only where something remains: the text has told where the quoted part begins.
      return c.html(mailDocument(body.html, { folded: quoted === '0' && body.quotes, remoteCount: body.remoteCount }))
    },
  )
  .get(
    '/:id/remote/:mac',
    rule('read', 'A picture that a mail has elsewhere, loaded by us'),
    valid('param', z.object({ id: z.string(), mac: z.string() })),
    valid('query', z.object({ url: z.string() })),
    async (c) => {
      const { id, mac } = c.req.valid('param')
      const { url } = c.req.valid('query')
      const { message } = await messageFor(c.var.db.read, c.var.member, id)
      if (!isSigned(c.var.deps.secrets, message.id, url, mac)) throw new NotFound('This mail names no such picture.')
      const { bytes, status } = await (c.var.deps.outside ?? outside).get(url, { accept: PICTURES })
      const type = status === 200 ? pictureType(bytes) : null
      if (type === null) throw new Refused('There is no picture at this address.')
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': type,
        'content-disposition': 'inline',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': `private, max-age=${DAY_S}`,
      })
    },
  )
  .get('/:id/text', rule('read', 'The whole text of a message'), inPath, async (c) => {
    const { message } = await messageFor(c.var.db.read, c.var.member, c.req.valid('param').id)
    const [body] = await c.var.db.read
      .select({ text: bodies.text })
      .from(bodies)
      .where(eq(bodies.messageId, message.id))
    return c.text(body?.text ?? '')
  })
  .get('/:id/raw', rule('read', 'The raw mail'), inPath, async (c) => {
    const { message } = await messageFor(c.var.db.read, c.var.member, c.req.valid('param').id)
    const raw = message.rawHash === null ? undefined : await c.var.deps.blobs.stream(message.rawHash)
    if (!raw) throw new NotFound('The raw mail is not here. An outgoing one exists once it is on its way.')
    return c.body(Readable.toWeb(raw.bytes) as ReadableStream, 200, {
      'content-type': 'message/rfc822',
      'content-length': String(raw.size),
      'content-disposition': dispositionOf('attachment', `${message.subject.slice(0, 80) || 'mail'}.eml`),
    })
  })
  .get(
    '/:id/attachments/:position',
    rule('read', 'An attachment'),
    valid('param', z.object({ id: z.string(), position: z.coerce.number<string>().int().min(0) })),
    valid('query', z.object({ inline: z.string().optional() })),
    async (c) => {
      const { id, position } = c.req.valid('param')
      const { message } = await messageFor(c.var.db.read, c.var.member, id)
      const [attachment] = await c.var.db.read
        .select()
        .from(attachments)
        .where(and(eq(attachments.messageId, message.id), eq(attachments.position, position)))
      const bytes = attachment && (await attachedBytes(c.var.deps, message, position))
      if (!attachment || !bytes) throw new NotFound('There is no such attachment.')
      const inline = c.req.valid('query').inline !== undefined && INLINE_TYPES.includes(attachment.contentType)
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': inline ? attachment.contentType : 'application/octet-stream',
        'content-disposition': dispositionOf(inline ? 'inline' : 'attachment', attachment.filename),
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': `private, max-age=${DAY_S}`,
      })
    },
  )
  .put(
    '/:id/sending',
    rule('reply', 'Sends a message again, or settles what became of it'),
    inPath,
    valid('json', z.object({ to: z.enum(['again', 'accepted', 'cancelled']) })),
    async (c) => {
      const { member, now } = c.var
      const { to } = c.req.valid('json')
      await c.var.db.write(async (tx) => {
        const { message } = await messageFor(tx, member, c.req.valid('param').id)
        if (to === 'again') await retrySending(tx, message.id, member, now)
        else await settleSending(tx, message.id, to, member, now)
      })
      return c.body(null, 204)
    },
  )
  .get(
    '/:id/sending',
    rule('reply', 'An answer of yours that has not gone out yet, as you wrote it'),
    inPath,
    async (c) => {
      const { read } = c.var.db
      const { message } = await messageFor(read, c.var.member, c.req.valid('param').id)
      return c.json(await readHeld(read, message.id, c.var.member))
    },
  )
  .delete('/:id/sending', rule('reply', 'Takes an answer back that has not gone out yet'), inPath, async (c) => {
    const { member, now } = c.var
    await c.var.db.write(async (tx) => {
      const { message } = await messageFor(tx, member, c.req.valid('param').id)
      await takeBack(tx, message.id, member, now)
    })
    return c.body(null, 204)
  })

/** The bytes of an attachment: as it was uploaded, while that is kept, else out of the raw mail. */
async function attachedBytes({ db, blobs, parsers }: Deps, message: Message, position: number) {
  const upload = (await uploadsOf(db.read, message.id)).find((one) => one.position === position)
  const bytes = upload && (await readUpload(blobs, upload))
  if (bytes) return bytes
  const raw = message.rawHash === null ? undefined : await blobs.get(message.rawHash)
  return raw && (await parsers.attachment(raw, position))
}

type ShownHtml = { html: string; quotes: boolean; remoteCount: number }

/** The sanitised HTML of a message: made at first sight, and anew when the rules have changed. */
async function sanitizedHtml(deps: Deps, message: Message): Promise<ShownHtml | null> {
  const body = await bodyOf(deps, message)
  if (!body) return null
  const quotes = body.quotedFrom !== null
  if (body.html !== null && body.htmlVersion === SANITIZER_VERSION)
    return { html: body.html, quotes, remoteCount: body.remoteCount ?? 0 }
  const sanitized = await deps.parsers.html(await rawOf(deps, body), {
    cidUrls: await cidUrls(deps.db.read, message.id),
  })
  if (sanitized === null) return null
  await deps.db.write(async (tx) => {
    await tx
      .update(bodies)
      .set({ ...sanitized, htmlVersion: SANITIZER_VERSION })
      .where(eq(bodies.messageId, message.id))
  })
  return { ...sanitized, quotes }
}

/** The same with what the mail has elsewhere: made each time, since few ask. */
async function withRemote(deps: Deps, message: Message): Promise<ShownHtml | null> {
  const body = await bodyOf(deps, message)
  if (!body) return null
  const options = { cidUrls: await cidUrls(deps.db.read, message.id), remotePrefix: remotePrefix(message.id) }
  const sanitized = await deps.parsers.html(await rawOf(deps, body), options)
  if (sanitized === null) return null
  const html = signRemote(deps.secrets, message.id, sanitized.html)
  return { html, quotes: body.quotedFrom !== null, remoteCount: 0 }
}

async function bodyOf(deps: Deps, { id, rawHash }: Message) {
  const [body] = await deps.db.read.select().from(bodies).where(eq(bodies.messageId, id))
  return body?.hasHtml && rawHash !== null ? { ...body, rawHash } : null
}

async function rawOf(deps: Deps, { rawHash }: { rawHash: string }): Promise<Uint8Array> {
  const raw = await deps.blobs.get(rawHash)
  if (!raw) throw new NotFound('The raw mail is missing from the disk.')
  return raw
}

/** Where the pictures that the HTML names by Content-ID are (RFC 2392). */
async function cidUrls(read: Reader, messageId: string): Promise<Record<string, string>> {
  const rows = await read
    .select({ position: attachments.position, contentId: attachments.contentId })
    .from(attachments)
    .where(and(eq(attachments.messageId, messageId), sql`${attachments.contentId} is not null`))
  return Object.fromEntries(
    rows.map(({ position, contentId }) => [
      contentId ?? '',
      `/api/messages/${messageId}/attachments/${position}?inline=1`,
    ]),
  )
}
