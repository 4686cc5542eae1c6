import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { type Proposal, threads } from '../../db/schema.ts'
import type { Board } from '../../server/proposals/board.ts'
import type { Details } from '../../server/proposals/details.ts'
import type { TablePage } from '../../server/proposals/table.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openField } from './story.ts'

const DAY_MS = 86_400_000

test('an issue becomes a proposal with all its mail, once', async () => {
  const world = await openField()
  const { ben, client } = world
  await arrive(world, world.proposals, { id: 'a@t', subject: 'RFP 2026-114 fleet telematics' })
  const [issue] = await issuesOf(world, world.proposals)
  const api = client(ben)
  await api.post('organizations', { id: uuidv7(), name: 'Port of Tacoma', domains: ['tacoma.example'] })

  const asked = { id: uuidv7(), valueMinor: 42_000_000, due: { local: '2026-12-01T14:00', zone: 'America/Denver' } }
  const made = await api.post(`issues/${issue!.id}/proposal`, asked)
  expect(made).toMatchObject({ number: 1, title: 'RFP 2026-114 fleet telematics', ownerId: ben.id, outcome: 'open' })
  expect(await api.post(`issues/${issue!.id}/proposal`, asked)).toMatchObject({ id: made.id })
  const again = await world.as(ben)(`/api/issues/${issue!.id}/proposal`, { method: 'POST', json: { id: uuidv7() } })
  expect(again.status).toBe(409)
  expect(await again.json()).toMatchObject({ proposal: { id: made.id, number: 1 } })

  const page = await api.get<Details>(`proposals/${made.id}`)
  expect(page).toMatchObject({
    organization: { name: 'Port of Tacoma' },
    card: { status: 'Lead · 10 %', worthMinor: 42_000_000, weightedMinor: 4_200_000 },
    threads: [{ issueId: issue!.id, source: 'promoted', confidence: 100 }],
    proposal: { dueAt: Date.parse('2026-12-01T21:00:00Z'), receivedAt: Date.parse('2026-11-20T09:41:00Z') },
  })
  expect(await api.get(`issues/${issue!.id}/proposal`)).toMatchObject({ proposal: { id: made.id } })
})

test('stage, override, outcome and reopening are told apart, and history keeps each state', async () => {
  const { ben, mo, client, stage } = await openField()
  const api = client(ben)
  const reasons = await api.get<{ id: string; outcome: string; label: string }[]>('pipelines/reasons')
  const price = reasons.find(({ outcome, label }) => outcome === 'lost' && label === 'Price')!.id
  const acme = await client(mo).post<{ id: string }>('organizations', {
    id: uuidv7(),
    name: 'Acme',
    kind: 'competitor',
  })
  const made = await api.create({ valueMinor: 10_000_000 })

  await api.put(`proposals/${made.id}/stage`, { stageId: stage('Pending') })
  await api.put(`proposals/${made.id}/probability`, { override: 80 })
  await api.patch(`proposals/${made.id}`, { title: 'Fleet telematics, 3 years', nextStep: 'Call Dana' })
  expect(await api.get(`proposals/${made.id}`)).toMatchObject({ card: { status: '80 %', weightedMinor: 8_000_000 } })
  await expect(api.put(`proposals/${made.id}/outcome`, { outcome: 'lost' })).rejects.toThrow(
    'primaryReasonId is missing',
  )
  const lost = { outcome: 'lost', primaryReasonId: price, winnerId: acme.id }
  expect(await api.put(`proposals/${made.id}/outcome`, lost)).toMatchObject({ outcome: 'lost', probability: 80 })
  await expect(api.put(`proposals/${made.id}/stage`, { stageId: stage('Lead') })).rejects.toThrow('Reopen it')
  expect(await api.get(`proposals/${made.id}`)).toMatchObject({
    reasons: [{ reasonId: price, isPrimary: true }],
    competitors: [{ organizationId: acme.id, role: 'winner' }],
  })
  const open = await api.delete(`proposals/${made.id}/outcome`)
  expect(open).toMatchObject({ outcome: 'open', decidedAt: null, reopenedCount: 1, probability: 80 })
  // The default: a new stage clears the override.
  await api.put(`proposals/${made.id}/stage`, { stageId: stage('Verbal yes') })
  const { history, card } = await api.get<Details>(`proposals/${made.id}`)
  expect(card).toMatchObject({ status: 'Verbal yes · 80 %', isOverride: false })
  expect(history.map(({ outcome, probability, isOverride }) => [outcome, probability, isOverride])).toEqual([
    ['open', 10, false],
    ['open', 60, false],
    ['open', 80, true],
    ['lost', 80, true],
    ['open', 80, true],
    ['open', 80, false],
  ])
  for (const [i, row] of history.entries()) expect(row.validTo).toBe(history[i + 1]?.validFrom ?? row.validTo)
})

