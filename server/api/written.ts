import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { Reader } from '../../db/index.ts'
import {
  attachments,
  bodies,
  type DraftContent,
  type Mailbox,
  type Member,
  type Message,
  type Upload,
  uploads,
} from '../../db/schema.ts'
import { MAX_RECIPIENTS, MAX_REPLY_CHARACTERS, MAX_REPLY_HTML_CHARACTERS, type Written } from '../issues/outgoing.ts'
import { MAX_REMIND_AFTER_MS } from '../issues/reminder.ts'
import { introduction, quote } from '../issues/reply.ts'
import { MAX_SIGNATURE_CHARACTERS } from '../issues/signature.ts'
import { heldMsOf } from '../issues/take-back.ts'
import { findUploads, MAX_ATTACHED_FILES } from '../issues/upload.ts'
import { maxAttachedBytes } from '../mail/fetch/mail-size.ts'
import { domainOf } from '../mail/send/own-id.ts'
import { passedOnHead, passedOnHtml, quotedHtml } from '../mail/send/quoted-html.ts'
import { signatureBelow } from '../mail/send/signature-below.ts'
import { contentIdOf, writtenHtml } from '../mail/send/written-html.ts'
import { writtenText } from '../mail/send/written-text.ts'
import type { Deps } from './deps.ts'
import { chosenLanguage } from './fields.ts'
import { pictureUrl, shownHtml } from './message-html.ts'

export const address = z.object({ name: z.string().max(500).default(''), address: z.email().max(320).toLowerCase() })
const recipients = z.array(address).max(MAX_RECIPIENTS)

/** What every mail has that somebody writes. */
export const mailFields = {
  id: z.uuid(),
  to: recipients.min(1),
  cc: recipients.default([]),
  bcc: recipients.default([]),
  /** One of the addresses of the mailbox; left out: its own. */
  from: z.email().max(320).toLowerCase().nullish(),
  text: z.string().max(MAX_REPLY_CHARACTERS).default(''),
  /** Written with a form: then `text` is made from it. Elements other than those of server/mail/send/written-html.ts go. */
  html: z.string().max(MAX_REPLY_HTML_CHARACTERS).nullish(),
  /** What stands below it, as HTML; left out: nothing. It is made text where the mail is text. */
  signature: z.string().max(MAX_SIGNATURE_CHARACTERS).nullish(),
  /** The language that it is written in, where its writer chose one; kept for the conversation. */
  language: chosenLanguage.nullish(),
  status: z.enum(['waiting', 'done']).default('waiting'),
  /** When it is to go out, in ms since the epoch; left out: at once. */
  sendAt: z.int().nullish(),
  /** So long after it, in ms, the issue comes back where nobody answered. */
  remindAfterMs: z.int().min(60_000).max(MAX_REMIND_AFTER_MS).nullish(),
  /** The ids of files that POST /api/uploads took. */
  attachments: z.array(z.string()).max(MAX_ATTACHED_FILES).default([]),
}
const mail = z.object(mailFields)
type Mail = z.infer<typeof mail>

/** What stands below: the mail that is answered, or the one that is passed on. */
export type Below = { message: Message; how: 'quoted' | 'passed on' }

/** What was written made ready to go out, but for its files, which the transaction looks up (withFiles). */
export type Ready = Omit<Written, 'internetMessageId' | 'attachments' | 'pictures'> & {
  pictureIds: string[]
  fileIds: string[]
  /** Uploads that are pictures of the mail that is passed on. */
  copiedPictureIds: string[]
  draft: Omit<DraftContent, 'attachments'>
}

/**
 * Makes what somebody wrote ready: harmless, as text and as HTML, with what stands below. Done before the transaction,
 * since mail is read for it.
 */
