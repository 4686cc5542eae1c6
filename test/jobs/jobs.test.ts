import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { events, issues, jobItems, type Member } from '../../db/schema.ts'
import { countIssues } from '../../server/issues/count.ts'
import { findIssue, openIssue, setStatus } from '../../server/issues/issue.ts'
import { markSeen } from '../../server/issues/seen.ts'
import { runJobs, workJobs } from '../../server/jobs/worker.ts'
import { openWorld, type World } from '../world.ts'

const HOUR = 3_600_000
const log = pino({ level: 'silent' })

/** A world with so many issues in the open mailbox, the first being the oldest. */
async function withIssues(n: number) {
  const world = await openWorld()
  const ids = Array.from({ length: n }, () => uuidv7())
  await world.db.write(async (tx) => {
    for (const [i, id] of ids.entries()) {
      const contact = { name: 'Dana', address: 'dana@tacoma.example' }
      await openIssue(tx, world.proposals, { id, subject: `Matter ${i}`, contact, at: 1_000 + i }, world.now())
    }
  })
  const work = () => workJobs(world.db, world.now, 'test')
  return { ...world, world, ids, work }
}

async function ask(world: World, by: Member, act: object, over: object, id: string = randomUUID()) {
  const answer = await world.as(by)('/api/jobs', { method: 'POST', json: { id, act, over } })
  return { status: answer.status, job: (await answer.json()) as Answer }
}
type Answer = { id: string; state: string; total: number; done: number; skipped: number; error: null; detail?: string }

async function undo(world: World, by: Member, ofId: string, id: string = randomUUID()) {
  const answer = await world.as(by)(`/api/jobs/${ofId}/undo`, { method: 'POST', json: { id } })
  return { status: answer.status, job: (await answer.json()) as Answer }
}
const jobNow = async (world: World, by: Member, id: string) =>
  (await (await world.as(by)(`/api/jobs/${id}`)).json()) as Answer

/** All of the issues as they stand, without what counts changes of them. */
async function standing({ db }: Pick<World, 'db'>) {
  const rows = await db.read.select().from(issues).orderBy(asc(issues.id))
  return rows.map(({ version: _, statusVersion: __, assigneeVersion: ___, updatedAt: ____, ...row }) => row)
}
const statuses = async (world: Pick<World, 'db'>) => (await standing(world)).map(({ status }) => status)

test('one job changes all that a list holds, in steps, and another takes it back to the letter', async () => {
  const { world, db, ben, ids, work, now } = await withIssues(120)
  const before = await standing(world)
  const counted = await countIssues(db.read, ben.id, 'all', now())
  const { status, job } = await ask(
    world,
    ben,
    { do: 'status', status: 'done', reason: 'no_action' },
    { view: 'inbox' },
  )
  expect([status, job]).toMatchObject([201, { state: 'running', total: 120, done: 0 }])
  // Mail that comes now is not meant.
  const later = uuidv7()
  await db.write((tx) =>
    openIssue(
      tx,
      world.proposals,
      { id: later, subject: 'New', contact: { name: '', address: 'x@y.example' }, at: 9 },
      now(),
    ),
  )
  await work()
  expect(await jobNow(world, ben, job.id)).toMatchObject({ state: 'done', total: 120, done: 120, skipped: 0 })
  expect((await standing(world)).filter(({ status }) => status === 'new').map(({ id }) => id)).toEqual([later])
  expect((await standing(world)).find(({ id }) => id === ids[0])).toMatchObject({ doneReason: 'no_action' })

  const back = await undo(world, ben, job.id)
  expect(await undo(world, ben, job.id)).toMatchObject({ job: { id: back.job.id } })
  await work()
  expect((await standing(world)).filter(({ id }) => id !== later)).toEqual(before)
  expect(await countIssues(db.read, ben.id, 'all', now())).toEqual({ ...counted, new: 121, unassigned: 121 })
  expect((await undo(world, ben, back.job.id)).status).toBe(422)
})

test('a job that is cut off goes on where it was, and does nothing twice', async () => {
  const { world, db, ben, ids } = await withIssues(130)
  const { job } = await ask(world, ben, { do: 'assign', memberId: ben.id }, { issues: ids.map((id) => ({ id })) })
  // What dies after its first transaction, and says nothing any more.
  const cut = new AbortController()
  const first = workJobs(db, world.now, 'dies', cut.signal)
  db.wake.once('wake', () => db.wake.once('wake', () => cut.abort()))
  await first
  const half = await jobNow(world, ben, job.id)
  expect([half.state, half.done]).toEqual(['running', 50])

  // The lease of the one that died ends by itself.
  world.pass(HOUR)
  const worker = runJobs({ db, log, now: world.now })
  await expect.poll(async () => (await jobNow(world, ben, job.id)).state, { timeout: 15_000 }).toBe('done')
  await worker.stop()
  const assigned = await db.read.select().from(events).where(eq(events.action, 'assigned'))
  expect(assigned.map(({ issueId }) => issueId).toSorted()).toEqual(ids.toSorted())
  const items = await db.read.select({ state: jobItems.state }).from(jobItems)
  expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['done']))
})

