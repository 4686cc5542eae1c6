import { expect, test } from 'vitest'
import { carryOut } from '../../server/provisioning/apply/carry-out.ts'
import { findRun } from '../../server/provisioning/apply/run.ts'
import { workDue } from '../../server/provisioning/apply/worker.ts'
import type { Faults } from '../../server/provisioning/simulator/faults.ts'
import { type Applied, FOO, openApplied } from './applied.ts'

const grant = (user: string, more = {}) => ({ Identity: FOO, User: user, AccessRights: ['FullAccess'], ...more })
const ADD_OFF = `Add-MailboxPermission -Identity '${FOO}' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $false -Confirm:$false`
const OFF = `mailbox: {identity: ${FOO}}
delegates:
  - {user: user1@contoso.com, rights: [FullAccess], autoMapping: false}
  - {user: user2@contoso.com, rights: [FullAccess], autoMapping: true}`

/** user1 and user2 have access, and the mailbox appears by itself for both, as Autodiscover says by now. */
async function openMapped() {
  const applied = await openApplied()
  for (const user of ['user1', 'user2']) applied.by('Add-MailboxPermission', grant(user))
  applied.clock.pass(25 * 60 * 60_000)
  applied.simulator.reset()
  return applied
}
const hasAccess = ({ tenant, foo }: Applied, user = 'user1') =>
  tenant.hasAccess(foo(), tenant.byAddress(`${user}@contoso.com`))
const denied: Faults = ({ cmdlet, params }) =>
  cmdlet === 'Add-MailboxPermission' && params.WhatIf !== true ? { is: 'denied' } : undefined

test('a plan is carried out step by step, and a second plan is empty', async () => {
  const applied = await openApplied()
  const { apply, simulator, told, tenant, foo } = applied
  const run = await apply(`mailbox: {identity: ${FOO}, displayName: Foo}
delegates: [user1, {user: user2, rights: [FullAccess, SendAs, SendOnBehalf], autoMapping: false}]`)
  expect([run.state, run.message, run.steps.map(({ state, number }) => [number, state])]).toEqual([
    'done',
    null,
    [1, 2, 3, 4, 5, 6].map((number) => [number, 'done']),
  ])
  expect(run.steps.every(({ requestId, startedAt, endedAt }) => requestId && startedAt && endedAt)).toBe(true)
  // What was printed is what was sent.
  const sent = simulator.answered.filter(({ cmdlet }) => !cmdlet.startsWith('Get-'))
  expect(sent.map(({ cmdlet }) => cmdlet)).toEqual(run.steps.map(({ cmdlet }) => cmdlet))
  expect([hasAccess(applied), hasAccess(applied, 'user2'), foo().displayName]).toEqual([true, true, 'Foo'])
  applied.clock.pass(60 * 60_000)
  expect(['user1', 'user2'].map((name) => tenant.isAdvertised(foo(), tenant.byAddress(`${name}@contoso.com`)))).toEqual(
    [true, false],
  )
  expect((await told('exchange_run')).at(-1)).toEqual({ runId: run.id, state: 'done' })
  const again = await apply(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)
  expect([again.state, again.steps]).toEqual(['done', []])
})

test('auto-mapping is turned off for one: access is taken and given again, and the other keeps it', async () => {
  const applied = await openMapped()
  const { apply, written, tenant, foo, flips } = applied
  const run = await apply(OFF)
  expect([run.state, run.steps.map(({ state }) => state), written()]).toEqual([
    'done',
    ['done', 'done'],
    ['Add-MailboxPermission', 'Remove-MailboxPermission', 'Add-MailboxPermission'],
  ])
  applied.clock.pass(60 * 60_000)
  const mapped = (user: string) => tenant.isAdvertised(foo(), tenant.byAddress(`${user}@contoso.com`))
  expect([hasAccess(applied), mapped('user1'), mapped('user2')]).toEqual([true, false, true])
  expect((await flips()).map(({ phase, user }) => [phase, user])).toEqual([['closed', 'user1@contoso.com']])
})

test('B1: the second half of a flip is throttled once: it waits as told, and goes on', async () => {
  const applied = await openMapped()
  applied.simulator.faults = ({ cmdlet, nth }) =>
    cmdlet === 'Add-MailboxPermission' && nth === 2 ? { is: 'throttled', retryAfterS: 2 } : undefined
  const run = await applied.apply(OFF)
  expect([run.state, run.steps.at(-1)?.tries, hasAccess(applied)]).toEqual(['done', 2, true])
  expect(applied.clock.waited).toContain(2_000)
  const adds = applied.simulator.answered.filter(({ cmdlet }) => /^(Add|Remove)-/.test(cmdlet))
  expect(adds.map(({ cmdlet, status }) => [cmdlet.split('-')[0], status])).toEqual([
    ['Add', 200],
    ['Remove', 200],
    ['Add', 429],
    ['Add', 200],
  ])
})

