import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { exchangeConnections } from '../../db/schema.ts'
import { collect } from '../../server/provisioning/connection/collect.ts'
import { startSimulatedLdap } from '../../server/provisioning/simulator/ldap.ts'
import { full, snapshot } from '../provisioning/fixture.ts'
import { openSimulated, SECRET } from '../provisioning/simulated.ts'
import { BIND } from '../provisioning/slapd.ts'
import { FOO, openExchange } from './exchange-world.ts'

const WANTED = `mailbox: {identity: ${FOO}}\ndelegates: [{user: user1, rights: [FullAccess], autoMapping: false}]\ndelegatesFrom: more.txt`

test('a secret goes in and never comes out, and never to another service', async () => {
  const { get, ada, id, input, db, asNobody, as, mo, post } = await openExchange()
  expect(await get('/connections')).toMatchObject([
    { id, name: 'Contoso', has: { clientSecret: true, privateKey: false, ldapPassword: false } },
  ])
  expect(JSON.stringify(await get('/connections'))).not.toContain('secret /')
  const [row] = await db.read.select().from(exchangeConnections)
  expect(row?.secrets).not.toContain(SECRET)
  const put = (json: object) => ada(`/api/exchange/connections/${id}`, { method: 'PUT', json })
  expect((await put({ ...input, name: 'Renamed', clientSecret: '' })).status).toBe(204)
  const moved = { ...input, clientSecret: '', settings: { ...input.settings, authority: 'https://login.evil.example' } }
  expect(await (await put(moved)).json()).toMatchObject({ errors: [{ field: 'clientSecret' }] })
  expect((await put({ ...input, settings: { ...input.settings, exchangeUrl: 'http://outlook.example' } })).status).toBe(
    400,
  )
  // A token is as good as a secret: another mail server needs it entered anew, and none gets it in the open.
  const elsewhere = (host: string, security: string) => {
    const mail = { imap: { host, port: 993, security }, smtp: { host, port: 587, security } }
    return put({ ...input, clientSecret: '', settings: { ...input.settings, mail } })
  }
  expect(await (await elsewhere('imap.evil.example', 'tls')).json()).toMatchObject({
    errors: [{ field: 'clientSecret' }],
  })
  expect((await (await elsewhere('imap.evil.example', 'none')).json()).errors[0].message).toContain('must be encrypted')
  expect((await post(`/connections/${id}/test`)).body).toMatchObject({ canWrite: true, clearAutoMapping: true })
  expect([
    (await as(mo)('/api/exchange/connections')).status,
    (await asNobody('/api/exchange/connections')).status,
  ]).toEqual([403, 401])
})

test('from what is there to what is wanted: looked at, planned, carried out, and seen in the end', async () => {
  const { id, post, get, work, simulator, tenant, foo } = await openExchange()
  const of = { connectionId: id, identity: FOO }
  expect(
    (await get(`/connections/${id}/mailboxes`)).map(({ address, isShared }: Record<string, unknown>) => [
      address,
      isShared,
    ]),
  ).toEqual([
    [FOO, true],
    ['user1@contoso.com', false],
    ['user2@contoso.com', false],
    ['user3@contoso.com', false],
  ])
  const looked = await post('/look', { ...of, names: ['user1'] })
  expect(looked.body.checks.map(({ title }: { title: string }) => title)).toContain('Who may send as it')
  expect(looked.body.options.find(({ here }: { here: string | null }) => here)).toMatchObject({
    option: 'shared-mailbox',
  })

  const wish = { wanted: WANTED, lists: { 'more.txt': 'user2\r\n# not yet: user3\r\n' } }
  const plan = await post('/plan', { ...of, ...wish })
  expect(plan.body.steps.map(({ command }: { command: string }) => command.split(' ')[0])).toEqual([
    'Add-MailboxPermission',
    'Add-MailboxPermission',
    'Add-RecipientPermission',
  ])
  expect(plan.body.script).toContain("-User 'user2@contoso.com'")
  const runId = randomUUID()
  const { planHash, snapshotHash } = plan.body
  const begin = () => post('/apply', { ...of, ...wish, id: runId, planHash, snapshotHash })
  expect([await begin(), await begin()]).toEqual([
    { status: 202, body: { id: runId, state: 'queued' } },
    { status: 202, body: { id: runId, state: 'queued' } },
  ])
  await work()
  expect(await get(`/runs/${runId}`)).toMatchObject({
    state: 'done',
    steps: [{ state: 'done' }, { state: 'done' }, { state: 'done' }],
  })
  expect(tenant.hasAccess(foo(), tenant.byAddress('user2@contoso.com'))).toBe(true)
  const [managed] = await get('/mailboxes')
  expect(managed).toMatchObject({ identity: FOO, lastRun: { id: runId, state: 'done' }, drift: [] })
  expect(await get(`/mailboxes/${managed.id}`)).toMatchObject({
    wanted: WANTED,
    runs: [{ id: runId }],
    ledger: [
      { user: 'user1@contoso.com', did: 'granted', autoMapping: false },
      { user: 'user2@contoso.com', did: 'granted', autoMapping: true },
    ],
  })
  const again = await post('/apply', { ...of, ...wish, id: randomUUID(), planHash, snapshotHash })
  expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('STALE_PLAN')])
  expect(await get('/alarms')).toEqual([])

  tenant.state.accounts.get(foo().id)!.box!.aces.pop()
  expect((await post(`/mailboxes/${managed.id}/compare`)).body.drift).toMatchObject([
    { code: 'removed-outside', subject: 'user2@contoso.com' },
  ])
  simulator.grants.directoryRole = false
  const refused = await post('/plan', { ...of, ...wish })
  expect([refused.status, refused.body.detail]).toEqual([
    422,
    expect.stringMatching(/two grants.*\(RBAC_OR_UNKNOWN_CMDLET\)$/),
  ])
})

