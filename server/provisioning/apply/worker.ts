import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, eq, inArray, isNull, lte, ne, or } from 'drizzle-orm'
import { exchangeFlips, provisioningRuns } from '../../../db/schema.ts'
import { carryOut } from './carry-out.ts'
import type { ProvisioningDeps } from './deps.ts'
import { checkDrift, dueForDrift } from './drift.ts'
import { finishFlip, LOST_AGAIN_MS, mailboxOfFlip } from './flip.ts'
import { alone } from './lock.ts'
import { connectionOf } from './look.ts'
import { UNDER_WAY } from './run.ts'

const LOOK_EVERY_MS = 5_000
const LOOK_AT_MOST_EVERY_MS = 500
const AT_ONCE = 3

export type Provisioner = { stop(): Promise<void> }

/** Carries out what was begun, here or by a process that is gone, gives back what was lost, and compares on a timer. */
export function runProvisioning(all: ProvisioningDeps): Provisioner {
  const stop = new AbortController()
  // Whoever waits when it ends is woken, and what is open goes on at the next start.
  const { clock } = all
  const deps = { ...all, clock: { ...clock, sleep: (ms: number) => clock.sleep(ms, stop.signal) } }
  const working = (async () => {
    while (!stop.signal.aborted) {
      const timeout = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(deps.db.wake, 'wake', { signal: timeout }).catch(() => {})
      await workDue(deps, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) deps.log.error({ err: error }, 'provisioning failed')
      })
      await woken
      // Every commit wakes; once a second is soon enough.
      await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stop.abort()
      await working
      await deps.connections.close()
    },
  }
}

/** Does all that is due now: first what is open, then runs, then comparisons. */
export async function workDue(deps: ProvisioningDeps, signal?: AbortSignal): Promise<void> {
  await giveBackDue(deps)
  const runs = await deps.db.read
    .select({ id: provisioningRuns.id })
    .from(provisioningRuns)
    .where(inArray(provisioningRuns.state, [...UNDER_WAY]))
  await inTurns(runs, ({ id }) => carryOut(deps, id), deps, signal)
  await inTurns(await dueForDrift(deps), (mailbox) => checkDrift(deps, mailbox), deps, signal)
}

/** Access that was taken and not given again; what a process left behind is due at once. */
async function giveBackDue(deps: ProvisioningDeps): Promise<void> {
  const { db, clock } = deps
  const due = await db.read
    .select()
    .from(exchangeFlips)
    .where(
      and(
        ne(exchangeFlips.phase, 'closed'),
        or(isNull(exchangeFlips.nextTryAt), lte(exchangeFlips.nextTryAt, clock.now())),
      ),
    )
  for (const row of due) {
    // A run that is under way holds the mailbox, and sees to its own.
    const identity = await mailboxOfFlip(db.read, row)
    await alone(db, row.connectionId, identity, async () => {
      const [now] = await db.read.select().from(exchangeFlips).where(eq(exchangeFlips.id, row.id))
      if (!now || now.phase === 'closed') return
      const { connection } = await connectionOf(deps, row.connectionId)
      await finishFlip(deps, connection, now, identity)
    }).catch(async (error: unknown) => {
      deps.log.error({ err: error, identity: row.identity }, 'access could not be given back')
      await db.write(async (tx) => {
        await tx
          .update(exchangeFlips)
          .set({ nextTryAt: clock.now() + LOST_AGAIN_MS })
          .where(eq(exchangeFlips.id, row.id))
      })
    })
  }
}

async function inTurns<T>(
  all: T[],
  work: (one: T) => Promise<unknown>,
  { log }: ProvisioningDeps,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = [...all]
  const one = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal?.aborted; next = waiting.shift())
      await work(next).catch((error: unknown) => {
        if (!signal?.aborted) log.error({ err: error }, 'a piece of provisioning failed')
      })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, one))
}
