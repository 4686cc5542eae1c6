import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { counts, issues, messages, notes, threads } from '../../db/schema.ts'
import { assign, findIssue, setStatus } from '../../server/issues/issue.ts'
import { merge, unmerge } from '../../server/issues/merge.ts'
import { addNote } from '../../server/issues/note.ts'
import { split, unsplit } from '../../server/issues/split.ts'
import { openWorld, type World } from '../world.ts'
import { arrive, issuesOf } from './story.ts'

const FIRST = { id: 'a@t', subject: 'RFQ 2026-17 telematics', date: new Date('2026-11-18T09:00:00Z') }
const SECOND = {
  id: 'b@t',
  subject: 'Question about lot 3',
  from: 'Omar <omar@tacoma.example>',
  date: new Date('2026-11-19T09:00:00Z'),
}

async function twoIssues() {
  const world = await openWorld()
  await arrive(world, world.proposals, FIRST, SECOND)
  const [a, b] = await issuesOf(world, world.proposals)
  return { world, a: a!.id, b: b!.id }
}

/** An issue as lists show it, its mails in their order, its notes, and where it is. */
async function shapeOf({ db }: World, id: string) {
  const { version, statusVersion, assigneeVersion, updatedAt, ...row } = await findIssue(db.read, id)
  const mails = await db.read
    .select({ id: messages.internetMessageId, apart: threads.apart, threadId: threads.id })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, id))
    .orderBy(messages.at)
  return { ...row, mails, notes: await db.read.select().from(notes).where(eq(notes.issueId, id)) }
}

const issue = (world: World, id: string) => findIssue(world.db.read, id)
const mailsOf = async (world: World, id: string) => (await shapeOf(world, id)).mails.map((mail) => mail.id)

async function bringIn(world: World, from: string, into: string) {
  return await world.db.write(async (tx) =>
    merge(tx, await findIssue(tx, from), await findIssue(tx, into), world.ben, world.now()),
  )
}
async function takeOut(world: World, id: string) {
  return await world.db.write(async (tx) => unmerge(tx, await findIssue(tx, id), world.ben, world.now()))
}

/** The counts are those of the issues. */
async function expectTrueCounts({ db }: World) {
  const rows = await db.read.select().from(issues)
  const counted = await db.read.select().from(counts)
  const kept = Object.fromEntries(
    counted.filter(({ n }) => n !== 0).map((row) => [`${row.status} ${row.assignee}`, row.n]),
  )
  const keys = rows.map(
    ({ status, assigneeId, teamId }) => `${status} ${assigneeId ? `m:${assigneeId}` : teamId ? `t:${teamId}` : ''}`,
  )
  expect(kept).toEqual(Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length])))
}

describe('bringing an issue into another', () => {
  test('its emails and notes are there, it is in no list, and taking it out restores both exactly', async () => {
    const { world, a, b } = await twoIssues()
    const { db, ben, mo } = world
    await db.write(async (tx) => {
      await addNote(tx, await findIssue(tx, b), { id: uuidv7(), text: 'Ask Omar.' }, ben, 5)
      await assign(tx, await findIssue(tx, b), { member: mo }, ben, 6)
      await setStatus(tx, await findIssue(tx, a), 'waiting', null, ben, 7)
    })
    const before = [await shapeOf(world, a), await shapeOf(world, b)]
    await bringIn(world, b, a)
    expect(await mailsOf(world, a)).toEqual(['a@t', 'b@t'])
    expect(await issue(world, a)).toMatchObject({
      status: 'open',
      assigneeId: mo.id,
      messageCount: 2,
      lastFrom: 'Omar',
    })
    expect(await issue(world, b)).toMatchObject({
      status: 'merged',
      mergedIntoId: a,
      messageCount: 0,
      assigneeId: null,
    })
    await expectTrueCounts(world)
    await takeOut(world, b)
    expect([await shapeOf(world, a), await shapeOf(world, b)]).toEqual(before)
    await expectTrueCounts(world)
  })

  test('an answer to it comes in where it went, and goes along when it is taken out', async () => {
    const { world, a, b } = await twoIssues()
    await world.db.write(async (tx) => setStatus(tx, await findIssue(tx, b), 'done', 'answered', world.ben, 5))
    await bringIn(world, b, a)
    await arrive(world, world.proposals, {
      ...SECOND,
      id: 'c@t',
      inReplyTo: 'b@t',
      date: new Date('2026-11-20T09:00:00Z'),
    })
    await arrive(world, world.proposals, {
      ...FIRST,
      id: 'd@t',
      inReplyTo: 'a@t',
      date: new Date('2026-11-20T10:00:00Z'),
    })
    expect(await mailsOf(world, a)).toEqual(['a@t', 'b@t', 'c@t', 'd@t'])
    await takeOut(world, b)
    expect([await mailsOf(world, a), await mailsOf(world, b)]).toEqual([
      ['a@t', 'd@t'],
      ['b@t', 'c@t'],
    ])
    // It was done; the answer that came meanwhile opens it, as it would have.
    expect(await issue(world, b)).toMatchObject({ status: 'open', doneReason: null, messageCount: 2 })
    await expectTrueCounts(world)
  })

  test('what somebody changed since stays when it is taken out', async () => {
    const { world, a, b } = await twoIssues()
    const { ben, mo, db } = world
    await bringIn(world, b, a)
    await db.write(async (tx) => assign(tx, await findIssue(tx, a), { member: mo }, ben, 9))
    await takeOut(world, b)
    expect(await issue(world, a)).toMatchObject({ status: 'open', assigneeId: mo.id })
  })

  test('merges within merges come apart in any order', async () => {
    const { world, a, b } = await twoIssues()
    await arrive(world, world.proposals, { id: 'x@t', subject: 'Third', date: new Date('2026-11-19T12:00:00Z') })
    const c = (await issuesOf(world, world.proposals))[2]!.id
    await bringIn(world, c, b)
    await bringIn(world, b, a)
    await takeOut(world, c)
    expect(await Promise.all([a, b, c].map((id) => mailsOf(world, id)))).toEqual([['a@t', 'b@t'], [], ['x@t']])
    await takeOut(world, b)
    expect(await Promise.all([a, b, c].map((id) => mailsOf(world, id)))).toEqual([['a@t'], ['b@t'], ['x@t']])
    await expectTrueCounts(world)
  })

  test('what different people see stays apart', async () => {
    const { world, a } = await twoIssues()
    await arrive(world, world.closed, { id: 'z@t', to: 'desk@northwind.example' })
    const [hidden] = await issuesOf(world, world.closed)
    await expect(bringIn(world, hidden!.id, a)).rejects.toThrow('open to different people')
    await expect(bringIn(world, a, a)).rejects.toThrow('into itself')
  })
})

