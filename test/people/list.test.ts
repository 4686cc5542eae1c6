import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { addressBook, addressBookKeys } from '../../db/schema.ts'
import { EVERYBODY } from '../../server/people/book.ts'
import { compareKeys, keyRange } from '../../server/people/keys.ts'
import { listParty } from '../../server/people/list.ts'
import { type Book, type OrganizationPage, openBook, type PeoplePage } from './story.ts'

/** Rows of the address book by the hundred, in two mailboxes and for everybody; the same person in several. */
async function fill({ db, proposals, closed }: Book, owners: number) {
  const books = [proposals.id, closed.id, EVERYBODY]
  const rows = Array.from({ length: owners }, (_, i) => {
    const ownerId = uuidv7()
    const within = books.filter((_, at) => (i >> at) % 2 === 0 || at === i % 3)
    return within.map((mailboxId, at) => ({
      ownerId,
      mailboxId,
      listedAt: 1_000 + ((i * 37 + at * 11) % 90),
      keys: [`ann ${i % 10}`, `bea ${(i * 7) % 50}`, i % 4 === 0 ? '\u{1f600} x' : '\uff21 y'],
    }))
  }).flat()
  await db.write(async (tx) => {
    for (const { keys, ...row } of rows) {
      await tx.insert(addressBook).values({ ...row, party: 'person', name: '' })
      for (const key of keys) await tx.insert(addressBookKeys).values({ ...row, party: 'person', key })
    }
  })
  return rows
}

async function allPages({ db }: Book, books: string[], q: string | undefined) {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await listParty(db.read, books, 'person', { q, cursor, limit: 7 })
    expect(page.ids.length).toBeLessThanOrEqual(7)
    ids.push(...page.ids)
    cursor = page.next ?? undefined
  } while (cursor)
  return ids
}

test('each page goes on where the last one ended, and everybody comes once, whoever looks', async () => {
  const book = await openBook()
  const rows = await fill(book, 90)
  for (const books of [
    [book.proposals.id],
    [book.closed.id, EVERYBODY],
    [book.proposals.id, book.closed.id, EVERYBODY],
  ]) {
    const seen = rows.filter(({ mailboxId }) => books.includes(mailboxId))
    const best = new Map<string, number>()
    for (const { ownerId, listedAt } of seen) best.set(ownerId, Math.max(best.get(ownerId) ?? 0, listedAt))
    const expected = [...best].sort(([a, x], [b, y]) => y - x || (a < b ? 1 : -1)).map(([id]) => id)
    expect(await allPages(book, books, undefined)).toEqual(expected)
  }
})

test.each(['ann', 'be', 'bea 3', '😀', 'Ａ', 'nobody'])(
  'a search for %s finds everybody once, page by page',
  async (q) => {
    const book = await openBook()
    const rows = await fill(book, 60)
    const books = [book.proposals.id, EVERYBODY]
    const range = keyRange(q)
    const first = new Map<string, string>()
    for (const { ownerId, mailboxId, keys } of rows)
      for (const key of keys)
        if (range && books.includes(mailboxId) && key >= range.from && key < range.below) {
          const known = first.get(ownerId)
          if (known === undefined || compareKeys(key, known) < 0) first.set(ownerId, key)
        }
    const expected = [...first].sort(([a, x], [b, y]) => compareKeys(x, y) || (a < b ? -1 : 1)).map(([id]) => id)
    expect(await allPages(book, books, q)).toEqual(expected)
  },
)

test.each([undefined, 'ann'])('the list of people reads an index, in its order (search: %s)', async (q) => {
  const book = await openBook()
  await fill(book, 60)
  book.queries.length = 0
  const first = await listParty(book.db.read, [book.proposals.id, EVERYBODY], 'person', { q, limit: 5 })
  await listParty(book.db.read, [book.proposals.id, EVERYBODY], 'person', { q, limit: 5, cursor: first.next! })

  const asked = book.queries.filter(({ statement }) => statement.includes('address_book'))
  expect(asked.length).toBe(4)
  for (const { statement, parameters } of asked) {
    const plan = await book.db.explain(statement, parameters)
    expect(plan).toMatch(
      /(USING (COVERING )?INDEX|Index (Only )?Scan (Backward )?using) address_book_(list|keys_search)/,
    )
    expect(plan).not.toMatch(/USE TEMP B-TREE|SCAN address_book|Seq Scan|\bSort\b/)
  }
})

test('people are found by name, address and domain, organizations by name and domain', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    { from: 'Dana Whitfield <dw@mail.tacoma.example>', date: new Date(book.now() - 7_200_000) },
    { from: 'Ravi Menon <ravi@mill.example>', date: new Date(book.now() - 3_600_000) },
  )
  const api = book.client(book.vic)
  const found = async (q: string) => (await api.get<PeoplePage>(`people?q=${q}`)).people.map(({ name }) => name)
  expect(await found('whit')).toEqual(['Dana Whitfield'])
  expect(await found('DW@')).toEqual(['Dana Whitfield'])
  expect(await found('tacoma.ex')).toEqual(['Dana Whitfield'])
  expect(await found('mill')).toEqual(['Ravi Menon'])
  expect(await found('%25')).toEqual([])
  const organizations = async (q: string) =>
    (await api.get<OrganizationPage>(`organizations?q=${q}`)).organizations.map(({ name }) => name)
  expect(await organizations('')).toEqual(['Mill', 'Tacoma'])
  expect(await organizations('tac')).toEqual(['Tacoma'])
})

test('a cursor of something else is refused with a sentence', async () => {
  const book = await openBook()
  await expect(book.client(book.ben).get('people?cursor=x')).rejects.toThrow('cursor must be the one that the page')
  await expect(book.client(book.ben).get('people?q=a&cursor=t.1.x')).rejects.toThrow('cursor must be the one')
})
