import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { bodies, type DraftContent, drafts, events, mailboxes, messages, outbox, uploads } from '../../db/schema.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld } from '../world.ts'

const content: DraftContent = {
  kind: 'reply',
  messageId: null,
  recipients: null,
  all: true,
  from: null,
  subject: '',
  plain: false,
  text: '',
  html: '<p>Dear <strong>Dana</strong>,</p>',
  quote: true,
  attachments: [],
  copies: null,
  noteId: 'n',
  note: '',
  seen: null,
}

async function openDesk() {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t', to: 'sales@northwind.example, proposals@northwind.example' })
  const [issue] = await issuesOf(world, world.proposals)
  const [question] = await world.db.read.select().from(messages)
  const [ben, mo] = [world.as(world.ben), world.as(world.mo)]
  const id = uuidv7()
  const save = async (as: Fetch, version: number, more: Partial<DraftContent> = {}, draftId = id) => {
    const json = { issueId: issue!.id, content: { ...content, ...more }, version }
    const response = await as(`/api/drafts/${draftId}`, { method: 'PUT', json })
    // The cast: either of the two answers; the test compares what it is about.
    return { ...((await response.json()) as { version?: number }), status: response.status }
  }
  const file = async (as: Fetch, filename: string) => {
    const response = await as(`/api/uploads?filename=${filename}`, { method: 'POST', body: new Uint8Array([1, 2, 3]) })
    return (await response.json()) as { id: string; filename: string; size: number }
  }
  return { ...world, issue: issue!, question: question!, asBen: ben, asMo: mo, id, save, file }
}

test('a draft is saved version by version; saving the same again changes nothing, an old version is refused', async () => {
  const desk = await openDesk()
  const first = await desk.save(desk.asBen, 0)
  const again = await desk.save(desk.asBen, 0)
  const second = await desk.save(desk.asBen, 1, { html: '<p>More</p>' })
  const late = await desk.save(desk.asBen, 1, { html: '<p>From another window</p>' })

  expect([first.version, again.version, second.version]).toEqual([1, 1, 2])
  expect(late).toMatchObject({
    status: 409,
    detail: 'This draft went on in another window.',
    draft: { id: desk.id, version: 2, content: { html: '<p>More</p>' } },
  })
  // One event for the draft, not one for each word.
  const told = await desk.db.read.select().from(events).where(eq(events.action, 'draft_changed'))
  expect(told.map(({ detail }) => detail.what)).toEqual(['begun'])
})

test('a colleague sees a draft in list and issue, takes it over with its files, and its first writer is told', async () => {
  const desk = await openDesk()
  const picture = await desk.file(desk.asBen, 'plan.png')
  const file = await desk.file(desk.asBen, 'offer.pdf')
  await desk.save(desk.asBen, 0, {
    html: `<p>See <img src="/api/uploads/${picture.id}" alt="plan"></p>`,
    attachments: [file],
  })
  const listed = await (await desk.asMo('/api/drafts')).json()
  const { drafts: shown } = (await (await desk.asMo(`/api/issues/${desk.issue.id}`)).json()) as { drafts: unknown[] }
  const looked = await desk.asMo(`/api/uploads/${picture.id}`)
  const other = await desk.file(desk.asBen, 'own.png')
  const stranger = (await desk.asMo(`/api/uploads/${other.id}`)).status

  const taken = await desk.asMo(`/api/drafts/${desk.id}/member`, { method: 'PUT', json: { memberId: desk.mo.id } })

  expect(listed).toMatchObject([{ id: desk.id, memberId: desk.ben.id, snippet: 'See [plan]', kind: 'reply' }])
  expect(shown).toMatchObject([{ id: desk.id, memberId: desk.ben.id, read: 'See [plan]' }])
  expect([looked.status, looked.headers.get('content-type'), stranger]).toEqual([200, 'image/png', 404])
  expect(await taken.json()).toMatchObject({ memberId: desk.mo.id, version: 2 })
  expect(await desk.save(desk.asBen, 1, { html: '<p>I go on</p>' })).toMatchObject({
    status: 409,
    detail: 'Mo has taken this draft over.',
    draft: null,
  })
  const owners = await desk.db.read
    .select({ memberId: uploads.memberId })
    .from(uploads)
    .where(eq(uploads.draftId, desk.id))
  expect(owners).toEqual([{ memberId: desk.mo.id }, { memberId: desk.mo.id }])
})

