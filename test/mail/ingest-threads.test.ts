import { asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, issues, type Mailbox, messages, threads, traffic } from '../../db/schema.ts'
import { assign, findIssue, setStatus } from '../../server/issues/issue.ts'
import { addNote } from '../../server/issues/note.ts'
import { markSeen } from '../../server/issues/seen.ts'
import { readIssue } from '../../server/issues/timeline.ts'
import { unitedStatus } from '../../server/issues/unite.ts'
import { ownMessageId } from '../../server/mail/send/own-id.ts'
import { arrive, issuesOf, type Letter } from '../issues/story.ts'
import { addMailbox, openWorld, type World } from '../world.ts'

const DAY_MS = 86_400_000
const MORNING = Date.parse('2026-11-20T09:41:00Z')

/** The Message-IDs of a mailbox, issue by issue. */
async function groupsIn({ db }: Pick<World, 'db'>, mailbox: Pick<Mailbox, 'id'>): Promise<string[][]> {
  const rows = await db.read
    .select({ id: messages.internetMessageId, issueId: threads.issueId })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .where(eq(messages.mailboxId, mailbox.id))
    .orderBy(asc(messages.internetMessageId))
  return Object.values(Object.groupBy(rows, ({ issueId }) => issueId))
    .map((group) => (group ?? []).map(({ id }) => id))
    .sort()
}

async function eventsOf({ db }: Pick<World, 'db'>, issueId: string) {
  const rows = await db.read.select().from(events).where(eq(events.issueId, issueId)).orderBy(asc(events.id))
  return rows.map(({ action, detail }) => ({ action, detail }))
}

async function flagsOf({ db }: Pick<World, 'db'>, id: string) {
  const [row] = await db.read.select().from(messages).where(eq(messages.internetMessageId, id))
  return row?.extras
}

test('answers to a mail that we do not have are one conversation where they have somebody in common', async () => {
  const world = await openWorld()
  const { proposals } = world
  const answer = { inReplyTo: 'gone@t', references: ['gone@t'], subject: 'Re: Newsletter' }
  await arrive(
    world,
    proposals,
    { ...answer, id: 'a@t', from: 'ada@x.example' },
    { ...answer, id: 'b@t', from: 'bob@y.example' },
    { ...answer, id: 'c@t', from: 'ada@x.example' },
  )
  expect(await groupsIn(world, proposals)).toEqual([['a@t', 'c@t'], ['b@t']])
})

test('whatever the order in which the mails of a thread come, and whichever are missing, they end up together', async () => {
  const world = await openWorld()
  const mail = fc.record({ parent: fc.nat(), missing: fc.boolean(), sender: fc.nat({ max: 2 }), key: fc.nat() })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(mail, { minLength: 2, maxLength: 8 }), async (tree) => {
      run++
      const mailbox = await world.db.write(
        async (tx) => await addMailbox(tx, { address: `box${run}@northwind.example`, openToAll: false }),
      )
      // The first mail begins the thread; each other one answers one before it.
      const parents = tree.map(({ parent }, i) => (i === 0 ? null : parent % i))
      const ancestorsOf = (i: number): number[] => {
        const parent = parents[i] ?? null
        return parent === null ? [] : [...ancestorsOf(parent), parent]
      }
      const idOf = (i: number) => `m${i}.${run}@tacoma.example`
      const letterOf = (i: number): Letter => ({
        id: idOf(i),
        from: `p${tree[i]!.sender}@tacoma.example`,
        subject: i === 0 ? 'Chairs' : 'Re: Chairs',
        ...(i === 0 ? {} : { inReplyTo: idOf(parents[i]!), references: ancestorsOf(i).map(idOf) }),
        date: new Date(MORNING + i * 60_000),
      })
      const present = tree.flatMap(({ missing }, i) => (missing ? [] : [i]))
      const order = present.toSorted((a, b) => tree[a]!.key - tree[b]!.key)
      for (const i of order) await arrive(world, mailbox, letterOf(i))

      // Each mail is with the nearest one before it that came, and with those that name the same missing one and whose
      // writer is the same.
      const group = new Map<number, number>()
      const join = (a: number, b: number) => {
        const [from, to] = [group.get(a)!, group.get(b)!]
        for (const [i, of] of group) if (of === from) group.set(i, to)
      }
      for (const i of present) {
        group.set(i, i)
        const nearest = ancestorsOf(i).findLast((ancestor) => !tree[ancestor]!.missing)
        if (nearest !== undefined) join(i, nearest)
        for (const other of present) {
          const shared = ancestorsOf(i).some((ancestor) => ancestorsOf(other).includes(ancestor))
          if (other < i && shared && tree[other]!.sender === tree[i]!.sender) join(i, other)
        }
      }
      const expected = Object.values(Object.groupBy(present, (i) => group.get(i)!)).map((ids) =>
        (ids ?? []).map(idOf).sort(),
      )
      expect(await groupsIn(world, mailbox)).toEqual(expected.sort())
    }),
    { numRuns: 30, endOnFailure: true },
  )
})

