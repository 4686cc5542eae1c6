import { createServer } from 'node:http'
import { asc, eq } from 'drizzle-orm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, type RuleAct, type RuleCondition, tags, webhookCalls } from '../../db/schema.ts'
import { findIssue, setStatus } from '../../server/issues/issue.ts'
import { changeTags } from '../../server/issues/tags.ts'
import { openOutside } from '../../server/net/outside.ts'
import { holds, type Subject } from '../../server/rules/match.ts'
import { callWebhooks, signatureOf } from '../../server/rules/webhooks.ts'
import { fireRules } from '../../server/rules/worker.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld, type World } from '../world.ts'

const mail: Subject = {
  sender: 'dana@sales.tacoma.example',
  recipients: ['proposals+fleet@northwind.example', 'mo@northwind.example'],
  subject: 'RE: Fleet  Telematics, Straße 7',
  text: 'Please send the offer by Friday.',
  headers: new Map([['x-priority', ['1 (Highest)']]]),
  bytes: 20 * 1024,
  writer: 'person',
  mailboxId: 'm1',
  tagIds: ['t1'],
  status: 'new',
}

test.each([
  ['sender', 'is', 'DANA@sales.tacoma.example', true],
  ['sender', 'ends', '@tacoma.example', false],
  ['domain', 'is', 'tacoma.example', false],
  ['domain', 'ends', '@tacoma.example', true],
  ['domain', 'ends', 'coma.example', false],
  ['domain', 'is_not', 'tacoma.example', true],
  ['recipient', 'starts', 'proposals+fleet@', true],
  ['recipient', 'is_not', 'mo@northwind.example', false],
  ['subject', 'contains', 'fleet telematics', true],
  ['subject', 'contains_not', 'fleet', false],
  ['subject', 'word', 'tele', false],
  ['subject', 'word', 'straße', true],
  ['subject', 'contains', '(a+)+$', false],
  ['text', 'word', 'friday', true],
  ['size', 'over', '10', true],
  ['size', 'under', '10', false],
  ['writer', 'is', 'person', true],
  ['mailbox', 'is_not', 'm2', true],
  ['tag', 'is', 't2', false],
  ['status', 'is', 'new', true],
] as const)('%s %s %s: %s', (field, test, value, expected) => {
  expect(holds({ match: 'all', conditions: [{ field, test, value }] }, mail)).toBe(expected)
})

test('a header field is found by any letters, and all or any condition counts', () => {
  const header: RuleCondition = { field: 'header', header: 'X-PRIORITY', test: 'starts', value: '1' }
  const not: RuleCondition = { field: 'status', test: 'is', value: 'done' }
  expect(holds({ match: 'all', conditions: [header, not] }, mail)).toBe(false)
  expect(holds({ match: 'any', conditions: [header, not] }, mail)).toBe(true)
})

type Short = {
  name?: string
  conditions: RuleCondition[]
  acts: RuleAct[]
  stops?: boolean
  trigger?: 'mail' | 'change'
}

async function make(world: World, rule: Short): Promise<string> {
  const id = uuidv7()
  const json = { name: 'Fleet', active: true, trigger: 'mail', match: 'all', stops: false, ...rule }
  const made = await world.as(world.mo)(`/api/rules/${id}`, { method: 'PUT', json })
  expect([made.status, await made.text()]).toMatchObject([200, expect.not.stringContaining('"secret"')])
  return id
}

const allEvents = async ({ db }: World) => await db.read.select().from(events).orderBy(asc(events.id))
const FLEET: RuleCondition = { field: 'subject', test: 'word', value: 'fleet' }
const run = async (world: World) => await fireRules(world.mail, await allEvents(world), world.now())

