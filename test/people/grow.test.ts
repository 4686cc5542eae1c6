import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import {
  addressBook,
  addressBookKeys,
  contactAddresses,
  contacts,
  correspondence,
  cursors,
  issues,
  organizations,
} from '../../db/schema.ts'
import { backfillStep } from '../../server/people/backfill.ts'
import { writeOrganization, writePerson } from '../../server/people/book.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openBook, type PeoplePage, type ShownPerson } from './story.ts'

const at = (text: string) => new Date(`2026-11-${text}:00Z`)

test('who writes is a person, of an organization by their domain, with the names and times of their mail', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    { from: 'Dana <dana@mail.tacoma.example>', cc: 'Ravi Menon <ravi@tacoma.example>', date: at('10T09:00') },
    { from: 'Dana Whitfield <dana@mail.tacoma.example>', date: at('12T09:00') },
    {
      folder: 'sent',
      from: 'proposals@northwind.example',
      to: '"D. W." <dana@mail.tacoma.example>',
      date: at('13T09:00'),
    },
  )

  const { people } = await book.client(book.mo).get<PeoplePage>('people')
  expect(people.map(({ name }) => name)).toEqual(['Dana Whitfield', 'Ravi Menon'])
  const [dana, ravi] = people
  expect(dana).toMatchObject({
    names: ['Dana Whitfield', 'Dana', 'D. W.'],
    organization: { name: 'Tacoma' },
    firstReceivedAt: at('10T09:00').getTime(),
    lastReceivedAt: at('12T09:00').getTime(),
    firstSentAt: at('13T09:00').getTime(),
    lastSentAt: at('13T09:00').getTime(),
  })
  expect(ravi).toMatchObject({ firstReceivedAt: null, organization: { id: dana?.organization?.id } })
  expect(await book.allOrganizations()).toMatchObject([{ name: 'Tacoma', nameByHand: false, openToAll: false }])
})

test('our own addresses, free mail and machines are no organization and nobody', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    { from: 'Colleague <lee@northwind.example>' },
    { from: 'Sam <sam@gmail.com>' },
    { from: 'Shop <news@shop.example>', headers: ['List-Id: <news.shop.example>'] },
    { from: 'Away <away@away.example>', headers: ['Auto-Submitted: auto-replied'] },
    { from: 'noreply@machine.example' },
    { from: 'Ip <ip@[192.0.2.7]>' },
  )

  expect((await book.allPeople()).map(({ email }) => email)).toEqual(['ip@[192.0.2.7]', 'sam@gmail.com'])
  expect(await book.allOrganizations()).toEqual([])
})

test('two domains with one label are two organizations, each with a name of its own', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    { from: 'a@tacoma.example' },
    { from: 'b@tacoma.test' },
    { from: 'c@sub.tacoma.test' },
  )
  expect((await book.allOrganizations()).map(({ name }) => name)).toEqual(['Tacoma', 'tacoma.test'])
})

test('the same mail again changes nothing', async () => {
  const book = await openBook()
  const letter = { from: 'Dana <dana@tacoma.example>', cc: 'ravi@tacoma.example', id: 'one@tacoma.example' }
  await book.letters(book.proposals, letter)
  const before = await everything(book)
  const [issue] = await issuesOf(book, book.proposals)
  await book.db.write((tx) => tx.update(issues).set({ subject: 'x' }).where(eq(issues.id, issue!.id)))
  await arrive(book, book.proposals, letter)
  await book.grown()

  expect(await everything(book)).toEqual(before)
})

test('spam takes back whom only it told of, and brings them back', async () => {
  const book = await openBook()
  const api = book.client(book.mo)
  await book.letters(book.proposals, { from: 'Dana <dana@tacoma.example>', subject: 'Offer' })
  await book.letters(book.proposals, { from: 'Win <win@prize.example>', cc: 'dana@tacoma.example', subject: 'Prize' })
  const spam = (await issuesOf(book, book.proposals)).find(({ subject }) => subject === 'Prize')!
  const moved = async (status: string) => {
    await api.put(`issues/${spam.id}/status`, { status })
    await book.grown()
    return (await book.allPeople()).map(({ email }) => email)
  }

  expect(await moved('spam')).toEqual(['dana@tacoma.example'])
  expect((await book.allOrganizations()).map(({ name }) => name)).toEqual(['Tacoma'])
  expect(await api.get<PeoplePage>('people?q=win')).toMatchObject({ people: [] })
  expect(await moved('new')).toEqual(['dana@tacoma.example', 'win@prize.example'])
})