test('who changes an old version is told', async () => {
  const { ben, mo, client, as } = await openField()
  const made = await client(ben).create({})
  await client(mo).patch(`proposals/${made.id}`, { nextStep: 'Call', version: made.version })
  const late = await as(ben)(`/api/proposals/${made.id}`, {
    method: 'PATCH',
    json: { title: 'X', version: made.version },
  })
  expect(late.status).toBe(409)
  expect(await late.json()).toMatchObject({ version: made.version + 1 })
})

test('the board adds up, as it is and as it was', async () => {
  const { ben, mo, client, stage, now } = await openField()
  const api = client(ben)
  const base = now() - 30 * DAY_MS
  const rates = [{ currency: 'EUR', day: '2020-01-01', rate: '1.10' }]
  await client(mo).put('pipelines/rates', { rates })
  const moved = await api.create({ valueMinor: 10_000_000, createdAt: base })
  await api.create({
    title: 'Euros',
    valueMinor: 6_000_033,
    currency: 'EUR',
    stageId: stage('Qualified'),
    createdAt: base,
  })
  await api.create({ title: 'Unknown' })
  await api.create({ title: 'No rate', valueMinor: 100, currency: 'CHF' })
  await api.put(`proposals/${moved.id}/stage`, { stageId: stage('Pending'), at: base + 10 * DAY_MS })

  const board = await api.get<Board>('proposals/board')
  expect(board.total).toEqual({
    count: 4,
    totalMinor: 16_600_036,
    weightedMinor: 7_320_007,
    withoutValue: 1,
    withoutRate: 1,
  })
  expect(
    board.columns.map(({ stage, sum, cards }) => [stage.label, sum.count, sum.weightedMinor, cards.length]),
  ).toEqual([
    ['Lead', 2, 0, 2],
    ['Qualified', 1, 1_320_007, 1],
    ['Writing', 0, 0, 0],
    ['Pending', 1, 6_000_000, 1],
    ['Verbal yes', 0, 0, 0],
  ])
  const then = await api.get<Board>(`proposals/board?asOf=${base + 5 * DAY_MS}`)
  expect(then.total).toMatchObject({ count: 2, weightedMinor: 1_000_000 + 1_320_007 })
  expect(then.columns[0]?.cards).toMatchObject([{ id: moved.id, status: 'Lead · 10 %', ageDays: 5 }])

  const pages: TablePage[] = []
  for (let cursor = ''; ; cursor = `&cursor=${pages.at(-1)!.next}`) {
    pages.push(await api.get<TablePage>(`proposals?sort=value&order=desc&limit=3${cursor}`))
    if (!pages.at(-1)!.next) break
  }
  expect(pages.flatMap(({ proposals }) => proposals.map(({ title }) => title))).toEqual([
    'Fleet telematics',
    'Euros',
    'Unknown',
    'No rate',
  ])
  expect(pages[0]!.sum).toEqual(board.total)
  const field = await api.get(`proposals/field?since=${base + 5 * DAY_MS}`)
  expect(field).toMatchObject({ ahead: 1, back: 0, fresh: 2, total: board.total })
})

