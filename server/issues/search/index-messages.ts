import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../../db/index.ts'
import { insertInto, prepared, UNNAMED } from '../../../db/prepared.ts'
import {
  type Address,
  type Attachment,
  attachments,
  bodies,
  fileTexts,
  type Message,
  messages,
  searchDocs,
  searchQueue,
} from '../../../db/schema.ts'
import { EVERYTHING, forgetWords, GAP, type IndexedWords, indexWords } from '../../../db/search-index.ts'
import { isReadable } from './file-kind.ts'
import { MAX_FILES, queueFiles } from './file-queue.ts'
import { ownWords, TEXT_CHARACTERS } from './own-words.ts'
import { mailboxWord, WITH_FILES } from './search-plan.ts'
import { words } from './words.ts'

/** So many messages are indexed in one transaction: others wait for it. */
const BATCH = 100
/** A batch ends where files have so much text, in characters: all of it is in memory. */
const BATCH_CHARACTERS = 8_000_000
/** So many words of a file stand in their order, so that phrases are found in it; words further on are found by themselves. */
const FILE_WORDS = 4_000

/** Told of a message that could not be indexed. */
export type OnBad = (messageId: string, error: unknown) => void

/**
 * Indexes the newest messages that wait for it. What it reads may change meanwhile: then it waits for the next time.
 * May be called again at any time, also after a crash.
 * @returns how many messages it looked at; 0: none waits
 */
export async function indexBatch(db: Db, onBad: OnBad): Promise<number> {
  const waiting = await waitingMessages(db.read)
  if (waiting.length === 0) return 0
  const ids = waiting.map(({ message }) => message.id)
  const files = await db.read
    .select()
    .from(attachments)
    .where(inArray(attachments.messageId, ids))
    .orderBy(asc(attachments.position))
  const entries: Entry[] = []
  let characters = 0
  for (const { message, text, quotedFrom, times } of waiting) {
    if (characters > BATCH_CHARACTERS) break
    const own = files.filter(({ messageId }) => messageId === message.id)
    const { texts, unread } = await textsOf(db.read, own)
    characters += texts.reduce((sum, one) => sum + one.length, 0)
    const written = ownWords({ text: text ?? '', quotedFrom })
    entries.push({ message, times, indexed: indexedWords(message, written, own, texts), unread })
  }
  try {
    await db.write((tx) => writeAll(tx, entries))
  } catch (error) {
    await indexOneByOne(db, entries, error, onBad)
  }
  return entries.length
}

type Entry = {
  message: Indexed
  times: number
  indexed: IndexedWords
  /** The places of its files whose text is to be read first: then it is indexed again. */
  unread: number[]
}

/** A message that the same transaction wrote, with what it is indexed by. */
export type Written = { message: Indexed; files: Pick<Attachment, FileColumn>[]; words: string[] }

/**
 * Indexes messages in the transaction that writes them, so that they need not be read again for it. Files have their
 * text read behind that.
 */
export async function indexWritten(tx: Tx, written: Written[]): Promise<void> {
  const entries = written.map(({ message, files, words }) => ({
    message,
    times: 1,
    indexed: indexedWords(message, words, files, []),
    unread: toRead(files).map(({ position }) => position),
  }))
  await writeAll(tx, entries)
}

/** FTS5 writes faster when numbers go up. */
async function writeAll(tx: Tx, entries: Entry[]): Promise<void> {
  for (const entry of entries.toSorted((a, b) => a.message.at - b.message.at))
    if (await take(tx, entry)) await write(tx, entry)
}

/** Takes a message out of the queue; false where its text has changed since it was read. */
async function take(tx: Tx, { message, times }: Entry): Promise<boolean> {
  return (await takeFromQueue(tx).execute({ messageId: message.id, times })).length > 0
}

const takeFromQueue = prepared((tx: Tx) =>
  tx
    .delete(searchQueue)
    .where(
      and(eq(searchQueue.messageId, sql.placeholder('messageId')), eq(searchQueue.times, sql.placeholder('times'))),
    )
    .returning({ messageId: searchQueue.messageId })
    .prepare(UNNAMED),
)

async function write(tx: Tx, { message, indexed, unread }: Entry): Promise<void> {
  await indexWords(tx, await numberFor(tx, message), indexed)
  await queueFiles(tx, message.id, unread)
}

/**
 * One message that can't be indexed must not hold up the rest: it stays unfound until it is indexed anew.
 * @throws the error of the batch where not one of them could be indexed: then it is the database
 */
async function indexOneByOne(db: Db, entries: Entry[], error: unknown, onBad: OnBad): Promise<void> {
  const bad: [Entry, unknown][] = []
  for (const entry of entries) {
    try {
      await db.write(async (tx) => {
        if (await take(tx, entry)) await write(tx, entry)
      })
    } catch (own) {
      bad.push([entry, own])
    }
  }
  if (bad.length === entries.length && entries.length > 1) throw error
  for (const [entry, own] of bad) {
    await db.write((tx) => take(tx, entry))
    onBad(entry.message.id, own)
  }
}

/** Whether a message waits to be indexed. */
export async function isWaiting(read: Reader): Promise<boolean> {
  const [one] = await read.select({ messageId: searchQueue.messageId }).from(searchQueue).limit(1)
  return one !== undefined
}

/** How many messages wait to be indexed. */
export async function countWaiting(read: Reader): Promise<number> {
  return await read.$count(searchQueue)
}

