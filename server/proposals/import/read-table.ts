import { CsvError, parse } from 'csv-parse/sync'
import { Invalid } from '../../errors.ts'
import { nameKey } from '../../people/names.ts'
import { type Decoded, decodeText } from './decode.ts'

/** The largest file. 50,000 lines of a usual export have some 15 MB. */
export const MAX_IMPORT_BYTES = 25_000_000
export const MAX_IMPORT_ROWS = 50_000
export const MAX_IMPORT_COLUMNS = 300

const DELIMITERS = [',', ';', '\t', '|']
const LOOKED_AT_ROWS = 20

export type TableRow = {
  /** Where it begins in the file, from 1, as editors count. */
  line: number
  cells: string[]
}
/** A file of rows and columns. */
export type Table = {
  head: string[]
  rows: TableRow[]
  delimiter: string
  charset: Decoded['charset']
  /** It names its columns; FileMaker's CSV and tab files do not. */
  isNamed: boolean
  /** FileMaker writes a line break within a field so. */
  hasVerticalTabs: boolean
}

/**
 * Reads a CSV, tab or merge file; its characters and its delimiter are found out.
 * @throws Invalid where it is none, or larger than the limits above
 */
export function readTable(bytes: Uint8Array): Table {
  const { text, charset } = decodeText(bytes)
  if (text.includes('\0')) throw refusal('The file is not text. Export it as CSV, then choose that file.')
  const hasVerticalTabs = text.includes('\v')
  const delimiter = delimiterOf(text)
  const all = rowsOf(text, delimiter, MAX_IMPORT_ROWS + 2)
  const first = all[0]
  if (!first) throw refusal('The file is empty. Export it again, then choose it.')
  if (first.cells.length > MAX_IMPORT_COLUMNS)
    throw refusal(`The file has more than ${MAX_IMPORT_COLUMNS} columns. Leave some out of the export.`)
  const isNamed = looksLikeNames(first.cells)
  const rows = isNamed ? all.slice(1) : all
  if (rows.length === 0) throw refusal('The file has names of columns and no rows below them.')
  if (rows.length > MAX_IMPORT_ROWS)
    throw refusal(`The file has more than ${MAX_IMPORT_ROWS.toLocaleString('en')} rows. Split it into several files.`)
  const head = first.cells.map((cell, i) => (isNamed && cell.trim() ? cell.trim() : `Column ${i + 1}`))
  return { head, rows, delimiter, charset, isNamed, hasVerticalTabs }
}

function rowsOf(text: string, delimiter: string, most: number): TableRow[] {
  try {
    const bytes = Buffer.from(text)
    // The cast: what `info: true` gives (csv.js.org/parse/options/info).
    const records = parse(bytes, {
      delimiter,
      info: true,
      to: most,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
    }) as unknown as { info: { bytes: number }; record: string[] }[]
    const lineAt = lineCounter(bytes)
    return records
      .map(({ info, record }) => ({
        line: lineAt(info.bytes),
        cells: record.map((cell) => cell.replaceAll('\v', '\n')),
      }))
      .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(/line (\d+)/.exec(error.message)?.[1] ?? 0)
    throw refusal(
      line > 0
        ? `A quotation mark that opens before line ${line} is never closed. Export the file again, or close it by hand.`
        : 'The file is not CSV. Export it as CSV, then choose that file.',
    )
  }
}

/** Says on which line each row begins, asked in their order with where each ends; the parser counts CR LF in a field twice. */
function lineCounter(bytes: Buffer): (end: number) => number {
  let [position, line] = [0, 1]
  const isBreak = (at: number) => bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)
  return (end) => {
    while (bytes[position] === 10 || bytes[position] === 13) if (isBreak(position++)) line++
    const begin = line
    while (position < end) if (isBreak(position++)) line++
    return begin
  }
}

/** The delimiter that parts the first rows into the most columns, as many in each. */
function delimiterOf(text: string): string {
  const scored = DELIMITERS.map((delimiter) => {
    try {
      const rows = rowsOf(text.slice(0, 200_000), delimiter, LOOKED_AT_ROWS)
      const columns = rows[0]?.cells.length ?? 0
      const same = rows.filter(({ cells }) => cells.length === columns).length
      return { delimiter, score: columns < 2 ? 0 : columns * (same / rows.length) }
    } catch {
      return { delimiter, score: 0 }
    }
  })
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).delimiter
}

/** Names of columns are words, each another; rows have numbers, dates or addresses in them, or nothing. */
function looksLikeNames(cells: string[]): boolean {
  const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '')
  const isData = filled.some((cell) => /^[\p{Sc}\d\s.,:/+-]+%?$/u.test(cell) || /\S@\S+\.\S/.test(cell))
  return !isData && filled.length > 0 && new Set(filled.map(nameKey)).size === filled.length
}

const refusal = (message: string) => new Invalid([{ field: 'file', message }])
