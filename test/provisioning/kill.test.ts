import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { exchangeFlips, exchangeLedger, provisioningRuns } from '../../db/schema.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { openConnections } from '../../server/provisioning/apply/deps.ts'
import { workDue } from '../../server/provisioning/apply/worker.ts'
import type { Call } from '../../server/provisioning/simulator/faults.ts'
import { acting, addConnection, FOO, openApplied } from './applied.ts'

const OFF = `mailbox: {identity: ${FOO}}
delegates:
  - {user: user1@contoso.com, rights: [FullAccess], autoMapping: false}
  - {user: user2@contoso.com, rights: [FullAccess], autoMapping: true}`

test('a process that is killed with SIGKILL while it turns auto-mapping off leaves nobody without access', {
  timeout: 180_000,
}, async () => {
  const applied = await openApplied()
  const { simulator, tenant, clock, by, config, db } = applied
  const key = randomBytes(32).toString('base64')
  const secrets = openSecrets({ key, keyFile: '' })
  const deps = { ...applied.deps, secrets, connections: openConnections({ secrets, clock }) }
  const connectionId = uuidv7()
  await addConnection(db, secrets, connectionId, applied)
  const { begin, flips } = acting(deps, connectionId)
  for (const User of ['user1', 'user2'])
    by('Add-MailboxPermission', { Identity: FOO, User, AccessRights: ['FullAccess'] })
  clock.pass(25 * 60 * 60_000)
  const saved = structuredClone(tenant.state)

  /** Runs the process until it ends, or is killed at a request. */
  async function live(isEnd: (call: Call, isApplied: boolean) => boolean) {
    tenant.restore(saved)
    await db.write(async (tx) => {
      await tx.delete(exchangeFlips)
      await tx.delete(exchangeLedger)
      await tx.delete(provisioningRuns)
    })
    const { id } = await begin(OFF)
    simulator.reset()
    const script = path.join(import.meta.dirname, 'carry-out-process.ts')
    const { DB_TWICE: _twice, ...env } = process.env
    const child = spawn(process.execPath, [script, config.databaseUrl, key, id, String(clock.now())], {
      env,
      stdio: 'inherit',
    })
    const ended = once(child, 'exit')
    const kill = (isApplied: boolean) => async (call: Call) => {
      if (!isEnd(call, isApplied)) return
      child.kill('SIGKILL')
      await ended
    }
    simulator.onCall = kill(false)
    simulator.onApplied = kill(true)
    const [, signal] = await ended
    simulator.onCall = async () => {}
    simulator.onApplied = async () => {}
    return { id, signal }
  }

  expect((await live(() => false)).signal).toBe(null)
  const calls = simulator.answered.map(({ n, cmdlet, params }) => ({ n, cmdlet, tries: params.WhatIf === true }))
  // From the try without effect up to the look whether access is back: before and after it nothing is taken.
  const first = calls.findIndex(({ tries }) => tries)
  const last = calls.findIndex(({ cmdlet }, i) => i > first + 2 && cmdlet === 'Get-MailboxPermission')
  const span = calls.slice(first, last + 1)
  expect(span.map(({ cmdlet }) => cmdlet)).toEqual([
    'Add-MailboxPermission',
    'Remove-MailboxPermission',
    'Add-MailboxPermission',
    'Get-MailboxPermission',
  ])
  for (const { n, cmdlet } of span) {
    for (const applies of [false, true]) {
      const { id, signal } = await live((call, isApplied) => call.n === n && isApplied === applies)
      expect(signal).toBe('SIGKILL')
      await workDue(deps)
      const user1 = tenant.byAddress('user1@contoso.com')
      const open = (await flips()).filter(({ phase }) => phase !== 'closed')
      const run = (await db.read.select().from(provisioningRuns)).find((one) => one.id === id)
      const end = { in: tenant.hasAccess(tenant.byAddress(FOO), user1), open, state: run?.state }
      expect({ cmdlet, applies, ...end }).toEqual({ cmdlet, applies, in: true, open: [], state: 'done' })
    }
  }
})
