import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { events, type Mailbox, mailboxes, messages, outbox } from '../../db/schema.ts'
import { MAX_TO_ALL_AN_HOUR } from '../../server/issues/automatic-sending.ts'
import { runOutbox } from '../../server/mail/send/outbox.ts'
import { arrive, arriveRaw, issuesOf, type Letter } from '../issues/story.ts'
import { startSmtp } from '../smtp.ts'
import { openWorld, type World } from '../world.ts'

// What comes in makes nothing go out, unless an admin wants acknowledgements; then machines get none, and nobody many.

test('nothing that comes in makes anything go out, whoever or whatever wrote it', async () => {
  const world = await openWorld()
  const folder = path.join(import.meta.dirname, '../emails')
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.eml')))
    await arriveRaw(world, world.proposals, await readFile(path.join(folder, file)))
  expect(await world.db.read.select().from(outbox)).toEqual([])
})

test('two mailboxes whose servers answer for the absent exchange two mails, and no third', async () => {
  const [ours, theirs] = [await openWorld(), await openWorld()]
  const away = ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All', 'Precedence: bulk']
  await arrive(theirs, theirs.proposals, { id: 'asked@ours.example', from: 'Desk <desk@ours.example>' })
  await arrive(ours, ours.proposals, {
    id: 'away@theirs.example',
    from: 'Desk <desk@theirs.example>',
    subject: 'Automatic reply: Fleet telematics',
    inReplyTo: 'asked@ours.example',
    headers: away,
    text: 'I am out of the office.',
  })
  await arrive(theirs, theirs.proposals, {
    id: 'away@ours.example',
    from: 'Desk <desk@ours.example>',
    subject: 'Automatic reply: Automatic reply: Fleet telematics',
    inReplyTo: 'away@theirs.example',
    headers: away,
    text: 'I am out of the office as well.',
  })
  for (const world of [ours, theirs]) expect(await world.db.read.select().from(outbox)).toEqual([])
})

const WAIT = { timeout: 30_000, interval: 40 }
const TEXT = 'Thank you. Your mail {{issue.subject}} has the number {{issue.number}}.'

/** A world whose mailbox acknowledges what comes in, as an admin chose on its page. */
async function openAcknowledging(some: Partial<Mailbox> = {}) {
  const world = await openWorld()
  const { id } = world.proposals
  const json = { acknowledgement: { on: true, text: TEXT } }
  const changed = await world.as(world.ada)(`/api/mailboxes/${id}`, { method: 'PATCH', json })
  expect(changed.status).toBe(204)
  const [mailbox] = await world.db.write((tx) =>
    tx
      .update(mailboxes)
      .set({ createdAt: 0, ...some })
      .where(eq(mailboxes.id, id))
      .returning(),
  )
  const come = (letter: Letter) => arrive(world, mailbox!, { to: mailbox!.address, date: new Date(), ...letter })
  return { ...world, mailbox: mailbox!, come }
}

const queued = async ({ db }: Pick<World, 'db'>) =>
  (await db.read.select().from(outbox)).map(({ recipients, automatic }) => [recipients.join(), automatic])

test('who writes to a mailbox that acknowledges hears of it once a day, and the issue still waits for us', async () => {
  const world = await openAcknowledging()
  await world.come({ id: 'one@t', subject: 'Chairs' })
  await world.come({ id: 'two@t', subject: 'Tables' })
  expect(await queued(world)).toEqual([['dana@tacoma.example', true]])
  const [chairs] = await issuesOf(world, world.mailbox)
  expect(chairs).toMatchObject({ status: 'new', messageCount: 2, lastDirection: 'in', sending: 'queued' })

  world.pass(25 * 60 * 60_000)
  vi.useFakeTimers({ toFake: ['Date'], now: world.now() })
  onTestFinished(() => void vi.useRealTimers())
  await world.come({ id: 'three@t', subject: 'Lamps', date: new Date() })
  expect(await queued(world)).toHaveLength(2)
})