test('a proposal of a hidden mailbox is hidden, and totals leave it out and say so', async () => {
  const world = await openField()
  await arrive(world, world.closed, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.closed)
  const made = await world.client(world.ben).post(`issues/${issue!.id}/proposal`, { id: uuidv7(), valueMinor: 500 })
  const inside = await world.client(world.ben).get<Board>('proposals/board')
  const outside = await world.client(world.mo).get<Board>('proposals/board')
  expect([inside.complete, inside.total.totalMinor]).toEqual([true, 500])
  expect([outside.complete, outside.total.totalMinor]).toEqual([false, 0])
  const as = world.as(world.mo)
  const calls: [string, string, unknown?][] = [
    ['GET', ''],
    ['PATCH', '', { title: 'x' }],
    ['PUT', '/stage', { stageId: world.stage('Lead') }],
    ['PUT', '/probability', { override: 1 }],
    ['DELETE', '/outcome'],
    ['DELETE', ''],
    ['POST', '/notes', { id: uuidv7(), text: 'x' }],
  ]
  for (const [method, path, body] of calls) {
    const answer = await as(`/api/proposals/${made.id}${path}`, { method, ...(body ? { json: body } : {}) })
    expect([method, path, answer.status]).toEqual([method, path, 404])
  }
})

test('milestones, amendments, notes, the team and further mail belong to it', async () => {
  const world = await openField()
  const { ben, mo, client } = world
  const api = client(ben)
  await arrive(world, world.proposals, { id: 'q@t', subject: 'Questions' })
  const [issue] = await issuesOf(world, world.proposals)
  const due = { local: '2027-02-01T16:30', zone: 'America/New_York' }
  const made = await api.create({ due })
  const path = `proposals/${made.id}`
  const gate = await api.post<{ id: string }>(`${path}/milestones`, { id: uuidv7(), kind: 'bid_decision', due })
  await api.patch(`${path}/milestones/${gate.id}`, { result: 'go' })
  const later = { ...due, local: '2027-02-15T16:30' }
  const amendment = { id: uuidv7(), receivedAt: 1_790_000_000_000, summary: 'Two weeks more', newDue: later }
  for (let i = 0; i < 2; i++) await api.post(`${path}/amendments`, amendment)
  await api.put(`${path}/amendments/${amendment.id}/acknowledgement`)
  await api.post(`${path}/notes`, { id: uuidv7(), text: 'They want it.' })
  await api.put(`${path}/members/${mo.id}`, { roles: ['pricing', 'reviewer'] })
  const linked = await client(ben).get<{ timeline: { message?: { threadId: string } }[] }>(`issues/${issue!.id}`)
  const [thread] = await world.db.read.select().from(threads)
  expect(linked.timeline.length).toBeGreaterThan(0)
  await api.put(`${path}/threads/${thread!.id}`, { kind: 'question' })

  expect(await api.get(path)).toMatchObject({
    proposal: { dueAt: Date.parse('2027-02-15T21:30:00Z'), dueLocal: later.local, bidDecidedAt: expect.any(Number) },
    milestones: [{ kind: 'bid_decision', result: 'go', decidedById: ben.id }],
    amendments: [{ number: 1, oldDueAt: Date.parse('2027-02-01T21:30:00Z'), acknowledgedById: ben.id }],
    notes: [{ text: 'They want it.' }],
    team: [
      { memberId: mo.id, role: 'pricing' },
      { memberId: mo.id, role: 'reviewer' },
    ],
    threads: [{ threadId: thread!.id, kind: 'question', source: 'manual' }],
    history: [{}, { cause: 'amendment', changed: ['dueAt'] }],
  })
  await api.delete(`${path}/threads/${thread!.id}`)
  expect(await api.get(path)).toMatchObject({ threads: [] })
  const wrong = world.as(ben)(`/api/${path}`, {
    method: 'PATCH',
    json: { due: { local: '2026-03-08T02:30', zone: 'America/New_York' } },
  })
  expect(((await (await wrong).json()) as { detail: string }).detail).toMatch(
    /^02:30 does not exist in America\/New_York/,
  )
})

