import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { events } from '../../db/schema.ts'
import { NO_DATE } from '../../db/vocabulary.ts'
import { countIssues } from '../../server/issues/count.ts'
import { assign, findIssue, setStatus } from '../../server/issues/issue.ts'
import { listIssues } from '../../server/issues/list.ts'
import { snooze, takeSnoozeBack } from '../../server/issues/snooze.ts'
import { runWaker, wakeDue } from '../../server/issues/wake.ts'
import { openWorld } from '../world.ts'
import { arrive, issuesOf } from './story.ts'

const HOUR = 3_600_000

async function withIssue() {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' }, { id: 'b@t', subject: 'Another matter' })
  const [first] = await issuesOf(world, world.proposals)
  const issue = await world.db.write(async (tx) =>
    assign(tx, await findIssue(tx, first!.id), { member: world.ben }, world.ada, 5_000),
  )
  const now = world.now()
  return { ...world, world, issue, now }
}

test('what is snoozed leaves the lists, and comes back to its assignee at the top of what is ours to move', async () => {
  const { db, ben, issue, now, world } = await withIssue()
  await db.write((tx) => snooze(tx, issue, { at: now + HOUR, onReply: false }, ben, now))
  const counts = await countIssues(db.read, ben.id, 'all', now)
  expect(counts).toMatchObject({ mine: 0, snoozed: 1, new: 1, open: 0 })
  expect(await wakeDue(db, now + HOUR - 1)).toBe(0)

  // The other one is ours to move by now too, and has the same mail time.
  const [, other] = await issuesOf(world, world.proposals)
  await db.write(async (tx) => assign(tx, await findIssue(tx, other!.id), { member: ben }, ben, now))
  expect(await wakeDue(db, now + HOUR)).toBe(1)
  expect(await wakeDue(db, now + HOUR)).toBe(0)
  const { issues: mine } = await listIssues(db.read, ben.id, 'all', { view: 'mine' })
  expect(mine.map(({ id }) => id)).toEqual([issue.id, other!.id])
  expect(mine[0]).toMatchObject({
    status: 'open',
    assigneeId: ben.id,
    waitingSince: now + HOUR,
    snoozedUntil: null,
    unread: true,
  })
  const woken = await db.read.select().from(events).where(eq(events.action, 'woken'))
  expect(woken).toMatchObject([{ issueId: issue.id, memberId: null, detail: { by: 'time', assigneeId: ben.id } }])
})

test('taking it back makes an issue what it was, waiting time and all', async () => {
  const { db, ben, issue, now } = await withIssue()
  const put = await db.write((tx) => snooze(tx, issue, { at: null, onReply: true }, ben, now))
  expect(put).toMatchObject({ status: 'snoozed', snoozedUntil: NO_DATE, wakesOnReply: true, waitingSince: null })
  const again = await db.write((tx) => snooze(tx, put, { at: now + HOUR, onReply: true }, ben, now))
  const back = await db.write((tx) => takeSnoozeBack(tx, again, ben, now))
  expect(back).toMatchObject({
    status: issue.status,
    waitingSince: issue.waitingSince,
    snoozedUntil: null,
    snoozedFrom: null,
    wakesOnReply: false,
  })
})

test.each([
  { onReply: true, writer: [], status: 'open', why: 'an answer wakes it' },
  { onReply: false, writer: [], status: 'snoozed', why: 'an answer does not wake what waits for its date' },
  { onReply: true, writer: ['Auto-Submitted: auto-replied'], status: 'snoozed', why: 'a machine wakes nothing' },
])('$why', async ({ onReply, writer, status }) => {
  const { db, ben, issue, now, world } = await withIssue()
  await db.write((tx) => snooze(tx, issue, { at: now + HOUR, onReply }, ben, now))
  await arrive(world, world.proposals, {
    id: 'c@t',
    inReplyTo: 'a@t',
    headers: writer,
    date: new Date('2026-11-20T11:00:00Z'),
  })
  expect(await findIssue(db.read, issue.id)).toMatchObject({ status, messageCount: 2, assigneeId: ben.id })
})

test('whoever moves it elsewhere ends the snooze', async () => {
  const { db, ben, issue, now } = await withIssue()
  const put = await db.write((tx) => snooze(tx, issue, { at: now + HOUR, onReply: true }, ben, now))
  const done = await db.write((tx) => setStatus(tx, put, 'done', null, ben, now))
  expect(done).toMatchObject({ status: 'done', snoozedUntil: null, wakesOnReply: false })
  expect(await wakeDue(db, now + 2 * HOUR)).toBe(0)
  await expect(db.write((tx) => snooze(tx, done, { at: now + HOUR, onReply: true }, ben, now))).rejects.toThrow(
    /Reopen/,
  )
})

test.each([
  [{ until: null }, 'until must be a time where onReply is not set.'],
  [{ until: 1_000 }, 'until must be in the future.'],
  [{ until: NO_DATE - 1 }, 'until must be within five years.'],
])('%j is refused', async (json, message) => {
  const { world, ben, issue } = await withIssue()
  const answer = await world.as(ben)(`/api/issues/${issue.id}/snooze`, { method: 'PUT', json })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ errors: [{ field: 'until', message }] })
})

test('what became due while nothing ran comes back, once, whoever of two nodes is first', async () => {
  const { db, ben, issue, now } = await withIssue()
  await db.write((tx) => snooze(tx, issue, { at: now + HOUR, onReply: false }, ben, now))
  const clock = () => now + 2 * HOUR
  const log = pino({ level: 'silent' })
  const nodes = [runWaker({ db, log, now: clock }), runWaker({ db, log, now: clock })]
  await expect.poll(async () => (await findIssue(db.read, issue.id)).status).toBe('open')
  await Promise.all(nodes.map((node) => node.stop()))
  expect(await db.read.$count(events, eq(events.action, 'woken'))).toBe(1)
})

test('what is due is found by an index', async () => {
  const { db, world, now } = await withIssue()
  world.queries.length = 0
  await wakeDue(db, now)
  const [asked] = world.queries.filter(({ statement }) => statement.includes('snoozed_until'))
  expect(await db.explain(asked!.statement, asked!.parameters)).toMatch(/issues_snoozed/)
})
