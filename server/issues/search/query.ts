import type { Field } from '../../../db/search-index.ts'
import type { Following, Status } from '../../../db/vocabulary.ts'
import { isOperator, OPERATOR_LIST, type Reading, readOperator, similarOperator } from './query-operators.ts'
import type { Waiting } from './query-waiting.ts'
import { words } from './words.ts'

// What somebody typed into the search field, understood: a tree, and sentences about what could not be. A mistake never
// leads to an empty page: what is wrong is left out or read as plain words, and that is said.

/** Where something stands in the text of the query, in UTF-16 units. */
export type Place = { at: number; length: number }
/** What could not be understood, and what to do about it. */
export type Problem = Place & { message: string }

export type Leaf =
  | { kind: 'text'; phrase: string[]; prefix: boolean; field?: Field | undefined }
  | { kind: 'attachment' }
  | { kind: 'before' | 'after'; time: number }
  | { kind: 'status'; status: Status }
  | { kind: 'unread' }
  | { kind: 'following'; state: Following }
  | Waiting
  /** Names as they were typed; null is nobody. server/issues/search/query-names.ts finds who is meant. */
  | { kind: 'assignee'; name: string | null }
  | { kind: 'mailbox'; name: string }
  /** Null is without any tag. */
  | { kind: 'tag'; name: string | null }
export type Query =
  | (Leaf & Place)
  | { kind: 'all'; of: Query[] }
  | { kind: 'any'; of: Query[] }
  | { kind: 'not'; of: Query }

/** The query is null where nothing of it could be understood, or nothing was typed. */
export type Parsed = { query: Query | null; problems: Problem[] }

export const MAX_QUERY_CHARACTERS = 500
const MAX_TERMS = 40
/** A single letter begins too many words. */
const MIN_PREFIX = 2

