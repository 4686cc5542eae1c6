import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import {
  attachments,
  bodies,
  counts,
  events,
  issues,
  messageIds,
  messages,
  outbox,
  traffic,
  uploads,
} from '../../db/schema.ts'
import { HELD_MS } from '../../server/issues/take-back.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld, type World } from '../world.ts'

async function openIssue(world: World) {
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const [question] = await world.db.read.select().from(messages)
  const answer = async (
    as: Fetch,
    more: { id?: string; text?: string; status?: string; attachments?: string[] } = {},
  ) => {
    const id = more.id ?? uuidv7()
    const to = [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }]
    const cc = [{ name: '', address: 'omar@tacoma.example' }]
    const json = { messageId: question!.id, to, cc, text: 'Yes, by Friday.', ...more, id }
    expect((await as(`/api/issues/${issue!.id}/replies`, { method: 'POST', json })).status).toBe(201)
    return id
  }
  const read = async () => (await world.db.read.select().from(issues).where(eq(issues.id, issue!.id)))[0]!
  return { issue: issue!, question: question!, answer, read }
}

/** Everything that an answer writes, as it is now. */
async function everything({ db }: World) {
  const tables = { attachments, bodies, counts, messageIds, messages, outbox, traffic }
  const rows: Record<string, unknown> = {}
  for (const [name, table] of Object.entries(tables)) rows[name] = await db.read.select().from(table)
  rows.counts = (rows.counts as { n: number }[]).filter(({ n }) => n !== 0)
  rows.traffic = (rows.traffic as { sent: number; received: number }[]).filter((row) => row.sent + row.received > 0)
  return rows
}

async function fileOf(as: Fetch) {
  const body = new Uint8Array(Buffer.from('an offer'))
  const response = await as('/api/uploads?filename=offer.pdf', { method: 'POST', body })
  return (await response.json()) as { id: string }
}

test.each(['waiting', 'done'])(
  'an answer (%s) waits, comes back whole, and leaves nothing as if it had been sent',
  async (status) => {
    const world = await openWorld()
    const { issue, question, answer, read } = await openIssue(world)
    const as = world.as(world.ben)
    const file = await fileOf(as)
    const before = { issue: await read(), rows: await everything(world) }
    const id = await answer(as, { text: 'Yes, by Friday.\n', status, attachments: [file.id] })
    expect(await world.db.read.select().from(outbox)).toMatchObject([{ state: 'queued', attempts: 0 }])
    const [row] = await world.db.read.select().from(outbox)
    expect(row!.dueAt - row!.createdAt).toBe(HELD_MS)
    expect(await read()).toMatchObject({ status, assigneeId: world.ben.id, messageCount: 2, hasAttachments: true })

    const held = await (await as(`/api/messages/${id}/sending`)).json()
    const taken = await as(`/api/messages/${id}/sending`, { method: 'DELETE' })

    expect(held).toEqual({
      issueId: issue.id,
      answeredId: question.id,
      to: [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }],
      cc: [{ name: '', address: 'omar@tacoma.example' }],
      text: 'Yes, by Friday.',
      quote: true,
      attachments: [{ id: file.id, filename: 'offer.pdf', contentType: 'application/pdf', size: 8 }],
    })
    expect(await taken.json()).toMatchObject({
      issueId: issue.id,
      memberId: world.ben.id,
      version: 1,
      content: {
        kind: 'reply',
        messageId: question.id,
        recipients: { to: held.to, cc: held.cc, bcc: [] },
        plain: true,
        text: 'Yes, by Friday.\n',
        attachments: [{ id: file.id, filename: 'offer.pdf', size: 8 }],
      },
    })
    const { updatedAt, version, statusVersion, assigneeVersion, ...same } = before.issue
    expect(await read()).toMatchObject(same)
    expect(await everything(world)).toEqual(before.rows)
    // The log says both, and in this order.
    const told = await world.db.read.select().from(events).where(eq(events.issueId, issue.id)).orderBy(events.id)
    expect(told.slice(-3)).toMatchObject([
      { action: 'replied', memberId: world.ben.id, detail: { messageId: id } },
      { action: 'taken_back', memberId: world.ben.id, detail: { messageId: id } },
      { action: 'draft_changed', memberId: world.ben.id, detail: { what: 'begun' } },
    ])
    // The file is there to be sent again.
    expect(await world.db.read.select().from(uploads)).toMatchObject([
      { id: file.id, messageId: null, draftId: expect.any(String) },
    ])
    await answer(as, { status, attachments: [file.id] })
    expect(await read()).toMatchObject({ status, messageCount: 2 })
  },
)

test('what others did meanwhile stays as they left it', async () => {
  const world = await openWorld()
  const { issue, answer, read } = await openIssue(world)
  const id = await answer(world.as(world.ben))
  await world.as(world.mo)(`/api/issues/${issue.id}/assignee`, { method: 'PUT', json: { memberId: world.mo.id } })
  await arrive(world, world.proposals, {
    inReplyTo: 'a@t',
    text: 'One more question.',
    date: new Date(world.now() + 5000),
  })
  const before = await read()
  expect(before).toMatchObject({ status: 'open', assigneeId: world.mo.id, messageCount: 3 })

  await world.as(world.ben)(`/api/messages/${id}/sending`, { method: 'DELETE' })

  const { updatedAt, version, statusVersion, assigneeVersion, sending, ...same } = before
  expect(await read()).toMatchObject({ ...same, messageCount: 2, sending: null })
})

test.each([
  ['the first first', [0, 1]],
  ['the last first', [1, 0]],
])('of two answers that are held both can be taken back, %s', async (_, order) => {
  const world = await openWorld()
  const { answer, read } = await openIssue(world)
  const as = world.as(world.ben)
  const { updatedAt, version, statusVersion, assigneeVersion, ...before } = await read()
  const ids = [await answer(as, { text: 'One.' })]
  world.pass(1000)
  ids.push(await answer(as, { text: 'Two.', status: 'done' }))

  for (const i of order) expect((await as(`/api/messages/${ids[i]}/sending`, { method: 'DELETE' })).status).toBe(200)

  expect(await read()).toMatchObject(before)
})

test('only its writer takes an answer back, and only before the first attempt', async () => {
  const world = await openWorld()
  const { answer, read } = await openIssue(world)
  const id = await answer(world.as(world.ben))
  const tried = []
  for (const method of ['GET', 'DELETE'])
    tried.push(await (await world.as(world.mo)(`/api/messages/${id}/sending`, { method })).json())
  await world.db.write(async (tx) => {
    await tx.update(outbox).set({ state: 'sending' }).where(eq(outbox.messageId, id))
  })
  for (const method of ['GET', 'DELETE'])
    tried.push(await (await world.as(world.ben)(`/api/messages/${id}/sending`, { method })).json())

  const notTheirs = { status: 422, detail: 'Only who wrote an answer can take it back.' }
  const tooLate = { status: 422, detail: 'It is on its way already, so it can not be taken back.' }
  expect(tried).toMatchObject([notTheirs, notTheirs, tooLate, tooLate])
  expect(await read()).toMatchObject({ status: 'waiting', messageCount: 2 })
})