test('nobody loses a change to a job, nor to what takes it back', async () => {
  const { world, db, ada, ben, ids, work, now } = await withIssues(3)
  const [first, second, third] = ids as [string, string, string]
  const set = (id: string, status: 'waiting' | 'trash') =>
    db.write(async (tx) => setStatus(tx, await findIssue(tx, id), status, null, ada, now()))
  const seen = ids.map((id) => ({ id, version: 1 }))
  await set(first, 'waiting')
  const { job } = await ask(world, ben, { do: 'status', status: 'done' }, { issues: seen })
  await work()
  expect(await statuses(world)).toEqual(['waiting', 'done', 'done'])
  expect(await jobNow(world, ben, job.id)).toMatchObject({ done: 3, skipped: 1 })

  await set(second, 'trash')
  const back = await undo(world, ben, job.id)
  await work()
  expect(await statuses(world)).toEqual(['waiting', 'trash', 'new'])
  expect(await jobNow(world, ben, back.job.id)).toMatchObject({ done: 2, skipped: 1 })
  expect(third).toBe(ids[2])
})

test('tags, snooze, seen, merge and assignees each go and come back, the last first', async () => {
  const { world, db, ben, ids, work, desk, ada } = await withIssues(4)
  await db.write(async (tx) => markSeen(tx, await findIssue(tx, ids[0]!), ben, world.now()))
  const before = await standing(world)
  const unread = async () =>
    (
      (await (await world.as(ben)('/api/issues?view=all')).json()) as { issues: { id: string; unread: boolean }[] }
    ).issues.map(({ id, unread }) => [ids.indexOf(id), unread])
  const seenBefore = await unread()
  const all = { view: 'all' }
  const acts = [
    { do: 'tag', add: ['Tender', 'Fleet'], remove: [] },
    { do: 'tag', add: [], remove: ['tender'] },
    { do: 'assign', teamId: desk.id },
    { do: 'assign', memberId: ada.id },
    { do: 'snooze', until: world.now() + HOUR, onReply: true },
    { do: 'snooze', until: world.now() + 2 * HOUR },
    { do: 'status', status: 'waiting' },
    { do: 'unread', unread: false },
    { do: 'merge', intoId: ids[3] },
  ]
  const done: string[] = []
  for (const act of acts) {
    const { status, job } = await ask(world, ben, act, all)
    expect([act, status]).toEqual([act, 201])
    await work()
    expect([act, await jobNow(world, ben, job.id)]).toMatchObject([act, { state: 'done', error: null }])
    done.push(job.id)
  }
  expect((await standing(world)).map(({ status, assigneeId, tagIds }) => [status, assigneeId, tagIds.length])).toEqual([
    ['merged', null, 1],
    ['merged', null, 1],
    ['merged', null, 1],
    ['waiting', ada.id, 1],
  ])
  for (const id of done.toReversed()) {
    await undo(world, ben, id)
    await work()
  }
  expect(await standing(world)).toEqual(before)
  expect(await unread()).toEqual(seenBefore)
})

test('a job sees what its member sees, by now, and belongs to nobody else', async () => {
  const { world, db, ada, ben, mo, vic, ids, closed, work, now } = await withIssues(2)
  const hidden = uuidv7()
  const contact = { name: '', address: 'x@y.example' }
  await db.write((tx) => openIssue(tx, closed, { id: hidden, subject: 'Hidden', contact, at: 5 }, now()))
  const named = { issues: [...ids, hidden, randomUUID()].map((id) => ({ id })) }
  // Mo is in no team: the closed mailbox is not theirs to see. What never was is left out of the database's view too.
  const { status } = await ask(world, mo, { do: 'status', status: 'spam' }, named)
  expect(status).toBe(201)
  await work()
  expect(await statuses(world)).toEqual(['spam', 'spam', 'new'])

  expect((await ask(world, vic, { do: 'status', status: 'new' }, named)).status).toBe(403)
  const { job } = await ask(world, ben, { do: 'status', status: 'trash' }, { view: 'spam' })
  expect((await world.as(ada)(`/api/jobs/${job.id}`)).status).toBe(404)
  expect((await undo(world, ada, job.id)).status).toBe(404)
  expect((await ask(world, ada, { do: 'status', status: 'new' }, { view: 'spam' }, job.id)).status).toBe(400)
  // Taken back before it was done: it is not done at all.
  await undo(world, ben, job.id)
  await work()
  expect(await statuses(world)).toEqual(['spam', 'spam', 'new'])
})

test('what would go wrong with every issue, or with a search that is not understood, is said at once', async () => {
  const { world, ben, ids } = await withIssues(1)
  const named = { issues: [{ id: ids[0]! }] }
  const refused = async (act: object, over: object) => {
    const { status, job } = await ask(world, ben, act, over)
    return [status, job.detail]
  }
  expect(await refused({ do: 'assign', memberId: randomUUID() }, named)).toMatchObject([400, expect.any(String)])
  expect(await refused({ do: 'snooze', until: 1_000 }, named)).toMatchObject([400, expect.any(String)])
  expect(await refused({ do: 'merge', intoId: randomUUID() }, named)).toMatchObject([404, expect.any(String)])
  expect(await refused({ do: 'status', status: 'done' }, { q: 'status:nonsense' })).toMatchObject([
    422,
    expect.stringContaining('not understood'),
  ])
  expect((await ask(world, ben, { do: 'status', status: 'done' }, { q: 'is:unassigned' })).job.total).toBe(1)
})
