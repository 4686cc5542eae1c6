// What a mail brings along: the parts that are listed rather than read, with what winmail.dat hides among them.

import { createHash } from 'node:crypto'
import { cleanText } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import { measure } from './measure.ts'
import { bytesOf, type Part } from './mime.ts'
import { fieldOf } from './mime-fields.ts'
import type { TnefFile } from './tnef.ts'

export type AttachedPart = {
  part: Part
  /** What is taken out of the part; null where the part itself is the file. */
  content: Buffer | null
  filename: string
  contentType: string
  size: number
  contentId: string | null
  inline: boolean
}

const MAX_FILENAME = 200
const MAX_CONTENT_ID = 500

/** A part as a file, and a digest of what it holds. `position` names it where it has no name. */
export function attach(
  raw: Buffer,
  part: Part,
  position: number,
  related: boolean,
): { attached: AttachedPart; digest: string } {
  const contentType = part.type.value.slice(0, 200)
  const { size, digest } = measure(raw, part)
  const contentId = fieldOf(part.fields, 'content-id').replace(/^<|>$/g, '').slice(0, MAX_CONTENT_ID) || null
  const listed = part.disposition.value === 'attachment'
  const inline = contentId !== null && /^image\//.test(contentType) && (related || !listed)
  const filename = fileNameOf(part) || unnamed(part, position)
  return {
    attached: { part, content: null, filename, contentType, size, contentId, inline },
    digest: `${part.type.value} ${digest}`,
  }
}

/** A file out of winmail.dat. */
export function attachTnef(part: Part, file: TnefFile, position: number): { attached: AttachedPart; digest: string } {
  const { bytes: content, contentType } = file
  const contentId = file.contentId === null ? null : cleanText(file.contentId).slice(0, MAX_CONTENT_ID)
  const filename = tidyName(file.filename) || `attachment-${position + 1}.${ENDINGS[contentType] ?? 'bin'}`
  const inline = contentId !== null && /^image\//.test(contentType)
  const digest = createHash('sha256').update(content).digest('base64')
  return {
    attached: { part, content, filename, contentType, size: content.length, contentId, inline },
    digest: `${contentType} ${digest}`,
  }
}

/** The decoded bytes of a file. */
export const contentOf = (raw: Buffer, { part, content }: AttachedPart): Buffer => content ?? bytesOf(raw, part)

/** The name that a part gives itself, without directories; '' when it gives none. */
export const fileNameOf = (part: Part): string =>
  tidyName(part.disposition.params.filename ?? part.type.params.name ?? '')

/** A file's name as it may stand anywhere: without directories, line ends, and of a bearable length. */
export function tidyName(name: string): string {
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
  'application/pkcs7-mime': 'p7m',
  'application/x-pkcs7-mime': 'p7m',
  'application/pkcs7-signature': 'p7s',
  'application/x-pkcs7-signature': 'p7s',
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
