/** A cell: numbers are written as they are, null is empty. */
export type Cell = string | number | boolean | null

/** What spreadsheets take for the beginning of a formula; after apostrophes too, so that what was added can be told. */
const FORMULA = /^'*[=+\-@\t\r]/

/**
 * A table as CSV (RFC 4180) in UTF-8 with a mark at its beginning, by which spreadsheets know it. Text that a
 * spreadsheet would run as a formula gets an apostrophe in front.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`
}

function cellOf(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
