// winmail.dat: what Outlook puts around a mail for other Outlooks ([MS-OXTNEF]). Its files and its text are taken out.

import { decodeText } from './charset.ts'
import { decompressRtf, rtfText } from './rtf.ts'

export type TnefFile = { filename: string; contentType: string; contentId: string | null; bytes: Buffer }
export type Tnef = { files: TnefFile[]; text: string; html: string }

const SIGNATURE = 0x223e9f78
const MAX_FILES = 200
const MAX_PROPERTIES = 2_000

/** [MS-OXTNEF] section 2.1.3.4: the attributes that are read, by the low half of their identifier. */
const BODY = 0x800c
const OEM_CODEPAGE = 0x9007
const MESSAGE_PROPERTIES = 0x9003
const ATTACHMENT_BEGINS = 0x9002
const ATTACHMENT_TITLE = 0x8010
const ATTACHMENT_DATA = 0x800f
const ATTACHMENT_PROPERTIES = 0x9005

/** [MS-OXPROPS]: the properties that are read. */
const PR_BODY = 0x1000
const PR_HTML = 0x1013
const PR_RTF_COMPRESSED = 0x1009
const PR_ATTACH_DATA = 0x3701
const PR_DISPLAY_NAME = 0x3001
const PR_ATTACH_FILENAME = 0x3704
const PR_ATTACH_LONG_FILENAME = 0x3707
const PR_ATTACH_MIME_TAG = 0x370e
const PR_ATTACH_CONTENT_ID = 0x3712

export const isTnef = (type: string, filename: string): boolean =>
  /^application\/(?:vnd\.)?ms-tnef$/.test(type) || /^winmail(?:\d*)\.dat$/i.test(filename)

/** What is in it; null when it can't be read to its end, so that it stays a file. */
export function readTnef(bytes: Buffer): Tnef | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return null
  try {
    return attributesOf(bytes)
  } catch (error) {
    // A length that points beyond the end: the file is cut or broken.
    if (error instanceof RangeError) return null
    throw error
  }
}

function attributesOf(bytes: Buffer): Tnef {
  const found: Tnef = { files: [], text: '', html: '' }
  let charset = 'cp1252'
  let rich: string | Buffer | undefined
  let file: TnefFile | null = null
  // Signature, key; then level, identifier, length, data, checksum.
  for (let at = 6; at < bytes.length; ) {
    const id = bytes.readUInt16LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const from = at + 9
    if (from + length > bytes.length) throw new RangeError('an attribute ends beyond the file')
    const data = bytes.subarray(from, from + length)
    at = from + length + 2
    if (id === OEM_CODEPAGE && length >= 4) charset = `cp${data.readUInt32LE(0)}`
    else if (id === BODY) found.text ||= textOf(data, charset)
    else if (id === MESSAGE_PROPERTIES) {
      const properties = propertiesOf(data, charset)
      found.text = stringOf(properties.get(PR_BODY)) || found.text
      const html = properties.get(PR_HTML)
      found.html = typeof html === 'string' ? html : html ? decodeText(html, charsetOfHtml(html)) : ''
      rich = properties.get(PR_RTF_COMPRESSED)
    } else if (id === ATTACHMENT_BEGINS) {
      if (found.files.length >= MAX_FILES) break
      file = { filename: '', contentType: 'application/octet-stream', contentId: null, bytes: Buffer.alloc(0) }
      found.files.push(file)
    } else if (id === ATTACHMENT_TITLE && file) file.filename ||= textOf(data, charset)
    else if (id === ATTACHMENT_DATA && file) file.bytes = data
    else if (id === ATTACHMENT_PROPERTIES && file) describe(file, propertiesOf(data, charset))
  }
  // Outlook may send the text as rich text alone.
  const rtf = found.text === '' && found.html === '' && rich instanceof Buffer ? decompressRtf(rich) : null
  return rtf ? { ...found, text: rtfText(rtf) } : found
}

function describe(file: TnefFile, properties: Map<number, string | Buffer>) {
  const name = [PR_ATTACH_LONG_FILENAME, PR_ATTACH_FILENAME, PR_DISPLAY_NAME].map((id) => stringOf(properties.get(id)))
  file.filename = name.find((name) => name !== '') ?? file.filename
  const type = stringOf(properties.get(PR_ATTACH_MIME_TAG)).toLowerCase()
  if (/^[a-z]+\/[a-z\d.+-]+$/.test(type)) file.contentType = type
  file.contentId = stringOf(properties.get(PR_ATTACH_CONTENT_ID)).replace(/^<|>$/g, '') || null
  const data = properties.get(PR_ATTACH_DATA)
  // An object begins with the identifier of its kind: a mail or a drawing in a form of Outlook's own.
  if (file.bytes.length === 0 && data instanceof Buffer) file.bytes = data
}

const FIXED: Record<number, number> = { 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16 }
const STRING8 = 0x1e
const UNICODE = 0x1f
const OBJECT = 0x0d
const BINARY = 0x102

/** [MS-OXTNEF] section 2.1.3.4: properties by their number; of those with several values the first. */
function propertiesOf(data: Buffer, charset: string): Map<number, string | Buffer> {
  const found = new Map<number, string | Buffer>()
  const count = data.readUInt32LE(0)
  let at = 4
  for (let read = 0; read < Math.min(count, MAX_PROPERTIES); read++) {
    const type = data.readUInt16LE(at)
    const id = data.readUInt16LE(at + 2)
    at += 4
    if (id >= 0x8000) {
      // A named property: its set, and its number or its name.
      const named = data.readUInt32LE(at + 16) === 1
      at += 20
      at += named ? 4 + padded(data.readUInt32LE(at)) : 4
    }
    const kind = type & ~0x1000
    const several = (type & 0x1000) !== 0
    const size = FIXED[kind]
    if (size !== undefined) {
      at += several ? 4 + data.readUInt32LE(at) * size : size
      continue
    }
    if (kind !== STRING8 && kind !== UNICODE && kind !== OBJECT && kind !== BINARY) return found
    const values = data.readUInt32LE(at)
    at += 4
    for (let value = 0; value < values; value++) {
      const length = data.readUInt32LE(at)
      if (at + 4 + length > data.length) throw new RangeError('a property ends beyond its attribute')
      const bytes = data.subarray(at + 4, at + 4 + length)
      at += 4 + padded(length)
      if (value > 0) continue
      if (kind === STRING8) found.set(id, textOf(bytes, charset))
      else if (kind === UNICODE) found.set(id, bytes.toString('utf16le').replace(/\0+$/, ''))
      else found.set(id, kind === OBJECT ? bytes.subarray(16) : bytes)
    }
  }
  return found
}

const padded = (length: number): number => Math.ceil(length / 4) * 4
const stringOf = (value: string | Buffer | undefined): string => (typeof value === 'string' ? value : '')
const textOf = (bytes: Buffer, charset: string): string => decodeText(bytes, charset).replace(/\0+$/, '')
const charsetOfHtml = (html: Buffer): string =>
  /charset=["']?([\w-]{2,40})/i.exec(html.toString('latin1', 0, 4096))?.[1] ?? ''
