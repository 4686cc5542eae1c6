import { asc } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { type ImportPlan, type Member, proposalHistory, proposals } from '../../db/schema.ts'
import { workImports } from '../../server/proposals/import/worker.ts'
import { salesforceCsv } from './salesforce.ts'
import { json, openField } from './story.ts'

type Shown = {
  id: string
  source: string
  state: string
  plan: ImportPlan
  total: number
  created: number
  updated: number
  same: number
  broken: number
  kept: number
  keptProposals: { title: string }[]
  file: { columns: { name: string }[]; questions: { about: string }[]; stages: { word: string; count: number }[] }
}
type Check = {
  good: number
  known: number
  brokenLines: number
  broken: { line: number; column: string; value: string; message: string }[]
  preview: { title: string; valueMinor: number; expectedDecision: string }[]
}

/** A world in which a manager imports files. */
async function openImports() {
  const world = await openField()
  const { mo, as, client, db, blobs, now } = world
  const api = client(mo)
  const put = async (text: string | Uint8Array, filename = 'export.csv', by: Pick<Member, 'id'> = mo) => {
    const body = typeof text === 'string' ? text : Buffer.from(text)
    return await json<Shown>(as(by)(`/api/imports?id=${uuidv7()}&filename=${filename}`, { method: 'POST', body }))
  }
  const work = () => workImports(db, blobs, now, 'test')
  const plan = async (one: Shown, change: Partial<ImportPlan>) =>
    await api.put<Shown>(`imports/${one.id}/plan`, { ...one.plan, ...change })
  const check = async ({ id }: Shown) => await api.get<Check>(`imports/${id}/check`)
  const carryOut = async ({ id }: Shown) => {
    await api.post(`imports/${id}/start`)
    await work()
    return await api.get<Shown>(`imports/${id}`)
  }
  const undo = async ({ id }: Shown) => {
    await api.post(`imports/${id}/undo`)
    await work()
    return await api.get<Shown>(`imports/${id}`)
  }
  const all = async () => await db.read.select().from(proposals).orderBy(asc(proposals.number))
  const here = async () => (await all()).filter(({ deletedAt }) => deletedAt === null)
  return { ...world, api, put, work, plan, check, carryOut, undo, all, here }
}

const lead = (world: Awaited<ReturnType<typeof openImports>>) => ({ stageId: world.stage('Lead'), outcome: null })

test('a Salesforce export is recognised, each broken line is named, and the rest is imported once', async () => {
  const world = await openImports()
  const { ben, put, plan, check, carryOut, here } = world
  const { text, faults, sumMinor } = salesforceCsv(300, 20, ben.name)
  const sent = await put(text)
  expect(sent).toMatchObject({ source: 'salesforce', total: 300, plan: { dateOrder: 'mdy', decimal: '.' } })
  expect(sent.plan.people[ben.name]).toBe(ben.id)
  expect(sent.plan.stages['Closed Won']).toMatchObject({ outcome: 'won' })
  expect(sent.plan.stages['Closed Lost']).toMatchObject({ outcome: 'lost' })

  const checked = await check(sent)
  expect(checked).toMatchObject({ good: 280, brokenLines: 20, known: 0 })
  expect(new Map(checked.broken.map(({ line, column }) => [line, column]))).toEqual(faults)
  expect(checked.broken.every(({ message }) => message.endsWith('.'))).toBe(true)

  expect(await carryOut(sent)).toMatchObject({ state: 'done', created: 280, broken: 20, same: 0 })
  const made = await here()
  expect(made.reduce((sum, { valueMinor }) => sum + (valueMinor ?? 0), 0)).toBe(sumMinor)
  expect(made.find(({ title }) => title === 'Fleet "0", phase 0')).toMatchObject({
    outcome: 'open',
    ownerId: ben.id,
    currency: 'EUR',
    nextStep: '=Call them',
    expectedDecision: '2027-01-01',
    createdAt: Date.parse('2025-01-01'),
  })

  const again = await put(text)
  expect(await check(again)).toMatchObject({ known: 280 })
  expect(await carryOut(again)).toMatchObject({ created: 0, same: 280, updated: 0 })
  const third = await plan(await put(text), { onKnown: 'update' })
  expect(await carryOut(third)).toMatchObject({ created: 0, same: 280, updated: 0 })
  expect(await here()).toEqual(made)
})