test('a mail that comes late makes one issue of two; what nobody had looked at goes', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { id: 'a@t', subject: 'Chairs' },
    { id: 'c@t', subject: 'Re: Chairs', inReplyTo: 'b@t', text: 'And tables?', date: new Date(MORNING + 2000) },
  )
  const [first, second] = await issuesOf(world, world.proposals)
  await arrive(world, world.proposals, { id: 'b@t', subject: 'Re: Chairs', inReplyTo: 'a@t' })
  expect(await issuesOf(world, world.proposals)).toMatchObject([
    { id: first!.id, messageCount: 3, snippet: 'And tables?', status: 'new' },
  ])
  expect(await eventsOf(world, first!.id)).toContainEqual({
    action: 'united',
    detail: {
      fromIssueId: second!.id,
      fromNumber: 2,
      fromSubject: 'Chairs',
      fromAssigneeId: null,
      fromTeamId: null,
      known: false,
      messageIds: [expect.any(String)],
    },
  })
  const { counts } = await countsOf(world)
  expect(counts).toMatchObject({ new: 1, unassigned: 1 })
})

async function countsOf(world: World) {
  const answer = await world.as(world.ada)('/api/issues/counts')
  // The cast: what the route answers, of which the test compares some.
  return { counts: (await answer.json()) as Record<string, unknown> }
}

test('a mail that comes after all of its answers brings them together', async () => {
  const world = await openWorld()
  const answer = (id: string, minutes: number): Letter => ({
    id,
    inReplyTo: 'a@t',
    subject: 'Re: Chairs',
    date: new Date(MORNING + minutes * 60_000),
  })
  await arrive(world, world.proposals, answer('d@t', 3), answer('c@t', 2), answer('b@t', 1), {
    id: 'a@t',
    subject: 'Chairs',
  })
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ number: 1, messageCount: 4 }])
})

test('an issue that somebody worked in stays as a duplicate with its notes, and both name each other', async () => {
  const world = await openWorld()
  const { db, ada, ben } = world
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'c@t', inReplyTo: 'b@t', date: new Date(MORNING + 2000) })
  const [first, second] = await issuesOf(world, world.proposals)
  await db.write(async (tx) => {
    await setStatus(tx, first!, 'waiting', null, ada, MORNING)
    await assign(tx, second!, { member: ben }, ada, MORNING)
    await addNote(tx, await findIssue(tx, second!.id), { id: uuidv7(), text: 'They called.' }, ben, MORNING)
  })
  await arrive(world, world.proposals, { id: 'b@t', inReplyTo: 'a@t' })
  expect(await issuesOf(world, world.proposals)).toMatchObject([
    { id: first!.id, messageCount: 3, status: 'open', assigneeId: ben.id },
    { id: second!.id, messageCount: 0, status: 'done', doneReason: 'duplicate', assigneeId: ben.id },
  ])
  expect((await eventsOf(world, second!.id)).at(-1)).toEqual({
    action: 'united',
    detail: { intoIssueId: first!.id, intoNumber: 1, intoSubject: first!.subject },
  })
})