test('mail, people and organizations from before are gone through once, and on after an end', async () => {
  const book = await openBook()
  const letters = Array.from({ length: 120 }, (_, i) => ({
    from: `Person ${i} <p${i}@firm${i % 7}.example>`,
    date: new Date(Date.UTC(2026, 0, 1 + i)),
  }))
  await arrive(book, book.proposals, ...letters)
  // As an older version left them: written down, without addresses and without a place in the address book.
  const api = book.client(book.ada)
  await api.post('organizations', { id: crypto.randomUUID(), name: 'Mill', domains: ['mill.example'] })
  await api.post('people', { id: crypto.randomUUID(), email: 'old@mill.example', name: 'Old Hand' })
  await book.db.write(async (tx) => {
    for (const table of [addressBook, addressBookKeys, contactAddresses]) await tx.delete(table)
  })

  const found = async () => (await book.allPeople()).length
  const counts: number[] = []
  while (await backfillStep(book.db, book.now())) counts.push(await found())
  expect(await backfillStep(book.db, book.now())).toBe(false)

  expect(counts.at(-1)).toBe(121)
  expect(counts.filter((n) => n > 1 && n < 121).length).toBeGreaterThan(0)
  expect(await api.get<PeoplePage>('people?q=old')).toMatchObject({
    people: [{ name: 'Old Hand', addresses: [{ address: 'old@mill.example' }], organization: { name: 'Mill' } }],
  })
  expect((await api.get<PeoplePage>('people?q=p11@')).people).toMatchObject([{ name: 'Person 11' }])
  expect((await book.db.read.select().from(cursors)).length).toBe(3)
})

test('what grew is the same as what all mail tells anew', async () => {
  const book = await openBook()
  for (let i = 0; i < 30; i++)
    await book.letters(i % 3 === 0 ? book.closed : book.proposals, {
      from: `Person ${i % 4} v${i % 2} <p${i % 4}@firm${i % 3}.example>`,
      cc: i % 5 === 0 ? `Other <o${i % 2}@firm1.example>` : '',
      date: new Date(Date.UTC(2026, 0, 1 + ((i * 7) % 30))),
    })
  const grown = await everything(book)
  const people = await book.allPeople()
  const all = await book.allOrganizations()
  await book.db.write(async (tx) => {
    await tx.delete(addressBook)
    await tx.delete(addressBookKeys)
    for (const { id } of people) await writePerson(tx, id)
    for (const { id } of all) await writeOrganization(tx, id)
  })
  expect(await everything(book)).toEqual(grown)
  expect(grown.book.length).toBeGreaterThan(10)
})

test('an answer that we send counts once it is sent', async () => {
  const book = await openBook()
  await book.letters(book.proposals, { from: 'Dana <dana@tacoma.example>' })
  const before = await book
    .client(book.ben)
    .get<ShownPerson>(`people/${(await book.personAt('dana@tacoma.example')).id}`)
  expect(before.lastSentAt).toBeNull()
  const [issue] = await issuesOf(book, book.proposals)
  const { messageId } = await book.client(book.ben).get<{ messageId: string }>(`issues/${issue!.id}/recipients`)
  await book.client(book.ben).post(`issues/${issue!.id}/replies`, {
    id: crypto.randomUUID(),
    messageId,
    to: [{ name: '', address: 'new@tacoma.example' }],
    cc: [],
    text: 'Here it is.',
    status: 'waiting',
  })
  await book.grown()
  expect((await book.allPeople()).map(({ email }) => email)).toEqual(['dana@tacoma.example'])
})

/** All rows that grow, in an order of their own. */
async function everything({ db }: Pick<Awaited<ReturnType<typeof openBook>>, 'db'>) {
  const sorted = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort()
  return {
    people: sorted(await db.read.select().from(contacts)),
    organizations: sorted(await db.read.select().from(organizations)),
    addresses: sorted(await db.read.select().from(contactAddresses)),
    mail: sorted(await db.read.select().from(correspondence)),
    book: sorted(await db.read.select().from(addressBook)),
    keys: sorted(await db.read.select().from(addressBookKeys)),
  }
}
