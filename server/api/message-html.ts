import { and, eq, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { attachments, bodies, type Message } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'
import { SANITIZER_VERSION, type SanitizedHtml, sanitizeHtml } from '../mail/read/sanitize.ts'
import { remotePrefix, signRemote } from '../mail/remote.ts'
import type { Deps } from './deps.ts'

/** The HTML of a message made harmless, and whether some of it is quoted. */
export type ShownHtml = { html: string; quotes: boolean; remoteCount: number }

/** The sanitised HTML of a message: made at first sight, and anew when the rules have changed. Null: it has none. */
export async function shownHtml(deps: Deps, message: Message): Promise<ShownHtml | null> {
  const body = await bodyOf(deps, message)
  if (!body) return null
  const quotes = body.quotedFrom !== null
  if (body.html !== null && body.htmlVersion === SANITIZER_VERSION)
    return { html: body.html, quotes, remoteCount: body.remoteCount ?? 0 }
  const cidUrls = await cidUrlsOf(deps.db.read, message.id)
  const sanitized = await made(deps, body, { cidUrls })
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
export async function htmlWithRemote(deps: Deps, message: Message): Promise<ShownHtml | null> {
  const body = await bodyOf(deps, message)
  if (!body) return null
  const options = { cidUrls: await cidUrlsOf(deps.db.read, message.id), remotePrefix: remotePrefix(message.id) }
  const sanitized = await made(deps, body, options)
  if (sanitized === null) return null
  const html = signRemote(deps.secrets, message.id, sanitized.html)
  return { html, quotes: body.quotedFrom !== null, remoteCount: 0 }
}

type Body = NonNullable<Awaited<ReturnType<typeof bodyOf>>>

async function bodyOf(deps: Deps, { id, rawHash }: Message) {
  const [body] = await deps.db.read.select().from(bodies).where(eq(bodies.messageId, id))
  return body?.hasHtml && (rawHash !== null || body.composedHtml !== null) ? { ...body, rawHash } : null
}

/** What we composed ourselves is there before the mail is, and short; foreign mail is read in a thread of its own. */
async function made(
  deps: Deps,
  body: Body,
  options: Parameters<typeof sanitizeHtml>[1],
): Promise<SanitizedHtml | null> {
  if (body.composedHtml !== null) return sanitizeHtml(body.composedHtml, options)
  const raw = body.rawHash === null ? undefined : await deps.blobs.get(body.rawHash)
  if (!raw) throw new NotFound('The raw mail is missing from the disk.')
  return await deps.parsers.html(raw, options)
}

/** Where the pictures that the HTML names by Content-ID are (RFC 2392). */
async function cidUrlsOf(read: Reader, messageId: string): Promise<Record<string, string>> {
  const rows = await read
    .select({ position: attachments.position, contentId: attachments.contentId })
    .from(attachments)
    .where(and(eq(attachments.messageId, messageId), sql`${attachments.contentId} is not null`))
  return Object.fromEntries(rows.map(({ position, contentId }) => [contentId ?? '', pictureUrl(messageId, position)]))
}

/** Where a picture of a message is shown from. */
export function pictureUrl(messageId: string, position: number): string {
  return `/api/messages/${messageId}/attachments/${position}?inline=1`
}
