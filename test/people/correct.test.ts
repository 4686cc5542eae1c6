import { expect, test } from 'vitest'
import { ensurePipeline } from '../../server/proposals/defaults.ts'
import { openBook, type PeoplePage, type ShownOrganization, type ShownPerson } from './story.ts'

const letter = (from: string, day = 10) => ({ from, date: new Date(Date.UTC(2026, 10, day)) })

test('a name that a member gave stays, whatever mail says, until they let it go', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('dw <dana@tacoma.example>'))
  const { id } = await book.personAt('dana@tacoma.example')
  const api = book.client(book.ben)
  await api.patch(`people/${id}`, { name: 'Dana Whitfield', title: 'Head of fleet' })
  await book.letters(book.proposals, letter('D. Whitfield <dana@tacoma.example>', 12))

  expect(await api.get<ShownPerson>(`people/${id}`)).toMatchObject({ name: 'Dana Whitfield', title: 'Head of fleet' })
  expect((await api.get<PeoplePage>('people?q=whit')).people.length).toBe(1)
  expect(await api.patch<ShownPerson>(`people/${id}`, { name: '' })).toMatchObject({ name: 'D. Whitfield' })
})

test('who changes what somebody else changed since is told, and changes nothing', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Dana <dana@tacoma.example>'))
  const { id, organizationId } = await book.personAt('dana@tacoma.example')
  const seen = await book.client(book.ben).get<ShownPerson>(`people/${id}`)
  await book.client(book.mo).patch(`people/${id}`, { name: 'Mo was here', version: seen.version })
  // Mail that comes in is no change by somebody.
  await book.letters(book.proposals, letter('Dana <dana@tacoma.example>', 11))
  const late = book.client(book.ben).patch(`people/${id}`, { name: 'Ben', version: seen.version })
  await expect(late).rejects.toThrow('Somebody changed this person in between')
  const { version } = await book.client(book.ben).get<ShownOrganization>(`organizations/${organizationId}`)
  await book.client(book.mo).patch(`organizations/${organizationId}`, { name: 'Port', version })
  const other = book.client(book.ben).patch(`organizations/${organizationId}`, { name: 'Harbour', version })
  await expect(other).rejects.toThrow('Somebody changed this organization in between')
})

test('an organization that a member chose for a person stays; given back, it is that of the domain', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Sam <sam@gmail.com>'), letter('Dana <dana@tacoma.example>'))
  const [sam, dana] = [await book.personAt('sam@gmail.com'), await book.personAt('dana@tacoma.example')]
  const api = book.client(book.ben)
  const tacoma = { id: dana.organizationId, name: 'Tacoma' }
  expect((await api.patch<ShownPerson>(`people/${sam.id}`, { organizationId: tacoma.id })).organization).toEqual(tacoma)
  await api.patch(`people/${dana.id}`, { organizationId: null })
  await book.letters(book.proposals, letter('Sam <sam@gmail.com>', 12), letter('Dana <dana@tacoma.example>', 12))

  const { people } = await api.get<ShownOrganization>(`organizations/${tacoma.id}`)
  expect(people.map(({ name }) => name)).toEqual(['Sam'])
  expect((await api.patch<ShownPerson>(`people/${dana.id}`, { byMail: true })).organization).toEqual(tacoma)
})

test('an address moves to another person, or begins one, and its mail goes along', async () => {
  const book = await openBook()
  await book.letters(
    book.proposals,
    letter('Dana <dana@tacoma.example>'),
    letter('Dana <dana.private@gmail.com>'),
    letter('Ravi <ravi@mill.example>'),
  )
  const [dana, other] = [await book.personAt('dana@tacoma.example'), await book.personAt('dana.private@gmail.com')]
  const api = book.client(book.ben)
  const addresses = ({ addresses: all }: ShownPerson) => all.map(({ address }) => address)
  await expect(api.put(`people/${dana.id}/addresses/dana.private@gmail.com`)).rejects.toThrow('is their only address')
  await api.put(`people/${other.id}/merged`, { intoId: dana.id })

  const id = crypto.randomUUID()
  const apart = await api.post<ShownPerson>(`people/${dana.id}/addresses/dana@tacoma.example/apart`, { id })
  expect(apart).toMatchObject({ id, name: 'Dana', organization: { name: 'Tacoma' } })
  expect(addresses(await api.get(`people/${dana.id}`))).toEqual(['dana.private@gmail.com'])
  await api.put(`people/${dana.id}/addresses/new@mill.example`)
  const moved = await api.put<ShownPerson>(`people/${id}/addresses/new@mill.example`)
  expect(addresses(moved)).toEqual(['dana@tacoma.example', 'new@mill.example'])
  expect(addresses(await api.get(`people/${dana.id}`))).toEqual(['dana.private@gmail.com'])
  await expect(api.put(`people/${id}/addresses/ravi@mill.example`)).rejects.toThrow('is their only address')
})