describe('taking emails out', () => {
  async function conversation() {
    const world = await openWorld()
    await arrive(
      world,
      world.proposals,
      FIRST,
      { ...SECOND, inReplyTo: 'a@t', references: ['a@t'] },
      { ...FIRST, id: 'c@t', inReplyTo: 'a@t', date: new Date('2026-11-20T09:00:00Z') },
    )
    const [found] = await issuesOf(world, world.proposals)
    const rows = await world.db.read.select().from(messages)
    const idOf = (internetId: string) => rows.find((row) => row.internetMessageId === internetId)!.id
    return { world, a: found!.id, idOf }
  }
  async function splitOff(world: World, id: string, messageIds: string[]) {
    const asked = { id: uuidv7(), messageIds, subject: 'Question about lot 3' }
    const go = () => world.db.write(async (tx) => split(tx, await findIssue(tx, id), asked, world.ben, world.now()))
    await go()
    // Asked again, nothing more is taken.
    return (await go()).id
  }

  test('a single email gets an issue of its own, its answers follow, and nothing ties it again', async () => {
    const { world, a, idOf } = await conversation()
    const b = await splitOff(world, a, [idOf('b@t')])
    expect([await mailsOf(world, a), await mailsOf(world, b)]).toEqual([['a@t', 'c@t'], ['b@t']])
    expect(await issue(world, b)).toMatchObject({
      status: 'new',
      contactAddress: 'omar@tacoma.example',
      messageCount: 1,
    })
    await arrive(
      world,
      world.proposals,
      { ...SECOND, id: 'd@t', inReplyTo: 'b@t', references: ['a@t', 'b@t'], date: new Date('2026-11-20T10:00:00Z') },
      {
        ...FIRST,
        id: 'e@t',
        inReplyTo: 'c@t',
        references: ['a@t', 'b@t', 'c@t'],
        date: new Date('2026-11-20T11:00:00Z'),
      },
    )
    expect([await mailsOf(world, a), await mailsOf(world, b)]).toEqual([
      ['a@t', 'c@t', 'e@t'],
      ['b@t', 'd@t'],
    ])
    await expectTrueCounts(world)
  })

  test('putting it back restores the issue exactly, with what came since', async () => {
    const { world, a, idOf } = await conversation()
    await world.db.write(async (tx) => setStatus(tx, await findIssue(tx, a), 'waiting', null, world.ben, 5))
    const before = await shapeOf(world, a)
    const b = await splitOff(world, a, [idOf('b@t')])
    const putBack = () => world.db.write(async (tx) => unsplit(tx, await findIssue(tx, b), world.ben, world.now()))
    await putBack()
    expect(await shapeOf(world, a)).toEqual(before)
    expect(await issue(world, b)).toMatchObject({ status: 'merged', mergedIntoId: a })
    await expect(putBack()).rejects.toThrow('part of another issue')
    await expectTrueCounts(world)
  })

  test('a whole thread moves as it is, and stays apart from then on', async () => {
    const { world, a, b } = await twoIssues()
    await bringIn(world, b, a)
    const rows = await world.db.read.select().from(messages).where(eq(messages.internetMessageId, 'b@t'))
    const before = await shapeOf(world, a)
    const c = await splitOff(world, a, [rows[0]!.id])
    expect((await shapeOf(world, c)).mails).toEqual([{ id: 'b@t', apart: true, threadId: rows[0]!.threadId }])
    await world.db.write(async (tx) => unsplit(tx, await findIssue(tx, c), world.ben, world.now()))
    expect((await shapeOf(world, a)).mails).toEqual(before.mails)
  })

  test('something must stay', async () => {
    const { world, a, idOf } = await conversation()
    await expect(splitOff(world, a, ['a@t', 'b@t', 'c@t'].map(idOf))).rejects.toThrow('nothing would be left')
  })
})
