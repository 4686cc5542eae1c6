import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { bodies, deliveries, messages, threads } from '../../db/schema.ts'
import { assign, findIssue, setStatus } from '../../server/issues/issue.ts'
import { quote, reply } from '../../server/issues/reply.ts'
import { readIssue } from '../../server/issues/timeline.ts'
import { understand, understandAgain } from '../../server/mail/place/ingest.ts'
import { arrive, arriveRaw, folderOf, issuesOf, rawOf } from '../issues/story.ts'
import { addMailbox, openWorld, type World } from '../world.ts'

async function messagesOf({ db, proposals }: World) {
  return await db.read.select().from(messages).where(eq(messages.mailboxId, proposals.id)).orderBy(asc(messages.at))
}

test('a mail that answers nothing we know opens an issue that needs triage', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { subject: 'AW: Stühle', from: 'Dana <Dana@Tacoma.example>' })
  expect(await issuesOf(world, world.proposals)).toMatchObject([
    {
      number: 1,
      subject: 'Stühle',
      status: 'new',
      contactName: 'Dana',
      contactAddress: 'dana@tacoma.example',
      messageCount: 1,
      lastFrom: 'Dana',
      lastDirection: 'in',
      snippet: 'Good morning, could you send us an offer?',
      waitingSince: Date.parse('2026-11-20T09:41:00Z'),
    },
  ])
})

test('answers by In-Reply-To, whatever their subject, and by References with the same subject join the issue', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { id: 'a@t', subject: 'Chairs' },
    { id: 'b@t', subject: 'Something else', inReplyTo: 'a@t', from: 'omar@other.example' },
    { id: 'c@t', subject: 'Re: Chairs', references: ['x@t', 'a@t'], from: 'eve@third.example' },
    { id: 'd@t', subject: 'Newsletter', references: ['a@t'], from: 'eve@fourth.example' },
  )
  expect((await issuesOf(world, world.proposals)).map((issue) => [issue.subject, issue.messageCount])).toEqual([
    ['Chairs', 3],
    ['Newsletter', 1],
  ])
})

test('a mail that comes after its answer joins it', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { id: 'b@t', inReplyTo: 'a@t', subject: 'Re: Chairs' },
    { id: 'a@t', subject: 'Chairs' },
  )
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ messageCount: 2 }])
})

test('the same mail found twice is one message; the same id with other content is two', async () => {
  const world = await openWorld()
  const raw = rawOf({ id: 'a@t' })
  await arriveRaw(world, world.proposals, raw)
  await arriveRaw(world, world.proposals, Buffer.concat([Buffer.from('Received: from relay.example\r\n'), raw]))
  expect(await messagesOf(world)).toHaveLength(1)
  await arrive(world, world.proposals, { id: 'a@t', text: 'Another text under the same id.' })
  const found = await messagesOf(world)
  expect(found).toHaveLength(2)
  expect(found.filter(({ flaws }) => flaws.sameId)).toHaveLength(1)
  const states = await world.db.read.select({ state: deliveries.state }).from(deliveries)
  expect(states.map(({ state }) => state)).toEqual(['understood', 'understood', 'understood'])
})

test('the answer of a customer reopens a done issue to whom it was assigned', async () => {
  const world = await openWorld()
  const { db, ada, ben } = world
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  await db.write(async (tx) => {
    const assigned = await assign(tx, issue!, { member: ben }, ada, Date.parse('2026-11-20T09:50:00Z'))
    await setStatus(tx, assigned, 'done', 'answered', ben, Date.parse('2026-11-20T09:55:00Z'))
  })
  await arrive(world, world.proposals, { inReplyTo: 'a@t', date: new Date('2026-11-20T10:00:00Z') })
  const after = await findIssue(db.read, issue!.id)
  expect(after).toMatchObject({ status: 'open', assigneeId: ben.id, doneReason: null, messageCount: 2 })
  const { timeline } = await readIssue(db.read, ben.id, issue!.id)
  expect(timeline.some((entry) => entry.kind === 'event' && entry.event.action === 'reopened')).toBe(true)
})

test.each([
  [
    'an out-of-office reply',
    ['Auto-Submitted: auto-replied', 'X-Auto-Response-Suppress: All'],
    'Automatic reply: Chairs',
  ],
  ['a newsletter', ['List-Unsubscribe: <mailto:out@list.example>', 'Precedence: bulk'], 'News'],
])('%s never reopens an issue', async (_, headers, subject) => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  await world.db.write(async (tx) => await setStatus(tx, issue!, 'waiting', null, world.ada, 5000))
  await arrive(world, world.proposals, { inReplyTo: 'a@t', headers, subject, date: new Date('2026-11-20T10:00:00Z') })
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ status: 'waiting', messageCount: 2 }])
})

test('an answer to spam stays spam', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  await world.db.write(async (tx) => await setStatus(tx, issue!, 'spam', null, world.ada, 5000))
  await arrive(world, world.proposals, { inReplyTo: 'a@t', date: new Date('2026-11-20T10:00:00Z') })
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ status: 'spam', messageCount: 2 }])
})