test('an issue that somebody has open is not taken away from under them', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'c@t', inReplyTo: 'b@t' })
  const [, second] = await issuesOf(world, world.proposals)
  await world.db.write(async (tx) => await markSeen(tx, second!, world.ben, MORNING))
  await arrive(world, world.proposals, { id: 'b@t', inReplyTo: 'a@t' })
  expect(await findIssue(world.db.read, second!.id)).toMatchObject({ status: 'done', doneReason: 'duplicate' })
})

test('what is out of sight takes no other mail with it', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'c@t', inReplyTo: 'b@t' })
  const [first, second] = await issuesOf(world, world.proposals)
  await world.db.write(async (tx) => await setStatus(tx, first!, 'spam', null, world.ada, MORNING))
  await arrive(world, world.proposals, { id: 'b@t', inReplyTo: 'a@t' })
  expect(await issuesOf(world, world.proposals)).toMatchObject([
    { id: first!.id, status: 'done', doneReason: 'duplicate', messageCount: 0 },
    { id: second!.id, status: 'new', messageCount: 3 },
  ])
})

test.each([
  ['new', 'new', 'new'],
  ['new', 'waiting', 'open'],
  ['done', 'new', 'open'],
  ['waiting', 'open', 'open'],
  ['done', 'waiting', 'waiting'],
  ['done', 'done', 'done'],
  ['done', 'spam', 'done'],
  ['spam', 'trash', 'spam'],
] as const)('of an issue that is %s and one that is %s comes one that is %s', (kept, moved, status) => {
  expect(unitedStatus(kept, moved)).toBe(status)
})

test('an id of ours leads an answer to its issue though the mail itself is unknown; a forged one does not', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const own = ownMessageId(world.secrets, issue!.id, uuidv7(), 'northwind.example')
  await arrive(
    world,
    world.proposals,
    { id: 'b@t', inReplyTo: own, from: 'omar@other.example', subject: 'Something else' },
    { id: 'c@t', inReplyTo: own.replace(/\.[0-9a-f]{12}@/, '.000000000000@'), subject: 'Forged' },
  )
  expect(await groupsIn(world, world.proposals)).toEqual([['a@t', 'b@t'], ['c@t']])
})

test('an id of ours finds its issue also after two became one', async () => {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'c@t', inReplyTo: 'b@t' })
  const [first, second] = await issuesOf(world, world.proposals)
  await world.db.write(async (tx) => await markSeen(tx, second!, world.ben, MORNING))
  await arrive(world, world.proposals, { id: 'b@t', inReplyTo: 'a@t' })
  const own = ownMessageId(world.secrets, second!.id, uuidv7(), 'northwind.example')
  await arrive(world, world.proposals, { id: 'd@t', inReplyTo: own })
  expect(await findIssue(world.db.read, first!.id)).toMatchObject({ messageCount: 4 })
})

test('an answer to what was done more than 30 days ago begins a new issue, linked to the old one', async () => {
  const world = await openWorld()
  const { db, ada, proposals } = world
  await arrive(world, proposals, { id: 'a@t', subject: 'Chairs' })
  const [old] = await issuesOf(world, proposals)
  await db.write(async (tx) => await setStatus(tx, old!, 'done', null, ada, MORNING))
  const late = (days: number) => new Date(MORNING + days * DAY_MS)
  await arrive(world, proposals, { id: 'b@t', subject: 'Re: Chairs', inReplyTo: 'a@t', date: late(31) })
  const [, fresh] = await issuesOf(world, proposals)
  expect(fresh).toMatchObject({ number: 2, subject: 'Chairs', status: 'new', messageCount: 1 })
  expect(await eventsOf(world, old!.id)).toContainEqual({
    action: 'continued',
    detail: { intoIssueId: fresh!.id, intoNumber: 2, intoSubject: 'Chairs' },
  })
  expect(await eventsOf(world, fresh!.id)).toContainEqual({
    action: 'continued',
    detail: { fromIssueId: old!.id, fromNumber: 1, fromSubject: 'Chairs' },
  })
  // Answers to either go on in the new one.
  await arrive(
    world,
    proposals,
    { id: 'c@t', subject: 'Re: Chairs', inReplyTo: 'a@t', date: late(32) },
    { id: 'd@t', subject: 'Re: Chairs', inReplyTo: 'b@t', references: ['a@t', 'b@t'], date: late(33) },
  )
  expect(await groupsIn(world, proposals)).toEqual([['a@t'], ['b@t', 'c@t', 'd@t']])
})