test('B2: access that can not be given again is tried by every name, then stands as an alarm until it is back', async () => {
  const applied = await openMapped()
  const { simulator, alarms, told, deps, flips, clock } = applied
  simulator.faults = denied
  const run = await applied.apply(OFF)
  expect(run.state).toBe('access_lost')
  expect(run.message).toContain(ADD_OFF)
  expect(await alarms()).toEqual([ADD_OFF])
  expect(await told('exchange_access_lost')).toMatchObject([{ user: 'user1@contoso.com', command: ADD_OFF }])
  const tried = simulator.answered.filter(({ status, cmdlet }) => cmdlet === 'Add-MailboxPermission' && status === 403)
  const user1 = applied.tenant.byAddress('user1@contoso.com')
  expect(tried.map(({ params }) => [params.User, params.AutoMapping])).toEqual([
    ['user1@contoso.com', false],
    [user1.id, false],
    ['user1@contoso.com', true],
    [user1.id, true],
  ])
  // Another plan does not begin before that is mended; the alarm stands once, however often it is tried.
  expect((await applied.apply(`mailbox: {identity: ${FOO}, displayName: Other}`)).state).toBe('access_lost')
  clock.pass(60_000)
  await workDue(deps)
  expect((await told('exchange_access_lost')).length).toBe(1)
  simulator.faults = () => undefined
  clock.pass(60_000)
  await workDue(deps)
  expect([hasAccess(applied), await alarms(), (await flips()).map(({ phase }) => phase)]).toEqual([
    true,
    [],
    ['closed'],
  ])
  expect(await told('exchange_access_back')).toMatchObject([{ user: 'user1@contoso.com' }])
})

test('B3: where the dry run fails nothing is taken', async () => {
  const applied = await openMapped()
  applied.simulator.faults = ({ params }) => (params.WhatIf === true ? { is: 'denied' } : undefined)
  const run = await applied.apply(OFF)
  expect([run.state, applied.written(), hasAccess(applied)]).toEqual(['partly', ['Add-MailboxPermission'], true])
  expect(run.message).toMatch(/Nothing was taken\.$/)
})

test('B5, B6: what is so already is no failure', async () => {
  const applied = await openApplied()
  const { begin, deps, by } = applied
  by('Add-RecipientPermission', { Identity: FOO, Trustee: 'user2', AccessRights: ['SendAs'] })
  const { id } = await begin(`mailbox: {identity: ${FOO}}\ndelegates: [user1, {user: user2, rights: []}]`)
  // Somebody was faster, behind the look that the run begins with.
  let isDone = false
  applied.simulator.onCall = async ({ cmdlet }) => {
    if (isDone || cmdlet.startsWith('Get-')) return
    isDone = true
    by('Add-MailboxPermission', grant('user1'))
    by('Remove-RecipientPermission', { Identity: FOO, Trustee: 'user2', AccessRights: ['SendAs'] })
  }
  await carryOut(deps, id)
  const run = await findRun(deps.db.read, id)
  expect([run.state, run.steps.map(({ state, cmdlet }) => [cmdlet, state])]).toEqual([
    'done',
    [
      ['Add-MailboxPermission', 'unchanged'],
      ['Add-RecipientPermission', 'done'],
      ['Remove-RecipientPermission', 'unchanged'],
    ],
  ])
})

test('B11: where something changed since the plan was made, nothing is sent', async () => {
  const { begin, deps, by, written, simulator } = await openApplied()
  const { id } = await begin(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)
  by('Add-RecipientPermission', { Identity: FOO, Trustee: 'user3', AccessRights: ['SendAs'] })
  simulator.reset()
  const run = await carryOut(deps, id)
  expect([run?.state, written()]).toEqual(['stale', []])
  expect(run?.message).toContain('STALE_PLAN')
  expect((await findRun(deps.db.read, id)).steps.map(({ state }) => state)).toEqual(['skipped', 'skipped'])
})

test('B12: from a part of the truth nothing is planned', async () => {
  const { apply, simulator } = await openApplied()
  simulator.maxPageSize = 2
  simulator.losesCursors = true
  await expect(apply(`mailbox: {identity: ${FOO}}`)).rejects.toMatchObject({ kind: 'PARTIAL_READ' })
})