test('our own answer, found again in the Sent folder, is the message that we have', async () => {
  const world = await openWorld()
  const { db, ben, proposals } = world
  await arrive(world, proposals, { id: 'a@t' })
  const [answered] = await messagesOf(world)
  const [issue] = await issuesOf(world, proposals)
  const draft = {
    id: uuidv7(),
    to: [{ name: 'Dana', address: 'dana@tacoma.example' }],
    cc: [],
    text: 'Yes, by Friday.',
    quoted: quote(answered!, 'Good morning, could you send us an offer?'),
    internetMessageId: 'ours@northwind.example',
    status: 'waiting' as const,
  }
  await db.write(
    async (tx) => await reply(tx, issue!, proposals, answered!, draft, ben, Date.parse('2026-11-20T10:00:00Z')),
  )
  const copy = { from: 'proposals@northwind.example', to: 'dana@tacoma.example', id: draft.internetMessageId }
  await arrive(world, proposals, {
    ...copy,
    inReplyTo: 'a@t',
    text: 'Yes, by Friday.\n\n[added by a gateway]',
    folder: 'sent',
  })
  expect(await messagesOf(world)).toHaveLength(2)
  expect(await issuesOf(world, proposals)).toMatchObject([
    { status: 'waiting', assigneeId: ben.id, messageCount: 2, lastDirection: 'out', lastFrom: 'Ben' },
  ])
  // A stranger who knows the id of our mail does not make his mail vanish behind it.
  await arrive(world, proposals, {
    id: draft.internetMessageId,
    text: 'Pay to this account instead.',
    inReplyTo: 'a@t',
  })
  expect(await messagesOf(world)).toHaveLength(3)
})

test('a mail that nothing can read is one visible message with its reason, and can be tried again', async () => {
  const world = await openWorld()
  const { db, proposals } = world
  const raw = rawOf({ subject: 'Chairs' })
  await arriveRaw(world, proposals, raw)
  const [delivery] = await db.read.select().from(deliveries)
  await world.blobs.delete(delivery!.rawHash)
  await understandAgain(world.mail, delivery!.id)
  const [broken] = await messagesOf(world)
  expect(broken?.flaws.unreadable).toBe('The raw mail is missing from the disk.')
  expect((await db.read.select().from(deliveries))[0]).toMatchObject({ state: 'failed' })
  await world.blobs.put(raw)
  await understandAgain(world.mail, delivery!.id)
  const [after] = await db.read.select().from(deliveries)
  expect(after).toMatchObject({ state: 'understood', error: null, messageId: broken?.id })
})

test('any bytes at all become exactly one visible message', async () => {
  const world = await openWorld()
  const folder = path.join(import.meta.dirname, '../emails')
  const emails = readdirSync(folder).map((file) => readFileSync(path.join(folder, file)))
  const part = fc
    .tuple(fc.constantFrom(...emails), fc.nat(3000), fc.nat(2000))
    .map(([raw, start, length]) => raw.subarray(start, start + length))
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc.array(part, { maxLength: 4 }).map((parts) => Buffer.concat(parts)),
  )
  let run = 0
  await fc.assert(
    fc.asyncProperty(anything, async (raw) => {
      const address = `any${++run}@northwind.example`
      const mailbox = await world.db.write(async (tx) => await addMailbox(tx, { address, openToAll: false }))
      await arriveRaw(world, mailbox, raw)
      const shown = []
      for (const issue of await issuesOf(world, mailbox)) {
        const { timeline } = await readIssue(world.db.read, world.ada.id, issue.id)
        shown.push(...timeline.filter(({ kind }) => kind === 'message'))
      }
      expect(shown).toHaveLength(1)
      // Read again it is the same one.
      await world.db.write(async (tx) => {
        await tx.update(deliveries).set({ state: 'stored' }).where(eq(deliveries.mailboxId, mailbox.id))
      })
      await understand(world.mail, mailbox.id)
      expect(await world.db.read.$count(messages, eq(messages.mailboxId, mailbox.id))).toBe(1)
    }),
    { numRuns: 60, endOnFailure: true, examples: [[Buffer.alloc(0)], [Buffer.from('\0\xff\r\n')]] },
  )
})

test('understanding what is understood changes nothing', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'b@t', inReplyTo: 'a@t' })
  const before = await issuesOf(world, world.proposals)
  expect(await understand(world.mail, world.proposals.id)).toBe(0)
  expect(await issuesOf(world, world.proposals)).toEqual(before)
})

test('the same mails in the same order give the same issues on each engine', async () => {
  const world = await openWorld()
  const folder = path.join(import.meta.dirname, '../emails')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.eml')).sort()
  for (const [i, file] of files.entries())
    await arriveRaw(
      world,
      world.proposals,
      await readFile(path.join(folder, file)),
      'inbox',
      Date.UTC(2026, 10, 1) + i * 60_000,
    )
  const rows = await world.db.read
    .select({ message: messages, threadIssueId: threads.issueId, body: bodies })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(bodies, eq(bodies.messageId, messages.id))
    .where(eq(messages.mailboxId, world.proposals.id))
    .orderBy(asc(messages.at), asc(messages.internetMessageId), asc(messages.contentHash))
  const all = await issuesOf(world, world.proposals)
  const summary = {
    issues: all.map(({ number, subject, status, contactAddress, messageCount, snippet, lastMessageAt }) => [
      number,
      subject,
      status,
      contactAddress,
      messageCount,
      snippet,
      lastMessageAt,
    ]),
    messages: rows.map(({ message, threadIssueId, body }) => [
      all.find(({ id }) => id === threadIssueId)?.number,
      message.internetMessageId,
      message.contentHash,
      message.writer,
      message.fromAddress,
      message.subject,
      message.to,
      message.at,
      body.text,
      body.quotedFrom,
    ]),
  }
  expect(rows.length).toBeGreaterThanOrEqual(files.length)
  await expect(`${JSON.stringify(summary, null, 1)}\n`).toMatchFileSnapshot('ingest.snapshot.json')
})

test('a folder keeps its place, so that the next look goes on behind it', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, {}, {})
  expect(await folderOf(world, world.proposals, 'inbox')).toMatchObject({
    lastUid: 2,
    uidValidity: '1',
  })
})
