// Which parts of a mail are its text and which are attachments (RFC 8621 section 4.1.4, RFC 2046 section 5.1).

import { createHash } from 'node:crypto'
import { cleanText, decodeText } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import { htmlText } from './html-text.ts'
import { bytesOf, type Part } from './mime.ts'
import { fieldOf } from './mime-fields.ts'

export type AttachedPart = {
  part: Part
  filename: string
  size: number
  contentId: string | null
  inline: boolean
}

export type Body = {
  text: string
  html: string | null
  /** Where the mail program itself marked the answered mail, when the text comes from HTML. */
  quotedFrom: number | null
  attached: AttachedPart[]
  /** One digest for each attachment, of what it holds. */
  digests: string[]
  flaw: string | null
}

/** The most of one text part that is decoded, in encoded bytes. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024
/** The most text of a mail that is kept, in characters; the rest can be read in the raw mail. */
export const MAX_TEXT = 1_000_000
export const MAX_HTML = 4_000_000
export const MAX_ATTACHMENTS = 500
const MAX_FILENAME = 200

/** One piece of what is read: the same in two forms, or in one. */
type Piece = { plain: string[]; html: string[] }

export function readBody(raw: Buffer, root: Part): Body {
  const pieces: Piece[] = []
  const attached: AttachedPart[] = []
  const digests: string[] = []
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
    if (attached.length >= MAX_ATTACHMENTS) {
      flaw ??= `It has more than ${MAX_ATTACHMENTS} attachments; the rest was left out.`
      return
    }
    // What follows the closing of a multipart, or an empty part, holds nothing to keep.
    if (part.end <= part.start && !fileNameOf(part)) return
    const { size, digest } = measure(raw, part)
    const contentId = fieldOf(part.fields, 'content-id').replace(/^<|>$/g, '').slice(0, 500) || null
    const listed = part.disposition.value === 'attachment'
    attached.push({
      part,
      filename: fileNameOf(part) || unnamed(part, attached.length),
      size,
      contentId,
      inline: contentId !== null && /^image\//.test(kind) && (related || !listed),
    })
    digests.push(`${kind} ${digest}`)
  }
  visit(root, null, 0, null, false)

  const filled = pieces.filter(({ plain, html }) => [...plain, ...html].some((text) => text.trim() !== ''))
  const wantsHtml = filled.some(({ html }) => html.some((text) => text.trim() !== ''))
  const html = wantsHtml ? filled.map(htmlOfPiece).join('\n') : null
  const texts = filled.map(textOfPiece)
  let text = texts.map((piece) => piece.text).join('\n\n')
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
    flaw,
  }
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

/** RFC 3676: a line that ends with a space goes on in the next, but for the line "-- " and between depths of quoting. */
function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = []
  let open = false
  let depthBefore = 0
  for (const line of text.split('\n')) {
    const marks = /^>*/.exec(line)![0]
    const content = line.slice(marks.length).replace(/^ /, '')
    const signature = content === '-- '
    if (open && !signature && marks.length === depthBefore) {
      const before = out.pop()!
      out.push((deleteSpace ? before.slice(0, -1) : before) + content)
    } else out.push(marks ? `${marks} ${content}` : content)
    open = content.endsWith(' ') && !signature
    depthBefore = marks.length
  }
  return out.join('\n')
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

function fileNameOf(part: Part): string {
  const name = part.disposition.params.filename ?? part.type.params.name ?? ''
  const base = cleanText(name).replace(/\s+/g, ' ').trim()
  // A name is no path: "../../etc/passwd" and "C:\temp\a.txt" are about the last step.
  const last = base
    .split(/[\\/]/)
    .at(-1)!
    .replace(/^\.+(?=\.)/, '')
  if (last.length <= MAX_FILENAME) return last
  const ending = /\.[^.]{1,10}$/.exec(last)?.[0] ?? ''
  return `${last.slice(0, MAX_FILENAME - ending.length).toWellFormed()}${ending}`
}

const ENDINGS: Record<string, string> = {
  'message/rfc822': 'eml',
  'message/delivery-status': 'txt',
  'text/rfc822-headers': 'txt',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'application/pgp-signature': 'asc',
  'application/octet-stream': 'bin',
}

/** A name for a part that has none. */
function unnamed(part: Part, position: number): string {
  const kind = part.type.value
  const described = cleanText(decodeWords(fieldOf(part.fields, 'content-description')))
    .replace(/[\\/\s]+/g, ' ')
    .trim()
  const ending = ENDINGS[kind] ?? (/^[a-z]+\/([a-z\d]{1,8})$/.exec(kind)?.[1] || 'bin')
  return `${described.slice(0, 80) || `attachment-${position + 1}`}.${ending}`
}

const CHUNK = 1 << 20

/** How large a part is when decoded, exactly, and a digest of what it holds, without decoding base64. */
function measure(raw: Buffer, part: Part): { size: number; digest: string } {
  const hash = createHash('sha256')
  if (part.encoding !== 'base64') {
    const bytes = bytesOf(raw, part)
    // Line ends may change on the way, so they do not count.
    for (let at = 0; at < bytes.length; at += CHUNK) {
      hash.update(bytes.toString('latin1', at, Math.min(bytes.length, at + CHUNK)).replaceAll('\r', ''), 'latin1')
    }
    return { size: bytes.length, digest: hash.digest('base64') }
  }
  let letters = 0
  let padded = false
  for (let at = part.start; at < part.end; at += CHUNK) {
    const letter = raw.toString('latin1', at, Math.min(part.end, at + CHUNK)).replace(/[^A-Za-z0-9+/_=-]+/g, '')
    padded ||= /=[^=]/.test(letter)
    const bare = letter.replace(/=+/g, '')
    letters += bare.length
    hash.update(bare, 'latin1')
  }
  const size = padded ? bytesOf(raw, part).length : Math.floor((letters * 3) / 4)
  return { size, digest: hash.digest('base64') }
}
