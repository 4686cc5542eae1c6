// Header fields (RFC 5322 section 2.2) and the parameters of structured ones (RFC 2045 section 5.1, RFC 2231).

import { isAscii, isUtf8 } from 'node:buffer'
import { decodeText, ESCAPE, isLatin } from './charset.ts'
import { guessCharset } from './charset-guess.ts'
import { decodeWords } from './encoded-words.ts'

export type Field = {
  name: string
  value: string
  /** The bytes of a value that is neither ASCII nor UTF-8: only the charset of the text can tell what it says. */
  bytes?: Buffer
}
export type Parameterised = { value: string; params: Record<string, string> }

/** The most bytes of one header field that are read; a longer one is cut. */
const MAX_FIELD_BYTES = 64 * 1024
/** The most header fields of one part that are kept. */
const MAX_FIELDS = 1000
/** Where a header that has no end is taken to have ended. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024

/**
 * The header fields from `start` on, unfolded and undecoded, and where the body begins. Stops at the empty line, at a
 * line that `isDelimiter` knows, or where what follows can't be a header.
 */
export function readFields(raw: Buffer, start: number, isDelimiter: (line: string) => boolean = () => false) {
  const fields: Field[] = []
  let cut = false
  let pieces: Buffer[] = []
  let bytes = 0
  const flush = () => {
    if (pieces.length === 0) return
    const field = toField(pieces)
    if (field && fields.length < MAX_FIELDS) fields.push(field)
    else if (field) cut = true
    pieces = []
    bytes = 0
  }
  let at = start
  const limit = Math.min(raw.length, start + MAX_HEADER_BYTES)
  while (at < limit) {
    const newline = raw.indexOf(10, at)
    const next = newline < 0 ? raw.length : newline + 1
    let end = newline < 0 ? raw.length : newline
    while (end > at && raw[end - 1] === 13) end--
    if (end === at) {
      flush()
      return { fields, bodyStart: next, cut }
    }
    const first = raw[at]!
    if (first === 45 && raw[at + 1] === 45 && isDelimiter(raw.toString('latin1', at, Math.min(end, at + 300)))) {
      flush()
      return { fields, bodyStart: at, cut }
    }
    if (first !== 32 && first !== 9) flush()
    const room = MAX_FIELD_BYTES - bytes
    if (end - at > room) cut = true
    if (room > 0) pieces.push(raw.subarray(at, Math.min(end, at + room)))
    bytes += end - at
    at = next
  }
  flush()
  return { fields, bodyStart: at, cut: cut || limit < raw.length }
}

function toField(pieces: Buffer[]): Field | null {
  const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
  const colon = bytes.indexOf(58)
  if (colon <= 0) return null
  const name = bytes.toString('latin1', 0, colon).trim().toLowerCase()
  // A field name has no spaces (RFC 5322 section 2.2); "From ada@… Mon Jan 1 09:00" is how mbox parts mails.
  if (!/^[!-9;-~]+$/.test(name)) return null
  const value = bytes.subarray(colon + 1)
  // RFC 2047: what is written right is ASCII.
  if (isAscii(value) && !value.includes(ESCAPE)) return { name, value: unfold(value.toString('latin1')) }
  const field = { name, value: unfold(decodeText(value)) }
  return isUtf8(value) ? field : { ...field, bytes: value }
}

const unfold = (value: string): string => (value.includes('\r') ? value.replace(/[\r\n]+/g, '') : value).trim()

/**
 * The fields with those read that are in no known charset (forbidden, and common): in that of the text, unless that is
 * Latin and the bytes are not.
 */
export function fieldsIn(fields: Field[], charset: string): Field[] {
  if (!fields.some(({ bytes }) => bytes)) return fields
  const guesses = isLatin(charset)
  return fields.map((field) => {
    if (!field.bytes) return field
    const label = (guesses ? guessCharset(field.bytes) : null) ?? charset
    return label ? { ...field, value: unfold(decodeText(field.bytes, label)) } : field
  })
}

/** The value of the first field of that name, undecoded; '' when there is none. */
export const fieldOf = (fields: Field[], name: string): string =>
  fields.find((field) => field.name === name && field.value !== '')?.value ?? ''

/** `text/plain; charset=utf-8` as a value in lower case and its parameters, by lower-case name. */
export function parseParameters(text: string): Parameterised {
  const params: Record<string, string> = Object.create(null)
  const head = /^[^;]*/.exec(text)![0]
  const value = head
    .replace(/\([^)]*\)/g, '')
    .replace(/["'\s]/g, '')
    .toLowerCase()
  // A name, =, and a quoted string or anything up to the next semicolon. A quote that never closes ends with the field.
  for (const match of text
    .slice(head.length)
    .matchAll(/;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"?|([^;]*))/g)) {
    const name = match[1]!.toLowerCase()
    params[name] ??= match[2] === undefined ? match[3]!.trim() : match[2].replace(/\\(["\\])/g, '$1')
  }
  return { value, params: joinContinuations(params) }
}

/** RFC 2231: `name*0*=utf-8''a%20; name*1=b` is one parameter, `name*=charset'lang'text` is a decoded one. */
function joinContinuations(params: Record<string, string>): Record<string, string> {
  const joined: Record<string, string> = Object.create(null)
  const sections = new Map<string, { order: number; encoded: boolean; text: string }[]>()
  for (const [name, text] of Object.entries(params)) {
    const match = /^(.+?)\*(\d{1,4})?(\*)?$/.exec(name)
    if (!match) joined[name] ??= text.includes('=?') ? decodeWords(text) : text
    else {
      const encoded = match[3] !== undefined || match[2] === undefined
      const list = sections.get(match[1]!) ?? []
      list.push({ order: Number(match[2] ?? 0), encoded, text })
      sections.set(match[1]!, list)
    }
  }
  for (const [name, list] of sections) {
    list.sort((a, b) => a.order - b.order)
    const first = list[0]!
    const [, charset = '', rest] = first.encoded ? (/^([^']*)'[^']*'([\s\S]*)$/.exec(first.text) ?? []) : []
    if (rest !== undefined) first.text = rest
    const bytes = list.map(({ encoded, text }) => (encoded ? percentBytes(text) : Buffer.from(text)))
    joined[name] = decodeText(Buffer.concat(bytes), charset)
  }
  return joined
}

const percentBytes = (text: string): Buffer =>
  Buffer.concat(
    text
      .split(/((?:%[0-9a-f]{2})+)/i)
      .map((piece, at) => (at % 2 ? Buffer.from(piece.replaceAll('%', ''), 'hex') : Buffer.from(piece))),
  )