test('managers say what stages mean, and what stands in them follows, with its past left as it was', async () => {
  const { ben, mo, client, pipeline, as } = await openField()
  const made = await client(ben).create({ valueMinor: 1_000 })
  const own = await client(ben).create({ valueMinor: 1_000, override: 33 })
  const stages = pipeline.stages.map(
    ({ id, label, probability, category, idleAfterDays, submitted, idleFromExpected }) => {
      const same = { id, label, category, idleAfterDays, submitted, idleFromExpected }
      return { ...same, probability: label === 'Lead' ? 15 : probability }
    },
  )
  const refused = await as(ben)(`/api/pipelines/${pipeline.id}`, { method: 'PUT', json: { name: 'Bids', stages } })
  expect(refused.status).toBe(403)
  await client(mo).put(`pipelines/${pipeline.id}`, { name: 'Bids', stages })
  const page = await client(ben).get<Details>(`proposals/${made.id}`)
  expect(page.history.map(({ probability, cause }) => [probability, cause])).toEqual([
    [10, 'user'],
    [15, 'settings'],
  ])
  expect(await client(ben).get(`proposals/${own.id}`)).toMatchObject({ proposal: { probability: 33 } })
  await expect(client(mo).put(`pipelines/${pipeline.id}`, { name: 'Bids', stages: stages.slice(1) })).rejects.toThrow(
    '2 open proposals are in Lead',
  )
  const fields = [{ id: uuidv7(), label: 'Region', kind: 'choice', choices: ['West', 'East'] }]
  await client(mo).put('pipelines/fields', { fields })
  await client(ben).patch(`proposals/${made.id}`, { fields: { [fields[0]!.id]: 'West' } })
  expect(await client(ben).get(`proposals/${made.id}`)).toMatchObject({ fields: { [fields[0]!.id]: 'West' } })
  await expect(client(ben).patch(`proposals/${made.id}`, { fields: { [fields[0]!.id]: 'North' } })).rejects.toThrow(
    'Region must be one of West, East.',
  )
})

test('viewers read along, and an organization is never a free mail provider', async () => {
  const { ben, vic, client, as } = await openField()
  const made: Proposal = await client(ben).create({})
  expect((await as(vic)(`/api/proposals/${made.id}`)).status).toBe(200)
  expect((await as(vic)(`/api/proposals/${made.id}`, { method: 'PATCH', json: { title: 'x' } })).status).toBe(403)
  const free = { id: uuidv7(), name: 'Somebody', domains: ['gmail.com'] }
  await expect(client(ben).post('organizations', free)).rejects.toThrow('anybody may have an address there')
})

test('what is exported adds up to what the board says, and no cell is a formula', async () => {
  const { ben, mo, client, as } = await openField()
  const api = client(ben)
  await client(mo).put('pipelines/rates.csv', { text: 'currency;day;rate\nEUR;2020-01-01;1.0852\n' })
  await expect(client(mo).put('pipelines/rates.csv', { text: 'EUR,soon,1' })).rejects.toThrow('Line 1 must be like')
  await api.create({ title: '=HYPERLINK("https://spy.example")', valueMinor: 12_345_67, override: 33 })
  await api.create({ title: 'Tablets, docks', valueMinor: 54_000_01, currency: 'EUR' })
  await api.create({ title: 'Unknown' })
  const board = await api.get<Board>('proposals/board')
  const text = await (await as(ben)('/api/proposals/export.csv')).text()
  const lines = text.replace('\uFEFF', '').trim().split('\r\n')
  const weighted = lines.slice(1).map((line) => Math.round(Number(line.slice(line.lastIndexOf(',') + 1)) * 100))
  expect(weighted.reduce((sum, one) => sum + one, 0)).toBe(board.total.weightedMinor)
  expect(lines[0]).toMatch(/^Number,Title,Customer,.*,Value \(USD\),Weighted \(USD\)$/)
  expect(lines[1]).toContain(`PRP-1,"'=HYPERLINK(""https://spy.example"")",`)
  expect(lines[2]).toContain('PRP-2,"Tablets, docks",')
  const history = await (await as(ben)('/api/proposals/history.csv')).text()
  expect(history.trim().split('\r\n')).toHaveLength(4)
  const rates = await (await as(ben)('/api/pipelines/rates.csv')).text()
  expect(rates).toBe('currency,day,rate\r\nEUR,2020-01-01,1.0852\r\n')
})