/** Has every message indexed anew, in the background. */
export async function indexAgain(tx: Tx): Promise<void> {
  const all = tx
    .select({ messageId: messages.id, times: sql<number>`1`.as('times') })
    .from(messages)
    .where(sql`true`)
  await tx
    .insert(searchQueue)
    .select(all)
    .onConflictDoUpdate({ target: searchQueue.messageId, set: { times: sql`${searchQueue.times} + 1` } })
}

async function waitingMessages(read: Reader) {
  // By itself, or the engine may choose to go through all messages and look for each in the queue.
  const queued = await read.select().from(searchQueue).orderBy(desc(searchQueue.messageId)).limit(BATCH)
  const times = new Map(queued.map((one) => [one.messageId, one.times]))
  const rows = await read
    .select({
      message: {
        id: messages.id,
        mailboxId: messages.mailboxId,
        subject: messages.subject,
        fromName: messages.fromName,
        fromAddress: messages.fromAddress,
        to: messages.to,
        cc: messages.cc,
        at: messages.at,
        attachmentCount: messages.attachmentCount,
        extras: messages.extras,
      },
      text: sql<string | null>`substr(${bodies.text}, 1, ${TEXT_CHARACTERS})`,
      quotedFrom: bodies.quotedFrom,
    })
    .from(messages)
    .leftJoin(bodies, eq(bodies.messageId, messages.id))
    .where(inArray(messages.id, [...times.keys()]))
  return rows.map((row) => ({ ...row, times: times.get(row.message.id) ?? 0 }))
}

type Indexed = Awaited<ReturnType<typeof waitingMessages>>[number]['message']
type FileColumn = 'position' | 'filename' | 'contentType' | 'size' | 'inline'

/** The words of a message by field. */
export function indexedWords(
  message: Pick<
    Message,
    'mailboxId' | 'subject' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'attachmentCount' | 'extras'
  >,
  own: string[],
  files: Pick<Attachment, 'filename' | 'inline'>[],
  texts: string[],
): IndexedWords {
  const known = [EVERYTHING, mailboxWord(message.mailboxId), ...(message.attachmentCount > 0 ? [WITH_FILES] : [])]
  const named = files.filter(({ inline }) => !inline).flatMap(({ filename }) => words(filename))
  const within = texts.map((one) => words(one))
  return {
    subject: words(message.subject),
    // Who wrote the mail that one of us passed on is meant as well.
    sender: words(
      [{ name: message.fromName, address: message.fromAddress }, message.extras.forwarded?.from]
        .map((person) => (person ? `${person.name} ${person.address}` : ''))
        .join(' '),
    ),
    recipients: [...message.to, ...message.cc].flatMap(({ name, address }: Address) => words(`${name} ${address}`)),
    text: [...known, ...named, ...own, ...within.flatMap((all) => [GAP, ...all.slice(0, FILE_WORDS)])],
    loose: within.flatMap((all) => all.slice(FILE_WORDS)),
  }
}

/** The files of a message whose text is looked for. */
const toRead = <File extends Pick<Attachment, FileColumn>>(files: File[]): File[] =>
  files.filter(isReadable).slice(0, MAX_FILES)

/** What the files of a message say, as far as it was read, and those that were not read yet. */
async function textsOf(read: Reader, files: Attachment[]): Promise<{ texts: string[]; unread: number[] }> {
  const texts: string[] = []
  const unread: number[] = []
  for (const { position, contentHash } of toRead(files)) {
    const [known] =
      contentHash === null
        ? []
        : await read.select({ text: fileTexts.text }).from(fileTexts).where(eq(fileTexts.contentHash, contentHash))
    if (known) texts.push(known.text)
    else unread.push(position)
  }
  return { texts, unread }
}

/** Numbers are times, so that the newest come first: in seconds, with room for several messages in each. */
const NUMBERS_A_SECOND = 16
const LOOKED_AT = 64

/** The smallest number of messages of this time. */
export const numberAt = (ms: number): number => Math.max(0, Math.floor(ms / 1000)) * NUMBERS_A_SECOND

/** The number of a message, whose words are forgotten: the one it has, or the next free one of its time. */
async function numberFor(tx: Tx, { id, at }: Indexed): Promise<number> {
  const [known] = await numberOf(tx).execute({ messageId: id })
  if (known) {
    await forgetWords(tx, known.n)
    return known.n
  }
  for (let n = numberAt(at); ; ) {
    const taken = await numbersFrom(tx).execute({ n, below: n + LOOKED_AT })
    const gap = taken.findIndex((doc, i) => doc.n !== n + i)
    n += gap < 0 ? taken.length : gap
    if (gap < 0 && taken.length === LOOKED_AT) continue
    await insertNumber(tx, { n, messageId: id })
    return n
  }
}

const numberOf = prepared((tx: Tx) =>
  tx
    .select({ n: searchDocs.n })
    .from(searchDocs)
    .where(eq(searchDocs.messageId, sql.placeholder('messageId')))
    .prepare(UNNAMED),
)
const numbersFrom = prepared((tx: Tx) =>
  tx
    .select({ n: searchDocs.n })
    .from(searchDocs)
    .where(and(gte(searchDocs.n, sql.placeholder('n')), lt(searchDocs.n, sql.placeholder('below'))))
    .orderBy(asc(searchDocs.n))
    .prepare(UNNAMED),
)
const insertNumber = insertInto(searchDocs)
