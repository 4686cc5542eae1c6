import { expect, test } from 'vitest'
import { ensurePipeline } from '../../server/proposals/defaults.ts'
import { issuesOf } from '../issues/story.ts'
import {
  type Book,
  type IssuesPage,
  type OrganizationPage,
  openBook,
  type PeoplePage,
  type ShownOrganization,
  type ShownPerson,
} from './story.ts'

// Mo sees the open mailbox alone; Ben, of the desk, and the admin Ada see the closed one too.

async function withSecrets(): Promise<Book> {
  const book = await openBook()
  await book.letters(
    book.closed,
    { from: 'Secret Name <dana@tacoma.example>', subject: 'Confidential', date: new Date('2026-11-02T09:00:00Z') },
    { from: 'Hidden <hidden@secret.example>', subject: 'Hidden' },
    { from: 'Known Elsewhere <other@tacoma.example>', subject: 'More' },
  )
  await book.letters(book.proposals, {
    from: 'Dana <dana@tacoma.example>',
    subject: 'Open question',
    date: new Date('2026-11-10T09:00:00Z'),
  })
  return book
}

test('lists and searches name nobody from mail that the member does not see', async () => {
  const book = await withSecrets()
  const [mo, ben, ada] = [book.mo, book.ben, book.ada].map(book.client)
  const people = async (api: typeof mo, q = '') =>
    (await api!.get<PeoplePage>(`people?q=${q}`)).people.map(
      ({ name, addresses }) => `${name} ${addresses.map(({ address }) => address)}`,
    )

  expect(await people(mo)).toEqual(['Dana dana@tacoma.example'])
  expect((await people(ben)).length).toBe(3)
  expect((await people(ada)).length).toBe(3)
  for (const q of ['secret', 'hidden', 'known', 'other@', 'confidential']) expect(await people(mo, q)).toEqual([])
  expect((await people(ben, 'secret')).length).toBe(2)
  const organizations = async (api: typeof mo) =>
    (await api!.get<OrganizationPage>('organizations')).organizations.map(({ name }) => name)
  expect(await organizations(mo)).toEqual(['Tacoma'])
  expect((await organizations(ben)).sort()).toEqual(['Secret', 'Tacoma'])
})

test('a page tells names, times, people and issues only from mail that the member sees', async () => {
  const book = await withSecrets()
  const dana = await book.personAt('dana@tacoma.example')
  const forMo = await book.client(book.mo).get<ShownPerson>(`people/${dana.id}`)
  expect(forMo).toMatchObject({ name: 'Dana', names: ['Dana'], firstReceivedAt: Date.parse('2026-11-10T09:00:00Z') })
  const forBen = await book.client(book.ben).get<ShownPerson>(`people/${dana.id}`)
  expect(forBen).toMatchObject({ names: ['Dana', 'Secret Name'], firstReceivedAt: Date.parse('2026-11-02T09:00:00Z') })

  const issues = async (api: ReturnType<Book['client']>, path: string) =>
    (await api.get<IssuesPage>(`${path}/issues`)).issues.map(({ subject }) => subject)
  expect(await issues(book.client(book.mo), `people/${dana.id}`)).toEqual(['Open question'])
  expect(await issues(book.client(book.ben), `people/${dana.id}`)).toEqual(['Open question', 'Confidential'])

  const tacoma = `organizations/${dana.organizationId}`
  const { people, peopleCount } = await book.client(book.mo).get<ShownOrganization>(tacoma)
  expect([people.map(({ name }) => name), peopleCount]).toEqual([['Dana'], 1])
  expect((await book.client(book.ben).get<ShownOrganization>(tacoma)).peopleCount).toBe(2)
  expect(await issues(book.client(book.mo), tacoma)).toEqual(['Open question'])
})