test('what goes on in a new issue is not put back by a mail that comes late', async () => {
  const world = await openWorld()
  const { proposals } = world
  await arrive(world, proposals, { id: 'a@t', subject: 'Chairs' })
  const [old] = await issuesOf(world, proposals)
  await world.db.write(async (tx) => await setStatus(tx, old!, 'done', null, world.ada, MORNING))
  const answer = { subject: 'Re: Chairs', references: ['a@t', 'x@t'] }
  await arrive(
    world,
    proposals,
    { id: 'b@t', ...answer, inReplyTo: 'x@t', date: new Date(MORNING + 40 * DAY_MS) },
    { id: 'x@t', subject: 'Re: Chairs', inReplyTo: 'a@t', date: new Date(MORNING + DAY_MS) },
    {
      id: 'c@t',
      subject: 'Re: Chairs',
      inReplyTo: 'b@t',
      references: ['a@t', 'x@t', 'b@t'],
      date: new Date(MORNING + 41 * DAY_MS),
    },
  )
  expect(await groupsIn(world, proposals)).toEqual([
    ['a@t', 'x@t'],
    ['b@t', 'c@t'],
  ])
})

test('an answer within the 30 days opens the issue again; one by a machine does not, nor does it count as work', async () => {
  const world = await openWorld()
  const { proposals } = world
  const after = (days: number) => new Date(MORNING + days * DAY_MS)
  await arrive(world, proposals, { id: 'a@t' })
  const finish = async (at: number) => {
    const [issue] = await issuesOf(world, proposals)
    await world.db.write(async (tx) => await setStatus(tx, issue!, 'done', null, world.ada, at))
  }
  await finish(MORNING)
  await arrive(world, proposals, { inReplyTo: 'a@t', date: after(29) })
  expect(await issuesOf(world, proposals)).toMatchObject([{ status: 'open', messageCount: 2 }])
  await finish(MORNING + 30 * DAY_MS)
  await arrive(world, proposals, { inReplyTo: 'a@t', headers: ['Auto-Submitted: auto-replied'], date: after(70) })
  expect(await issuesOf(world, proposals)).toMatchObject([{ status: 'done', messageCount: 3 }])
  await arrive(world, proposals, { inReplyTo: 'a@t', date: after(71) })
  expect(await issuesOf(world, proposals)).toMatchObject([{ status: 'done' }, { status: 'new', messageCount: 1 }])
})

test('another subject and a sender who had no part are told, and neither keeps a mail from its thread', async () => {
  const world = await openWorld()
  await arrive(
    world,
    world.proposals,
    { id: 'a@t', subject: 'Chairs', cc: 'Omar <omar@tacoma.example>' },
    { id: 'b@t', subject: 'Invoice 17', inReplyTo: 'a@t' },
    { id: 'c@t', subject: 'Re: Chairs', inReplyTo: 'a@t', from: 'omar@tacoma.example' },
    { id: 'd@t', subject: 'Re: Chairs', inReplyTo: 'c@t', from: 'eve@elsewhere.example' },
    { id: 'e@t', subject: 'Re: Chairs', inReplyTo: 'd@t', from: 'eve@elsewhere.example' },
  )
  expect(await groupsIn(world, world.proposals)).toEqual([['a@t', 'b@t', 'c@t', 'd@t', 'e@t']])
  expect(await flagsOf(world, 'b@t')).toEqual({ subjectChanged: true })
  expect(await flagsOf(world, 'c@t')).toEqual({})
  expect(await flagsOf(world, 'd@t')).toEqual({ newParticipant: true })
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ contactAddress: 'dana@tacoma.example' }])
})

