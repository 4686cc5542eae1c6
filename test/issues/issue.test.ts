import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { countIssues } from '../../server/issues/count.ts'
import { assign, findIssue, openIssue, setStatus } from '../../server/issues/issue.ts'
import { addNote } from '../../server/issues/note.ts'
import { readIssue } from '../../server/issues/timeline.ts'
import { openWorld, type World } from '../world.ts'

const about = (subject: string) => ({ subject, contact: { name: 'Dana', address: 'dana@tacoma.example' }, at: 1000 })

async function anIssue({ db, proposals }: World, subject = 'Chairs') {
  return await db.write(async (tx) => await openIssue(tx, proposals, about(subject), 2000))
}

test('an issue that nobody has looked at needs triage, and its number is the next of its mailbox', async () => {
  const world = await openWorld()
  const first = await anIssue(world)
  const second = await anIssue(world)
  expect([first.number, second.number]).toEqual([1, 2])
  expect(second).toMatchObject({ status: 'new', assigneeId: null, teamId: null, waitingSince: 1000 })
})

test('giving an issue to somebody makes it ours to move and records who did it', async () => {
  const world = await openWorld()
  const { db, ada, ben } = world
  const chairs = await anIssue(world)

  await db.write(async (tx) => await assign(tx, chairs, { member: ben }, ada, 5000))

  expect(await findIssue(db.read, chairs.id)).toMatchObject({ assigneeId: ben.id, status: 'open', updatedAt: 5000 })
  const { timeline } = await readIssue(db.read, ada.id, chairs.id)
  expect(timeline.at(-1)).toMatchObject({
    kind: 'event',
    at: 5000,
    event: { action: 'assigned', memberId: ada.id, detail: { name: 'Ben', assigneeId: ben.id } },
  })
})

test('an issue belongs to a member or to a team, never to both', async () => {
  const world = await openWorld()
  const { db, ada, ben, desk } = world
  const chairs = await anIssue(world)
  const mine = await db.write(async (tx) => await assign(tx, chairs, { member: ben }, ada, 5000))
  const theirs = await db.write(async (tx) => await assign(tx, mine, { team: desk }, ada, 6000))
  expect(theirs).toMatchObject({ assigneeId: null, teamId: desk.id })
})

test('a done issue must be reopened before it is given to somebody', async () => {
  const world = await openWorld()
  const { db, ada, ben } = world
  const chairs = await anIssue(world)
  const done = await db.write(async (tx) => await setStatus(tx, chairs, 'done', 'no_action', ada, 5000))
  expect(done).toMatchObject({ status: 'done', doneReason: 'no_action', waitingSince: null })
  await expect(db.write(async (tx) => await assign(tx, done, { member: ben }, ada, 6000))).rejects.toThrow(
    'Reopen the issue before assigning it.',
  )
})

test('the counts follow every change, and each member gets their own', async () => {
  const world = await openWorld()
  const { db, ada, ben, desk } = world
  const [a, b, c] = [await anIssue(world), await anIssue(world), await anIssue(world)]
  await db.write(async (tx) => await assign(tx, a, { member: ben }, ada, 5000))
  await db.write(async (tx) => await assign(tx, b, { team: desk }, ada, 5000))
  await db.write(async (tx) => await setStatus(tx, c, 'waiting', null, ada, 5000))
  expect(await countIssues(db.read, ben.id, 'all', 6000)).toEqual({
    new: 0,
    open: 2,
    mine: 1,
    teams: { [desk.id]: 1 },
    unassigned: 0,
    snoozed: 0,
    waiting: 1,
    load: { [ben.id]: 1 },
    emailsThisWeek: 0,
  })
  expect(await countIssues(db.read, ben.id, [], 6000)).toMatchObject({ open: 0, waiting: 0 })
})

test('a note sent twice is one note', async () => {
  const world = await openWorld()
  const { db, ada } = world
  const chairs = await anIssue(world)
  const said = { id: uuidv7(), text: 'They bought from us in 2023.' }
  for (let i = 0; i < 2; i++)
    await db.write(async (tx) => await addNote(tx, await findIssue(tx, chairs.id), said, ada, 7000))
  const { timeline } = await readIssue(db.read, ada.id, chairs.id)
  expect(timeline.filter(({ kind }) => kind === 'note')).toEqual([
    { kind: 'note', id: said.id, at: 7000, note: { memberId: ada.id, text: said.text, mentions: [] } },
  ])
})