test('who is known from hidden mail alone is not there, in the same words as who never was', async () => {
  const book = await withSecrets()
  const hidden = await book.personAt('hidden@secret.example')
  const mo = book.client(book.mo)
  const never = crypto.randomUUID()
  for (const path of ['', '/issues', '/proposals'])
    for (const [kind, id] of [
      ['people', hidden.id],
      ['organizations', hidden.organizationId],
    ]) {
      const refused = async (id: string | null | undefined) =>
        await mo.get(`${kind}/${id}${path}`).then(() => '', String)
      expect((await refused(id)).replaceAll(/[\w-]{36}/g, 'ID')).toBe(
        (await refused(never)).replaceAll(/[\w-]{36}/g, 'ID'),
      )
    }
  await expect(mo.get('people/at?address=hidden@secret.example')).rejects.toThrow('404')
  await expect(book.client(book.ben).get('people/at?address=hidden@secret.example')).resolves.toMatchObject({
    id: hidden.id,
  })
  const contacts = await mo.get<{ address: string }[]>('contacts?q=hid')
  expect(contacts).toEqual([])

  const dana = await book.personAt('dana@tacoma.example')
  await expect(mo.put(`people/${hidden.id}/merged`, { intoId: dana.id })).rejects.toThrow('404')
  await expect(mo.put(`people/${dana.id}/merged`, { intoId: hidden.id })).rejects.toThrow('404')
  await expect(mo.put(`people/${dana.id}/addresses/hidden@secret.example`)).rejects.toThrow('404')
  await expect(mo.patch(`people/${dana.id}`, { organizationId: hidden.organizationId })).rejects.toThrow('404')
})

test('two people of whom a member sees one stay so: brought together, the other address and name stay hidden', async () => {
  const book = await withSecrets()
  const [dana, hidden] = [await book.personAt('dana@tacoma.example'), await book.personAt('hidden@secret.example')]
  await book.client(book.ben).put(`people/${hidden.id}/merged`, { intoId: dana.id })
  const forMo = await book.client(book.mo).get<ShownPerson>(`people/${dana.id}`)
  expect(JSON.stringify(forMo)).not.toMatch(/hidden|secret/i)
  expect(forMo.history).toEqual([])
  expect((await book.client(book.ben).get<ShownPerson>(`people/${dana.id}`)).history).toMatchObject([
    { did: 'merged', about: 'Hidden', inId: hidden.id },
  ])
  expect(await book.client(book.mo).get<PeoplePage>('people?q=hidden')).toMatchObject({ people: [] })
})

test('who sees a proposal sees whom it is for', async () => {
  const book = await withSecrets()
  await ensurePipeline(book.db)
  const hidden = await book.personAt('hidden@secret.example')
  const [, issue] = await issuesOf(book, book.closed)
  const proposal = await book
    .client(book.ben)
    .post(`issues/${issue!.id}/proposal`, { id: crypto.randomUUID(), title: 'Closed' })
  await expect(book.client(book.mo).get(`organizations/${hidden.organizationId}`)).rejects.toThrow('404')
  await book
    .client(book.ben)
    .post('proposals', { id: crypto.randomUUID(), title: 'Open', organizationId: hidden.organizationId })
  const shown = await book
    .client(book.mo)
    .get<{ count: number; proposals: { title: string }[] }>(`organizations/${hidden.organizationId}/proposals`)
  expect(shown.proposals.map(({ title }) => title)).toEqual(['Open'])
  expect(proposal.organizationId).toBe(hidden.organizationId)
  expect((await book.client(book.mo).get<ShownOrganization>(`organizations/${hidden.organizationId}`)).people).toEqual(
    [],
  )
})

test('viewers read and correct nothing', async () => {
  const book = await withSecrets()
  const dana = await book.personAt('dana@tacoma.example')
  const vic = book.client(book.vic)
  await vic.get(`people/${dana.id}`)
  for (const refuse of [
    () => vic.patch(`people/${dana.id}`, { name: 'X' }),
    () => vic.put(`people/${dana.id}/merged`, { intoId: dana.id }),
    () => vic.delete(`people/${dana.id}/merged`),
    () => vic.post('people', { id: crypto.randomUUID(), email: 'x@x.example', name: 'X' }),
    () => vic.put(`people/${dana.id}/addresses/x@x.example`),
    () => vic.post(`people/${dana.id}/addresses/dana@tacoma.example/apart`, { id: crypto.randomUUID() }),
    () => vic.patch(`organizations/${dana.organizationId}`, { name: 'X' }),
    () => vic.put(`organizations/${dana.organizationId}/merged`, { intoId: dana.id }),
    () => vic.delete(`organizations/${dana.organizationId}/merged`),
    () => vic.put('organizations/shared-domains/tacoma.example'),
    () => vic.delete('organizations/shared-domains/tacoma.example'),
  ])
    await expect(refuse()).rejects.toThrow('403')
})