test('the doctor asks Exchange and Autodiscover, or goes by what was pasted', async () => {
  const { id, post, by, clock } = await openExchange()
  const ask = async (more: object) =>
    (await post('/doctor', { connectionId: id, identity: FOO, user: 'user1@contoso.com', ...more })).body.headline
  expect(await ask({})).toMatchObject({
    code: 'NO_GRANT',
    fix: { commands: [expect.stringMatching(/^Add-MailboxPermission/)] },
  })
  by('Add-MailboxPermission', { Identity: FOO, User: 'user1', AccessRights: ['FullAccess'] })
  clock.pass(60 * 60_000)
  expect(await ask({})).toMatchObject({ code: 'ADVERTISED_CLIENT_SIDE' })
  expect(await ask({ client: 'owa' })).toMatchObject({ code: 'CLIENT_NEVER_MAPS' })
  expect(
    await ask({ snapshot: JSON.stringify(snapshot({ full: [full('user1@contoso.com')] })), xml: '<Autodiscover>' }),
  ).toMatchObject({ code: 'UNKNOWN_EXO' })
})

test('DNS is asked about the domains in question, and what it says counts', async () => {
  const { id, post, names, by, clock, as, mo } = await openExchange()
  by('Add-MailboxPermission', { Identity: FOO, User: 'user1', AccessRights: ['FullAccess'] })
  clock.pass(60 * 60_000)
  const ask = async (more: object = {}) =>
    (await post('/doctor', { connectionId: id, identity: FOO, user: 'user1@contoso.com', ...more })).body
  const domain = (body: { findings: { code: string }[] }) =>
    body.findings.find(({ code }) => code === 'DOMAIN_MISMATCH')
  expect(domain(await ask())).toMatchObject({ verdict: 'ok' })
  const elsewhere = await ask({ computerDomain: 'remotedomain.example' })
  expect(elsewhere.headline).toMatchObject({ code: 'DOMAIN_MISMATCH', verdict: 'cause' })
  expect(elsewhere.headline.fix.manualSteps[0]).toContain('autodiscover.remotedomain.example')
  names.zone.records['CNAME autodiscover.contoso.com'] = ['autodiscover.oldhost.example']
  expect(domain(await ask())).toMatchObject({ verdict: 'possible', says: expect.stringContaining('oldhost') })

  const told = await post('/domains', { connectionId: id, domains: ['contoso.com', 'Contoso.com'] })
  expect(told.body.map((one: { domain: string; findings: unknown[] }) => [one.domain, one.findings.length])).toEqual([
    ['contoso.com', 5],
  ])
  expect((await post('/domains', { connectionId: id, domains: ['http://x'] })).status).toBe(400)
  const asMo = await as(mo)('/api/exchange/domains', {
    method: 'POST',
    json: { connectionId: id, domains: ['x.example'] },
  })
  expect(asMo.status).toBe(403)
})

