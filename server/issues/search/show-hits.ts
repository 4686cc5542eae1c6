import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { attachments, bodies, fileTexts, type Message, messages } from '../../../db/schema.ts'
import type { ListedIssue } from '../list.ts'
import { countFound, excerpt, marked, type Piece, type Term } from './marked.ts'
import { ownText } from './own-text.ts'

/** The newest message of an issue that was found, and the words in it. */
export type FoundIn = {
  messageId: string
  from: string
  at: number
  /** The subject of the issue. */
  subject: Piece[]
  excerpt: Piece[]
  /** The attachment that the excerpt is from; none: it is from the mail itself. */
  file: { position: number; filename: string } | null
}

/** So much of a text is read to show where it was found. */
const TEXT_CHARACTERS = 100_000
/** So much of files is looked through for one page; what is found further on is shown without its place. */
const FILE_CHARACTERS = 1_000_000

/** Issues with the newest message of each that was found, and where in it. */
export async function showHits(
  read: Reader,
  listed: ListedIssue[],
  hits: ReadonlyMap<string, { messageId: string }>,
  terms: Term[],
): Promise<(ListedIssue & { hit: FoundIn | null })[]> {
  const ids = listed.map(({ id }) => hits.get(id)!.messageId)
  if (ids.length === 0) return []
  const [rows, files] = await Promise.all([
    read
      .select({
        id: messages.id,
        fromName: messages.fromName,
        fromAddress: messages.fromAddress,
        at: messages.at,
        snippet: messages.snippet,
        // What is quoted is not shown. SQL counts whole characters, so there are never too few.
        text: sql<
          string | null
        >`substr(${bodies.text}, 1, cast(coalesce(${bodies.quotedFrom}, ${TEXT_CHARACTERS}) as integer))`,
        quotedFrom: bodies.quotedFrom,
      })
      .from(messages)
      .leftJoin(bodies, eq(bodies.messageId, messages.id))
      .where(inArray(messages.id, ids)),
    read
      .select({
        messageId: attachments.messageId,
        position: attachments.position,
        filename: attachments.filename,
        contentHash: attachments.contentHash,
      })
      .from(attachments)
      .where(inArray(attachments.messageId, ids))
      .orderBy(asc(attachments.messageId), asc(attachments.position)),
  ])
  const looking: Looking = { read, terms, left: FILE_CHARACTERS }
  const shown: (ListedIssue & { hit: FoundIn | null })[] = []
  for (const issue of listed) {
    const messageId = hits.get(issue.id)!.messageId
    const row = rows.find(({ id }) => id === messageId)
    if (!row) {
      shown.push({ ...issue, hit: null })
      continue
    }
    const own = files.filter((file) => file.messageId === messageId)
    const { fromName, fromAddress, at } = row
    const where = await placeOf(looking, { ...row, subject: issue.subject }, own)
    const subject = marked(issue.subject, terms)
    shown.push({ ...issue, hit: { messageId, from: fromName || fromAddress, at, subject, ...where } })
  }
  return shown
}

/** What is looked for, and how much of files may still be looked through. */
type Looking = { read: Reader; terms: Term[]; left: number }
type Row = Pick<Message, 'subject' | 'snippet' | 'fromName' | 'fromAddress'> & {
  text: string | null
  quotedFrom: number | null
}
type File = { position: number; filename: string; contentHash: string | null }
type Place = Pick<FoundIn, 'excerpt' | 'file'>

/**
 * Where the words stand: in the text, else in the name of a file, else in the sender; but in the text of a file where
 * that has more of them.
 */
async function placeOf(looking: Looking, row: Row, files: File[]): Promise<Place> {
  const { terms } = looking
  const text = ownText({ text: row.text ?? '', quotedFrom: row.quotedFrom })
  const names = files.map(({ filename }) => filename).join(', ')
  const readable = files.filter(({ contentHash }) => contentHash !== null)
  if (readable.length > 0) {
    const inMail = countFound([text, names, row.subject, row.fromName, row.fromAddress].join('\n'), terms)
    if (inMail < terms.length) {
      const found = await bestFile(looking, readable, inMail)
      if (found) return found
    }
  }
  for (const place of [text, names, row.fromAddress]) {
    const found = excerpt(place, terms)
    if (found) return { excerpt: found, file: null }
  }
  return { excerpt: row.snippet ? [{ text: row.snippet, marked: false }] : [], file: null }
}

/** The file in whose text most of the words stand, where those are more than in the mail itself. */
async function bestFile(looking: Looking, files: File[], inMail: number): Promise<Place | null> {
  const { read, terms } = looking
  let best: Place | null = null
  let most = inMail
  for (const { position, filename, contentHash } of files) {
    if (looking.left <= 0 || most === terms.length) break
    const [known] = await read
      .select({ text: sql<string>`substr(${fileTexts.text}, 1, cast(${looking.left} as integer))` })
      .from(fileTexts)
      .where(eq(fileTexts.contentHash, contentHash ?? ''))
    const text = known?.text ?? ''
    looking.left -= text.length
    const n = countFound(text, terms)
    const found = n > most ? excerpt(text, terms) : null
    if (!found) continue
    most = n
    best = { excerpt: found, file: { position, filename } }
  }
  return best
}
