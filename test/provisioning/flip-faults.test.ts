import { expect, test } from 'vitest'
import { exchangeFlips, exchangeLedger, provisioningRuns } from '../../db/schema.ts'
import { carryOut } from '../../server/provisioning/apply/carry-out.ts'
import type { ProvisioningDeps } from '../../server/provisioning/apply/deps.ts'
import { workDue } from '../../server/provisioning/apply/worker.ts'
import { type Fault, nth } from '../../server/provisioning/simulator/faults.ts'
import type { State } from '../../server/provisioning/simulator/tenant.ts'
import { type Applied, FOO, openApplied } from './applied.ts'

// The one thing that must never happen: access was taken, and nobody knows. Every place where something can break is
// tried, none is left out.

const COMMAND = `Add-MailboxPermission -Identity '${FOO}' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $false -Confirm:$false`
const OFF = `mailbox: {identity: ${FOO}}
delegates:
  - {user: user1@contoso.com, rights: [FullAccess], autoMapping: false}
  - {user: user2@contoso.com, rights: [FullAccess], autoMapping: true}`

/** One of each sort that is treated in a way of its own. */
const FAULTS: Fault[] = [
  { is: 'drop', applied: false },
  { is: 'drop', applied: true },
  { is: 'throttled', retryAfterS: 2 },
  { is: 'busy' },
  { is: 'denied' },
  { is: 'unauthenticated' },
  { is: 'garbage' },
  { is: 'failure', type: 'X', message: 'Something went wrong.' },
]
const LASTING = FAULTS.filter(({ is }) => ['drop', 'busy', 'denied'].includes(is))

async function openMapped() {
  const applied = await openApplied()
  for (const User of ['user1', 'user2'])
    applied.by('Add-MailboxPermission', { Identity: FOO, User, AccessRights: ['FullAccess'] })
  applied.clock.pass(25 * 60 * 60_000)
  return { ...applied, saved: structuredClone(applied.tenant.state) }
}

/** The same start again: what others remember of the try before is gone. */
async function startAgain(applied: Applied & { saved: State }) {
  const { tenant, saved, simulator, db, clock, begin } = applied
  simulator.faults = () => undefined
  tenant.restore(saved)
  await db.write(async (tx) => {
    await tx.delete(exchangeFlips)
    await tx.delete(exchangeLedger)
    await tx.delete(provisioningRuns)
  })
  clock.pass(60 * 60_000)
  const { id } = await begin(OFF)
  simulator.reset()
  return id
}

const isIn = ({ tenant, foo }: Applied) => tenant.hasAccess(foo(), tenant.byAddress('user1@contoso.com'))

test('a fault at any single request, of any kind: the delegate has access at the end', {
  timeout: 180_000,
}, async () => {
  const applied = await openMapped()
  const { simulator, deps, alarms } = applied
  await carryOut(deps, await startAgain(applied))
  const requests = simulator.answered.length
  expect(requests).toBeGreaterThan(15)
  const wrong: unknown[] = []
  for (let n = 1; n <= requests; n++) {
    for (const fault of FAULTS) {
      const id = await startAgain(applied)
      simulator.faults = nth(n, fault)
      const run = await carryOut(deps, id)
      if (!isIn(applied) || (await alarms()).length > 0) wrong.push({ n, fault, state: run?.state })
    }
  }
  expect(wrong).toEqual([])
})

test('everything fails from some request on: the delegate has access, or the alarm with the command stands until it is back', async () => {
  const applied = await openMapped()
  const { simulator, deps, alarms, clock, flips, tenant, foo } = applied
  await carryOut(deps, await startAgain(applied))
  const requests = simulator.answered.length
  const wrong: unknown[] = []
  let stood = 0
  for (let n = 1; n <= requests; n++) {
    for (const fault of LASTING) {
      const id = await startAgain(applied)
      simulator.faults = (call) =>
        call.n >= n && !(fault.is === 'drop' && fault.applied && call.cmdlet.startsWith('Add')) ? fault : undefined
      const run = await carryOut(deps, id)
      const alarm = await alarms()
      stood += alarm.length
      const isSaid =
        alarm.length === 0 || (run?.state === 'access_lost' && run.message?.includes(COMMAND) && alarm[0] === COMMAND)
      if ((!isIn(applied) && alarm.length === 0) || !isSaid) wrong.push({ n, fault, state: run?.state, alarm })
      // Once it works again, what was lost comes back by itself.
      simulator.faults = () => undefined
      clock.pass(60_000)
      await workDue(deps)
      const open = (await flips()).filter(({ phase }) => phase !== 'closed')
      if (!isIn(applied) || open.length > 0) wrong.push({ n, fault, open })
    }
  }
  expect(wrong).toEqual([])
  expect(stood).toBeGreaterThan(0)
  expect(tenant.hasAccess(foo(), tenant.byAddress('user2@contoso.com'))).toBe(true)
})

/** Breaks off for good at some point: no request gets out, and no row gets in, any more. */
function dying(deps: ProvisioningDeps, applied: Applied, at: number, when: 'before' | 'after') {
  let points = 0
  const dead = () => points >= at
  const die = () => {
    throw new Error('killed')
  }
  const { db } = deps
  applied.simulator.onCall = async () => {
    if (dead()) return die()
    if (when === 'before' && ++points >= at) die()
  }
  applied.simulator.onApplied = async () => {
    if (when === 'after' && ++points >= at) die()
  }
  const write: typeof db.write = async (change) => {
    if (dead()) return die()
    if (when === 'before' && ++points >= at) return die()
    const done = await db.write(change)
    if (when === 'after' && ++points >= at) return die()
    return done
  }
  const mortal = { read: db.read, write, explain: db.explain, close: db.close, share: db.share, wake: db.wake }
  return { deps: { ...deps, db: mortal }, count: () => points }
}

test.each(['before', 'after'] as const)(
  'the process ends %s any request and any row: the next one finishes what was begun',
  async (when) => {
    const applied = await openMapped()
    const { deps, simulator, flips, clock } = applied
    const live = async (at: number) => {
      const id = await startAgain(applied)
      const life = dying(deps, applied, at, when)
      await carryOut(life.deps, id).catch(() => {})
      simulator.onCall = async () => {}
      simulator.onApplied = async () => {}
      return { id, count: life.count() }
    }
    const { count } = await live(Number.POSITIVE_INFINITY)
    expect(count).toBeGreaterThan(25)
    const wrong: unknown[] = []
    for (let at = 1; at <= count; at++) {
      const { id } = await live(at)
      // The next process looks at the rows, and at nothing else.
      await workDue(deps)
      const run = await carryOut(deps, id)
      const open = (await flips()).filter(({ phase }) => phase !== 'closed')
      if (!isIn(applied) || open.length > 0 || run?.state !== 'done') wrong.push({ at, in: isIn(applied), open, run })
      clock.pass(60_000)
    }
    expect(wrong).toEqual([])
  },
)