test('each who answers a mail to many gets an issue of their own', async () => {
  const world = await openWorld()
  const { proposals } = world
  const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}@many.example`).join(', ')
  const answer = { inReplyTo: 'news@t', subject: 'Re: New prices' }
  await arrive(
    world,
    proposals,
    { id: 'early@t', ...answer, from: 'c@many.example' },
    { id: 'news@t', subject: 'New prices', from: 'proposals@northwind.example', to: many, folder: 'sent' },
    { id: 'a1@t', ...answer, from: 'a@many.example' },
    { id: 'b1@t', ...answer, from: 'b@many.example' },
    { id: 'a2@t', ...answer, from: 'a@many.example' },
    { id: 'a3@t', ...answer, inReplyTo: 'a1@t', references: ['news@t', 'a1@t'], from: 'a@many.example' },
    { id: 'away@t', ...answer, from: 'd@many.example', headers: ['Auto-Submitted: auto-replied'] },
  )
  expect(await groupsIn(world, proposals)).toEqual([
    ['a1@t', 'a2@t', 'a3@t'],
    ['away@t', 'news@t'],
    ['b1@t'],
    ['early@t'],
  ])
})

test('mails of the same second stand in the order of their answers, whenever each came', async () => {
  const world = await openWorld()
  const c = { id: 'c@t', inReplyTo: 'b@t', references: ['a@t', 'b@t'] }
  const d = { id: 'd@t', inReplyTo: 'c@t', text: 'The last word.' }
  await arrive(world, world.proposals, d, c, { id: 'b@t', inReplyTo: 'a@t' }, { id: 'a@t' })
  const [issue, ...others] = await issuesOf(world, world.proposals)
  expect(others).toEqual([])
  expect(issue).toMatchObject({ messageCount: 4, snippet: 'The last word.' })
  const { timeline } = await readIssue(world.db.read, world.ben.id, issue!.id)
  const shown = timeline.flatMap((entry) => (entry.kind === 'message' ? [entry.message.id] : []))
  const rows = await world.db.read.select().from(messages)
  expect(shown.map((id) => rows.find((row) => row.id === id)?.internetMessageId)).toEqual(['a@t', 'b@t', 'c@t', 'd@t'])
})

test('a mail to two of our addresses is one message in one issue', async () => {
  const world = await openWorld()
  const { db, proposals } = world
  const sales = await db.write(
    async (tx) => await addMailbox(tx, { address: 'sales@northwind.example', name: 'Sales' }),
  )
  const letter = { id: 'a@t', to: 'proposals@northwind.example, sales@northwind.example' }
  await arrive(world, proposals, letter)
  await arrive(world, sales, letter, { id: 'b@t', inReplyTo: 'a@t' })
  expect(await groupsIn(world, proposals)).toEqual([['a@t']])
  expect(await issuesOf(world, proposals)).toMatchObject([{ messageCount: 2 }])
  expect(await issuesOf(world, sales)).toEqual([])
  // Found in two folders of one mailbox it is still one mail there.
  await arrive(world, sales, { ...letter, folder: 'other' })
  const counted = await db.read.select({ mailboxId: traffic.mailboxId, received: traffic.received }).from(traffic)
  expect(counted.sort((a, b) => a.received - b.received)).toEqual([
    { mailboxId: proposals.id, received: 1 },
    { mailboxId: sales.id, received: 2 },
  ])
  const page = await world.as(world.ben)(`/api/issues/${(await issuesOf(world, proposals))[0]!.id}`)
  expect(await page.json()).toMatchObject({
    mailboxes: [{ address: 'proposals@northwind.example' }, { address: 'sales@northwind.example', name: 'Sales' }],
  })
})

test('what others can not see is never joined with what they can', async () => {
  const world = await openWorld()
  const letter = { id: 'a@t', to: 'proposals@northwind.example, desk@northwind.example' }
  await arrive(world, world.closed, letter)
  await arrive(world, world.proposals, letter, { id: 'b@t', inReplyTo: 'a@t' })
  expect(await issuesOf(world, world.closed)).toMatchObject([{ messageCount: 1 }])
  expect(await issuesOf(world, world.proposals)).toMatchObject([{ messageCount: 2 }])
})
