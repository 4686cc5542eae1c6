// The one tokenizer: what makes the words of a text that is indexed makes those of a question too. So both engines hold
// the same words, and what somebody types never reaches a query parser.

/** Longer words are cut: they are no words but encoded data, and their beginning finds them. */
const MAX_WORD = 64

/** A word of a text, folded, and where it stands there. */
export type Token = { word: string; start: number; end: number }

/** Scripts without spaces between words: each letter stands alone there, and a word is a phrase. */
const APART =
  '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Bopo}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{N}]]'
/** Joiners and soft hyphens stand within a word and are no part of it. */
const INVISIBLE = '\\u00ad\\u200b-\\u200d\\u2060\\ufeff'
const RAW = new RegExp(`${APART}[\\p{M}${INVISIBLE}]*|[[\\p{L}\\p{N}\\p{M}${INVISIBLE}]--${APART}]+`, 'gv')
const WORD = new RegExp(`${APART}\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--${APART}]+`, 'gv')
const ASCII_WORD = /[a-z0-9]+/g
const ASCII_RAW = /[A-Za-z0-9]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
const IS_ASCII = /^[\x00-\x7f]*$/

/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. Signs of other scripts are letters of theirs. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g
const HIDDEN = new RegExp(`[${INVISIBLE}]`, 'gv')
/** Letters that Unicode takes for whole, and people for others. */
const LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', ı: 'i', ς: 'σ' }
const LETTER = /[ßæœøđðłıς]/g

/** A text without differences of case, accents and ways to write the same character (Unicode NFKC). */
export function fold(text: string): string {
  if (IS_ASCII.test(text)) return text.toLowerCase()
  return text
    .replace(HIDDEN, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(ACCENTS, '')
    .replace(LETTER, (letter) => LETTERS[letter]!)
    .normalize('NFC')
}

/** The words of a text in their order, folded, at most `most` of them. */
export function words(text: string, most = Number.POSITIVE_INFINITY): string[] {
  if (IS_ASCII.test(text)) return cut(text.toLowerCase().match(ASCII_WORD) ?? [], most)
  const found: string[] = []
  for (const [raw] of text.matchAll(RAW)) {
    if (found.length >= most) break
    found.push(...wordsOf(raw))
  }
  return cut(found, most)
}

/** The same words with their places, one by one, for marking them. */
export function* tokens(text: string): Generator<Token> {
  const isAscii = IS_ASCII.test(text)
  for (const match of text.matchAll(isAscii ? ASCII_RAW : RAW)) {
    const [raw] = match
    const start = match.index
    const end = start + raw.length
    if (isAscii) yield { word: raw.slice(0, MAX_WORD).toLowerCase(), start, end }
    else for (const word of wordsOf(raw)) yield { word: word.slice(0, MAX_WORD), start, end }
  }
}

/** A piece of text that looks like one word may become several: a fraction, or a letter for a whole word. */
function wordsOf(raw: string): string[] {
  return fold(raw).match(WORD) ?? []
}

function cut(found: string[], most: number): string[] {
  if (found.length > most) found.length = most
  for (const [i, word] of found.entries()) if (word.length > MAX_WORD) found[i] = word.slice(0, MAX_WORD)
  return found
}
