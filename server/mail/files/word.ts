import { readStreams } from './compound.ts'
import { collectText, DAMAGED, LOCKED, UnreadableFile } from './written.ts'

// Documents of Word 97 to 2003 ([MS-DOC]). Their text lies in pieces, and a table says which piece comes when.

const WORD = 0xa5ec
const ENCRYPTED = 0x0100
const SECOND_TABLE = 0x0200
/** Where the table of pieces is, in the file information block ([MS-DOC], section 2.5.6). */
const PIECES_AT = 0x01a2
const COMPRESSED = 0x40000000
const latin = new TextDecoder('windows-1252')

/** The text of a document of old Word, with its footnotes, headers and comments behind it. */
export function wordText(bytes: Buffer): { text: string; cut: boolean } {
  const streams = readStreams(bytes, ['WordDocument', '0Table', '1Table', 'EncryptedPackage'])
  if (streams.has('EncryptedPackage')) throw new UnreadableFile(LOCKED)
  const main = streams.get('WordDocument')
  if (!main || main.length < PIECES_AT + 8 || main.readUInt16LE(0) !== WORD) throw new UnreadableFile(DAMAGED)
  const flags = main.readUInt16LE(0x0a)
  if (flags & ENCRYPTED) throw new UnreadableFile(LOCKED)
  const table = streams.get(flags & SECOND_TABLE ? '1Table' : '0Table')
  if (!table) throw new UnreadableFile(DAMAGED)
  const at = main.readUInt32LE(PIECES_AT)
  const pieces = pieceTable(table.subarray(at, at + main.readUInt32LE(PIECES_AT + 4)))
  const written = collectText()
  const fields: boolean[] = []
  for (const { length, place, isCompressed } of pieces) {
    const raw = main.subarray(place, place + (isCompressed ? length : length * 2))
    const text = isCompressed ? latin.decode(raw) : raw.toString('utf16le')
    if (!written.add(plain(text, fields))) break
  }
  return written.end()
}

type Piece = { length: number; place: number; isCompressed: boolean }

/** The pieces in their order ([MS-DOC], sections 2.8.35 and 2.9.38); property modifiers before them are passed over. */
function pieceTable(clx: Buffer): Piece[] {
  let at = 0
  while (clx[at] === 1 && at + 3 <= clx.length) at += 3 + clx.readUInt16LE(at + 1)
  if (clx[at] !== 2 || at + 5 > clx.length) throw new UnreadableFile(DAMAGED)
  const plc = clx.subarray(at + 5, at + 5 + clx.readUInt32LE(at + 1))
  const count = Math.floor((plc.length - 4) / 12)
  const pieces: Piece[] = []
  for (let i = 0; i < count; i++) {
    const length = plc.readUInt32LE((i + 1) * 4) - plc.readUInt32LE(i * 4)
    const where = plc.readUInt32LE((count + 1) * 4 + i * 8 + 2)
    const isCompressed = (where & COMPRESSED) !== 0
    const place = isCompressed ? (where & 0x3fffffff) >>> 1 : where & 0x3fffffff
    if (length > 0) pieces.push({ length, place, isCompressed })
  }
  return pieces
}

/** More of them do not lie in each other. */
const MAX_FIELDS = 100

/**
 * Marks of Word as what they mean to a reader. What a field is made from is hidden, what it shows is not.
 * @param fields those that are open, from the outermost: whether what stands now is what it is made from
 */
function plain(text: string, fields: boolean[]): string {
  let out = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are Word's marks.
  for (const piece of text.split(/([\u0001-\u001f])/)) {
    if (piece === '\u0013') fields.push(fields.length < MAX_FIELDS)
    else if (piece === '\u0014') fields.splice(-1, 1, false)
    else if (piece === '\u0015') fields.pop()
    else if (fields.includes(true)) continue
    else if (piece === '\r' || piece === '\u000b' || piece === '\u000c') out += '\n'
    else if (piece === '\u0007' || piece === '\t') out += '\t'
    else if (piece === '\u001e') out += '-'
    else if (piece.length !== 1 || piece >= ' ') out += piece
  }
  return out
}