test('a draft of a mailbox that a member does not see is not there for them', async () => {
  const desk = await openDesk()
  await arrive(desk, desk.closed, { to: 'desk@northwind.example' })
  const [hidden] = await issuesOf(desk, desk.closed)
  const json = { issueId: hidden!.id, content, version: 0 }
  expect((await desk.asBen(`/api/drafts/${desk.id}`, { method: 'PUT', json })).status).toBe(200)
  const tried = []
  for (const [url, init] of [
    [`/api/drafts/${desk.id}`, {}],
    [`/api/drafts/${desk.id}`, { method: 'DELETE' }],
    [`/api/drafts/${desk.id}/member`, { method: 'PUT', json: { memberId: desk.mo.id } }],
  ] as const)
    tried.push((await desk.asMo(url, init)).status)
  expect(tried).toEqual([404, 404, 404])
  expect(await (await desk.asMo('/api/drafts')).json()).toEqual([])
})

test('a discarded draft can be had back, and one that was sent is gone', async () => {
  const desk = await openDesk()
  await desk.save(desk.asBen, 0)
  expect((await desk.asBen(`/api/drafts/${desk.id}`, { method: 'DELETE' })).status).toBe(204)
  expect(await (await desk.asMo('/api/drafts')).json()).toEqual([])
  const back = await desk.asBen(`/api/drafts/${desk.id}/restoration`, { method: 'POST' })
  expect(await back.json()).toMatchObject({ id: desk.id, version: 3, content: { html: content.html } })

  const json = {
    id: desk.id,
    messageId: desk.question.id,
    to: [{ address: 'dana@tacoma.example' }],
    html: content.html,
  }
  expect((await desk.asBen(`/api/issues/${desk.issue.id}/replies`, { method: 'POST', json })).status).toBe(201)
  expect(await desk.db.read.select().from(drafts)).toEqual([])
  expect(await desk.save(desk.asBen, 3)).toMatchObject({ status: 409, detail: 'This was sent from another window.' })
})

test('an answer is HTML and text, with its quote below, and Bcc is in the envelope alone', async () => {
  const desk = await openDesk()
  const picture = await desk.file(desk.asBen, 'plan.png')
  const json = {
    id: desk.id,
    messageId: desk.question.id,
    to: [{ name: 'Dana', address: 'dana@tacoma.example' }],
    bcc: [{ address: 'boss@northwind.example' }],
    html: `<p>Dear <b onclick="x()">Dana</b></p><p><img src="/api/uploads/${picture.id}" alt="plan"></p><script>x()</script>`,
  }
  const sent = await desk.asBen(`/api/issues/${desk.issue.id}/replies`, { method: 'POST', json })
  expect(sent.status).toBe(201)
  const [body] = await desk.db.read.select().from(bodies).where(eq(bodies.messageId, desk.id))
  const [out] = await desk.db.read.select().from(outbox)
  const quoted = 'On Fri, 20 Nov 2026 09:41:00 UTC, Dana Whitfield &lt;dana@tacoma.example&gt; wrote:'
  expect(body?.composedHtml).toBe(
    `<p>Dear <strong>Dana</strong></p><p><img src="cid:${picture.id}@northwind.example" alt="plan" /></p><br />` +
      `<div class="gmail_quote"><div>${quoted}</div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">Good morning, could you send us an offer?</blockquote></div>`,
  )
  expect(body?.text).toMatch(/^Dear Dana\n\n\[plan\]\n\nOn Fri, 20 Nov .* wrote:\n> Good morning/)
  expect(out?.recipients).toEqual(['dana@tacoma.example', 'boss@northwind.example'])
  // The page shows it at once, before there is a mail.
  const shown = await (await desk.asMo(`/api/messages/${desk.id}/body`)).text()
  expect(shown).toContain(`<img alt="plan" src="/api/messages/${desk.id}/attachments/0?inline=1" />`)
})