const SPACE = /\s+/y
const QUOTED = /["“”„]([^"“”„]*)(["“”„]?)/y
/** A term that names an operator: letters, a colon, and what follows. */
const OPERATOR = /([\p{L}_]+):(?!\/\/)/uy
const PLAIN = /[^\s()"“”„]+/y

type Lexeme =
  | ({ is: 'open' | 'close' | 'or' | 'not' } & Place)
  | ({ is: 'term'; text: string; quoted: boolean; operator?: string } & Place)

/**
 * Understands a query.
 * @param options `now` in ms, and the time zone (IANA) in which dates are meant
 */
export function parseQuery(text: string, options: { now: number; zone?: string }): Parsed {
  const problems: Problem[] = []
  const kept = text.slice(0, MAX_QUERY_CHARACTERS)
  if (text.length > kept.length) {
    const rest = { at: kept.length, length: text.length - kept.length }
    problems.push({
      message: `A search has at most ${MAX_QUERY_CHARACTERS} characters. The rest is left out.`,
      ...rest,
    })
  }
  const lexemes = lex(kept, problems)
  let at = 0
  let depth = 0

  /** Terms beside each other are all meant. */
  function sequence(): Query[] {
    const found: Query[] = []
    while (at < lexemes.length) {
      const next = lexemes[at]!
      if (next.is === 'close') {
        if (depth > 0) return found
        problems.push({ message: 'No parenthesis was opened before this one. It is left out.', ...placeOf(next) })
        at++
        continue
      }
      const one = alternatives()
      if (one) found.push(one)
    }
    return found
  }

  /** "or" joins the terms right beside it, so that `invoice from:acme or from:globex` means what it says. */
  function alternatives(): Query | null {
    const found: Query[] = []
    const first = unary()
    if (first) found.push(first)
    while (lexemes[at]?.is === 'or') {
      const or = lexemes[at++]!
      const after = lexemes[at]
      const isMissing = after === undefined || after.is === 'close' || after.is === 'or'
      const next = isMissing ? null : unary()
      if (next) found.push(next)
      if (isMissing || !first)
        problems.push({ message: 'Write "or" between two things to search for. It is left out.', ...placeOf(or) })
    }
    return joined('any', found)
  }

  function unary(): Query | null {
    const next = lexemes[at]
    if (!next || next.is === 'close' || next.is === 'or') return null
    at++
    if (next.is === 'term') return term(next)
    if (next.is === 'not') {
      const of = unary()
      return of && { kind: 'not', of }
    }
    depth++
    const of = sequence()
    depth--
    if (lexemes[at]?.is === 'close') at++
    else problems.push({ message: 'Close the parenthesis that opens here.', ...placeOf(next) })
    return joined('all', of)
  }

  function term(lexeme: Extract<Lexeme, { is: 'term' }>): Query | null {
    const place = placeOf(lexeme)
    if (lexeme.operator === undefined) return plain(lexeme.text, lexeme.quoted, undefined, place)
    const read: Reading = readOperator(lexeme.operator, lexeme.text, options)
    if ('problem' in read) {
      problems.push({ message: read.problem, ...place })
      return null
    }
    if ('field' in read) return plain(lexeme.text, lexeme.quoted, read.field, place)
    return 'any' in read
      ? joined(
          'any',
          read.any.map((leaf) => ({ ...leaf, ...place })),
        )
      : { ...read.leaf, ...place }
  }

  function plain(text: string, quoted: boolean, field: Field | undefined, place: Place): Query | null {
    const phrase = words(text)
    if (phrase.length === 0) return null
    const star = text.indexOf('*')
    const last = phrase.at(-1)!
    if (star >= 0 && !/\*\s*$/.test(text) && !quoted)
      problems.push({ message: 'A * stands at the end of a word, as in tele*. Here it is left out.', ...place })
    const wants = /[\p{L}\p{N}\p{M}]\*\s*$/u.test(text)
    // Where letters stand alone, the phrase finds longer words by itself.
    const prefix = wants && [...last].length >= MIN_PREFIX
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
    if (wants && !prefix && /^[\x00-\x7f]*$/.test(last))
      problems.push({ message: `Write at least ${MIN_PREFIX} letters before the *.`, ...place })
    return { kind: 'text', phrase, prefix, ...(field && { field }), ...place }
  }

  const query = joined('all', sequence())
  if (!query && problems.length === 0 && kept.trim() !== '')
    problems.push({ message: 'There is no word in this to search for.', at: 0, length: kept.length })
  return { query, problems }
}

function joined(kind: 'all' | 'any', of: Query[]): Query | null {
  return of.length > 1 ? { kind, of } : (of[0] ?? null)
}

const placeOf = ({ at, length }: Place): Place => ({ at, length })

function lex(text: string, problems: Problem[]): Lexeme[] {
  const found: Lexeme[] = []
  let at = 0
  let terms = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  while (at < text.length) {
    const start = at
    const space = take(SPACE)
    if (space) {
      at += space[0].length
      continue
    }
    const one = text[at]!
    if (one === '(' || one === ')') {
      found.push({ is: one === '(' ? 'open' : 'close', at, length: 1 })
      at++
      continue
    }
    const isFirst = at === 0 || /[\s(]/.test(text[at - 1]!)
    if (one === '-' && isFirst && /[^\s)-]/.test(text[at + 1] ?? ' ')) {
      found.push({ is: 'not', at, length: 1 })
      at++
      continue
    }
    if (++terms > MAX_TERMS) {
      const rest = { at, length: text.length - at }
      problems.push({ message: `A search has at most ${MAX_TERMS} terms. The rest is left out.`, ...rest })
      return found
    }
    const name = operatorNameAt(take(OPERATOR), text)
    if (name) at += name.length + 1
    const operator = name && isOperator(name) ? name : null
    if (name && !operator) problems.push({ message: unknownOperator(name), at: start, length: name.length + 1 })
    const quoted = take(QUOTED)
    if (quoted) {
      at += quoted[0].length
      if (quoted[2] === '')
        problems.push({ message: 'Close the quotation mark that opens here.', at: start, length: 1 })
    } else at += take(PLAIN)?.[0].length ?? 0
    const value = quoted ? quoted[1]! : text.slice(start + (name ? name.length + 1 : 0), at)
    const place = { at: start, length: at - start }
    if (!quoted && !name && /^or$/i.test(value)) found.push({ is: 'or', ...place })
    else if (!quoted && !name && value === 'NOT') found.push({ is: 'not', ...place })
    else if (quoted || name || value !== 'AND')
      found.push({ is: 'term', text: value, quoted: quoted !== null, ...(operator && { operator }), ...place })
  }
  return found
}

/**
 * The operator that stands here, or what somebody may have taken for one. Other words before a colon are plain text, as
 * in "Re: chairs", "RFP:2026", "10:30" and addresses of pages.
 */
function operatorNameAt(match: RegExpExecArray | null, text: string): string | null {
  if (!match) return null
  const name = match[1]!
  if (isOperator(name)) return name
  const after = text[match.index + match[0].length]
  return after === undefined || /[\s()]/.test(after) || name !== name.toLowerCase() ? null : name
}

function unknownOperator(name: string): string {
  const meant = similarOperator(name)
  const hint = meant ? `Did you mean ${meant}:?` : `There are ${OPERATOR_LIST}.`
  return `There is no operator ${name}:, so only what follows it is searched for. ${hint}`
}