test('the dates of a file become the history of its proposals', async () => {
  const world = await openImports()
  const text = [
    `Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Deal owner,"Date entered 'Lead (Sales Pipeline)'","Date entered 'Pending (Sales Pipeline)'",Closed Lost Reason`,
    '1,Bridge,Closed Lost,1000,2026-03-05 10:00,2026-01-01 09:00,,2026-01-01 09:00,2026-02-01 12:00,Price',
  ].join('\n')
  const sent = await world.put(text)
  expect(sent).toMatchObject({ source: 'hubspot', file: { questions: [] } })
  const lost = { stageId: world.stage('Pending'), outcome: 'lost' as const }
  expect(
    await world.carryOut(await world.plan(sent, { stages: { ...sent.plan.stages, 'Closed Lost': lost } })),
  ).toMatchObject({ created: 1 })
  const rows = await world.db.read.select().from(proposalHistory).orderBy(asc(proposalHistory.validFrom))
  expect(rows.map(({ stageId, outcome, validFrom, cause }) => [stageId, outcome, validFrom, cause])).toEqual([
    [world.stage('Lead'), 'open', Date.parse('2026-01-01T09:00:00Z'), 'import'],
    [world.stage('Pending'), 'open', Date.parse('2026-02-01T12:00:00Z'), 'import'],
    [world.stage('Pending'), 'lost', Date.parse('2026-03-05T10:00:00Z'), 'import'],
  ])
  const [made] = await world.here()
  expect(made).toMatchObject({
    decidedAt: Date.parse('2026-03-05T10:00:00Z'),
    submittedAt: Date.parse('2026-02-01T12:00:00Z'),
  })
  const page = await world.api.get<{ reasons: unknown[] }>(`proposals/${made!.id}`)
  expect(page.reasons).toMatchObject([{ isPrimary: true }])
})

test('what a file leaves open is asked, and nothing is imported before it is answered', async () => {
  const world = await openImports()
  const sent = await world.put('Name;Amount;Close date;Stage\nOne;1.234;03/04/2027;Sounding\n', 'some.csv')
  expect(sent).toMatchObject({ source: 'csv', plan: { dateOrder: null, decimal: null, stages: { Sounding: null } } })
  expect(sent.file.questions.map(({ about }) => about)).toEqual(['dateOrder', 'decimal', 'stages'])
  await expect(world.api.post(`imports/${sent.id}/start`)).rejects.toThrow('not answered yet')
  expect((await world.check(sent)).broken.map(({ column }) => column)).toEqual(['Amount', 'Stage', 'Close date'])
  const answered = await world.plan(sent, { dateOrder: 'dmy', decimal: ',', stages: { Sounding: lead(world) } })
  expect(answered.file.questions).toEqual([])
  expect((await world.check(answered)).preview).toMatchObject([{ valueMinor: 123_400, expectedDecision: '2027-04-03' }])
})

test('an import is taken back whole; what somebody changed since stays and is named', async () => {
  const world = await openImports()
  const file = (value: string) =>
    `Opportunity ID,Opportunity Name,Account Name,Stage,Amount\n1,One,Acme,Lead,${value}\n2,Two,Acme,Lead,${value}\n`
  const first = await world.carryOut(await world.put(file('100.00')))
  const second = await world.carryOut(await world.plan(await world.put(file('250.00')), { onKnown: 'update' }))
  expect(second).toMatchObject({ created: 0, updated: 2 })
  expect((await world.here()).map(({ valueMinor }) => valueMinor)).toEqual([25_000, 25_000])
  expect(await world.undo(second)).toMatchObject({ state: 'undone', kept: 0 })
  expect((await world.here()).map(({ valueMinor }) => valueMinor)).toEqual([10_000, 10_000])

  const [, two] = await world.here()
  await world.client(world.ben).patch(`proposals/${two!.id}`, { nextStep: 'Call Dana' })
  expect(await world.undo(first)).toMatchObject({ state: 'undone', kept: 1, keptProposals: [{ title: 'Two' }] })
  expect((await world.here()).map(({ title }) => title)).toEqual(['Two'])
  // What was taken back can be imported again; what stayed is known.
  expect(await world.carryOut(await world.put(file('100.00')))).toMatchObject({ created: 1, same: 1 })
})

test('an import goes on where it broke off, and each row becomes one proposal', async () => {
  const world = await openImports()
  const sent = await world.put(salesforceCsv(120, 0).text)
  await world.api.post(`imports/${sent.id}/start`)
  const stop = new AbortController()
  let looks = 0
  const now = () => {
    if (++looks > 3) stop.abort()
    return world.now()
  }
  await workImports(world.db, world.blobs, now, 'test', stop.signal)
  const part = (await world.here()).length
  expect(part).toBeGreaterThan(0)
  expect(part).toBeLessThan(120)
  await world.work()
  expect(await world.here()).toHaveLength(120)
  expect(await world.api.get(`imports/${sent.id}`)).toMatchObject({ state: 'done', created: 120 })
})

test('only managers and admins import', async () => {
  const world = await openImports()
  const sent = await world.put(salesforceCsv(2, 0).text)
  for (const member of [world.ben, world.vic]) {
    await expect(world.put('a,b\n1,2\n', 'a.csv', member)).rejects.toThrow('403')
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/check'],
      ['GET', '/broken.csv'],
      ['PUT', '/plan'],
      ['POST', '/start'],
      ['POST', '/undo'],
      ['DELETE', ''],
    ])
      expect((await world.as(member)(`/api/imports/${sent.id}${path}`, { method: method! })).status).toBe(403)
  }
  expect(await world.here()).toEqual([])
})

test('files that are none are refused with what to do', async () => {
  const world = await openImports()
  await expect(world.put('')).rejects.toThrow('empty')
  await expect(world.put('Name,Amount\n')).rejects.toThrow('no rows below')
  await expect(world.put('Name,Amount\n"One,1\nTwo,2\n')).rejects.toThrow('quotation mark')
  await expect(world.put(new Uint8Array([80, 75, 3, 4, 0, 0, 1, 0, 2]))).rejects.toThrow('not text')
})
