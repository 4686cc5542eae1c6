import { expect, test } from 'vitest'
import { openWorld, type World } from '../world.ts'
import { arrive, issuesOf } from './story.ts'

const DAY_MS = 86_400_000

type Week = { monday: string; received: number; sent: number; moved: number; closed: number }

async function weeksOf(world: World, who: World['ben'], weeks = 3): Promise<Week[]> {
  // The cast: the answer of our own route.
  return ((await (await world.as(who)(`/api/motion?weeks=${weeks}`)).json()) as { weeks: Week[] }).weeks
}

function mondayOf(ms: number): string {
  const date = new Date(ms)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

test('emails are counted in the week they came, and issues in the week somebody moved them', async () => {
  const world = await openWorld()
  const now = world.now()
  const before = new Date(now - 7 * DAY_MS)
  await arrive(
    world,
    world.proposals,
    { id: 'a@tacoma.example', date: before },
    { inReplyTo: 'a@tacoma.example', date: before },
    { subject: 'Weighbridge', from: 'Jo <jo@fenwick.example>', date: new Date(now) },
  )
  const [fleet, weighbridge] = await issuesOf(world, world.proposals)
  const ben = world.as(world.ben)
  const put = (id: string, json: object) => ben(`/api/issues/${id}/status`, { method: 'PUT', json })
  await put(fleet!.id, { status: 'done' })
  await put(weighbridge!.id, { status: 'waiting' })

  const none = { received: 0, sent: 0, moved: 0, closed: 0 }
  expect(await weeksOf(world, world.ben)).toEqual([
    { monday: mondayOf(now - 14 * DAY_MS), ...none },
    { monday: mondayOf(now - 7 * DAY_MS), ...none, received: 2 },
    { monday: mondayOf(now), ...none, received: 1, moved: 2, closed: 1 },
  ])

  // What is taken back was no movement.
  await put(fleet!.id, { status: 'open' })
  expect((await weeksOf(world, world.ben)).at(-1)).toMatchObject({ moved: 1, closed: 0 })
})

test('nobody learns how much mail a mailbox has that they do not see', async () => {
  const world = await openWorld()
  await arrive(world, world.closed, { to: 'desk@northwind.example', date: new Date(world.now()) })

  expect((await weeksOf(world, world.mo, 1)).map(({ received }) => received)).toEqual([0])
  expect((await weeksOf(world, world.ben, 1)).map(({ received }) => received)).toEqual([1])
})
