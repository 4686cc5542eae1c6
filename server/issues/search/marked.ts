import type { Resolved } from './query-names.ts'
import { type Token, tokens } from './words.ts'

/** A piece of a text, and whether it is what was searched for. */
export type Piece = { text: string; marked: boolean }

/** Words in a row that were asked for; of the last one the end may be missing. */
export type Term = { phrase: string[]; prefix: boolean }

/** How much of a text is shown around the first hit; a row of a list shows the beginning of it. */
const EXCERPT_CHARACTERS = 160
const BEFORE_HIT = 16
/** As many words as may stand in that. */
const WORDS_BEFORE_HIT = 16
/** Further into a text no hit is looked for: the page would wait. */
const LOOKED_AT_CHARACTERS = 500_000

/** What a query wants to be in the text: not what it forbids, and not what it asks of people or files. */
export function wantedTerms(query: Resolved): Term[] {
  if (query.kind === 'all' || query.kind === 'any') return query.of.flatMap(wantedTerms)
  return query.kind === 'text' ? [{ phrase: query.phrase, prefix: query.prefix }] : []
}

/** A whole short text with what was found in it. */
export function marked(text: string, terms: Term[]): Piece[] {
  return piecesOf(text, 0, text.length, spansOf([...tokens(text)], terms))
}

/** The part of a text around the first hit, on one line, or null where nothing was found in it. */
export function excerpt(text: string, terms: Term[]): Piece[] | null {
  const looked = text.slice(0, LOOKED_AT_CHARACTERS).trimEnd()
  const all = aroundFirst(looked, terms)
  const spans = spansOf(all, terms)
  const first = spans[0]
  if (!first) return null
  const least = Math.max(0, first.start - BEFORE_HIT)
  const start = least === 0 ? 0 : (all.find((token) => token.start >= least)?.start ?? first.start)
  const most = Math.max(start + EXCERPT_CHARACTERS, first.end)
  const end =
    most >= looked.length ? looked.length : Math.max(all.findLast((token) => token.end <= most)?.end ?? 0, first.end)
  const pieces = piecesOf(looked, start, end, spans).map((piece) => ({
    ...piece,
    text: piece.text.replace(/\s+/g, ' '),
  }))
  if (start > 0) pieces.unshift({ text: '… ', marked: false })
  if (end < looked.length) pieces.push({ text: ' …', marked: false })
  return pieces
}

/** How many of the terms are in a text. */
export function countFound(text: string, terms: Term[]): number {
  const left = new Set(terms)
  const longest = Math.max(0, ...terms.map(({ phrase }) => phrase.length))
  const last: Token[] = []
  for (const token of tokens(text.slice(0, LOOKED_AT_CHARACTERS))) {
    if (left.size === 0) break
    last.push(token)
    if (last.length > longest) last.shift()
    for (const term of left) if (ends(last, term)) left.delete(term)
  }
  return terms.length - left.size
}

/** The words around the first hit; what stands far before or after it is not kept, or not even read. */
function aroundFirst(text: string, terms: Term[]): Token[] {
  const longest = Math.max(0, ...terms.map(({ phrase }) => phrase.length))
  const kept: Token[] = []
  let until: number | null = null
  for (const token of tokens(text)) {
    kept.push(token)
    if (until !== null && token.start > until) break
    if (until === null && terms.some((term) => ends(kept, term))) until = token.end + EXCERPT_CHARACTERS
    if (until === null && kept.length > longest + WORDS_BEFORE_HIT * 2) kept.splice(0, WORDS_BEFORE_HIT)
  }
  return kept
}

/** Whether a term ends with the last of these words. */
function ends(all: Token[], { phrase, prefix }: Term): boolean {
  const last = all.length - 1
  if (all.length < phrase.length) return false
  for (let i = 0; i < phrase.length; i++) {
    const word = all[last - i]!.word
    const wanted = phrase[phrase.length - 1 - i]!
    if (i === 0 && prefix ? !word.startsWith(wanted) : word !== wanted) return false
  }
  return true
}

type Span = { start: number; end: number }

/** Where terms stand, in order, without overlaps. */
function spansOf(all: Token[], terms: Term[]): Span[] {
  const found: Span[] = []
  for (const [at, token] of all.entries()) {
    for (const { phrase, prefix } of terms) {
      const last = phrase.length - 1
      const fits = phrase.every((word, i) => {
        const other = all[at + i]?.word
        return i === last && prefix ? other?.startsWith(word) : other === word
      })
      if (fits) found.push({ start: token.start, end: all[at + last]!.end })
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  const joined: Span[] = []
  for (const span of found) {
    const before = joined.at(-1)
    if (before && span.start < before.end) before.end = Math.max(before.end, span.end)
    else joined.push(span)
  }
  return joined
}

function piecesOf(text: string, start: number, end: number, spans: Span[]): Piece[] {
  const pieces: Piece[] = []
  const add = (from: number, to: number, isMarked: boolean) => {
    if (to > from) pieces.push({ text: text.slice(from, to), marked: isMarked })
  }
  let at = start
  for (const span of spans) {
    if (span.start >= end) break
    if (span.end <= at) continue
    add(at, Math.max(at, span.start), false)
    add(Math.max(at, span.start), Math.min(end, span.end), true)
    at = Math.min(end, span.end)
  }
  add(at, end, false)
  return pieces
}
