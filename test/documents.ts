import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

// Files as office programs write them, made for tests.

/** A ZIP archive of these texts. */
export async function archive(parts: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return await buffer(zip.outputStream)
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** An OpenDocument text (ISO/IEC 26300) with this content within its body. */
export const odt = (content: string): Promise<Buffer> =>
  archive({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `${XML}<office:document-content xmlns:office="o" xmlns:text="t"><office:automatic-styles><style:style>Style words</style:style></office:automatic-styles><office:body><office:text>${content}</office:text></office:body></office:document-content>`,
    'meta.xml': `${XML}<office:document-meta><dc:title>Title in meta</dc:title></office:document-meta>`,
  })

/** A presentation (ECMA-376, PresentationML) with a text on each slide. */
export const pptx = (slides: string[]): Promise<Buffer> =>
  archive(
    Object.fromEntries(
      slides.map((text, i) => [
        `ppt/slides/slide${i + 1}.xml`,
        `${XML}<p:sld xmlns:a="a" xmlns:p="p"><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sld>`,
      ]),
    ),
  )

/** A workbook whose cells name their texts by number, as Excel writes it. */
export const sharedXlsx = (texts: string[], rows: (number | `#${number}`)[][]): Promise<Buffer> =>
  archive({
    'xl/sharedStrings.xml': `${XML}<sst>${texts.map((text) => `<si><t>${text}</t></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet><sheetData>${rows.map((row) => `<row>${row.map((cell) => (typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="s"><v>${cell.slice(1)}</v></c>`)).join('')}</row>`).join('')}</sheetData></worksheet>`,
  })

const SECTOR = 512
const MINI = 64
const FREE = 0xffffffff
const END = 0xfffffffe
const FAT = 0xfffffffd
/** Smaller streams lie in the mini stream. */
const CUTOFF = 4096

/** A compound file ([MS-CFB], version 3) with these streams. */
export function compound(streams: Record<string, Buffer>): Buffer {
  const table: number[] = []
  const sectors: Buffer[] = []
  const place = (content: Buffer): number => {
    if (content.length === 0) return END
    const first = sectors.length
    for (let at = 0; at < content.length; at += SECTOR) {
      const sector = Buffer.alloc(SECTOR)
      content.copy(sector, 0, at, at + SECTOR)
      sectors.push(sector)
      table.push(at + SECTOR < content.length ? sectors.length : END)
    }
    return first
  }
  const mini: Buffer[] = []
  const miniTable: number[] = []
  const placeMini = (content: Buffer): number => {
    const first = miniTable.length
    for (let at = 0; at < content.length; at += MINI) {
      const sector = Buffer.alloc(MINI)
      content.copy(sector, 0, at, at + MINI)
      mini.push(sector)
      miniTable.push(at + MINI < content.length ? miniTable.length + 1 : END)
    }
    return first
  }
  const placed = Object.entries(streams).map(([name, content]) => {
    const first = content.length < CUTOFF ? placeMini(content) : place(content)
    return { name, first, size: content.length }
  })
  const miniStream = Buffer.concat(mini)
  const root = { name: 'Root Entry', first: place(miniStream), size: miniStream.length }
  const miniFat = place(numbers(miniTable))
  const directory = place(
    Buffer.concat([entry(root, 5, 1), ...placed.map((stream, i) => entry(stream, 2, FREE, i + 2, placed.length))]),
  )
  // The table names itself: as many sectors as it needs, each with room for 128 numbers.
  let own = 0
  while (own * 128 < table.length + own) own++
  const fatAt = sectors.length
  const fat = numbers([...table, ...Array.from({ length: own }, () => FAT)], own * SECTOR)
  const header = Buffer.alloc(SECTOR)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 0x18)
  header.writeUInt16LE(3, 0x1a)
  header.writeUInt16LE(0xfffe, 0x1c)
  header.writeUInt16LE(9, 0x1e)
  header.writeUInt16LE(6, 0x20)
  header.writeUInt32LE(own, 0x2c)
  header.writeUInt32LE(directory, 0x30)
  header.writeUInt32LE(CUTOFF, 0x38)
  header.writeUInt32LE(miniFat, 0x3c)
  header.writeUInt32LE(miniFat === END ? 0 : 1, 0x40)
  header.writeUInt32LE(END, 0x44)
  for (let i = 0; i < 109; i++) header.writeUInt32LE(i < own ? fatAt + i : FREE, 0x4c + i * 4)
  return Buffer.concat([header, ...sectors, fat])
}

function entry(
  { name, first, size }: { name: string; first: number; size: number },
  type: number,
  child: number,
  /** The next entry of the same folder, where there is one. */
  next = FREE,
  last = 0,
): Buffer {
  const bytes = Buffer.alloc(128)
  bytes.write(name, 'utf16le')
  bytes.writeUInt16LE((name.length + 1) * 2, 0x40)
  bytes[0x42] = type
  bytes[0x43] = 1
  bytes.writeUInt32LE(FREE, 0x44)
  bytes.writeUInt32LE(next <= last ? next : FREE, 0x48)
  bytes.writeUInt32LE(child, 0x4c)
  bytes.writeUInt32LE(first, 0x74)
  bytes.writeUInt32LE(size, 0x78)
  return bytes
}

/** Numbers as the format keeps them, filled up with free places. */
function numbers(all: number[], bytes = Math.ceil((all.length * 4) / SECTOR) * SECTOR): Buffer {
  const written = Buffer.alloc(bytes, 0xff)
  for (const [i, number] of all.entries()) written.writeUInt32LE(number, i * 4)
  return written
}

/** A piece of the text of a document of old Word: windows-1252, or UTF-16 where it has more. */
export type WordPiece = { text: string; wide?: boolean }

/** A document of Word 97 to 2003 ([MS-DOC]) whose text is in these pieces. */
export function doc(pieces: WordPiece[], flags = 0): Buffer {
  const bytes = pieces.map(({ text, wide }) => Buffer.from(text, wide ? 'utf16le' : 'latin1'))
  const main = Buffer.alloc(2048)
  main.writeUInt16LE(0xa5ec, 0)
  main.writeUInt16LE(0x00c1, 2)
  main.writeUInt16LE(0x0200 | flags, 0x0a)
  main.writeUInt16LE(14, 0x20)
  main.writeUInt16LE(22, 0x3e)
  main.writeUInt16LE(93, 0x98)
  const places: number[] = []
  let at = main.length
  for (const piece of bytes) {
    places.push(at)
    at += piece.length
  }
  const characters = [0]
  for (const { text } of pieces) characters.push(characters.at(-1)! + text.length)
  main.writeUInt32LE(characters.at(-1)!, 0x4c)
  const plc = Buffer.alloc(characters.length * 4 + pieces.length * 8)
  for (const [i, end] of characters.entries()) plc.writeUInt32LE(end, i * 4)
  for (const [i, { wide }] of pieces.entries())
    plc.writeUInt32LE(wide ? places[i]! : places[i]! * 2 + 0x40000000, characters.length * 4 + i * 8 + 2)
  const head = Buffer.alloc(5)
  head[0] = 2
  head.writeUInt32LE(plc.length, 1)
  // A property modifier stands before the table of pieces.
  const clx = Buffer.concat([Buffer.from([1, 2, 0, 0xaa, 0xbb]), head, plc])
  main.writeUInt32LE(0, 0x1a2)
  main.writeUInt32LE(clx.length, 0x1a6)
  return compound({ WordDocument: Buffer.concat([main, ...bytes]), '1Table': clx })
}
