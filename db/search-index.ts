import { eq, type SQL, sql } from 'drizzle-orm'
import { int, postgres, table, text } from './columns.ts'
import type { Tx } from './index.ts'
import { insertInto } from './prepared.ts'

// The full-text index, and the only place that knows two of them: a contentless FTS5 table on SQLite, a tsvector with a
// GIN index on PostgreSQL. Both are made by migrations written by hand (0001_search.sql). Neither ever parses text: words
// come folded and split (server/issues/search/words.ts), those that are indexed and those that are asked for.

/** What of a message can be asked for by itself: the columns of FTS5, and in their order PostgreSQL's weights. */
export const FIELDS = ['subject', 'sender', 'recipients', 'text'] as const
export type Field = (typeof FIELDS)[number]
/** The words of a message by field, in their order: phrases go by it. */
export type IndexedWords = Record<Field, string[]> & {
  /** Words of long files beyond those, each once: they are found, and phrases of them are not. */
  loose?: string[]
}

/** What the index is asked. Words must be some that server/issues/search/words.ts makes, or begin with MARK. */
export type Match =
  | { phrase: string[]; prefix?: boolean; field?: Field | undefined }
  | { all: Match[] }
  | { any: Match[] }
  | { not: Match }

/** Begins words that no text has: the character is never part of one. */
export const MARK = '\ue000'
/** Every message has this word, so that what is only forbidden can be asked for as well. */
export const EVERYTHING = `${MARK}all`
/** Stands where a word was left out or another text begins, so that its neighbours do not become a phrase. */
export const GAP = `${MARK}gap`

/** PostgreSQL counts to position 16,383, keeps 255 places of a word, and takes 1 MB of words for a message. */
const MAX_WORDS = 16_000
const MAX_OCCURRENCES = 255
const MAX_CHARACTERS = 250_000
/** Where PostgreSQL keeps all loose words: so none of them is beside another, or beside the last of the text. */
const LOOSE_POSITION = 16_383

const fts5 = table('search_index', {
  n: int('rowid').primaryKey(),
  subject: text().notNull(),
  sender: text().notNull(),
  recipients: text().notNull(),
  text: text().notNull(),
})
const tsvector = table('search_index', { n: int().primaryKey(), words: text().notNull() })

/** The index as a table: `n` is the number that `searchDocs` has for a message. */
// The cast: as in columns.ts, one stands in for the other; only the number is asked for.
export const searchIndex = postgres ? tsvector : (fts5 as unknown as typeof tsvector)

/** The condition on `searchIndex` that a message matches. */
export function matches(match: Match): SQL {
  return postgres ? sql`search_index.words @@ ${tsquery(match)}::tsquery` : sql`search_index match ${ftsQuery(match)}`
}

/**
 * A number to compare `searchIndex.n` with. A large one reaches SQLite as a float, for which FTS5 does not look into its
 * index but reads on, or finds nothing.
 */
export const indexNumber = (n: number): SQL => sql`cast(${n} as bigint)`

const insertFts5 = insertInto(fts5)
const insertTsvector = insertInto(tsvector)

/** Puts the words of a message into the index, which does not have this number yet. */
export async function indexWords(tx: Tx, n: number, indexed: IndexedWords): Promise<void> {
  const { subject, sender, recipients, text, loose } = bounded(indexed)
  if (postgres) await insertTsvector(tx, { n, words: tsvectorOf([subject, sender, recipients, text], loose) })
  else {
    const columns = { subject: subject.join(' '), sender: sender.join(' '), recipients: recipients.join(' ') }
    const apart = loose.map((word) => ` ${GAP} ${word}`).join('')
    await insertFts5(tx, { n, ...columns, text: text.join(' ') + apart })
  }
}

/** Takes a message out of the index. */
export async function forgetWords(tx: Tx, n: number): Promise<void> {
  await tx.delete(searchIndex).where(eq(searchIndex.n, indexNumber(n)))
}

