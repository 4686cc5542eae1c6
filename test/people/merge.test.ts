import { expect, test } from 'vitest'
import {
  addressBook,
  addressBookKeys,
  contactAddresses,
  contacts,
  organizationDomains,
  organizations,
  proposalCompetitors,
  proposalContacts,
} from '../../db/schema.ts'
import { ensurePipeline } from '../../server/proposals/defaults.ts'
import { type Book, type IssuesPage, openBook, type ShownOrganization, type ShownPerson } from './story.ts'

const letter = (from: string, day = 10) => ({ from, subject: `From ${from}`, date: new Date(Date.UTC(2026, 10, day)) })

/** All that a merge may change, without the numbers that count changes. */
async function everything({ db }: Book) {
  const rows = async (table: Parameters<ReturnType<typeof db.read.select>['from']>[0]) =>
    (await db.read.select().from(table)).map((row) => JSON.stringify({ ...row, version: 0 })).sort()
  return {
    people: await rows(contacts),
    addresses: await rows(contactAddresses),
    organizations: await rows(organizations),
    domains: await rows(organizationDomains),
    book: await rows(addressBook),
    keys: await rows(addressBookKeys),
    parts: await rows(proposalContacts),
    competitors: await rows(proposalCompetitors),
  }
}

async function withTwo() {
  const book = await openBook()
  await ensurePipeline(book.db)
  await book.letters(
    book.proposals,
    letter('Dana Whitfield <dana@tacoma.example>', 10),
    letter('dw <dana@gmail.com>', 12),
  )
  const [dana, twin] = [await book.personAt('dana@tacoma.example'), await book.personAt('dana@gmail.com')]
  return { book, dana, twin, api: book.client(book.ben) }
}

test('two people become one: their addresses, mail, issues and parts in proposals are together', async () => {
  const { book, dana, twin, api } = await withTwo()
  const proposal = await api.post<{ id: string }>('proposals', { id: crypto.randomUUID(), title: 'Fleet' })
  await api.put(`proposals/${proposal.id}/contacts/${twin.id}`, { role: 'technical' })
  await api.patch(`people/${twin.id}`, { title: 'Head of fleet' })
  const merged = await api.put<ShownPerson>(`people/${twin.id}/merged`, { intoId: dana.id })

  expect(merged).toMatchObject({
    id: dana.id,
    name: 'Dana Whitfield',
    title: 'Head of fleet',
    addresses: [{ address: 'dana@tacoma.example' }, { address: 'dana@gmail.com' }],
    lastReceivedAt: Date.UTC(2026, 10, 12),
  })
  const { issues } = await api.get<IssuesPage>(`people/${dana.id}/issues`)
  expect(issues.length).toBe(2)
  expect(await api.get(`people/${dana.id}/proposals`)).toMatchObject({ proposals: [{ title: 'Fleet' }] })
  expect((await api.get<ShownPerson>(`people/${twin.id}`)).id).toBe(dana.id)
  await book.letters(book.proposals, letter('dw <dana@gmail.com>', 14))
  expect((await api.get<ShownPerson>(`people/${dana.id}`)).lastReceivedAt).toBe(Date.UTC(2026, 10, 14))
})

test('a merge taken back leaves everything as it was', async () => {
  const { book, dana, twin, api } = await withTwo()
  const proposal = await api.post<{ id: string }>('proposals', { id: crypto.randomUUID(), title: 'Fleet' })
  for (const { id } of [dana, twin]) await api.put(`proposals/${proposal.id}/contacts/${id}`, { role: 'technical' })
  await api.patch(`people/${twin.id}`, { name: 'Dee', title: 'Head' })
  const before = await everything(book)
  await api.put(`people/${twin.id}/merged`, { intoId: dana.id })
  expect(await everything(book)).not.toEqual(before)
  await api.delete(`people/${twin.id}/merged`)

  expect(await everything(book)).toEqual(before)
  await expect(api.delete(`people/${twin.id}/merged`)).rejects.toThrow('on their own already')
})

test('taken back after long, what changed since stays, and mail since goes with its address', async () => {
  const { book, dana, twin, api } = await withTwo()
  await api.put(`people/${twin.id}/merged`, { intoId: dana.id })
  await book.letters(book.proposals, letter('dw <dana@gmail.com>', 20))
  await api.patch(`people/${dana.id}`, { name: 'Dana W.' })
  const history = (await api.get<ShownPerson>(`people/${dana.id}`)).history
  expect(history).toMatchObject([{ did: 'renamed' }, { did: 'merged', about: 'dw', inId: twin.id }])
  await api.delete(`people/${twin.id}/merged`)

  expect(await api.get<ShownPerson>(`people/${dana.id}`)).toMatchObject({
    name: 'Dana W.',
    addresses: [{ address: 'dana@tacoma.example' }],
    history: [{ did: 'unmerged', about: 'dw' }, { did: 'renamed' }, { did: 'merged', inId: null }],
  })
  expect((await api.get<ShownPerson>(`people/${twin.id}`)).lastReceivedAt).toBe(Date.UTC(2026, 10, 20))
})

