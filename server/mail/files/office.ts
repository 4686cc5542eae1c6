import { Parser } from 'htmlparser2'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { collectText, DAMAGED, LOCKED, UnreadableFile, type Written } from './written.ts'

// Files of office programs are ZIP archives of XML: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300). They are
// unpacked piece by piece and never as a whole, so an archive that claims to hold gigabytes costs no memory.

/** So much is unpacked of one file in all. */
const MAX_UNPACKED = 128 * 1024 * 1024
/** So many entries of an archive are looked at. */
const MAX_ENTRIES = 10_000
/** The texts that the cells of a workbook share: so many, of so many characters in all. */
const MAX_SHARED = 200_000
const MAX_SHARED_CHARACTERS = 4_000_000
/** A longer text of one cell is cut. */
const MAX_CELL = 40_000

/** The text of a document, workbook or presentation. */
export async function officeText(bytes: Buffer): Promise<{ text: string; cut: boolean }> {
  const zip = await openZip(bytes)
  const entries = await entriesOf(zip)
  const parts = partsOf([...entries.keys()])
  if (parts.length === 0) throw new UnreadableFile(DAMAGED)
  const written = collectText()
  const unpacking: Unpacking = { left: MAX_UNPACKED }
  const shared: string[] = []
  for (const { name, as } of parts) {
    if (written.isFull || unpacking.left <= 0) break
    const handle = as === 'shared' ? sharedTexts(shared) : as === 'sheet' ? sheet(written, shared) : paragraphs(written)
    await readXml(zip, entries.get(name)!, handle, unpacking)
  }
  const { text, cut } = written.end()
  return { text, cut: cut || unpacking.left <= 0 }
}

type Part = { name: string; as: 'text' | 'shared' | 'sheet' }

/** Where text is, by the names that programs give the parts, in the order in which people read them. */
const PARTS: [RegExp, Part['as']][] = [
  [/^word\/document\d*\.xml$/, 'text'],
  [/^word\/(header|footer)\d*\.xml$/, 'text'],
  [/^word\/(footnotes|endnotes|comments)\.xml$/, 'text'],
  [/^xl\/sharedStrings\.xml$/, 'shared'],
  [/^xl\/worksheets\/sheet\d+\.xml$/, 'sheet'],
  [/^ppt\/slides\/slide\d+\.xml$/, 'text'],
  [/^ppt\/notesSlides\/notesSlide\d+\.xml$/, 'text'],
  [/^content\.xml$/, 'text'],
]

function partsOf(names: string[]): Part[] {
  const numberIn = (name: string) => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0)
  return PARTS.flatMap(([pattern, as]) =>
    names
      .filter((name) => pattern.test(name))
      .sort((a, b) => numberIn(a) - numberIn(b) || (a < b ? -1 : 1))
      .map((name) => ({ name, as })),
  )
}

async function openZip(bytes: Buffer): Promise<ZipFile> {
  try {
    return await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false, strictFileNames: false })
  } catch (cause) {
    throw new UnreadableFile(DAMAGED, { cause })
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    let looked = 0
    for await (const entry of zip.eachEntry()) {
      // The first of a name counts: another may have been put there to be taken for it.
      if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry)
      if (++looked >= MAX_ENTRIES) break
    }
  } catch (cause) {
    if (entries.size === 0) throw new UnreadableFile(DAMAGED, { cause })
  }
  return entries
}

/** How many bytes may still be unpacked. */
type Unpacking = { left: number }
/** What is done with an XML file; `done` once no more of it is needed. */
type Handler = {
  open(tag: string, attributes: Record<string, string>): void
  text(text: string): void
  close(tag: string): void
  done(): boolean
}