test('B15: a mailbox that was just made is waited for, and sign-in to it ends up blocked', async () => {
  const { apply, tenant } = await openApplied({ unseenAfterNew: 2 })
  const run = await apply(
    `mailbox: {identity: proposals@contoso.com, name: proposals, displayName: Proposals, type: shared, signInBlocked: true, copySentAs: true, copySendOnBehalf: true}
delegates: [user1]`,
    'proposals@contoso.com',
  )
  expect([run.state, run.steps.map(({ tries }) => tries)]).toEqual(['done', [1, 3, 1, 1, 1]])
  const proposals = tenant.byAddress('proposals@contoso.com')
  expect([
    proposals.disabled,
    proposals.box?.copySentAs,
    tenant.hasAccess(proposals, tenant.byAddress('user1@contoso.com')),
  ]).toEqual([true, true, true])
})

test('what one delegate can not get does not keep the others from theirs', async () => {
  const applied = await openApplied()
  applied.simulator.faults = ({ params }) =>
    params.User === 'user1@contoso.com' ? { is: 'failure', type: 'X', message: 'The user is odd.' } : undefined
  const run = await applied.apply(`mailbox: {identity: ${FOO}}\ndelegates: [user1, user2]`)
  expect([run.state, run.message, run.steps.map(({ state }) => state)]).toEqual([
    'partly',
    'The user is odd.',
    ['failed', 'done', 'skipped', 'done'],
  ])
  expect([hasAccess(applied), hasAccess(applied, 'user2')]).toEqual([false, true])
})

test('a mailbox that can not be made stops everything that would follow', async () => {
  const { apply, simulator, written } = await openApplied()
  simulator.faults = ({ cmdlet }) => (cmdlet === 'New-Mailbox' ? { is: 'denied' } : undefined)
  const run = await apply('mailbox: {identity: new@contoso.com}\ndelegates: [user1]', 'new@contoso.com')
  expect([run.state, written()]).toEqual(['failed', ['New-Mailbox']])
  expect(run.steps.map(({ state }) => state)).toEqual(['failed', ...run.steps.slice(1).map(() => 'skipped')])
})

test('what shows late is waited for, and said so where it does not show', async () => {
  const { apply, tenant, clock } = await openApplied()
  tenant.replicationMs = 30_000
  expect((await apply(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)).state).toBe('done')
  clock.pass(60_000)
  tenant.replicationMs = 60 * 60_000
  const run = await apply(`mailbox: {identity: ${FOO}}\ndelegates: [user1, user2]`)
  expect(run.state).toBe('replicating')
  expect(run.message).toContain("Add-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user2@contoso.com'")
})

test('one mailbox is worked on once at a time', async () => {
  const { begin, apply, deps } = await openApplied()
  const { id } = await begin(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)
  await expect(apply(`mailbox: {identity: ${FOO}}\ndelegates: [user2]`)).rejects.toThrow('is being carried out')
  const [one, other] = await Promise.all([carryOut(deps, id), carryOut(deps, id)])
  expect([one?.state, other]).toEqual(['done', undefined])
})

test('what others change is noticed by and by, said once, and left alone', async () => {
  const { apply, by, deps, told, clock, written, simulator, db } = await openApplied()
  await apply(`mailbox: {identity: ${FOO}, signInBlocked: true}\ndelegates: [user1, {user: user2, autoMapping: true}]`)
  await workDue(deps)
  expect(await told('exchange_drift')).toEqual([])
  by('Add-MailboxPermission', grant('user3'))
  by('Remove-RecipientPermission', { Identity: FOO, Trustee: 'user1', AccessRights: ['SendAs'] })
  by('Set-Mailbox', { Identity: FOO, AccountDisabled: false, HiddenFromAddressListsEnabled: true })
  simulator.reset()
  clock.pass(60 * 60_000)
  await workDue(deps)
  const [first] = await told('exchange_drift')
  // The cast: what the event holds is what is looked at.
  const drift = (first as { drift: { code: string; subject: string }[] }).drift.map(
    ({ code, subject }) => `${code} ${subject}`,
  )
  expect(drift.sort()).toEqual([
    'added-outside user3@contoso.com',
    'hidden foo.user@contoso.com',
    'removed-outside user1@contoso.com',
    'sign-in-enabled foo.user@contoso.com',
  ])
  clock.pass(60 * 60_000)
  await workDue(deps)
  expect([(await told('exchange_drift')).length, written()]).toEqual([1, []])
  expect(db).toBeDefined()
})
