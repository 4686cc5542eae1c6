import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { messages, outbox } from '../../db/schema.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { openWorld } from '../world.ts'

/** Ben has an issue open and begins to write. */
async function openDesk() {
  const world = await openWorld()
  await arrive(world, world.proposals, { id: 'a@t' })
  const [issue] = await issuesOf(world, world.proposals)
  const [question] = await world.db.read.select().from(messages)
  const [ben, mo] = [world.as(world.ben), world.as(world.mo)]
  const newest = async () => ((await (await ben(`/api/issues/${issue!.id}`)).json()) as { newest: string }).newest
  const answer = async (as: typeof ben, seen: string | null, id = uuidv7(), text = 'Yes.') =>
    await as(`/api/issues/${issue!.id}/replies`, {
      method: 'POST',
      json: { id, messageId: question!.id, to: [{ address: 'dana@tacoma.example' }], text, seen },
    })
  const note = async (as: typeof ben, text: string) =>
    await as(`/api/issues/${issue!.id}/notes`, { method: 'POST', json: { id: uuidv7(), text } })
  const queued = async () => (await world.db.read.select().from(outbox)).length
  return { ...world, issue: issue!, asBen: ben, asMo: mo, newest, answer, note, queued }
}

type Refusal = { status: number; title: string; arrived: unknown[]; newest: string }

test('an answer is stopped when a colleague answered or noted meanwhile, and goes out once that was seen', async () => {
  const desk = await openDesk()
  const seen = await desk.newest()
  const theirs = uuidv7()
  expect((await desk.answer(desk.asMo, seen, theirs, 'Friday it is.')).status).toBe(201)
  await desk.note(desk.asMo, 'I called them.')

  const stopped = await desk.answer(desk.asBen, seen)

  expect(stopped.status).toBe(409)
  expect(stopped.headers.get('content-type')).toBe('application/problem+json')
  const refusal = (await stopped.json()) as Refusal
  const by = { name: desk.mo.name, memberId: desk.mo.id, at: expect.any(Number) }
  expect(refusal).toEqual({
    type: 'about:blank',
    title: 'Changed in between',
    status: 409,
    detail: 'Something came in while you were writing. Look at it, or send your answer all the same.',
    arrived: [
      { kind: 'reply', id: theirs, ...by, text: 'Friday it is.' },
      { kind: 'note', id: expect.any(String), ...by, text: 'I called them.' },
    ],
    newest: await desk.newest(),
  })
  expect(await desk.queued()).toBe(1)
  expect((await desk.answer(desk.asBen, refusal.newest)).status).toBe(201)
  expect(await desk.queued()).toBe(2)
})

test('a mail of the customer stops an answer, however old it says it is; an automatic one does not', async () => {
  const desk = await openDesk()
  const seen = await desk.newest()
  await arrive(desk, desk.proposals, { inReplyTo: 'a@t', headers: ['Auto-Submitted: auto-replied'], text: 'Away.' })
  expect((await desk.answer(desk.asBen, seen)).status).toBe(201)
  await arrive(desk, desk.proposals, { inReplyTo: 'a@t', text: 'Never mind.', date: new Date('2020-01-01') })

  const stopped = await desk.answer(desk.asBen, seen)

  expect(await stopped.json()).toMatchObject({ status: 409, arrived: [{ kind: 'mail', text: 'Never mind.' }] })
})

test('what oneself did, changes that say nothing, and an answer that was taken back stop nobody', async () => {
  const desk = await openDesk()
  const seen = await desk.newest()
  await desk.note(desk.asBen, 'My own note.')
  await desk.asMo(`/api/issues/${desk.issue.id}/assignee`, { method: 'PUT', json: { memberId: desk.mo.id } })
  const taken = uuidv7()
  await desk.answer(desk.asMo, seen, taken)
  await desk.asMo(`/api/messages/${taken}/sending`, { method: 'DELETE' })
  const id = uuidv7()

  expect((await desk.answer(desk.asBen, seen, id)).status).toBe(201)
  // Sent again because the answer got lost: it is there, whatever came in since.
  await desk.note(desk.asMo, 'Wait.')
  expect((await desk.answer(desk.asBen, seen, id)).status).toBe(201)
  // A program that does not say what it has seen is not asked.
  expect((await desk.answer(desk.asBen, null)).status).toBe(201)
})

test('of two answers at the same moment one is stopped', async () => {
  const desk = await openDesk()
  const seen = await desk.newest()

  const both = await Promise.all([desk.answer(desk.asBen, seen), desk.answer(desk.asMo, seen)])

  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  expect(await desk.queued()).toBe(1)
})
