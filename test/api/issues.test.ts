import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { outbox } from '../../db/schema.ts'
import { arrive, arriveRaw, issuesOf } from '../issues/story.ts'
import { openWorld } from '../world.ts'

async function body(response: Response) {
  return (await response.json()) as Record<string, unknown>
}

test('a mail is triaged, answered and closed through the API', async () => {
  const world = await openWorld()
  const { ben, proposals } = world
  await arrive(world, proposals, { id: 'a@t', cc: 'omar@tacoma.example, proposals@northwind.example' })
  const [issue] = await issuesOf(world, proposals)
  const as = world.as(ben)

  const list = await body(await as('/api/issues?view=inbox'))
  expect(list).toMatchObject({ issues: [{ id: issue!.id, status: 'new', unread: true }], next: null })

  const assigned = await as(`/api/issues/${issue!.id}/assignee`, { method: 'PUT', json: { memberId: ben.id } })
  expect(await body(assigned)).toMatchObject({ status: 'open', assigneeId: ben.id })

  const offered = await body(await as(`/api/issues/${issue!.id}/recipients`))
  expect(offered).toMatchObject({
    from: { name: 'Northwind proposals', address: 'proposals@northwind.example' },
    subject: 'Re: Fleet telematics',
    reply: { to: [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }], cc: [] },
    replyAll: { cc: [{ name: '', address: 'omar@tacoma.example' }] },
  })
  const draft = {
    id: uuidv7(),
    messageId: offered.messageId,
    to: [{ name: 'Dana Whitfield', address: 'Dana@Tacoma.example' }],
    text: 'Yes, by Friday.',
    status: 'done',
  }
  for (let i = 0; i < 2; i++) {
    const sent = await as(`/api/issues/${issue!.id}/replies`, { method: 'POST', json: draft })
    expect(sent.status).toBe(201)
  }
  expect(await world.db.read.select().from(outbox)).toMatchObject([
    { messageId: draft.id, state: 'queued', recipients: ['dana@tacoma.example'] },
  ])
  const page = await body(await as(`/api/issues/${issue!.id}`))
  expect(page).toMatchObject({ issue: { status: 'done', doneReason: 'answered', messageCount: 2, sending: 'queued' } })
  const answer = (page.timeline as { kind: string; message?: Record<string, unknown> }[]).find(
    ({ message }) => message?.id === draft.id,
  )
  expect(answer?.message).toMatchObject({ direction: 'out', authorId: ben.id, outgoing: { state: 'queued' } })
  expect(answer?.message?.text).toMatch(
    /^Yes, by Friday\.\n\nOn .*Dana Whitfield <dana@tacoma\.example> wrote:\n> Good/,
  )
})

test('reading an issue makes it read, until more mail comes', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const as = world.as(world.vic)
  expect((await as(`/api/issues/${issue!.id}/seen`, { method: 'PUT' })).status).toBe(204)
  expect(await body(await as('/api/issues'))).toMatchObject({ issues: [{ unread: false }] })
  await arrive(world, world.proposals, { inReplyTo: 'a@t', date: new Date(world.now() + 60_000) })
  expect(await body(await as('/api/issues'))).toMatchObject({ issues: [{ unread: true }] })
})

test('a mailbox of a team stays hidden from everybody else, in every way to ask', async () => {
  const world = await openWorld()
  await arrive(world, world.closed, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.closed)
  const inside = world.as(world.ben)
  const outside = world.as(world.mo)
  const page = await body(await inside(`/api/issues/${issue!.id}`))
  const messageId = (page.timeline as { id: string; kind: string }[]).find(({ kind }) => kind === 'message')!.id
  expect(await body(await outside('/api/issues?view=all'))).toEqual({ issues: [], next: null })
  expect(await body(await outside('/api/issues/counts'))).toMatchObject({ new: 0, emailsThisWeek: 0 })
  expect(await body(await outside('/api/mailboxes'))).toMatchObject([{ id: world.proposals.id }])
  for (const url of [
    `/api/issues/${issue!.id}`,
    `/api/issues/${issue!.id}/recipients`,
    `/api/messages/${messageId}/raw`,
    `/api/messages/${messageId}/text`,
    `/api/messages/${messageId}/body`,
    `/api/messages/${messageId}/attachments/0`,
  ]) {
    expect([url, (await outside(url)).status]).toEqual([url, 404])
  }
  const moves = [
    ['assignee', 'PUT', { memberId: null }],
    ['status', 'PUT', { status: 'done' }],
    ['notes', 'POST', { id: uuidv7(), text: 'x' }],
    ['seen', 'PUT', undefined],
  ] as const
  for (const [what, method, json] of moves)
    expect((await outside(`/api/issues/${issue!.id}/${what}`, { method, json })).status).toBe(404)
})

test.each([
  ['assignee', 'PUT', { memberId: 'nobody' }, 'memberId must name a member. There is none like it.'],
  ['status', 'PUT', { status: 'closed' }, /^status must be "new", "open"/],
  ['notes', 'POST', { id: 'x', text: 'Hello' }, 'id must be a UUID.'],
  ['replies', 'POST', { id: uuidv7(), messageId: 'x', to: [], text: 'Hello' }, 'to must have at least 1 item.'],
  [
    'replies',
    'POST',
    { id: uuidv7(), messageId: 'x', to: [{ address: 'not an address' }], text: 'Hello' },
    'to.0.address must be an address such as ada@example.org.',
  ],
])('wrong input to %s is refused by the name of the field', async (what, method, json, message) => {
  const world = await openWorld()
  await arrive(world, world.proposals, {})
  const [issue] = await issuesOf(world, world.proposals)
  const response = await world.as(world.ben)(`/api/issues/${issue!.id}/${what}`, { method, json })
  expect(response.status).toBe(400)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const { errors } = (await response.json()) as { errors: { field: string; message: string }[] }
  expect(errors.map((error) => error.message)).toEqual([
    typeof message === 'string' ? message : expect.stringMatching(message),
  ])
})

test('the HTML of a mail comes harmless, under a policy that runs and loads nothing', async () => {
  const world = await openWorld()
  const html =
    '<h2 onclick="x()">Hello <b>there</b></h2><p><script>alert(1)</script><img src="https://spy.example/p.gif"></p>'
  const raw = [
    'From: dana@tacoma.example',
    'Subject: Formatted',
    'Message-ID: <html@t>',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
  ].join('\r\n')
  await arriveRaw(world, world.proposals, Buffer.from(raw))
  const issue = (await issuesOf(world, world.proposals)).find(({ subject }) => subject === 'Formatted')
  const page = await body(await world.as(world.ben)(`/api/issues/${issue!.id}`))
  const entry = (page.timeline as { id: string; message?: { rich: boolean } }[]).find(({ message }) => message)
  expect(entry?.message?.rich).toBe(true)
  const response = await world.as(world.ben)(`/api/messages/${entry!.id}/body`)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  const shown = await response.text()
  expect(shown).toContain('<b>there</b>')
  expect(shown).not.toMatch(/onclick|<script| src="https:\/\/spy/)
})