export async function makeReady(
  deps: Deps,
  mailbox: Mailbox,
  input: Mail,
  kind: 'reply' | 'forward' | 'new',
  below: Below | null,
  subject = '',
): Promise<Ready> {
  const { id, to, cc, bcc, from, attachments: fileIds } = input
  const domain = domainOf(from ?? mailbox.address)
  const own = typeof input.html === 'string' ? writtenHtml(input.html, domain) : null
  const text = own ? writtenText(own.html) : input.text
  const speaks = text.trim() !== '' || (own?.pictureIds.length ?? 0) > 0 || below?.how === 'passed on'
  const signature = signatureBelow(speaks ? (input.signature ?? '') : '')
  const quotable = below && (await quotableOf(deps, below, own ? fileIds : [], domain))
  const lower = quotable && (below?.how === 'quoted' ? quotedHtml(quotable) : passedOnHtml(quotable))
  return {
    id,
    to,
    cc,
    bcc,
    ...(from ? { from } : {}),
    text: signature.text ? text.trimEnd() + signature.text : text,
    quoted: quotable?.quoted ?? '',
    html: own ? `${own.html}${signature.html}${lower ? `${own.html ? '<br />' : ''}${lower}` : ''}` : null,
    ...(typeof input.language === 'string' ? { language: input.language } : {}),
    ...(typeof input.sendAt === 'number' ? { sendAt: input.sendAt } : {}),
    ...(typeof input.remindAfterMs === 'number' ? { remindAfterMs: input.remindAfterMs } : {}),
    fileIds,
    pictureIds: own?.pictureIds ?? [],
    copiedPictureIds: quotable?.pictureIds ?? [],
    draft: {
      kind,
      messageId: below?.message.id ?? null,
      recipients: { to, cc, bcc },
      all: true,
      from: from ?? null,
      subject,
      plain: own === null,
      text: own ? '' : input.text,
      html: own ? (input.html ?? '') : '',
      quote: below !== null,
      signature: input.signature ?? '',
      language: input.language ?? null,
      remindAfterMs: input.remindAfterMs ?? null,
      copies: null,
      noteId: crypto.randomUUID(),
      note: '',
      seen: null,
    },
  }
}

/** What was made ready with its files, as the transaction finds them. */
export async function withFiles(
  read: Reader,
  { pictureIds, fileIds, copiedPictureIds, draft, ...ready }: Ready,
  mailbox: Mailbox,
  by: Member,
): Promise<Omit<Written, 'internetMessageId'>> {
  const domain = domainOf(ready.from ?? mailbox.address)
  const ids = [...pictureIds, ...fileIds.filter((id) => !pictureIds.includes(id))]
  const found = await findUploads(read, ids, by, maxAttachedBytes(mailbox))
  const isPicture = ({ id }: Upload) => pictureIds.includes(id) || copiedPictureIds.includes(id)
  const files = found.filter((upload) => !isPicture(upload))
  const listed = found.filter(({ id }) => !pictureIds.includes(id))
  return {
    ...ready,
    heldMs: heldMsOf(by),
    attachments: files,
    pictures: found.filter(isPicture).map((upload) => ({ upload, contentId: contentIdOf(upload.id, domain) })),
    content: {
      ...draft,
      attachments: listed.map(({ id, filename, size }) => ({ id, filename, size })),
    },
  }
}

async function quotableOf(deps: Deps, { message, how }: Below, fileIds: string[], domain: string) {
  const { read } = deps.db
  const [body] = await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, message.id))
  const text = body?.text ?? ''
  const html = await shownHtml(deps, message).catch(() => null)
  if (how === 'quoted')
    return {
      introduction: introduction(message),
      text,
      quoted: quote(message, text),
      html: html?.html ?? null,
      pictureIds: [],
    }
  const head = passedOnHead(message)
  const copies = await copiedPictures(read, message.id, fileIds)
  const pictures = Object.fromEntries(
    copies.map(({ id, position }) => [pictureUrl(message.id, position), contentIdOf(id, domain)]),
  )
  const shown = copies.filter(({ position }) => html?.html.includes(pictureUrl(message.id, position)))
  return {
    introduction: head,
    text,
    quoted: `${head}\n\n${text.trimEnd()}`,
    html: html?.html ?? null,
    pictures,
    pictureIds: shown.map(({ id }) => id),
  }
}

/** Of the files that go along, those that are copies of pictures within the mail that is passed on. */
async function copiedPictures(read: Reader, messageId: string, fileIds: string[]) {
  if (fileIds.length === 0) return []
  const rows = await read
    .select({ position: attachments.position })
    .from(attachments)
    .where(and(eq(attachments.messageId, messageId), eq(attachments.inline, true)))
  const places = new Map(rows.map(({ position }) => [`${messageId}/${position}`, position]))
  const copies = await read
    .select({ id: uploads.id, copiedFrom: uploads.copiedFrom })
    .from(uploads)
    .where(inArray(uploads.id, fileIds))
  return copies.flatMap(({ id, copiedFrom }) => {
    const position = places.get(copiedFrom ?? '')
    return position === undefined ? [] : [{ id, position }]
  })
}