describe('rules', () => {
  test('fire once for a mail, in their order, until one stops, and the timeline says which', async () => {
    const world = await openWorld()
    const { db, ben, desk, proposals } = world
    const tag = { id: uuidv7(), name: 'Fleet', folded: 'fleet', colour: 'grey' as const, createdAt: 0 }
    await db.write((tx) => tx.insert(tags).values(tag))
    await make(world, { name: 'Tag fleet', conditions: [FLEET], acts: [{ do: 'tag', tagId: tag.id }] })
    // It sees what the rule before it did.
    const tagged: RuleCondition = { field: 'tag', test: 'is', value: tag.id }
    const acts: RuleAct[] = [
      { do: 'assign', memberId: ben.id, teamId: null },
      { do: 'notify', memberId: null, teamId: desk.id },
    ]
    await make(world, { name: 'Fleet is for Ben', conditions: [tagged], acts, stops: true })
    await make(world, { name: 'Never', conditions: [FLEET], acts: [{ do: 'status', status: 'trash' }] })
    await arrive(world, proposals, { date: new Date(world.now()) }, { date: new Date(world.now()), subject: 'Other' })
    expect(await run(world)).toBe(2)
    expect(await run(world)).toBe(0)
    const [issue, other] = await issuesOf(world, proposals)
    expect(issue).toMatchObject({ assigneeId: ben.id, status: 'open', tagIds: [tag.id] })
    expect(other).toMatchObject({ assigneeId: null, status: 'new', tagIds: [] })
    const fired = await db.read.select().from(events).where(eq(events.action, 'rule_fired')).orderBy(asc(events.id))
    expect(fired.map(({ memberId, detail }) => [memberId, detail.rule, detail.did])).toEqual([
      [null, 'Tag fleet', ['tag']],
      [null, 'Fleet is for Ben', ['assign', 'notify']],
    ])
  })

  test('what rules do fires no rule, so that two that undo each other come to rest', async () => {
    const world = await openWorld()
    const { db, mo, proposals } = world
    const is = (status: string): RuleCondition => ({ field: 'status', test: 'is', value: status })
    await make(world, { trigger: 'change', conditions: [is('waiting')], acts: [{ do: 'status', status: 'open' }] })
    await make(world, { trigger: 'change', conditions: [is('open')], acts: [{ do: 'status', status: 'waiting' }] })
    await arrive(world, proposals, { date: new Date(world.now()) })
    const [issue] = await issuesOf(world, proposals)
    await db.write(async (tx) => setStatus(tx, await findIssue(tx, issue!.id), 'waiting', null, mo, world.now()))
    expect(await run(world)).toBe(2)
    expect(await run(world)).toBe(0)
    await db.write(async (tx) =>
      changeTags(tx, await findIssue(tx, issue!.id), { add: ['x'], remove: [] }, mo, world.now()),
    )
    expect(await run(world)).toBe(2)
    expect(await run(world)).toBe(0)
  })

  test('past mail shows what a rule would do before it is switched on, and an import fires nothing', async () => {
    const world = await openWorld()
    const old = new Date(world.now() - 30 * 86_400_000)
    await arrive(world, world.proposals, { date: old, headers: ['X-Form: tender'] }, { date: old, subject: 'Other' })
    const conditions: RuleCondition[] = [{ field: 'header', header: 'x-form', test: 'is', value: 'Tender' }]
    const json = { trigger: 'mail', match: 'all', conditions }
    const dry = await world.as(world.mo)('/api/rules/dry-run', { method: 'POST', json })
    expect(await dry.json()).toMatchObject({ lookedAt: 2, matched: 1, issues: [{ number: 1 }] })
    await make(world, { conditions, acts: [{ do: 'status', status: 'trash' }] })
    expect(await run(world)).toBe(0)
    expect((await world.as(world.ben)('/api/rules')).status).toBe(403)
    const empty = { name: 'All', active: true, trigger: 'mail', match: 'all', conditions: [], acts: [], stops: false }
    const refused = await world.as(world.mo)(`/api/rules/${uuidv7()}`, { method: 'PUT', json: empty })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('at least one thing to do')])
  })

  test('a webhook is signed, tried again until it is taken, and never goes into our own network', async () => {
    const world = await openWorld()
    const { db } = world
    const calls: { body: string; signature: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        calls.push({ body, signature: String(request.headers['x-downfield-signature']) })
        response.writeHead(calls.length === 1 ? 503 : 204).end()
      })
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    // The cast: it listens on a port.
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`
    const id = await make(world, { conditions: [FLEET], acts: [{ do: 'webhook', url }] })
    const answer = await world.as(world.mo)(`/api/rules/${id}/secret`, { method: 'POST' })
    // The cast: the shape is asserted by the signature below.
    const { secret } = (await answer.json()) as { secret: string }
    await arrive(world, world.proposals, { date: new Date(world.now()) })
    await run(world)
    const deps = { ...world.mail, outside: openOutside({ isPublic: () => true }) }
    const now = world.now()
    await callWebhooks(deps, () => now)
    expect(await callWebhooks(deps, () => now)).toBe(0)
    await callWebhooks(deps, () => now + 10_000)
    expect(calls).toHaveLength(2)
    expect(calls[1]!.signature).toBe(signatureOf(secret, calls[1]!.body, now + 10_000))
    expect(JSON.parse(calls[1]!.body)).toMatchObject({ rule: { name: 'Fleet' }, issue: { number: 1 } })
    expect(await db.read.select().from(webhookCalls)).toMatchObject([{ state: 'done', attempts: 2 }])

    await arrive(world, world.proposals, { date: new Date(world.now()) })
    await run(world)
    await callWebhooks({ ...world.mail, outside: openOutside() }, world.now)
    const [, refused] = await db.read
      .select()
      .from(webhookCalls)
      .orderBy(asc(webhookCalls.createdAt), asc(webhookCalls.id))
    expect(refused).toMatchObject({ state: 'queued', response: expect.stringContaining('not on the public internet') })
    expect(calls).toHaveLength(2)
  })
})
