import { expect, test } from 'vitest'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld } from '../world.ts'

async function oneIssue() {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const put = async (as: Fetch, what: 'assignee' | 'status', json: object) => {
    const response = await as(`/api/issues/${issue!.id}/${what}`, { method: 'PUT', json })
    return { code: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { world, issue: issue!, ben: world.as(world.ben), mo: world.as(world.mo), put }
}

test('of two who act at once on the same, exactly one is told what the other did, and nothing is overwritten', async () => {
  const { world, issue, ben, mo, put } = await oneIssue()
  const { version } = issue
  const answers = await Promise.all([
    put(ben, 'status', { status: 'done', version }),
    put(mo, 'status', { status: 'waiting', version }),
  ])
  const [won, lost] = answers.toSorted((a, b) => a.code - b.code)
  expect([won?.code, lost?.code]).toEqual([200, 409])
  const winner = won?.body.status === 'done' ? 'Ben finished it' : 'Mo set it to waiting on them'
  expect(lost?.body.detail).toBe(
    `${winner} in the meantime. Nothing was changed: look, and do it again if you still want to.`,
  )
  expect(lost?.body.issue).toMatchObject({ status: won?.body.status, version: won?.body.version })
  const [now] = await issuesOf(world, world.proposals)
  expect(now).toMatchObject({ status: won?.body.status })
})

test('who does something else at the same time is in nobody’s way: both changes are there', async () => {
  const { world, issue, ben, mo, put } = await oneIssue()
  await put(ben, 'status', { status: 'open' })
  const [{ version }] = (await issuesOf(world, world.proposals)) as [typeof issue]
  const answers = await Promise.all([
    put(ben, 'status', { status: 'waiting', version }),
    put(mo, 'assignee', { memberId: world.mo.id, version }),
  ])
  expect(answers.map(({ code }) => code)).toEqual([200, 200])
  const [now] = await issuesOf(world, world.proposals)
  expect(now).toMatchObject({ status: 'waiting', assigneeId: world.mo.id })
})

test('two who want the same both get it', async () => {
  const { issue, ben, mo, put } = await oneIssue()
  const wanted = { status: 'done', version: issue.version }
  const answers = await Promise.all([put(ben, 'status', wanted), put(mo, 'status', wanted)])
  expect(answers.map(({ code }) => code)).toEqual([200, 200])
})

test('what one did oneself a moment ago is not in the way, though its answer is not here yet', async () => {
  const { world, issue, ben, put } = await oneIssue()
  await put(ben, 'assignee', { memberId: world.ben.id, version: issue.version })
  expect(await put(ben, 'status', { status: 'done', version: issue.version })).toMatchObject({ code: 200 })
})

test('an undo goes by what the change made: who changed it since is not overwritten', async () => {
  const { issue, ben, mo, put } = await oneIssue()
  const done = await put(ben, 'status', { status: 'done', version: issue.version })
  await put(mo, 'status', { status: 'open', version: Number(done.body.version) })
  const undone = await put(ben, 'status', { status: 'new', version: Number(done.body.version) })
  expect(undone.body.detail).toMatch(/^Mo set it to ours to move in the meantime/)
})

test('an email that came meanwhile is told as well', async () => {
  const { world, issue, ben, put } = await oneIssue()
  const waits = await put(ben, 'status', { status: 'waiting', version: issue.version })
  await arrive(world, world.proposals, { id: 'b@t', inReplyTo: 'a@t', date: new Date('2026-11-21T09:41:00Z') })
  const late = await put(ben, 'status', { status: 'done', version: Number(waits.body.version) })
  expect([late.code, late.body.detail]).toEqual([
    409,
    'An email changed where it stands in the meantime. Look at it, and do it again if you still want to.',
  ])
})