test('where nobody can be asked, files go back and forth, and what the script did is taken down', async () => {
  const { post, get } = await openExchange()
  const id = randomUUID()
  const made = await post('/connections', { id, name: 'By hand', kind: 'plan-only' })
  expect(made.status).toBe(201)
  const of = {
    connectionId: id,
    identity: FOO,
    wanted: `mailbox: {identity: ${FOO}}\ndelegates: [user1]`,
    snapshot: JSON.stringify(snapshot()),
  }
  const plan = await post('/plan', of)
  expect(plan.body.steps).toHaveLength(2)
  const { snapshot: _file, ...live } = of
  expect((await post('/plan', live)).body.detail).toContain('READ_ONLY')
  const transcript =
    '\ufeff{"step":"1","ok":true,"message":"","at":"2026-11-21T10:00:00.0000000Z"}\r\nnoise\r\n{"step":"2","ok":false,"message":"No."}\r\n'
  const runId = randomUUID()
  const told = await post('/done-by-hand', { ...of, id: runId, planHash: plan.body.planHash, transcript })
  expect(told).toMatchObject({
    status: 201,
    body: { state: 'partly', steps: [{ state: 'done' }, { state: 'failed', message: 'No.' }] },
  })
  const [managed] = await get('/mailboxes')
  expect((await get(`/mailboxes/${managed.id}`)).ledger).toEqual([
    { user: 'user1@contoso.com', did: 'granted', autoMapping: true, at: '2026-11-21T10:00:00.000Z' },
  ])
})

test('a list of users and the settings for Outlook need no Exchange', async () => {
  const { post, get } = await openExchange()
  expect(
    (
      await post('/lists', { name: 'users.txt', text: '\ufeffuser1\r\n# c\r\n"user2@contoso.com"\r\nuser1\r\n' })
    ).body.map(({ user }: { user: string }) => user),
  ).toEqual(['user1', 'user2@contoso.com'])
  expect((await post('/lists', { name: 'users.txt', text: 'a, b\n' })).body.errors[0].message).toContain(
    'users.txt line 1',
  )
  const outlook = await get('/outlook?version=2013&what=sent&copiesByServer=true')
  expect([outlook.copies, outlook.files.bat, Object.keys(outlook.files)]).toEqual([
    { shared: 2, sender: 0 },
    'reg add "HKCU\\Software\\Microsoft\\Office\\15.0\\Outlook\\Preferences" /v DelegateSentItemsStyle /t REG_DWORD /d 1 /f\r\n',
    ['bat', 'reg', 'undo-bat', 'undo-reg', 'intune-detect', 'intune-remediate'],
  ])
})

test('on premises by files: the directory is asked for whom the mailbox appears by itself, and tried before', async () => {
  const { post, get, ada } = await openExchange()
  const onprem = await openSimulated({ platform: 'onprem' })
  const directory = await startSimulatedLdap(onprem.tenant, BIND)
  onTestFinished(() => directory.close())
  onprem.by('Add-MailboxPermission', { Identity: FOO, User: 'CONTOSO\\user1', AccessRights: ['FullAccess'] })
  const { snapshot: seen } = await collect(onprem.connection, { identity: FOO, netBiosDomain: 'CONTOSO' }, 0)
  const id = randomUUID()
  const input = { id, name: 'HQ', kind: 'plan-only', platform: 'onprem' }
  const settings = {
    ldapUrl: directory.url,
    ldapBaseDn: 'dc=contoso,dc=local',
    ldapBindDn: BIND.bindDn,
    netBiosDomain: 'CONTOSO',
  }
  expect((await post('/connections', { ...input, settings })).body.errors[0].field).toBe('ldapPassword')
  const open = { ...settings, ldapUrl: 'ldap://dc.contoso.local' }
  expect(
    (await post('/connections', { ...input, settings: open, ldapPassword: 'x' })).body.errors[0].message,
  ).toContain('ldaps://')
  expect((await post('/connections', { ...input, settings, ldapPassword: 'wrong' })).status).toBe(201)
  expect((await post(`/connections/${id}/test`)).body.directory).toMatchObject({
    isRead: false,
    trouble: expect.stringContaining('password'),
  })
  // Another account needs its own password; the same one keeps it.
  const put = (json: object) => ada(`/api/exchange/connections/${id}`, { method: 'PUT', json: { ...input, ...json } })
  expect((await put({ settings, ldapPassword: BIND.password })).status).toBe(204)
  expect((await put({ settings, name: 'Head office' })).status).toBe(204)
  expect((await put({ settings: { ...settings, ldapBindDn: 'cn=other' } })).status).toBe(400)
  expect((await get('/connections')).find((one: { id: string }) => one.id === id)).toMatchObject({
    name: 'Head office',
    has: { ldapPassword: true },
  })
  const looked = await post('/look', { connectionId: id, identity: FOO, snapshot: JSON.stringify(seen) })
  expect(looked.body.access).toMatchObject([{ user: 'user1@contoso.com', autoMapping: { state: 'on', source: 'ad' } }])
  expect(looked.body.flow.map(({ step }: { step: string }) => step)).toEqual([
    'connect',
    'create',
    'access',
    'watch',
    'try',
  ])
})
