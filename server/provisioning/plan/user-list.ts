import { BadInput, type Blocker } from '../bad-input.ts'
import { CONTROL } from '../one-line.ts'

const MAX_LINES = 10_000
const QUOTED = /^(["“”„'‘’])(.*)(["“”'‘’])$/s

/** A user as a list names them, and where. */
export type Listed = { user: string; at: string }

/**
 * Reads a list of users: one on each line, or a CSV whose column "user" says who. A byte order mark, line ends of
 * Windows, quotes that a word processor bent, comments behind # and the same user again do no harm.
 * @param file how the file is called in messages
 * @throws BadInput that names each line it can't read
 */
export function readUserList(text: string, file: string): Listed[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  if (lines.length > MAX_LINES) {
    throw new BadInput([{ code: 'BAD_INPUT', subject: file, message: `${file} has more than ${MAX_LINES} lines.` }])
  }
  const wrong: Blocker[] = []
  const seen = new Set<string>()
  const found: Listed[] = []
  let column: { index: number; separator: string } | undefined
  let isFirst = true
  lines.forEach((line, i) => {
    const at = `${file} line ${i + 1}`
    const bare = line.trim()
    if (bare === '' || bare.startsWith('#')) return
    const refuse = (says: string) => wrong.push({ code: 'BAD_INPUT', subject: bare, message: `${at} ${says}` })
    if (isFirst) {
      isFirst = false
      column = findColumn(bare)
      if (column) return
    }
    const cells = column ? cellsOf(bare, column.separator) : [bare.replace(/\s+#.*$/, '')]
    const user = unquoted(cells[column?.index ?? 0] ?? '')
    if (user === '') refuse('names nobody. Put a user there, or take the line out.')
    else if (CONTROL.test(user)) refuse('holds a control character. Write the name again.')
    else if (!column && /[,;\t]/.test(user) && user === bare) {
      refuse('holds several values. Put one user on each line, or call a column "user" in the first line.')
    } else if (!seen.has(user.toLowerCase())) {
      seen.add(user.toLowerCase())
      found.push({ user, at })
    }
  })
  if (wrong.length > 0) throw new BadInput(wrong)
  return found
}

/** A value without the quotes around it, straight or curly. */
export function unquoted(text: string): string {
  const bare = text.trim()
  const inner = QUOTED.exec(bare)?.[2]
  return inner === undefined ? bare : inner.replaceAll('""', '"').trim()
}

function findColumn(line: string): { index: number; separator: string } | undefined {
  for (const separator of [',', ';', '\t']) {
    const index = cellsOf(line, separator).findIndex((cell) => unquoted(cell).toLowerCase() === 'user')
    if (index >= 0) return { index, separator }
  }
  return undefined
}

/** The cells of a line of CSV (RFC 4180, without line breaks in cells). */
function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = ['']
  let isQuoted = false
  for (const c of line) {
    if (c === '"') isQuoted = !isQuoted
    if (c === separator && !isQuoted) cells.push('')
    else cells[cells.length - 1] += c
  }
  return cells
}
