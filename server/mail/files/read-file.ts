import type { FileKind } from '../../issues/search/file-kind.ts'
import { cleanText, decodeText } from '../read/charset.ts'
import { htmlText } from '../read/html-text.ts'
import { type Component, readCalendar, textOf } from '../read/ical.ts'
import { parseMail } from '../read/parse.ts'
import { rtfText } from '../read/rtf.ts'
import { isCompound } from './compound.ts'
import { officeText } from './office.ts'
import { pdfText } from './pdf.ts'
import { wordText } from './word.ts'
import { collectText, UnreadableFile } from './written.ts'

/** Counts up when files can be read that could not be before: those that failed are tried again at the next start. */
export const READER_VERSION = 1

/** What a file says. `cut`: only its beginning, since there is more than is looked at. */
export type FileReading = { text: string; cut: boolean }

/** So much of a plain file is read. */
const MAX_PLAIN_BYTES = 4 * 1024 * 1024

/**
 * The text of a file, to be searched. Files are hostile: this may take long or much memory, so it is called in a thread
 * of its own (file-reader.ts).
 * @param named the kind that name and type say; what the file itself says goes before
 * @throws UnreadableFile with a sentence that says why
 */
export async function readFile(named: FileKind, bytes: Buffer): Promise<FileReading> {
  const { text, cut } = await textAs(kindOf(named, bytes), bytes)
  return { text: cleanText(text).trim(), cut }
}

async function textAs(kind: FileKind, bytes: Buffer): Promise<FileReading> {
  switch (kind) {
    case 'pdf':
      return await pdfText(new Uint8Array(bytes))
    case 'office':
      return await officeText(bytes)
    case 'word':
      return wordText(bytes)
    case 'rtf':
      return cutToMost(rtfText(bytes))
    case 'html':
      return cutToMost(htmlText(plainText(bytes)).text, bytes)
    case 'calendar':
      return cutToMost(calendarText(readCalendar(plainText(bytes))), bytes)
    case 'mail': {
      const { subject, from, text } = await parseMail(bytes)
      return cutToMost(`${subject}\n${from.name} ${from.address}\n${text}`)
    }
    case 'text':
      return cutToMost(plainText(bytes), bytes)
  }
}

const ARCHIVE = Buffer.from('PK\x03\x04', 'latin1')
/** How far into a file its PDF may begin. */
const BEFORE_PDF = 1024

/** Documents are sent under each other's names: what Word opens may be any of these. */
function kindOf(named: FileKind, bytes: Buffer): FileKind {
  if (named !== 'pdf' && named !== 'office' && named !== 'word' && named !== 'rtf') return named
  if (isCompound(bytes)) return 'word'
  if (bytes.subarray(0, 4).equals(ARCHIVE)) return 'office'
  if (bytes.subarray(0, BEFORE_PDF).includes('%PDF-')) return 'pdf'
  const beginning = bytes.toString('latin1', 0, BEFORE_PDF).trimStart().toLowerCase()
  if (beginning.startsWith('{\\rtf')) return 'rtf'
  if (/^(\ufeff|ï»¿)?<(!doctype html|html)/.test(beginning)) return 'html'
  return named
}

const plainText = (bytes: Buffer): string => decodeText(bytes.subarray(0, MAX_PLAIN_BYTES))

function cutToMost(text: string, bytes?: Buffer): FileReading {
  const written = collectText()
  written.add(text)
  const { text: kept, cut } = written.end()
  return { text: kept, cut: cut || (bytes !== undefined && bytes.length > MAX_PLAIN_BYTES) }
}

const SAID = ['summary', 'description', 'location', 'comment', 'categories', 'contact'] as const
const PEOPLE = new Set(['organizer', 'attendee'])

/** What a calendar says to people: not its times, which are numbers, nor its rules. */
function calendarText(component: Component): string {
  const said = SAID.map((name) => textOf(component, name)).filter((text) => text !== '')
  const people = component.properties
    .filter(({ name }) => PEOPLE.has(name))
    .map(({ params, value }) => `${params.cn ?? ''} ${value.replace(/^mailto:/i, '')}`.trim())
  return [...said, ...people, ...component.children.map(calendarText)].join('\n')
}

export { UnreadableFile }