test('a mail is passed on with its head and files, answers nobody, and the issue stays as it stands', async () => {
  const desk = await openDesk()
  const json = {
    id: desk.id,
    messageId: desk.question.id,
    to: [{ address: 'expert@harbor.example' }],
    html: '<p>What do you think?</p>',
  }
  const sent = await desk.asBen(`/api/issues/${desk.issue.id}/forwards`, { method: 'POST', json })
  expect(sent.status).toBe(201)
  const [message] = await desk.db.read.select().from(messages).where(eq(messages.id, desk.id))
  const [body] = await desk.db.read.select().from(bodies).where(eq(bodies.messageId, desk.id))
  const [issue] = await issuesOf(desk, desk.proposals)
  expect(message).toMatchObject({ subject: 'Fwd: Fleet telematics', inReplyTo: null, references: ['a@t'] })
  expect(message?.threadId).toBe(desk.question.threadId)
  expect(issue).toMatchObject({ status: 'new', assigneeId: desk.ben.id, messageCount: 2 })
  expect(body?.text).toBe(
    [
      'What do you think?',
      '',
      '---------- Forwarded message ---------',
      'From: Dana Whitfield <dana@tacoma.example>',
      'Date: Fri, 20 Nov 2026 09:41:00 UTC',
      'Subject: Fleet telematics',
      'To: sales@northwind.example, proposals@northwind.example',
      '',
      'Good morning, could you send us an offer?',
    ].join('\n'),
  )
})

test('a new mail begins an issue that waits for them, once, and taken back it is a draft without an issue', async () => {
  const desk = await openDesk()
  const json = {
    id: desk.id,
    mailboxId: desk.proposals.id,
    subject: 'Our offer',
    to: [{ name: 'Ines', address: 'ines@marais.example' }],
    html: '<p>Dear Ines</p>',
  }
  const sent = (await (await desk.asBen('/api/issues', { method: 'POST', json })).json()) as { issueId: string }
  const again = (await (await desk.asBen('/api/issues', { method: 'POST', json })).json()) as { issueId: string }
  const [, issue] = await issuesOf(desk, desk.proposals)
  expect([sent.issueId, again.issueId]).toEqual([issue!.id, issue!.id])
  expect(issue).toMatchObject({
    subject: 'Our offer',
    status: 'waiting',
    contactAddress: 'ines@marais.example',
    assigneeId: desk.ben.id,
    messageCount: 1,
    lastDirection: 'out',
  })
  const taken = await desk.asBen(`/api/messages/${desk.id}/sending`, { method: 'DELETE' })
  expect(await taken.json()).toMatchObject({
    issueId: null,
    mailboxId: desk.proposals.id,
    content: { kind: 'new', subject: 'Our offer', html: '<p>Dear Ines</p>' },
  })
  expect((await issuesOf(desk, desk.proposals))[1]).toMatchObject({ status: 'trash', messageCount: 0 })
})

test('a mail comes from the alias that was written to, and from no address that is not ours', async () => {
  const desk = await openDesk()
  await desk.db.write(async (tx) => {
    await tx
      .update(mailboxes)
      .set({ aliases: ['sales@northwind.example'] })
      .where(eq(mailboxes.id, desk.proposals.id))
  })
  const proposed = await (await desk.asBen(`/api/issues/${desk.issue.id}/recipients`)).json()
  expect(proposed).toMatchObject({
    from: { address: 'sales@northwind.example' },
    addresses: ['proposals@northwind.example', 'sales@northwind.example'],
  })
  const json = { id: desk.id, messageId: desk.question.id, to: [{ address: 'dana@tacoma.example' }], text: 'Yes.' }
  const as = async (from: string) =>
    (await desk.asBen(`/api/issues/${desk.issue.id}/replies`, { method: 'POST', json: { ...json, from } })).status
  expect([await as('boss@northwind.example'), await as('sales@northwind.example')]).toEqual([400, 201])
  const [message] = await desk.db.read.select().from(messages).where(eq(messages.id, desk.id))
  expect(message?.fromAddress).toBe('sales@northwind.example')
})
