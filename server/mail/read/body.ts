// Which parts of a mail are its text and which are attachments (RFC 8621 section 4.1.4, RFC 2046 section 5.1).

import { type AttachedPart, attach, attachTnef, fileNameOf } from './attachment.ts'
import { type Invitation, readInvitation } from './calendar.ts'
import { cleanText, decodeText } from './charset.ts'
import { unflow } from './flowed.ts'
import { htmlText } from './html-text.ts'
import { bytesOf, type Part } from './mime.ts'
import { isTnef, readTnef, type Tnef } from './tnef.ts'

export type Body = {
  text: string
  html: string | null
  /** Where the mail program itself marked the answered mail, when the text comes from HTML. */
  quotedFrom: number | null
  attached: AttachedPart[]
  /** One digest for each attachment, of what it holds. */
  digests: string[]
  calendar: Invitation | null
  flaw: string | null
}

/** The most of one text part that is decoded, in encoded bytes. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024
/** The most text of a mail that is kept, in characters; the rest can be read in the raw mail. */
export const MAX_TEXT = 1_000_000
export const MAX_HTML = 4_000_000
export const MAX_ATTACHMENTS = 500
/** A larger winmail.dat stays a file. */
const MAX_TNEF_BYTES = 100 * 1024 * 1024

/** One piece of what is read: the same in two forms, or in one. */
type Piece = { plain: string[]; html: string[] }

export function readBody(raw: Buffer, root: Part): Body {
  const pieces: Piece[] = []
  const attached: AttachedPart[] = []
  const digests: string[] = []
  let calendar: Invitation | null = null
  let flaw: string | null = null
  let budget = MAX_TEXT_BYTES * 2

  const visit = (part: Part, parent: Part | null, index: number, alternative: Piece | null, related: boolean) => {
    const kind = part.type.value
    if (part.children.length > 0) {
      let shared = alternative
      if (kind === 'multipart/alternative' && !shared) {
        shared = { plain: [], html: [] }
        pieces.push(shared)
      }
      for (const [at, child] of part.children.entries()) {
        visit(child, part, at, shared, related || kind === 'multipart/related')
      }
      return
    }
    if (isText(part, parent, index) && budget > 0) {
      const text = textOf(raw, part, Math.min(budget, MAX_TEXT_BYTES))
      if (part.end - part.start > Math.min(budget, MAX_TEXT_BYTES))
        flaw ??= 'Its text is very long; the end of it was left out.'
      budget -= part.end - part.start
      const piece = alternative ?? { plain: [], html: [] }
      if (!alternative) pieces.push(piece)
      if (kind === 'text/html') piece.html.push(text)
      else piece.plain.push(text)
      return
    }
    // What follows the closing of a multipart, or an empty part, holds nothing to keep.
    if (part.end <= part.start && !fileNameOf(part)) return
    if (isCalendar(part)) calendar ??= readInvitation(textOf(raw, part, MAX_TEXT_BYTES), part.type.params.method)
    const tnef =
      isTnef(kind, fileNameOf(part)) && part.end - part.start <= MAX_TNEF_BYTES ? readTnef(bytesOf(raw, part)) : null
    if (tnef) addText(pieces, tnef)
    const files = tnef
      ? tnef.files.map((file) => (at: number) => attachTnef(part, file, at))
      : [(at: number) => attach(raw, part, at, related)]
    for (const file of files) {
      if (attached.length >= MAX_ATTACHMENTS) {
        flaw ??= `It has more than ${MAX_ATTACHMENTS} attachments; the rest was left out.`
        return
      }
      const { attached: one, digest } = file(attached.length)
      attached.push(one)
      digests.push(digest)
    }
  }
  visit(root, null, 0, null, false)

  const filled = pieces.filter(({ plain, html }) => [...plain, ...html].some((text) => text.trim() !== ''))
  const wantsHtml = filled.some(({ html }) => html.some((text) => text.trim() !== ''))
  const html = wantsHtml ? filled.map(htmlOfPiece).join('\n') : null
  const texts = filled.map(textOfPiece)
  let text = texts.map((piece) => piece.text).join('\n\n') || wordsOf(calendar)
  if (text.length > MAX_TEXT) {
    flaw ??= 'Its text is very long; the end of it was left out.'
    text = text.slice(0, MAX_TEXT).toWellFormed()
  }
  const marked = texts.length === 1 ? texts[0]!.quotedFrom : null
  return {
    text,
    html: html === null ? null : html.slice(0, MAX_HTML).toWellFormed(),
    quotedFrom: marked !== null && marked < text.length && text.slice(0, marked).trim() !== '' ? marked : null,
    attached,
    digests,
    calendar,
    flaw,
  }
}

const isCalendar = (part: Part): boolean =>
  /^(?:text\/(?:x-v)?calendar|application\/ics)$/.test(part.type.value) || /\.ics$/i.test(fileNameOf(part))

/** What an invitation without any text says. */
const wordsOf = (calendar: Invitation | null): string =>
  calendar ? [calendar.summary, calendar.location, calendar.description].filter((text) => text !== '').join('\n') : ''

/** The text in winmail.dat is that of the mail in another form. */
function addText(pieces: Piece[], { text, html }: Tnef) {
  const piece = pieces[0] ?? { plain: [], html: [] }
  if (pieces.length === 0) pieces.push(piece)
  if (piece.html.length === 0 && html.trim() !== '') piece.html.push(cleanText(html))
  if (piece.plain.every((plain) => plain.trim() === '') && text.trim() !== '') piece.plain.push(cleanText(text))
}

/** Whether a part is read rather than listed: the first one, or one that has neither a name nor the wish to be listed. */
function isText(part: Part, parent: Part | null, index: number): boolean {
  const kind = part.type.value
  if (part.disposition.value === 'attachment') return false
  // A multipart that never shows its boundary is read as it is.
  if (kind.startsWith('multipart/')) return parent === null
  if (kind !== 'text/plain' && kind !== 'text/html')
    return parent === null && /^text\/(?:enriched|richtext|markdown)$/.test(kind)
  if (index === 0)
    return part.disposition.value !== 'inline' || parent === null || !fileNameOf(part) || kind === 'text/html'
  return parent?.type.value !== 'multipart/related' && !fileNameOf(part)
}

function textOf(raw: Buffer, part: Part, maxBytes: number): string {
  const bytes = bytesOf(raw, part, maxBytes)
  let label = part.type.params.charset ?? ''
  if (!label && part.type.value === 'text/html') {
    label = /<meta[^>]{1,200}charset=["']?([\w:-]{2,40})/i.exec(bytes.toString('latin1', 0, 4096))?.[1] ?? ''
    // A page that can be read as ASCII is not in UTF-16, whatever it says.
    if (/^utf-?16/i.test(label)) label = ''
  }
  const text = cleanText(decodeText(bytes, label))
  return part.type.params.format?.toLowerCase() === 'flowed'
    ? unflow(text, part.type.params.delsp?.toLowerCase() === 'yes')
    : text
}

function textOfPiece({ plain, html }: Piece): { text: string; quotedFrom: number | null } {
  const text = plain.filter((text) => text.trim() !== '').join('\n')
  return text ? { text, quotedFrom: null } : htmlText(html.join('\n'))
}

function htmlOfPiece({ plain, html }: Piece): string {
  if (html.some((text) => text.trim() !== '')) return html.join('\n')
  const escaped = plain.join('\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return `<div style="white-space:pre-wrap">${escaped}</div>`
}
