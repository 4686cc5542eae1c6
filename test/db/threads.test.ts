import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { eq, sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { joinDb } from '../../db/index.ts'
import { mailboxes } from '../../db/schema.ts'
import { newShared, takeTurn } from '../../db/threads.ts'
import { openWorld } from '../world.ts'

const TIMES = 20

test('two who have one database open write in turns, and none waits for the lock of the other', async () => {
  const { db, proposals } = await openWorld()
  const other = await joinDb(db.share())
  onTestFinished(() => other.close())
  const count = async (by: typeof db) =>
    await by.write(async (tx) => {
      const [before] = await tx
        .select({ n: mailboxes.lastNumber })
        .from(mailboxes)
        .where(eq(mailboxes.id, proposals.id))
      // Others have their turn meanwhile, if they could.
      await new Promise((resolve) => setImmediate(resolve))
      await tx
        .update(mailboxes)
        .set({ lastNumber: sql`${before!.n} + 1` })
        .where(eq(mailboxes.id, proposals.id))
    })
  await Promise.all(Array.from({ length: TIMES }, (_, i) => count(i % 2 ? db : other)))
  const [after] = await db.read
    .select({ n: mailboxes.lastNumber })
    .from(mailboxes)
    .where(eq(mailboxes.id, proposals.id))
  expect(after).toEqual({ n: TIMES })
})

test('a commit of one wakes the other', async () => {
  const { db, proposals } = await openWorld()
  const other = await joinDb(db.share())
  onTestFinished(() => other.close())
  for (const [here, there] of [
    [db, other],
    [other, db],
  ] as const) {
    const woken = once(there.wake, 'wake')
    await here.write((tx) => tx.update(mailboxes).set({ name: 'Bids' }).where(eq(mailboxes.id, proposals.id)))
    await woken
  }
})

test('a thread that only waits for its turn does not end before it has it', async () => {
  const shared = newShared('')
  const endTurn = await takeTurn(shared)
  const source = `
    import { workerData } from 'node:worker_threads'
    const { takeTurn } = await import(workerData.threads)
    const endTurn = await takeTurn(workerData.shared)
    endTurn()`
  const threads = new URL('../../db/threads.ts', import.meta.url).href
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { shared, threads },
    execArgv: [],
  })
  while (Atomics.load(shared.turns, 0) < 2) await sleep(10)
  // Long enough for a thread without anything to do to end.
  await sleep(200)
  endTurn()
  expect(await once(worker, 'exit')).toEqual([0])
  await (await takeTurn(shared))()
})
