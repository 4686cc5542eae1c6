import { and, asc, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../../db/index.ts'
import { insertInto, prepared, UNNAMED } from '../../../db/prepared.ts'
import {
  type Address,
  type Attachment,
  attachments,
  bodies,
  type Message,
  messages,
  searchDocs,
  searchQueue,
} from '../../../db/schema.ts'
import { EVERYTHING, forgetWords, type IndexedWords, indexWords } from '../../../db/search-index.ts'
import { ownWords, TEXT_CHARACTERS } from './own-words.ts'
import { mailboxWord, WITH_FILES } from './search-plan.ts'
import { words } from './words.ts'

/** So many messages are indexed in one transaction: others wait for it. */
const BATCH = 100
const ATTACHMENT_WORDS = 4_000
const MAX_TEXT_FILES = 5
const MAX_TEXT_FILE_BYTES = 1_000_000
const TEXT_TYPES = ['text/plain', 'text/csv', 'text/markdown']

/** The text of an attachment, or null where it has none that can be read. */
export type ReadText = (rawHash: string, position: number) => Promise<string | null>

/** Told of a message that could not be indexed. */
export type OnBad = (messageId: string, error: unknown) => void

/**
 * Indexes the newest messages that wait for it. What it reads may change meanwhile: then it waits for the next time.
 * May be called again at any time, also after a crash.
 * @returns how many messages it looked at; 0: none waits
 */
export async function indexBatch(db: Db, readText: ReadText, onBad: OnBad): Promise<number> {
  const waiting = await waitingMessages(db.read)
  if (waiting.length === 0) return 0
  const ids = waiting.map(({ message }) => message.id)
  const files = await db.read
    .select()
    .from(attachments)
    .where(inArray(attachments.messageId, ids))
    .orderBy(asc(attachments.position))
  const entries: Entry[] = []
  for (const { message, text, quotedFrom, times } of waiting) {
    const own = files.filter(({ messageId }) => messageId === message.id)
    const texts = await textsOf(message, own, readText)
    const written = ownWords({ text: text ?? '', quotedFrom })
    entries.push({ message, times, indexed: indexedWords(message, written, own, texts) })
  }
  try {
    await db.write((tx) => writeAll(tx, entries))
  } catch (error) {
    await indexOneByOne(db, entries, error, onBad)
  }
  return waiting.length
}

type Entry = { message: Indexed; times: number; indexed: IndexedWords }

/** A message that the same transaction wrote, with what it is indexed by. */
export type Written = { message: Indexed; files: Pick<Attachment, FileColumn>[]; words: string[] }

/**
 * Indexes messages in the transaction that writes them, so that they need not be read again for it. Those with text in
 * their attachments, which take longer, wait for `indexBatch`.
 */
export async function indexWritten(tx: Tx, written: Written[]): Promise<void> {
  const entries = written
    .filter(({ files }) => !files.some(isReadable))
    .map(({ message, files, words }) => ({ message, times: 1, indexed: indexedWords(message, words, files, []) }))
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

async function write(tx: Tx, { message, indexed }: Entry): Promise<void> {
  await indexWords(tx, await numberFor(tx, message), indexed)
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
        rawHash: messages.rawHash,
        subject: messages.subject,
        fromName: messages.fromName,
        fromAddress: messages.fromAddress,
        to: messages.to,
        cc: messages.cc,
        at: messages.at,
        attachmentCount: messages.attachmentCount,
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
type FileColumn = 'filename' | 'contentType' | 'size' | 'inline'

/** The words of a message by field. */
export function indexedWords(
  message: Pick<Message, 'mailboxId' | 'subject' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'attachmentCount'>,
  own: string[],
  files: Pick<Attachment, 'filename' | 'inline'>[],
  fileTexts: string[],
): IndexedWords {
  const known = [EVERYTHING, mailboxWord(message.mailboxId), ...(message.attachmentCount > 0 ? [WITH_FILES] : [])]
  const named = files.filter(({ inline }) => !inline).flatMap(({ filename }) => words(filename))
  const within = fileTexts.flatMap((one) => words(one, ATTACHMENT_WORDS))
  return {
    subject: words(message.subject),
    sender: words(`${message.fromName} ${message.fromAddress}`),
    recipients: [...message.to, ...message.cc].flatMap(({ name, address }: Address) => words(`${name} ${address}`)),
    text: [...known, ...named, ...own, ...within],
  }
}

/** What plain attachments say. One that can't be read keeps nobody from finding the rest. */
async function textsOf({ rawHash }: Indexed, files: Attachment[], readText: ReadText): Promise<string[]> {
  if (rawHash === null) return []
  const texts = []
  for (const { position } of files.filter(isReadable).slice(0, MAX_TEXT_FILES))
    texts.push(await readText(rawHash, position))
  return texts.filter((text) => text !== null)
}

function isReadable({ contentType, size }: Pick<Attachment, FileColumn>): boolean {
  return TEXT_TYPES.includes(contentType) && size <= MAX_TEXT_FILE_BYTES
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
