import { expect, onTestFinished, test, vi } from 'vitest'
import { idAt } from '../../db/ids.ts'
import { events } from '../../db/schema.ts'
import { followEvents, record } from '../../server/issues/event.ts'
import { openWorld } from '../world.ts'

/** Follows the events, and gives the numbers that they were written with. */
async function follow(world: Awaited<ReturnType<typeof openWorld>>, from?: string) {
  const told: string[] = []
  const stop = followEvents(
    world.db,
    ({ action, detail }) => action === 'settings_changed' && told.push(String(detail.n)),
    from,
  )
  onTestFinished(stop)
  return told
}

const write = (world: Awaited<ReturnType<typeof openWorld>>, ...ns: number[]) =>
  world.db.write(async (tx) => {
    for (const n of ns) await record(tx, { action: 'settings_changed', at: Date.now(), detail: { n } })
  })

test('all who follow the events are told of each once, in their order', async () => {
  const world = await openWorld()
  const [one, another] = [await follow(world), await follow(world)]
  await write(world, 1)
  await vi.waitFor(() => expect(one).toEqual(['1']))
  await write(world, 2, 3)
  await vi.waitFor(() =>
    expect([one, another]).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]),
  )
})

test('who asks for the past is told of it first, and of what happens meanwhile once', async () => {
  const world = await openWorld()
  const numbers = Array.from({ length: 1_200 }, (_, n) => n)
  await write(world, ...numbers)
  const told = await follow(world, idAt(0))
  await write(world, 1_200)
  await vi.waitFor(() => expect(told).toHaveLength(1_201))
  expect(told).toEqual([...numbers, 1_200].map(String))
})

test('an event that another node committed late is told too, once', async () => {
  const world = await openWorld()
  const told = await follow(world)
  await write(world, 1)
  await vi.waitFor(() => expect(told).toEqual(['1']))
  const begunAt = Date.now() - 3_000
  await world.db.write(async (tx) => {
    const row = { at: begunAt, action: 'settings_changed', memberId: null, mailboxId: null, issueId: null } as const
    await tx.insert(events).values({ ...row, id: idAt(begunAt), proposalId: null, detail: { n: 2 } })
  })
  await vi.waitFor(() => expect(told).toEqual(['1', '2']), { timeout: 10_000 })
  await write(world, 3)
  await vi.waitFor(() => expect(told).toEqual(['1', '2', '3']))
})