test('a merge within a merge comes apart in either order', async () => {
  const { book, dana, twin, api } = await withTwo()
  await book.letters(book.proposals, letter('Third <third@mill.example>'))
  const third = await book.personAt('third@mill.example')
  const before = await everything(book)
  for (const order of [
    [twin, dana],
    [dana, twin],
  ]) {
    await api.put(`people/${twin.id}/merged`, { intoId: dana.id })
    await api.put(`people/${dana.id}/merged`, { intoId: third.id })
    expect((await api.get<ShownPerson>(`people/${twin.id}`)).addresses.length).toBe(3)
    for (const { id } of order) await api.delete(`people/${id}/merged`)
    expect(await everything(book)).toEqual(before)
  }
})

test('nobody is brought into themselves, or left without an address', async () => {
  const { dana, twin, api } = await withTwo()
  await expect(api.put(`people/${dana.id}/merged`, { intoId: dana.id })).rejects.toThrow('one person already')
  await api.put(`people/${twin.id}/merged`, { intoId: dana.id })
  await api.post(`people/${dana.id}/addresses/dana@tacoma.example/apart`, { id: crypto.randomUUID() })
  await expect(api.delete(`people/${twin.id}/merged`)).rejects.toThrow('left without an address')
})

test('two organizations become one, with people, domains, proposals and bids, and two again as they were', async () => {
  const book = await openBook()
  await ensurePipeline(book.db)
  await book.letters(
    book.proposals,
    letter('Dana <dana@tacoma.example>'),
    letter('Eve <eve@port.example>'),
    letter('Sam <sam@gmail.com>'),
  )
  const api = book.client(book.ben)
  const [tacoma, port] = [
    (await book.personAt('dana@tacoma.example')).organizationId,
    (await book.personAt('eve@port.example')).organizationId,
  ]
  await api.patch(`people/${(await book.personAt('sam@gmail.com')).id}`, { organizationId: port })
  const bid = await api.post<{ id: string }>('proposals', {
    id: crypto.randomUUID(),
    title: 'Crane',
    organizationId: port,
  })
  const rival = await api.post<{ id: string }>('proposals', { id: crypto.randomUUID(), title: 'Rival' })
  await api.put(`proposals/${rival.id}/competitors/${port}`, { role: 'bidder', priceMinor: 5 })
  const before = await everything(book)

  const merged = await api.put<ShownOrganization>(`organizations/${port}/merged`, { intoId: tacoma })
  expect(merged).toMatchObject({
    id: tacoma,
    name: 'Tacoma',
    domains: ['port.example', 'tacoma.example'],
    peopleCount: 3,
  })
  expect(await api.get(`organizations/${port}/proposals`)).toMatchObject({ proposals: [{ title: 'Crane' }] })
  expect(await api.get(`proposals/${bid.id}`)).toMatchObject({ organization: { id: tacoma } })
  expect(await api.get(`proposals/${rival.id}`)).toMatchObject({ competitors: [{ organizationId: tacoma }] })
  // Its old name still leads there.
  expect(await api.post('organizations', { id: crypto.randomUUID(), name: 'Port' })).toMatchObject({ id: tacoma })
  await book.db.write(async (tx) => {
    await tx.update(organizations).set({ openToAll: false })
  })

  await api.delete(`organizations/${port}/merged`)
  const after = await everything(book)
  expect({ ...after, organizations: [] }).toEqual({ ...before, organizations: [] })
  expect((await book.allOrganizations()).map(({ name, mergedIntoId }) => [name, mergedIntoId])).toEqual([
    ['Port', null],
    ['Tacoma', null],
  ])
})

test('an organization that comes apart keeps its name, or gets another where that is taken', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Dana <dana@tacoma.example>'), letter('Eve <eve@port.example>'))
  const api = book.client(book.ben)
  const [tacoma, port] = [
    (await book.personAt('dana@tacoma.example')).organizationId,
    (await book.personAt('eve@port.example')).organizationId,
  ]
  await api.put(`organizations/${port}/merged`, { intoId: tacoma })
  await api.patch(`organizations/${tacoma}`, { name: 'Port' })
  await api.delete(`organizations/${port}/merged`)
  expect((await book.allOrganizations()).map(({ name }) => name)).toEqual(['Port', 'Port (2)'])
  await expect(api.patch(`organizations/${port}`, { name: 'port' })).rejects.toThrow(
    'There is an organization named Port already',
  )
})
