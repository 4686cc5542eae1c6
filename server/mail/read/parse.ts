// A raw mail understood: who, to whom, about what, and what they wrote. Any bytes give a mail that can be shown; what had
// to be left out is said in its flaws.

import { createHash } from 'node:crypto'
import type { Address, MessageFlaws } from '../../../db/schema.ts'
import type { Writer } from '../../../db/vocabulary.ts'
import { addressesOf, writerOf } from './addresses.ts'
import { type AttachedPart, contentOf } from './attachment.ts'
import { writerKind } from './automatic.ts'
import { awayUntil } from './away.ts'
import { type Body, readBody } from './body.ts'
import { type Bounce, findBounce } from './bounce.ts'
import type { Invitation } from './calendar.ts'
import { cleanText } from './charset.ts'
import { dateOf, zoneOf } from './date.ts'
import { decodeWords } from './encoded-words.ts'
import { foldSpace } from './folded-space.ts'
import { type Forwarded, forwardedInText } from './forward.ts'
import { leavesOf, type Part, readStructure } from './mime.ts'
import { type Field, fieldOf, fieldsIn } from './mime-fields.ts'
import { originalIdsOf } from './original-ids.ts'
import { type Protection, protectionOf } from './protection.ts'
import { quotedFrom, unquoted } from './quoted.ts'
import { isForward } from './subject.ts'
import { messageIds } from './thread.ts'
import { isVouchedFor } from './vouched.ts'

export type ParsedAttachment = {
  /** Counts from 0 in the order of the mail; what `attachmentBytes` asks for. */
  position: number
  filename: string
  contentType: string
  /** In bytes, decoded. */
  size: number
  /** Without angle brackets. */
  contentId: string | null
  /** Shown within the text rather than listed below it. */
  inline: boolean
}

export type ParsedMail = {
  /** Without angle brackets; 'gen-' and the SHA-256 of the raw mail when it has none. */
  internetMessageId: string
  /** Which ids it says it had before a server gave it this one (original-ids.ts). */
  originalIds: string[]
  /** SHA-256 over what the writer made: the same mail by two ways is equal, other content is not. */
  contentHash: string
  subject: string
  from: Address
  /** Who sent it, where that is somebody else than who it is from. */
  sender: Address | null
  /** Whether our server vouches that it comes from where it says; null when no server says anything (vouched.ts). */
  vouched: boolean | null
  /** The program that it was written with, as it names itself; empty where it does not. */
  client: string
  to: Address[]
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  inReplyTo: string | null
  references: string[]
  sentAt: number | null
  /** The whole text; from the HTML when there is no text part. */
  text: string
  hasHtml: boolean
  /** Whether its HTML says more than its text: images, tables, lists, headings. */
  rich: boolean
  /** Where in `text` the answered mail begins. */
  quotedFrom: number | null
  /** The beginning of what the writer added, white space folded. */
  snippet: string
  attachments: ParsedAttachment[]
  writer: Writer
  awayUntil: number | null
  bounce: Bounce | null
  /** What its calendar part asks or tells. */
  calendar: Invitation | null
  /** How it is signed or encrypted; nothing of that is verified or decrypted. */
  protection: Protection | null
  /** The mail that it passes on, when it passes one on. Whether that matters is for the caller: who sent it decides. */
  forwarded: Forwarded | null
  flaws: MessageFlaws
}

/** With the HTML as it came, inline images as cid: addresses. Never to be shown without `sanitizeHtml`. */
export type WholeMail = ParsedMail & { html: string | null }

export type { Bounce, Forwarded, Invitation, Protection }

/** Counts up when the parser learned to read what it could not: what failed before is tried again at the next start. */
export const PARSER_VERSION = 1

export const MAX_SUBJECT = 500
export const MAX_SNIPPET = 200
const MAX_CLIENT = 200
/** How far into a text we look for the first words of its writer. */
const MAX_LOOK = 20_000

/** Elements that carry meaning which the text of a mail loses. Emphasis is not worth a frame. */
const RICH = /<(img|table|ul|ol|h[1-6])[\s>/]/i

/** Understands a raw mail. Bad mail is no error: it becomes a mail with flaws. */
export async function parseMail(raw: Uint8Array): Promise<WholeMail> {
  const bytes = asBuffer(raw)
  const { root, flaw } = readStructure(bytes)
  const fields = fieldsIn(root.fields, charsetOf(root))
  const body = readBody(bytes, root)
  const subject = subjectOf(fields)
  const from = writerOf(fields)
  const to = addressesOf(fields, 'to')
  const cc = addressesOf(fields, 'cc')
  const sentAt = dateOf(fieldOf(fields, 'date'))
  const [messageId] = messageIds(fieldOf(fields, 'message-id'))
  const bounce = findBounce(bytes, root, { subject, from, text: body.text })
  const writer = writerKind({ fields, from, subject, bounced: bounce !== null })
  const forwards = isForward(subject)
  const quoted = forwards ? null : (body.quotedFrom ?? quotedFrom(body.text))
  const truncated = flaw ?? body.flaw
  const inReplyTo = messageIds(fieldOf(fields, 'in-reply-to'))
  return {
    internetMessageId: messageId ?? `gen-${createHash('sha256').update(bytes).digest('hex')}`,
    originalIds: originalIdsOf(fields),
    contentHash: hashOf([messageId ?? '', subject, from, to, cc, sentAt, body.text, body.html ?? ''], body.digests),
    subject,
    from,
    sender: addressesOf(fields, 'sender')[0] ?? null,
    vouched: isVouchedFor(fields, from.address),
    client: clientOf(fields),
    to,
    cc,
    bcc: addressesOf(fields, 'bcc'),
    replyTo: addressesOf(fields, 'reply-to'),
    inReplyTo: inReplyTo[0] ?? null,
    references: referencesOf(fields, inReplyTo),
    sentAt,
    text: body.text,
    html: body.html,
    hasHtml: body.html !== null,
    rich: body.html !== null && RICH.test(body.html),
    quotedFrom: quoted,
    snippet: snippetOf(forwards ? body.text : unquoted(body.text.slice(0, quoted ?? MAX_LOOK))),
    attachments: body.attached.map(toAttachment),
    writer,
    awayUntil: writer === 'out_of_office' ? awayUntil(`${subject}\n${body.text}`, sentAt ?? Date.now()) : null,
    bounce,
    calendar: body.calendar,
    protection: protectionOf(root, body.text),
    forwarded: bounce ? null : forwardedIn(bytes, fields, body, forwards),
    flaws: truncated ? { truncated } : {},
  }
}

