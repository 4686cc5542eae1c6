import { and, desc, eq, gt, gte, inArray, lt, notExists, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Reader } from '../../db/index.ts'
import { addressBook, addressBookKeys } from '../../db/schema.ts'
import type { Party } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { compareKeys, keyRange } from './keys.ts'

export const PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 100

export type ListQuery = { q?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
export type Listed = { ids: string[]; next: string | null }

/**
 * A page of the people or organizations that a member knows: the last contact first, or what begins with what was typed,
 * in the order of that. Each mailbox is a range of an index, from where the page before ended, and each owner comes once.
 * @param books the mailboxes whose rows the member sees (visible.ts)
 */
export async function listParty(
  read: Reader,
  books: readonly string[],
  party: Party,
  query: ListQuery,
): Promise<Listed> {
  const limit = Math.min(query.limit ?? PAGE_SIZE, MAX_PAGE_SIZE)
  const range = query.q ? keyRange(query.q) : null
  if (query.q?.trim() && !range) return { ids: [], next: null }
  return range
    ? await byKey(read, books, party, range, query.cursor, limit)
    : await byTime(read, books, party, query.cursor, limit)
}

const later = alias(addressBook, 'later')
const sooner = alias(addressBookKeys, 'sooner')

async function byTime(
  read: Reader,
  books: readonly string[],
  party: Party,
  cursor: string | undefined,
  limit: number,
): Promise<Listed> {
  const after = readCursor(cursor, /^t\.(\d+)\.([\w-]+)$/)
  const { mailboxId, listedAt, ownerId } = addressBook
  // In another mailbox they stand higher: an earlier place has shown them.
  const isHigher = and(
    eq(later.ownerId, ownerId),
    inArray(later.mailboxId, [...books]),
    or(gt(later.listedAt, listedAt), and(eq(later.listedAt, listedAt), gt(later.mailboxId, mailboxId))),
  )
  const pages = await Promise.all(
    books.map((book) =>
      read
        .select({ id: ownerId, at: listedAt })
        .from(addressBook)
        .where(
          and(
            eq(addressBook.party, party),
            eq(mailboxId, book),
            after ? sql`(${listedAt}, ${ownerId}) < (${Number(after[1])}, ${after[2]})` : undefined,
            notExists(read.select({ one: later.ownerId }).from(later).where(isHigher)),
          ),
        )
        .orderBy(desc(listedAt), desc(ownerId))
        .limit(limit + 1),
    ),
  )
  const rows = pages.flat().sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  return pageOf(rows, limit, ({ at, id }) => `t.${at}.${id}`)
}

async function byKey(
  read: Reader,
  books: readonly string[],
  party: Party,
  { from, below }: { from: string; below: string },
  cursor: string | undefined,
  limit: number,
): Promise<Listed> {
  const after = readCursor(cursor, /^k\.([\w-]+)\.(.*)$/su)
  const { mailboxId, key, ownerId } = addressBookKeys
  // By another key, or in another mailbox, they stand higher.
  const isHigher = and(
    eq(sooner.ownerId, ownerId),
    inArray(sooner.mailboxId, [...books]),
    gte(sooner.key, from),
    or(lt(sooner.key, key), and(eq(sooner.key, key), lt(sooner.mailboxId, mailboxId))),
  )
  const pages = await Promise.all(
    books.map((book) =>
      read
        .select({ id: ownerId, key })
        .from(addressBookKeys)
        .where(
          and(
            eq(addressBookKeys.party, party),
            eq(mailboxId, book),
            gte(key, from),
            lt(key, below),
            after ? sql`(${key}, ${ownerId}) > (${after[2]}, ${after[1]})` : undefined,
            notExists(read.select({ one: sooner.ownerId }).from(sooner).where(isHigher)),
          ),
        )
        .orderBy(key, ownerId)
        .limit(limit + 1),
    ),
  )
  const rows = pages.flat().sort((a, b) => compareKeys(a.key, b.key) || (a.id < b.id ? -1 : 1))
  return pageOf(rows, limit, ({ key, id }) => `k.${id}.${key}`)
}

function pageOf<Row extends { id: string }>(rows: Row[], limit: number, cursorOf: (row: Row) => string): Listed {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { ids: shown.map(({ id }) => id), next: rows.length > limit && last ? cursorOf(last) : null }
}

function readCursor(cursor: string | undefined, form: RegExp): RegExpExecArray | null {
  if (cursor === undefined) return null
  const found = form.exec(cursor)
  if (found) return found
  throw new Invalid([
    { field: 'cursor', message: 'cursor must be the one that the page before it gave. Start without one.' },
  ])
}