/** The same words on both engines, within the limits of the narrower one. */
function bounded(indexed: IndexedWords): Required<IndexedWords> {
  const seen = new Map<string, number>()
  const mayRepeat = FIELDS.reduce((sum, field) => sum + indexed[field].length, 0) > MAX_OCCURRENCES
  let words = 0
  let characters = 0
  const keep = (word: string) => {
    const times = (seen.get(word) ?? 0) + 1
    seen.set(word, times)
    return times > MAX_OCCURRENCES ? GAP : word
  }
  const cut = (all: string[]) => {
    let end = 0
    while (end < all.length && words < MAX_WORDS && characters < MAX_CHARACTERS) {
      characters += all[end]!.length
      words++
      end++
    }
    // Between two fields PostgreSQL needs a step, which counts as a word.
    words++
    const within = all.slice(0, end)
    return mayRepeat ? within.map(keep) : within
  }
  const ordered = {
    subject: cut(indexed.subject),
    sender: cut(indexed.sender),
    recipients: cut(indexed.recipients),
    text: cut(indexed.text),
  }
  const text = new Set(ordered.text)
  const loose = [...new Set(indexed.loose)].filter((word) => {
    if (text.has(word) || characters >= MAX_CHARACTERS) return false
    characters += word.length
    return true
  })
  return { ...ordered, loose }
}

const WEIGHTS = ['A', 'B', 'C', 'D'] as const
const weightOf = (field: Field | undefined) => (field ? WEIGHTS[FIELDS.indexOf(field)]! : '')

/** The input syntax of PostgreSQL: each word in quotation marks with its places. Words have none of their own. */
function tsvectorOf(fields: string[][], loose: string[]): string {
  const places = new Map<string, string[]>()
  let position = 0
  for (const [at, all] of fields.entries()) {
    for (const word of all) {
      position++
      if (word === GAP) continue
      const place = `${position}${WEIGHTS[at]}`
      const known = places.get(word)
      if (known) known.push(place)
      else places.set(word, [place])
    }
    // A phrase does not go on from one field into the next.
    position++
  }
  for (const word of loose) places.set(word, [...(places.get(word) ?? []), `${LOOSE_POSITION}${WEIGHTS[3]}`])
  return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ')
}

function tsquery(match: Match): string {
  if ('phrase' in match) {
    const weight = weightOf(match.field)
    const last = match.phrase.length - 1
    const words = match.phrase.map((word, i) => {
      const how = weight + (match.prefix && i === last ? '*' : '')
      return how ? `'${word}':${how}` : `'${word}'`
    })
    return words.length > 1 ? `(${words.join(' <-> ')})` : words[0]!
  }
  if ('not' in match) return `('${EVERYTHING}' & !${tsquery(match.not)})`
  if ('any' in match) return `(${match.any.map(tsquery).join(' | ')})`
  const { wanted, forbidden } = split(match.all)
  return `(${[...wanted.map(tsquery), ...forbidden.map((not) => `!${tsquery(not)}`)].join(' & ')})`
}

/** The query syntax of FTS5, in which NOT stands between two: what is wanted, and what is not. */
function ftsQuery(match: Match): string {
  if ('phrase' in match) {
    const phrase = `"${match.phrase.join(' ')}"${match.prefix ? ' *' : ''}`
    return match.field ? `{${match.field}} : ${phrase}` : phrase
  }
  if ('not' in match) return `("${EVERYTHING}" NOT ${ftsQuery(match.not)})`
  if ('any' in match) return `(${match.any.map(ftsQuery).join(' OR ')})`
  const { wanted, forbidden } = split(match.all)
  const all = `(${wanted.map(ftsQuery).join(' AND ')})`
  return forbidden.length > 0 ? `(${all} NOT (${forbidden.map(ftsQuery).join(' OR ')}))` : all
}

/** At least one is wanted: everything, where nothing else is. */
function split(all: Match[]): { wanted: Match[]; forbidden: Match[] } {
  const wanted = all.filter((match) => !('not' in match))
  const forbidden = all.flatMap((match) => ('not' in match ? [match.not] : []))
  return { wanted: wanted.length > 0 ? wanted : [{ phrase: [EVERYTHING] }], forbidden }
}