test.each([
  ['a machine', { headers: ['Auto-Submitted: auto-generated'] }],
  ['another Downfield', { headers: ['X-Downfield-Loop: 0123456789abcdef'] }],
  ['a list', { headers: ['List-Id: <news.tacoma.example>'] }],
  ['an address that takes no answer', { from: 'no-reply@tacoma.example' }],
  ['one of us', { from: 'Ben <ben@northwind.example>' }],
  ['another mailbox of ours', { from: 'desk@northwind.example' }],
  ['somebody who did not write to us by name', { to: 'undisclosed@tacoma.example' }],
  ['somebody long ago', { date: new Date('2026-01-02T03:04:05Z') }],
  ['a colleague with another program', { folder: 'sent' as const }],
])('%s gets no acknowledgement', async (_, letter) => {
  const world = await openAcknowledging()
  await world.come({ id: 'one@t', ...letter })
  expect(await queued(world)).toEqual([])
})

test('two Downfields that acknowledge what comes in exchange two mails, and no third', async () => {
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const server = { smtpHost: '127.0.0.1', smtpPort: smtp.port, smtpSecurity: 'none', sentCopy: 'server' } as const
  const ours = await openAcknowledging({ ...server, address: 'desk@ours.example' })
  const theirs = await openAcknowledging({ ...server, address: 'desk@theirs.example' })
  const worlds = { 'desk@ours.example': ours, 'desk@theirs.example': theirs }
  for (const world of [ours, theirs]) {
    const sending = runOutbox(world.mail)
    onTestFinished(() => sending.stop())
  }
  await theirs.come({ id: 'asked@ours', from: 'Desk <desk@ours.example>', subject: 'Fleet telematics' })
  // What one sends, the other gets, until nothing comes any more.
  for (let delivered = 0; ; delivered++) {
    const isThere = () => expect(smtp.taken.length).toBeGreaterThan(delivered)
    if (delivered === 0) await vi.waitFor(isThere, WAIT)
    const mail = smtp.taken[delivered]
    if (!mail) break
    const to = worlds[mail.to[0] as keyof typeof worlds]
    await arriveRaw(to, to.mailbox, Buffer.from(mail.raw), 'inbox', Date.now())
    await vi.waitFor(async () => {
      for (const { db } of [ours, theirs])
        expect(await db.read.select().from(outbox).where(eq(outbox.state, 'queued'))).toEqual([])
    }, WAIT)
  }
  // The question that began it came from outside the two.
  expect(smtp.taken.map(({ to }) => to)).toEqual([['desk@ours.example']])
  expect(smtp.taken[0]!.raw).toMatch(/^Auto-Submitted: auto-replied\r?$/m)
  expect(smtp.taken[0]!.raw).toMatch(/^X-Auto-Response-Suppress: All\r?$/m)
  expect(smtp.taken[0]!.raw).toMatch(/^X-Downfield-Loop: [0-9a-f]{16}\r?$/m)
  const [came] = await ours.db.read.select().from(messages)
  expect(came).toMatchObject({ writer: 'auto_reply', direction: 'in' })
})

test('more automatic mail than any desk sends stops all of it, says so, and waits for an admin', async () => {
  const world = await openAcknowledging()
  const times = Array.from({ length: MAX_TO_ALL_AN_HOUR + 3 }, (_, i) => i)
  for (const i of times) await world.come({ id: `m${i}@t`, from: `dana${i}@tacoma.example`, subject: `Matter ${i}` })
  expect(await queued(world)).toHaveLength(MAX_TO_ALL_AN_HOUR)
  const stops = await world.db.read.select().from(events).where(eq(events.action, 'automatic_stopped'))
  expect(stops).toHaveLength(1)

  const ada = world.as(world.ada)
  const shown = async () => (await (await ada(`/api/mailboxes/${world.mailbox.id}`)).json()) as Record<string, unknown>
  expect((await shown()).automaticStop).toMatchObject({ why: expect.stringContaining('in an hour') })
  expect((await world.as(world.ben)('/api/mailboxes/automatic-stop', { method: 'DELETE' })).status).toBe(403)
  expect((await ada('/api/mailboxes/automatic-stop', { method: 'DELETE' })).status).toBe(204)
  expect((await shown()).automaticStop).toBe(null)
  await world.come({ id: 'after@t', from: 'eve@tacoma.example', subject: 'Later' })
  expect(await queued(world)).toHaveLength(MAX_TO_ALL_AN_HOUR + 1)
}, 60_000)

test('an acknowledgement with a variable that nobody fills in is refused', async () => {
  const { ada, as, proposals } = await openWorld()
  const json = { acknowledgement: { on: true, text: 'Hello {{contact.firstName}}' } }
  const refused = await as(ada)(`/api/mailboxes/${proposals.id}`, { method: 'PATCH', json })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('may use the variables')])
})