/** Reads an XML file of the archive as far as it goes: what is broken further on leaves what came before. */
async function readXml(zip: ZipFile, entry: Entry, handler: Handler, unpacking: Unpacking): Promise<void> {
  if (entry.isEncrypted()) throw new UnreadableFile(LOCKED)
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open(local(name), attributes),
      ontext: (text) => handler.text(text),
      onclosetag: (name) => handler.close(local(name)),
    },
    { xmlMode: true, decodeEntities: true },
  )
  let decoder: InstanceType<typeof TextDecoder> | undefined
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream) {
      // The cast: a stream without an encoding gives buffers.
      const bytes = chunk as Buffer
      decoder ??= new TextDecoder(encodingOf(bytes))
      parser.write(decoder.decode(bytes, { stream: true }))
      unpacking.left -= bytes.length
      if (unpacking.left <= 0 || handler.done()) break
    }
  } catch (error) {
    if (error instanceof UnreadableFile) throw error
    // Of a damaged part what was read counts.
  }
}

/** XML is UTF-8 unless it begins as UTF-16 (XML 1.0, appendix F). */
function encodingOf(bytes: Buffer): string {
  if ((bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0 && bytes[1] === 0x3c)) return 'utf-16be'
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0x3c && bytes[1] === 0)) return 'utf-16le'
  return 'utf-8'
}

/** Ends of these are ends of lines. */
const LINES = new Set(['p', 'h', 'tr', 'table-row'])
const SPACES: Record<string, string> = { tab: '\t', br: '\n', cr: '\n', 'line-break': '\n', s: ' ', noBreakHyphen: '-' }
/** What they hold is not text that a reader sees, or is there a second time for older programs. */
const HIDDEN = new Set(['instrText', 'delText', 'Fallback', 'binary-data', 'tracked-changes'])

/**
 * Text in paragraphs. In Office Open XML it stands in elements called t; in OpenDocument, where nothing is called so, in
 * paragraphs and headings themselves.
 */
function paragraphs(written: Written): Handler {
  let hidden = 0
  let inText = 0
  let inParagraph = 0
  let isOpenDocument = false
  return {
    open(tag) {
      if (HIDDEN.has(tag)) hidden++
      if (tag === 'document-content') isOpenDocument = true
      if (tag === 't') inText++
      if (tag === 'p' || tag === 'h') inParagraph++
      const space = SPACES[tag]
      if (space !== undefined && hidden === 0) written.add(space)
    },
    text(text) {
      if (hidden === 0 && (isOpenDocument ? inParagraph > 0 : inText > 0)) written.add(text)
    },
    close(tag) {
      if (HIDDEN.has(tag)) hidden--
      if (tag === 't') inText--
      if (tag === 'p' || tag === 'h') inParagraph--
      if (tag === 'table-cell') written.add('\t')
      if (LINES.has(tag) && hidden === 0) written.add('\n')
    },
    done: () => written.isFull,
  }
}

/** The texts that cells of a workbook name by their number (ECMA-376 part 1, section 18.4.9). */
function sharedTexts(shared: string[]): Handler {
  let current = ''
  let characters = 0
  let inText = 0
  /** How a word is pronounced stands beside it. */
  let phonetic = 0
  return {
    open(tag) {
      if (tag === 'si') current = ''
      if (tag === 'rPh') phonetic++
      if (tag === 't') inText++
    },
    text(text) {
      if (inText > 0 && phonetic === 0 && current.length < MAX_CELL) current += text
    },
    close(tag) {
      if (tag === 't') inText--
      if (tag === 'rPh') phonetic--
      if (tag !== 'si') return
      shared.push(current)
      characters += current.length
    },
    done: () => shared.length >= MAX_SHARED || characters >= MAX_SHARED_CHARACTERS,
  }
}

/** The cells of a sheet: texts and numbers as they are kept, row by row. Formulas are not text. */
function sheet(written: Written, shared: string[]): Handler {
  let type = ''
  let value = ''
  let reading = false
  return {
    open(tag, attributes) {
      if (tag === 'c') {
        type = attributes.t ?? ''
        value = ''
      }
      if (tag === 'v' || tag === 't') reading = true
    },
    text(text) {
      if (reading && value.length < MAX_CELL) value += text
    },
    close(tag) {
      if (tag === 'v' || tag === 't') reading = false
      if (tag === 'c' && value !== '') written.add(`${type === 's' ? (shared[Number(value)] ?? '') : value}\t`)
      if (tag === 'row') written.add('\n')
    },
    done: () => written.isFull,
  }
}