/** The decoded bytes of one attachment; null when the mail has none at that position. */
export async function attachmentBytes(raw: Uint8Array, position: number): Promise<Uint8Array | null> {
  const bytes = asBuffer(raw)
  const { root } = readStructure(bytes)
  const attached = readBody(bytes, root).attached[position]
  return attached ? contentOf(bytes, attached) : null
}

/** The bytes to read, without a copy; a mail whose lines end in CR alone gets line feeds. */
export function asBuffer(raw: Uint8Array): Buffer {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  return bytes.includes(10) || !bytes.includes(13) ? bytes : Buffer.from(bytes.map((byte) => (byte === 13 ? 10 : byte)))
}

export const subjectOf = (fields: Field[]): string =>
  cleanText(decodeWords(fieldOf(fields, 'subject')))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_SUBJECT)
    .toWellFormed()

/** The start of a text on one line, at most 200 characters long, cut between words where that is possible. */
export function snippetOf(text: string): string {
  // The beginning is enough, unless little else than space is in it.
  const beginning = foldSpace(text.slice(0, MAX_SNIPPET * 3))
  const folded = beginning.length > MAX_SNIPPET * 2 ? beginning : foldSpace(text.slice(0, MAX_SNIPPET * 20))
  if (folded.length <= MAX_SNIPPET) return folded.toWellFormed()
  const cut = folded.slice(0, MAX_SNIPPET - 1)
  const space = cut.lastIndexOf(' ')
  return `${(space > MAX_SNIPPET / 2 ? cut.slice(0, space) : cut).toWellFormed().replace(/\ufffd$/, '')}…`
}

function clientOf(fields: Field[]): string {
  const named = fieldOf(fields, 'x-mailer') || fieldOf(fields, 'user-agent')
  return cleanText(decodeWords(named)).replace(/\s+/g, ' ').trim().slice(0, MAX_CLIENT).toWellFormed()
}

/** The charset that the first text of the mail names. */
function charsetOf(root: Part): string {
  for (const { type } of leavesOf(root)) if (type.params.charset) return type.params.charset
  return ''
}

/** RFC 5322 section 3.6.4: the thread's ids, oldest first; several ids in In-Reply-To stand in where References lack. */
function referencesOf(fields: Field[], inReplyTo: string[]): string[] {
  const references = messageIds(fields.flatMap(({ name, value }) => (name === 'references' ? [value] : [])).join(' '))
  return references.length > 0 ? references : inReplyTo.slice(1)
}

/** The mail that this one passes on: attached whole, else copied into the text. */
function forwardedIn(bytes: Buffer, fields: Field[], body: Body, forwards: boolean): Forwarded | null {
  const mails = body.attached.filter(
    ({ contentType, filename }) => /^message\/(?:rfc822|global)$/.test(contentType) || /\.eml$/i.test(filename),
  )
  const [attached, another] = mails
  // Of several none is the one.
  if (another) return null
  if (!attached) return forwardedInText(body.text, forwards, zoneOf(fieldOf(fields, 'date')))
  const inner = asBuffer(contentOf(bytes, attached))
  const { root } = readStructure(inner)
  const innerFields = fieldsIn(root.fields, charsetOf(root))
  const from = writerOf(innerFields)
  if (from.address === '') return null
  return {
    position: body.attached.indexOf(attached),
    from,
    subject: subjectOf(innerFields),
    sentAt: dateOf(fieldOf(innerFields, 'date')),
    internetMessageId: messageIds(fieldOf(innerFields, 'message-id'))[0] ?? null,
    commentText: body.text.trim(),
    bodyText: readBody(inner, root).text,
  }
}

function toAttachment(attached: AttachedPart, position: number): ParsedAttachment {
  const { filename, contentType, size, contentId, inline } = attached
  return { position, filename, contentType, size, contentId, inline }
}

/** Line breaks and folding may change on the way, so white space does not count. */
function hashOf(written: unknown[], digests: string[]): string {
  const text = JSON.stringify([...written, ...digests]).replace(NO_SINGLE_SPACE, ' ')
  return createHash('sha256').update(text).digest('hex')
}

/** A run of white space, escaped by JSON or not. A space on its own is what it becomes, so it is left alone. */
const NO_SINGLE_SPACE = / (?:\s|\\[nrt])+|(?:[^\S ]|\\[nrt])(?:\s|\\[nrt])*/g
