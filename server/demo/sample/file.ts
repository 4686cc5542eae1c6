import { docx, xlsx } from './office.ts'
import { textPdf } from './pdf.ts'
import { barChart } from './png.ts'

/** An attachment as a conversation describes it; its texts may name dates as fillDates reads them. */
export type FileSpec =
  | { kind: 'pdf'; name: string; title: string; lines: string[] }
  | { kind: 'docx'; name: string; paragraphs: string[] }
  | { kind: 'xlsx'; name: string; rows: (string | number)[][] }
  | { kind: 'csv'; name: string; rows: (string | number)[][] }
  | { kind: 'png'; name: string; bars: number[] }

export const pdf = (name: string, title: string, ...lines: string[]): FileSpec => ({ kind: 'pdf', name, title, lines })
export const word = (name: string, ...paragraphs: string[]): FileSpec => ({ kind: 'docx', name, paragraphs })
export const sheet = (name: string, ...rows: (string | number)[][]): FileSpec => ({ kind: 'xlsx', name, rows })
export const csv = (name: string, ...rows: (string | number)[][]): FileSpec => ({ kind: 'csv', name, rows })
export const chart = (name: string, ...bars: number[]): FileSpec => ({ kind: 'png', name, bars })

/** The file itself. `fill` writes the dates of its texts. */
export function makeFile(spec: FileSpec, fill: (text: string) => string) {
  const rows = (rows: (string | number)[][]) =>
    rows.map((row) => row.map((value) => (typeof value === 'string' ? fill(value) : value)))
  const { name } = spec
  switch (spec.kind) {
    case 'pdf':
      return { name, type: 'application/pdf', content: textPdf(fill(spec.title), spec.lines.map(fill)) }
    case 'docx':
      return { name, type: `${OFFICE}.wordprocessingml.document`, content: docx(spec.paragraphs.map(fill)) }
    case 'xlsx':
      return { name, type: `${OFFICE}.spreadsheetml.sheet`, content: xlsx(rows(spec.rows)) }
    case 'csv':
      return { name, type: 'text/csv', content: Buffer.from(rows(spec.rows).map(csvLine).join('\r\n')) }
    case 'png':
      return { name, type: 'image/png', content: barChart(spec.bars) }
  }
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'

/** RFC 4180. */
function csvLine(row: (string | number)[]) {
  return row
    .map((value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : value))
    .join(',')
}
