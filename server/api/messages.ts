import { Readable } from 'node:stream'
import { and, eq, sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import { attachments, bodies, type Message } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'
import { retrySending, settleSending } from '../issues/sending.ts'
import { SANITIZER_VERSION } from '../mail/sanitize.ts'
import type { Deps, Env } from './deps.ts'
import { dispositionOf, INLINE_TYPES } from './disposition.ts'
import { mailDocument, mailPolicy } from './mail-document.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'
import { messageFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.string() }))
const DAY_S = 86_400

/** Messages: their HTML for the frame, the raw mail, attachments, and what a person decides about one that failed. */
export const messages = new Hono<Env>()
  .get(
    '/:id/body',
    rule('read', 'The HTML of a message, made harmless'),
    inPath,
    valid('query', z.object({ quoted: z.enum(['0', '1']).default('1') })),
    async (c) => {
      const { message } = await messageFor(c.var.db.read, c.var.member, c.req.valid('param').id)
      const body = await sanitizedHtml(c.var.deps, message)
      if (body === null) throw new NotFound('This message has no HTML.')
      c.header('content-security-policy', mailPolicy)
      // Folded only where something remains: the text has told where the quoted part begins.
      return c.html(mailDocument(body.html, { folded: c.req.valid('query').quoted === '0' && body.quotes }))
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
      const raw = message.rawHash === null ? undefined : await c.var.deps.blobs.get(message.rawHash)
      const bytes = attachment && raw && (await c.var.deps.parsers.attachment(raw, position))
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

/** The sanitised HTML of a message: made at first sight, and anew when the rules have changed. */
async function sanitizedHtml(deps: Deps, message: Message): Promise<{ html: string; quotes: boolean } | null> {
  const { read } = deps.db
  const [body] = await read.select().from(bodies).where(eq(bodies.messageId, message.id))
  if (!body?.hasHtml || message.rawHash === null) return null
  const quotes = body.quotedFrom !== null
  if (body.html !== null && body.htmlVersion === SANITIZER_VERSION) return { html: body.html, quotes }
  const raw = await deps.blobs.get(message.rawHash)
  if (!raw) throw new NotFound('The raw mail is missing from the disk.')
  const sanitized = await deps.parsers.html(raw, { cidUrls: await cidUrls(read, message.id) })
  if (sanitized === null) return null
  await deps.db.write(async (tx) => {
    await tx
      .update(bodies)
      .set({ html: sanitized.html, htmlVersion: SANITIZER_VERSION })
      .where(eq(bodies.messageId, message.id))
  })
  return { html: sanitized.html, quotes }
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
