// The structure of a mail (RFC 2045, RFC 2046): one pass over the raw bytes finds where each part begins and ends.
// Nothing is decoded on the way, so an attachment of 100 MB costs a search for line breaks and no memory.
//
// Measured on one core: 10,000 parts 55 ms, 5,000 nested levels 35 ms, a header of 14 MB 0.7 s, an attachment of 100 MB
// 0.8 s (its digest and exact size; 90 MB of memory), the HTML we found worst 2 s, ordinary mail 0.3 to 0.6 ms.

import { type Field, fieldOf, type Parameterised, parseParameters, readFields } from './mime-fields.ts'

export type Part = {
  fields: Field[]
  type: Parameterised
  disposition: Parameterised
  encoding: 'base64' | 'quoted-printable' | 'none'
  /** Where the encoded body lies in the raw mail. */
  start: number
  end: number
  children: Part[]
}

/** The most parts that are looked at. */
export const MAX_PARTS = 1000
/** The deepest nesting of multiparts that is followed; below it a multipart is one part. */
export const MAX_DEPTH = 250
/** RFC 2046 section 5.1.1 allows 70; real mailers go beyond. */
const MAX_BOUNDARY = 250

/** The tree of parts; `flaw` says in a sentence what was left out. */
export function readStructure(raw: Buffer): { root: Part; flaw: string | null } {
  /** Open multiparts by their boundary; the order is their depth. */
  const open = new Map<string, Part>()
  const delimiter = (line: string) => {
    const name = line.slice(2).trimEnd()
    if (open.has(name)) return { name, closes: false }
    if (name.endsWith('--') && open.has(name.slice(0, -2))) return { name: name.slice(0, -2), closes: true }
    return null
  }
  let parts = 0
  let flaw: string | null = null

  const begin = (at: number, parent: Part | null): Part => {
    parts++
    const { fields, bodyStart, cut } = readFields(raw, at, (line) => delimiter(line) !== null)
    if (cut) flaw ??= 'Its header is longer than we read; the rest of it was left out.'
    const inDigest = parent?.type.value === 'multipart/digest'
    const type = parseParameters(fieldOf(fields, 'content-type') || (inDigest ? 'message/rfc822' : 'text/plain'))
    if (!type.value.includes('/')) type.value = type.value === 'html' ? 'text/html' : 'text/plain'
    const part: Part = {
      fields,
      type,
      disposition: parseParameters(fieldOf(fields, 'content-disposition')),
      encoding: encodingOf(fieldOf(fields, 'content-transfer-encoding')),
      start: bodyStart,
      end: raw.length,
      children: [],
    }
    parent?.children.push(part)
    const { boundary } = type.params
    if (type.value.startsWith('multipart/') && boundary) {
      const name = Buffer.from(boundary).toString('latin1').trimEnd()
      if (open.size >= MAX_DEPTH) flaw = `It nests more than ${MAX_DEPTH} parts; the innermost are one attachment.`
      else if (name.length <= MAX_BOUNDARY && !open.has(name)) open.set(name, part)
    }
    return part
  }

  const root = begin(firstByte(raw), null)
  // Bytes without any header are text, so that they can be seen.
  if (root.fields.length === 0) root.start = 0
  let current: Part | null = root
  // Boundaries are compared as Latin-1, as `raw.toString` below reads them.
  let at = Math.max(0, root.start - 1)
  while (open.size > 0) {
    const dashes = at === 0 && raw[0] === 45 && raw[1] === 45 ? 0 : raw.indexOf('\n--', at, 'latin1') + 1
    if (dashes === 0 && at !== 0) break
    if (dashes === 0 && raw[0] !== 45) break
    const newline = raw.indexOf(10, dashes)
    const lineEnd = newline < 0 ? raw.length : newline
    at = Math.max(dashes, lineEnd)
    if (lineEnd - dashes > MAX_BOUNDARY + 60) continue
    const found = delimiter(raw.toString('latin1', dashes, lineEnd))
    if (!found) {
      if (newline < 0) break
      continue
    }
    const multipart = open.get(found.name)!
    // The line break before a delimiter belongs to the delimiter (RFC 2046 section 5.1.1).
    let bodyEnd = Math.max(0, dashes - 1)
    if (raw[bodyEnd - 1] === 13) bodyEnd--
    if (current) current.end = Math.max(current.start, bodyEnd)
    // What was still open inside it ends with it.
    let inside = false
    for (const [name, part] of [...open]) {
      if (inside) {
        open.delete(name)
        part.end = Math.max(part.start, bodyEnd)
      }
      if (part === multipart) inside = true
    }
    if (found.closes) {
      open.delete(found.name)
      multipart.end = lineEnd
      current = null
      continue
    }
    if (parts >= MAX_PARTS) {
      flaw = `It has more than ${MAX_PARTS} parts; the rest was left out.`
      break
    }
    current = begin(Math.min(raw.length, lineEnd + 1), multipart)
    at = Math.max(lineEnd, current.start - 1)
  }
  if (current && open.size > 0) cutClosing(raw, current, [...open.keys()].at(-1)!)
  return { root, flaw }
}

