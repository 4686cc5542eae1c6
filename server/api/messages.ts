import { Readable } from 'node:stream'
import { and, asc, eq } from 'drizzle-orm'
import { Hono } from 'hono'
import { z } from 'zod'
import { uuidv7 } from '../../db/ids.ts'
import { attachments, bodies, type Member, type Message } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { NotFound, Refused } from '../errors.ts'
import { type CopiedFile, editAndResend } from '../issues/edit-resend.ts'
import { findIssue } from '../issues/issue.ts'
import { listScheduled, reschedule } from '../issues/schedule.ts'
import { retrySending, settleSending } from '../issues/sending.ts'
import { readHeld, takeBack } from '../issues/take-back.ts'
import { MAX_ATTACHED_FILES, readUpload, uploadsOf } from '../issues/upload.ts'
import { isSigned } from '../mail/remote.ts'
import { pictureType } from '../net/picture.ts'
import type { Deps, Env } from './deps.ts'
import { dispositionOf, INLINE_TYPES } from './disposition.ts'
import { shownDraft } from './drafts.ts'
import { mailDocument, mailPolicy } from './mail-document.ts'
import { htmlWithRemote, shownHtml } from './message-html.ts'
import { rule } from './rule.ts'
import { takeFile } from './uploads.ts'
import { valid } from './valid.ts'
import { messageFor } from './visible.ts'

const inPath = valid('param', z.object({ id: z.string() }))
const DAY_S = 86_400
const PICTURES = 'image/avif,image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5'

/** Messages: their HTML for the frame, the raw mail, attachments, and what a person decides about one that failed. */
export const messages = new Hono<Env>()
  .get('/scheduled', rule('read', 'What goes out at a time'), async (c) => {
    const { read } = c.var.db
    return c.json(await listScheduled(read, await visibleMailboxIds(read, c.var.member)))
  })
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
      const body = remote === '1' ? await htmlWithRemote(c.var.deps, message) : await shownHtml(c.var.deps, message)
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
      const { bytes, status } = await c.var.deps.outside.get(url, { accept: PICTURES })
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
  .put(
    '/:id/schedule',
    rule('reply', 'Gives a mail that goes out later another time, or lets it go now'),
    inPath,
    valid('json', z.object({ sendAt: z.int().nullable() })),
    async (c) => {
      const { member, now } = c.var
      const { sendAt } = c.req.valid('json')
      await c.var.db.write(async (tx) => {
        const { message } = await messageFor(tx, member, c.req.valid('param').id)
        await reschedule(tx, message.id, sendAt, member, now)
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
    const draftId = uuidv7()
    const draft = await c.var.db.write(async (tx) => {
      const { message } = await messageFor(tx, member, c.req.valid('param').id)
      return await takeBack(tx, message.id, draftId, member, now)
    })
    return c.json(draft)
  })
  .post('/:id/copies', rule('reply', 'Copies the attachments of a message, to pass them on'), inPath, async (c) => {
    const { message } = await messageFor(c.var.db.read, c.var.member, c.req.valid('param').id)
    const copies = await copiesOf(c.var.deps, message, c.var.member, c.var.now)
    return c.json(
      copies.map(({ id, filename, size }) => ({ id, filename, size })),
      201,
    )
  })
  .post(
    '/:id/resending',
    rule('reply', 'Makes a draft of a mail that did not arrive, to those whom it did not reach'),
    inPath,
    valid('json', z.object({ draftId: z.uuid() })),
    async (c) => {
      const { member, now, deps, db } = c.var
      const { id } = c.req.valid('param')
      const { draftId } = c.req.valid('json')
      const copies = await copiesOf(deps, (await messageFor(db.read, member, id)).message, member, now)
      const draft = await db.write(async (tx) => {
        const { message } = await messageFor(tx, member, id)
        const issue = await findIssue(tx, message.issueId)
        return await editAndResend(tx, { draftId, message, issue, copies }, member, now)
      })
      return c.json(shownDraft(draft), 201)
    },
  )

/** Copies of the attachments of a message, as uploads of a member. */
async function copiesOf(deps: Deps, message: Message, by: Member, now: number): Promise<CopiedFile[]> {
  const rows = await deps.db.read
    .select()
    .from(attachments)
    .where(eq(attachments.messageId, message.id))
    .orderBy(asc(attachments.position))
    .limit(MAX_ATTACHED_FILES)
  const copies: CopiedFile[] = []
  for (const { position, filename } of rows) {
    const bytes = await attachedBytes(deps, message, position)
    if (!bytes?.length) continue
    const { id, size, ...copy } = await takeFile(deps, bytes, filename, `${message.id}/${position}`, by, now)
    copies.push({ id, filename: copy.filename, size, position })
  }
  return copies
}

/** The bytes of an attachment: as it was uploaded, while that is kept, else out of the raw mail. */
export async function attachedBytes({ db, blobs, parsers }: Deps, message: Message, position: number) {
  const upload = (await uploadsOf(db.read, message.id)).find((one) => one.position === position)
  const bytes = upload && (await readUpload(blobs, upload))
  if (bytes) return bytes
  const raw = message.rawHash === null ? undefined : await blobs.get(message.rawHash)
  return raw && (await parsers.attachment(raw, position))
}
