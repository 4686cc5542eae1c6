// Where the text of an older mail begins in a newer one. Quoting is a view: nothing is cut, the page folds it away. So
// what is in doubt stays in sight: nothing that the writer added may vanish.

import {
  attributionLength,
  attributionWithin,
  blockLength,
  FORWARD_LINE,
  ORIGINAL_LINE,
  WROTE_LINE,
} from './quote-words.ts'
import { signatureStart } from './signature.ts'

/** The most lines that are looked at; a longer text is not folded. */
const MAX_LINES = 20_000

/**
 * The offset in `text` from which on everything is quoted, or null: when nothing is quoted, when the writer goes on
 * below the quote, when nothing would remain above, and where a mail is passed on, since then the old text is the matter.
 */
export function quotedFrom(text: string): number | null {
  const { lines, glued } = linesOf(text)
  const quoted = quotedLines(lines)
  let first = lines.length
  while (first > 0 && (quoted[first - 1] || lines[first - 1]!.trim() === '')) first--
  // Blank lines above the quote stay with the writer's text.
  while (first < lines.length && !quoted[first]) first++
  if (first === lines.length || lines.slice(0, first).every((line) => line.trim() === '')) return null
  return lines.slice(0, first).reduce((offset, line, at) => offset + line.length + (glued.has(at) ? 0 : 1), 0)
}

/** The text without quoted lines, wherever they are; the whole text when nothing else is in it. */
export function unquoted(text: string): string {
  const { lines } = linesOf(text)
  const quoted = quotedLines(lines)
  const own = lines.filter((_, at) => !quoted[at])
  return own.join('\n').trim() || text.trim()
}

/** The lines; one that ends in the announcement of a quote below it counts as two, the first of which is `glued`. */
function linesOf(text: string): { lines: string[]; glued: Set<number> } {
  const lines = text.split('\n')
  const glued = new Set<number>()
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    const within = attributionWithin(line)
    if (within === 0) continue
    const next = lines.slice(at + 1, at + 4).find((below) => below.trim() !== '')
    if (next === undefined || !isMarked(next)) continue
    glued.add(at)
    lines.splice(at, 1, line.slice(0, within), line.slice(within))
    at++
  }
  return { lines, glued }
}

/** What the writer added: the text without quoted lines and without the signature below. */
export function replyText(text: string): string {
  const own = unquoted(text).split('\n')
  return own.slice(0, signatureStart(own)).join('\n').trim() || own.join('\n')
}

/** Which lines belong to an older mail, with the line that announces it. */
function quotedLines(lines: string[]): boolean[] {
  const quoted = lines.map(() => false)
  if (lines.length > MAX_LINES) return quoted
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!
    if (FORWARD_LINE.test(line)) return quoted
    if (isMarked(line) || isOverflow(lines, at)) {
      quoted[at] = true
      continue
    }
    const block = ORIGINAL_LINE.test(line) || WROTE_LINE.test(line) ? 1 : blockLength(lines, at)
    if (block > 0) return quoted.fill(true, at)
    const attribution = attributionLength(lines, at)
    if (attribution === 0) continue
    let next = at + attribution
    while (next < lines.length && lines[next]!.trim() === '') next++
    quoted.fill(true, at, at + attribution)
    // Without > marks nothing tells where the quote ends, so it goes to the end, as HTML mail leaves it.
    if (next < lines.length && !isMarked(lines[next]!)) return quoted.fill(true, at)
    at += attribution - 1
  }
  return quoted
}

const isMarked = (line: string): boolean =>
  /[>|＞&]/.test(line.slice(0, 4)) && /^\s{0,3}(?:[>|＞](?!\))|&gt;)(?!.*<<\s*$)/.test(line)

/** What a mail program broke off a quoted line without marking it: the end of a long line, or of a link. */
function isOverflow(lines: string[], at: number): boolean {
  const line = lines[at]!.trim()
  const [before = '', after = ''] = [lines[at - 1], lines[at + 1]]
  if (!isMarked(before) || !isMarked(after)) return false
  if (before.length >= 60 && line.length <= 40 && /^[\p{Ll}(_/]/u.test(line)) return true
  return /^\(https?:\S+\)\s*>?$/.test(line) || (/\(https?:[^\s()]*\s*$/.test(before) && /^[^\s()]*\)/.test(line))
}