test('a domain that is given to an organization brings its people, and taken away leaves them to none', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Dana <dana@tacoma.example>'), letter('Eve <eve@mail.port.example>'))
  const dana = await book.personAt('dana@tacoma.example')
  const api = book.client(book.ben)
  const port = (await book.personAt('eve@mail.port.example')).organizationId
  const path = `organizations/${dana.organizationId}`
  const taken = api.patch(path, { domains: ['tacoma.example', 'port.example'] })
  await expect(taken).rejects.toThrow('port.example belongs to another organization already')
  await api.patch(`organizations/${port}`, { domains: [] })
  expect((await book.personAt('eve@mail.port.example')).organizationId).toBeNull()

  const both = await api.patch<ShownOrganization>(path, { domains: ['tacoma.example', 'port.example'] })
  expect(both.people.map(({ name }) => name).sort()).toEqual(['Dana', 'Eve'])
  await expect(api.patch(path, { domains: ['gmail.com'] })).rejects.toThrow('anybody may have an address there')
})

test('a domain at which anybody may have an address is no organization from then on, until it is one again', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Dana <dana@isp.example>'), letter('Eve <eve@isp.example>'))
  const { organizationId } = await book.personAt('dana@isp.example')
  const api = book.client(book.ben)
  await api.put('organizations/shared-domains/isp.example')
  await book.letters(book.proposals, letter('New <new@isp.example>', 12))

  expect((await book.allPeople()).map((one) => one.organizationId)).toEqual([null, null, null])
  expect(await api.get('organizations/shared-domains')).toMatchObject([{ domain: 'isp.example' }])
  await api.delete(`organizations/shared-domains/isp.example?organizationId=${organizationId}`)
  expect((await book.allPeople()).map((one) => one.organizationId)).toEqual([
    organizationId,
    organizationId,
    organizationId,
  ])
})

test('names that deceive are refused with a sentence', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('Dana <dana@tacoma.example>'))
  const { id, organizationId } = await book.personAt('dana@tacoma.example')
  const api = book.client(book.ben)
  for (const name of ['Dana\u202e', 'Da\u200bna', 'Dana\u0007'])
    for (const path of [`people/${id}`, `organizations/${organizationId}`])
      await expect(api.patch(path, { name })).rejects.toThrow(/name must (not have characters|be one line)/)
  const ada = book.client(book.ada)
  await expect(ada.post('teams', { name: 'Desk\u2066' })).rejects.toThrow(
    'name must not have characters that nobody sees',
  )
  await expect(ada.patch(`members/${book.ben.id}`, { name: 'B\u202een' })).rejects.toThrow('name must not have')
})

test('who is written down by hand is known to everybody, and suggested to write to', async () => {
  const book = await openBook()
  await book
    .client(book.ben)
    .post('people', { id: crypto.randomUUID(), email: 'paul@port.example', name: 'Paul Harbour' })
  expect((await book.client(book.vic).get<PeoplePage>('people')).people).toMatchObject([
    { name: 'Paul Harbour', organization: { name: 'Port' }, lastReceivedAt: null },
  ])
  expect(await book.client(book.mo).get('contacts?q=harb')).toEqual([
    { name: 'Paul Harbour', address: 'paul@port.example' },
  ])
})

test('suggestions to write to have the names that members gave', async () => {
  const book = await openBook()
  await book.letters(book.proposals, letter('dw <dana@tacoma.example>'))
  const { id } = await book.personAt('dana@tacoma.example')
  await book.client(book.ben).patch(`people/${id}`, { name: 'Whitfield, Dana' })
  const suggested = [{ name: 'Whitfield, Dana', address: 'dana@tacoma.example' }]
  expect(await book.client(book.mo).get('contacts?q=dw')).toEqual(suggested)
  expect(await book.client(book.mo).get('contacts?q=whit')).toEqual(suggested)
})

test('proposals of an organization are told by result, each currency by itself', async () => {
  const book = await openBook()
  await ensurePipeline(book.db)
  const api = book.client(book.mo)
  const { id: organizationId } = await api.post<{ id: string }>('organizations', {
    id: crypto.randomUUID(),
    name: 'Port',
  })
  const make = async (more: object) =>
    await api.post<{ id: string; version: number }>('proposals', {
      id: crypto.randomUUID(),
      title: 'T',
      organizationId,
      ...more,
    })
  await make({ valueMinor: 10_000, currency: 'USD' })
  await make({ valueMinor: 5_000, currency: 'USD' })
  await make({ valueMinor: null, currency: 'EUR' })
  const won = await make({ valueMinor: 70_000, currency: 'EUR' })
  await api.put(`proposals/${won.id}/outcome`, { outcome: 'won', awardMinor: 60_000, version: won.version })
  const gone = await make({ valueMinor: 1 })
  const reasons = await api.get<{ id: string; outcome: string }[]>('pipelines/reasons')
  const primaryReasonId = reasons.find(({ outcome }) => outcome === 'withdrawn')?.id
  await api.put(`proposals/${gone.id}/outcome`, { outcome: 'withdrawn', primaryReasonId, version: gone.version })

  expect(await api.get(`organizations/${organizationId}/proposals`)).toMatchObject({
    count: 5,
    complete: false,
    tallies: [
      { result: 'open', currency: 'USD', count: 2, minor: 15_000, withoutValue: 0 },
      { result: 'open', currency: 'EUR', count: 1, minor: 0, withoutValue: 1 },
      { result: 'won', currency: 'EUR', count: 1, minor: 60_000, withoutValue: 0 },
      { result: 'other', currency: 'USD', count: 1, minor: 1 },
    ],
  })
})
