import { expect, test } from 'vitest'
import { presence } from '../../db/schema.ts'
import { openFeed } from '../../server/issues/feed.ts'
import { enter, PRESENT_MS, whoIsHere } from '../../server/issues/presence.ts'
import { arrive, issuesOf } from '../issues/story.ts'
import { type Fetch, openWorld } from '../world.ts'

const PAGES = ['0198c0de-0000-7000-8000-000000000001', '0198c0de-0000-7000-8000-000000000002'] as const

async function openDesk() {
  const world = await openWorld()
  await arrive(world, world.proposals, {})
  await arrive(world, world.closed, { to: 'desk@northwind.example' })
  const [issue] = await issuesOf(world, world.proposals)
  const [hidden] = await issuesOf(world, world.closed)
  const say = async (as: Fetch, doing: string, pageId: string = PAGES[0], issueId = issue!.id) =>
    (await as(`/api/issues/${issueId}/presence`, { method: 'PUT', json: { pageId, doing } })).status
  return { ...world, issue: issue!, hidden: hidden!, say }
}

/** Reads a stream of events until one satisfies. */
async function readUntil(response: Response, satisfied: (text: string) => boolean): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!satisfied(text)) {
    const { value, done } = await reader.read()
    text += value ?? ''
    if (done) break
  }
  await reader.cancel()
  return text
}

test('who looks and who writes is told as it changes, with all of it at first, and only where one may see it', async () => {
  const desk = await openDesk()
  await desk.say(desk.as(desk.ben), 'looking', PAGES[1], desk.hidden.id)
  await desk.say(desk.as(desk.ben), 'looking')
  const stream = await desk.as(desk.mo)('/api/events')
  const heard = readUntil(stream, (text) => text.includes('"people":[]'))
  expect(await desk.say(desk.as(desk.ben), 'writing')).toBe(204)
  // Told before it changes again.
  await new Promise((resolve) => setTimeout(resolve, 500))
  await desk.as(desk.ben)(`/api/issues/${desk.issue.id}/presence/${PAGES[0]}`, { method: 'DELETE' })
  const text = await heard
  const told = [...text.matchAll(/event: (here|presence)\ndata: (.*)\n/g)].map(([, event, data]) => [
    event,
    JSON.parse(data!),
  ])
  const of = (people: unknown[]) => [{ issueId: desk.issue.id, people }]
  expect(told).toEqual([
    ['here', of([{ memberId: desk.ben.id, doing: 'looking' }])],
    ...(text.includes(
      '"looking"}]}]\n\nevent: presence\ndata: [{"issueId":"' +
        desk.issue.id +
        '","people":[{"memberId":"' +
        desk.ben.id +
        '","doing":"looking"',
    )
      ? [['presence', of([{ memberId: desk.ben.id, doing: 'looking' }])]]
      : []),
    ['presence', of([{ memberId: desk.ben.id, doing: 'writing' }])],
    ['presence', of([])],
  ])
  expect(text).not.toContain(desk.hidden.id)
})

test('a page that says nothing any more is gone after a while, and one member in two windows is there once', async () => {
  const desk = await openDesk()
  await desk.say(desk.as(desk.ben), 'looking', PAGES[0])
  await desk.say(desk.as(desk.ben), 'writing', PAGES[1])
  const now = desk.now()
  const people = async (at: number) => (await whoIsHere(desk.db.read, at)).get(desk.issue.id)?.people
  expect(await people(now)).toEqual([{ memberId: desk.ben.id, doing: 'writing' }])
  expect(await people(now + PRESENT_MS + 1_000)).toBeUndefined()
  // Nobody speaks for another's page, nor of an issue that they do not see.
  await desk.say(desk.as(desk.mo), 'writing', PAGES[0])
  expect(await desk.say(desk.as(desk.mo), 'looking', PAGES[0], desk.hidden.id)).toBe(404)
  expect((await desk.db.read.select().from(presence)).map(({ memberId }) => memberId)).toEqual([
    desk.ben.id,
    desk.ben.id,
  ])
})

test('another node hears of it without a word from this one', async () => {
  const desk = await openDesk()
  // A second reader over the same rows, whom no commit wakes.
  const { EventEmitter } = await import('node:events')
  const other = openFeed({ ...desk.db, read: desk.db.read, wake: new EventEmitter() }, desk.now)
  const heard = new Promise((resolve) => other.presence.subscribe(({ people }) => people.length > 0 && resolve(people)))
  await desk.db.write((tx) => enter(tx, desk.issue, { id: PAGES[0], doing: 'writing' }, desk.ben, desk.now()))
  expect(await heard).toEqual([{ memberId: desk.ben.id, doing: 'writing' }])
  await other.close()
})
