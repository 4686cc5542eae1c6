// Rich text ([RTF] 1.9.1) as plain text, also in the compressed form that Outlook keeps it in ([MS-OXRTFCP]).

import { decodeText } from './charset.ts'

/** A larger one is not read. */
const MAX_RTF_BYTES = 4 * 1024 * 1024
const COMPRESSED = 0x75465a4c
const UNCOMPRESSED = 0x414c454d
/** [MS-OXRTFCP] section 2.1.2.1: what every dictionary begins with. */
const DICTIONARY =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'
const WINDOW = 4096
/** Deeper than any program nests. */
const MAX_GROUPS = 1000

/** The rich text in a PR_RTF_COMPRESSED; null where it is in no known form. */
export function decompressRtf(bytes: Buffer): Buffer | null {
  if (bytes.length < 16) return null
  const size = Math.min(bytes.readUInt32LE(4), MAX_RTF_BYTES)
  const kind = bytes.readUInt32LE(8)
  if (kind === UNCOMPRESSED) return bytes.subarray(16, 16 + size)
  if (kind !== COMPRESSED) return null
  const window = Buffer.alloc(WINDOW)
  let write = window.write(DICTIONARY, 'latin1')
  const out = Buffer.alloc(size)
  let length = 0
  const put = (byte: number) => {
    out[length++] = byte
    window[write] = byte
    write = (write + 1) % WINDOW
  }
  for (let at = 16; at < bytes.length && length < size; ) {
    const flags = bytes[at++]!
    for (let bit = 0; bit < 8 && at < bytes.length && length < size; bit++) {
      if ((flags & (1 << bit)) === 0) {
        put(bytes[at++]!)
        continue
      }
      if (at + 1 >= bytes.length) return out.subarray(0, length)
      const reference = bytes.readUInt16BE(at)
      at += 2
      const from = reference >> 4
      // A reference to the place that is written next is the end (section 3.1.3).
      if (from === write) return out.subarray(0, length)
      for (let i = 0; i < (reference & 15) + 2 && length < size; i++) put(window[(from + i) % WINDOW]!)
    }
  }
  return out.subarray(0, length)
}

/** Groups that hold no text of the document. */
const HIDDEN = new Set(
  'fonttbl colortbl stylesheet info pict object header footer headerl headerr headerf footerl footerr footerf filetbl listtable listoverridetable revtbl rsidtbl generator themedata datastore xmlnstbl fldinst'.split(
    ' ',
  ),
)
const SIGNS: Record<string, string> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '\u2014',
  endash: '\u2013',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201c',
  rdblquote: '\u201d',
  bullet: '\u2022',
  emspace: '\u2003',
  enspace: '\u2002',
}
/** A group, a control word with its number, an escaped byte, another control sign, a line break, or text. */
const TOKEN = /([{}])|\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([\da-f]{2})|\\([^a-z])|[\r\n]+|([^\\{}\r\n]+)/gi

type Group = { hidden: boolean; skip: number }

/** What a reader of the rich text sees. */
export function rtfText(rtf: Buffer): string {
  const out: string[] = []
  let bytes: number[] = []
  let charset = 'windows-1252'
  let group: Group = { hidden: false, skip: 1 }
  const groups: Group[] = []
  /** Characters still to be left out, which stand for a \u before them (section "Unicode RTF"). */
  let stands = 0
  const flush = () => {
    if (bytes.length > 0) out.push(decodeText(Uint8Array.from(bytes), charset))
    bytes = []
  }
  const say = (text: string) => {
    flush()
    if (!group.hidden) out.push(text)
  }
  const sayByte = (byte: number) => {
    if (stands > 0) stands--
    else if (!group.hidden) bytes.push(byte)
  }
  for (const [, brace, word, number, hex, sign, text] of rtf.toString('latin1', 0, MAX_RTF_BYTES).matchAll(TOKEN)) {
    if (brace === '{') {
      if (groups.length >= MAX_GROUPS) break
      groups.push({ ...group })
    } else if (brace === '}') {
      flush()
      group = groups.pop() ?? group
    } else if (hex) sayByte(Number.parseInt(hex, 16))
    else if (text) for (const char of text) sayByte(char.charCodeAt(0))
    else if (sign === '*') group.hidden = true
    else if (sign === '\n' || sign === '\r') say('\n')
    else if (sign) {
      if (sign === '~') say('\u00a0')
      else if (sign === '_') say('-')
      else if ('\\{}'.includes(sign)) sayByte(sign.charCodeAt(0))
    } else if (word === 'u') {
      say(String.fromCharCode(Number(number) & 0xffff))
      stands = group.skip
    } else if (word === 'uc') group.skip = Math.min(Math.max(0, Number(number ?? 1)), 16)
    else if (word === 'ansicpg') charset = `cp${number ?? '1252'}`
    else if (word === 'bin') stands = Math.max(0, Number(number ?? 0))
    else if (word && HIDDEN.has(word)) group.hidden = true
    else if (word && SIGNS[word] !== undefined) say(SIGNS[word])
  }
  flush()
  return out
    .join('')
    .toWellFormed()
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