/** Programs that end a part in mid-line put the closing delimiter there too. */
function cutClosing(raw: Buffer, part: Part, boundary: string) {
  const tail = raw.toString('latin1', Math.max(part.start, part.end - MAX_BOUNDARY - 10), part.end)
  const closing = tail.lastIndexOf(`--${boundary}--`)
  if (closing >= 0 && tail.slice(closing + boundary.length + 4).trim() === '') part.end -= tail.length - closing
}

/** A byte order mark or blank lines above the header, as files that went through other hands have. */
function firstByte(raw: Buffer): number {
  let at = raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf ? 3 : 0
  while (raw[at] === 10 || raw[at] === 13) at++
  return at
}

/** The parts that hold something, in order: all but the multiparts around them. */
export function* leavesOf(part: Part): Generator<Part> {
  if (part.children.length === 0) yield part
  for (const child of part.children) yield* leavesOf(child)
}

function encodingOf(value: string): Part['encoding'] {
  const word = value.toLowerCase().replace(/\([^)]*\)/g, '')
  return /base64/.test(word) ? 'base64' : /quoted-printable/.test(word) ? 'quoted-printable' : 'none'
}

/** The decoded bytes of a part, from at most `maxBytes` of its encoded ones. */
export function bytesOf(raw: Buffer, part: Part, maxBytes = Number.POSITIVE_INFINITY): Buffer {
  const body = raw.subarray(part.start, Math.min(part.end, part.start + maxBytes))
  if (part.encoding === 'base64') return decodeBase64(body.toString('latin1'))
  if (part.encoding === 'quoted-printable') return decodeQuotedPrintable(body)
  return body
}

/** Some mailers pad every line and go on; Buffer would stop at the first padding. */
function decodeBase64(text: string): Buffer {
  const padding = text.indexOf('=')
  if (padding < 0 || !/[A-Za-z0-9+/]/.test(text.slice(padding, padding + 200))) return Buffer.from(text, 'base64')
  return Buffer.concat(text.split(/=+/).map((piece) => Buffer.from(piece, 'base64')))
}

/** RFC 2045 section 6.7. A `=` that starts nothing stays as it is. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length)
  let length = 0
  let at = 0
  while (at < body.length) {
    const byte = body[at]!
    // The runs between are short: a call for each costs more than to go byte by byte.
    if (byte !== 61) {
      out[length++] = byte
      at++
      continue
    }
    const equals = at
    const high = hexDigit(body[equals + 1])
    const low = hexDigit(body[equals + 2])
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low
      at = equals + 3
      continue
    }
    let next = equals + 1
    while (body[next] === 32 || body[next] === 9) next++
    if (body[next] === 13 && body[next + 1] === 10) at = next + 2
    else if (body[next] === 10 || next >= body.length) at = next + 1
    else {
      out[length++] = 61
      at = equals + 1
    }
  }
  return out.subarray(0, length)
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
