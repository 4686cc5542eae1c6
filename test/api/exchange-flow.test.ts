import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { mailboxes, sendTests, watches } from '../../db/schema.ts'
import { beginSendTest } from '../../server/mail/send/send-test.ts'
import { SIMULATED_CLIENT, SIMULATED_OBJECT, SIMULATED_TENANT } from '../../server/provisioning/simulator/http.ts'
import { SECRET } from '../provisioning/simulated.ts'
import { FOO, openExchange } from './exchange-world.ts'

const BIDS = 'bids@contoso.com'
const DRAFT = JSON.stringify({
  version: 1,
  mailbox: { identity: BIDS, name: 'bids', displayName: 'Bids', type: 'shared', signInBlocked: true },
  delegates: [{ user: 'user1@contoso.com', rights: ['FullAccess', 'SendAs'] }],
})
type Steps = { step: string; state: string; says: string; whatToDo: string }[]
const statesOf = (steps: Steps) => steps.map(({ step, state }) => `${step} ${state}`)

test('from nothing to a watched mailbox: each step is read, kept, and gone on with by anybody', async () => {
  const world = await openExchange()
  const { id, post, get, db, applied, simulator } = world
  const of = { connectionId: id, identity: BIDS }
  const look = async (): Promise<Steps> => (await post('/look', of)).body.flow
  simulator.grants.smtp = false
  expect(statesOf(await look())).toEqual([
    'connect done',
    'create open',
    'access open',
    'admit open',
    'watch open',
    'try open',
  ])
  const begun = await post('/flows', { id: randomUUID(), ...of, draft: DRAFT })
  expect(begun.status).toBe(201)
  // Another browser, another admin: it stands there, with what is next.
  const [row] = await get('/mailboxes')
  expect(row).toMatchObject({ id: begun.body.id, identity: BIDS, hasDraft: true, lastRun: null })
  expect((await get(`/mailboxes/${row.id}`)).flow).toMatchObject({ draft: DRAFT, version: 1 })
  expect((await look()).find(({ step }) => step === 'access')?.says).toMatch(/^\d changes are left\.$/)

  await applied(DRAFT, BIDS)
  expect((await get(`/mailboxes/${row.id}`)).flow.draft).toBeUndefined()
  expect(statesOf(await look())).toMatchObject([
    'connect done',
    'create done',
    'access done',
    'admit open',
    'watch open',
    'try open',
  ])
  // That it was done once says nothing: what is there is read.
  world.by('Remove-MailboxPermission', { Identity: BIDS, User: 'user1', AccessRights: ['FullAccess'] })
  expect((await look()).find(({ step }) => step === 'access')).toMatchObject({
    state: 'open',
    says: '1 change is left.',
  })
  world.by('Add-MailboxPermission', { Identity: BIDS, User: 'user1', AccessRights: ['FullAccess'] })

  expect((await look()).find(({ step }) => step === 'admit')?.says).toContain('SMTP.SendAsApp')
  const watch = (more = {}) => post(`/mailboxes/${row.id}/watch`, { name: 'Bids', ...more })
  expect((await watch()).body.detail).toContain('No admin has consented to SMTP.SendAsApp')
  simulator.grants.smtp = true
  // It breaks off in the middle, and goes on where it was.
  simulator.faults = ({ cmdlet }) => (cmdlet === 'Add-RecipientPermission' ? { is: 'denied' } : undefined)
  expect((await watch()).status).toBe(422)
  simulator.faults = () => undefined
  expect((await look()).find(({ step }) => step === 'admit')?.says).toBe('1 command is left to let the app in.')
  const done = await watch()
  expect(done).toMatchObject({ status: 200, body: { isOpen: true, imap: { ok: true }, smtp: { ok: true } } })
  const { mailboxId } = done.body
  expect((await watch()).body.mailboxId).toBe(mailboxId)
  expect(statesOf(await look()).slice(3)).toEqual(['admit done', 'watch waiting', 'try open'])
  const [mailbox] = await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
  expect(mailbox).toMatchObject({
    address: BIDS,
    auth: 'oauth_app',
    oauth: { tenant: SIMULATED_TENANT, clientId: SIMULATED_CLIENT },
    imapUser: BIDS,
    smtpUser: BIDS,
    sentCopy: 'server',
  })
  expect(world.secrets.decrypt(mailbox!.oauthSecret)).toBe(SECRET)

  await db.write(async (tx) => {
    await tx.insert(watches).values({ mailboxId, state: 'live', since: 1, syncedAt: 1 }).onConflictDoNothing()
  })
  await (await beginSendTest(world.mail, mailbox!, randomUUID(), new AbortController().signal)).done
  expect(statesOf(await look()).slice(3)).toEqual(['admit done', 'watch done', 'try done'])
  // What was seen stands there without asking Exchange again.
  const asked = simulator.answered.length
  expect(statesOf((await get(`/mailboxes/${row.id}`)).flow.steps).slice(1)).toEqual([
    'create done',
    'access done',
    'admit done',
    'watch done',
    'try done',
  ])
  expect(simulator.answered.length).toBe(asked)
  // The right of the program is no stranger, and is never taken.
  expect((await post(`/mailboxes/${row.id}/compare`)).body.drift).toEqual([])
  const whole = await post('/plan', { ...of, wanted: JSON.stringify({ ...JSON.parse(DRAFT), exclusive: true }) })
  expect(whole.body.steps).toEqual([])
})

test('what is wanted is kept before it is applied, and nobody writes over what they have not seen', async () => {
  const { id, post, put, get, as, mo } = await openExchange()
  const begun = await post('/flows', { id: randomUUID(), connectionId: id, identity: BIDS, draft: DRAFT })
  const path = `/mailboxes/${begun.body.id}/flow`
  const other = DRAFT.replace('"Bids"', '"Our bids"')
  expect(await put(path, { draft: other, version: 1 })).toEqual({ status: 200, body: { version: 2 } })
  const late = await put(path, { draft: DRAFT, version: 1 })
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('Somebody else')])
  // The same again, as when an answer was lost, is no quarrel.
  expect((await put(path, { draft: other, version: 1 })).status).toBe(200)
  expect((await get(`/mailboxes/${begun.body.id}`)).flow.draft).toBe(other)
  expect((await put(path, { draft: '{"mailbox": {}}', version: 3 })).status).toBe(400)
  expect((await put(path, { draft: null, version: 3 })).body).toEqual({ version: 4 })
  expect((await get(`/mailboxes/${begun.body.id}`)).flow.draft).toBeUndefined()
  const asMo = await as(mo)(`/api/exchange${path}`, { method: 'PUT', json: { draft: null, version: 4 } })
  expect(asMo.status).toBe(403)
  expect((await as(mo)('/api/exchange/flows', { method: 'POST', json: {} })).status).toBe(403)
})

test('what keeps the app out is said in plain words, and only what passes by itself is waited for', async () => {
  const world = await openExchange({ mailDelayMs: 30 * 60_000 })
  const { applied, post, simulator, clock, db, id, by } = world
  const { id: row } = await applied(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)
  const watch = (more = {}) => post(`/mailboxes/${row}/watch`, { name: 'Foo', ...more })
  const look = async () => (await post('/look', { connectionId: id, identity: FOO })).body.flow as Steps
  const stepOf = async (step: string) => (await look()).find((one) => one.step === step)

  const wrongSecret = await watch({ clientSecret: 'wrong' })
  expect(wrongSecret.body.errors[0]).toMatchObject({ field: 'clientSecret' })
  expect(wrongSecret.body.errors[0].message).toContain('The client secret is wrong or has expired.')
  const unknown = await watch({ appId: 'another-app', clientSecret: 'x' })
  expect(unknown.body.errors[0].message).toContain('The tenant does not know this app.')
  expect((await watch({ appId: 'another-app' })).body.errors[0].field).toBe('objectId')
  expect((await watch({ appId: 'another-app', objectId: 'its-object' })).body.errors[0].field).toBe('clientSecret')

  // Nothing was connected by any of that. Now Exchange needs half an hour to know of the rights.
  expect(await db.read.select().from(mailboxes).where(eq(mailboxes.address, FOO))).toEqual([])
  const soon = await watch()
  expect(soon.body).toMatchObject({ isOpen: false, imap: { trouble: 'token_refused' } })
  const { mailboxId } = soon.body
  const failing = { mailboxId, state: 'trouble' as const, since: 1, trouble: 'token_refused' as const, detail: 'NO' }
  await db.write(async (tx) => {
    await tx.insert(watches).values(failing)
  })
  expect(await stepOf('watch')).toMatchObject({ state: 'waiting', says: expect.stringContaining('up to an hour') })
  clock.pass(30 * 60_000)
  expect((await watch()).body.isOpen).toBe(true)
  world.pass(2 * 60 * 60_000)
  expect(await stepOf('watch')).toMatchObject({
    state: 'trouble',
    whatToDo: expect.stringContaining('New-ServicePrincipal'),
  })

  by('Set-CASMailbox', { Identity: FOO, ImapEnabled: false })
  expect(await stepOf('admit')).toMatchObject({ state: 'open', says: '1 command is left to let the app in.' })
  await db.write(async (tx) => {
    const told = { id: randomUUID(), mailboxId, state: 'failed' as const, startedAt: Date.now(), results: [] }
    await tx.insert(sendTests).values({ ...told, trouble: 'disabled', detail: 'SmtpClientAuthentication is disabled' })
  })
  expect(await stepOf('try')).toMatchObject({
    state: 'trouble',
    whatToDo: expect.stringContaining('Set-CASMailbox -SmtpClientAuthenticationDisabled $false'),
  })
  simulator.grants.directoryRole = false
  expect((await post('/look', { connectionId: id, identity: FOO })).status).toBe(422)
})

test('an app that Exchange knows by the wrong id is told apart from one that it does not know', async () => {
  const { applied, post, by } = await openExchange()
  const { id: row } = await applied(`mailbox: {identity: ${FOO}}\ndelegates: [user1]`)
  by('Set-CASMailbox', { Identity: FOO, ImapEnabled: false, SmtpClientAuthenticationDisabled: true })
  const plan = await post(`/mailboxes/${row}/program/plan`)
  // Nobody typed an id: the app's own token says what it is in the tenant.
  expect(plan.body).toMatchObject({ appId: SIMULATED_CLIENT, objectId: SIMULATED_OBJECT, missingPermissions: [] })
  expect(plan.body.steps.map(({ command }: { command: string }) => command)).toEqual([
    `New-ServicePrincipal -AppId '${SIMULATED_CLIENT}' -ObjectId '${SIMULATED_OBJECT}' -DisplayName 'Downfield'`,
    `Add-MailboxPermission -Identity '${FOO}' -User '${SIMULATED_OBJECT}' -AccessRights FullAccess -InheritanceType All -AutoMapping $false -Confirm:$false`,
    `Add-RecipientPermission -Identity '${FOO}' -Trustee '${SIMULATED_OBJECT}' -AccessRights SendAs -Confirm:$false`,
    `Set-CASMailbox -Identity '${FOO}' -ImapEnabled $true -Confirm:$false`,
    `Set-CASMailbox -Identity '${FOO}' -SmtpClientAuthenticationDisabled $false -Confirm:$false`,
  ])
  const wrong = '00000000-1111-4222-8333-444455556666'
  by('New-ServicePrincipal', { AppId: SIMULATED_CLIENT, ObjectId: wrong })
  const other = await post(`/mailboxes/${row}/program`)
  expect(other.body.detail).toContain(`by the object id ${wrong}`)
  expect(other.body.detail).toContain(SIMULATED_OBJECT)
})

test('the form of a mailbox signs in as an app too, and says in plain words what keeps it out', async () => {
  const { ada, by, exchangeMail, simulator, input } = await openExchange()
  const server = (kind: 'imap' | 'smtp') => ({
    [`${kind}Host`]: exchangeMail[kind].host,
    [`${kind}Port`]: exchangeMail[kind].port,
    [`${kind}Security`]: 'none',
    [`${kind}User`]: FOO,
    [`${kind}Password`]: '',
  })
  const oauth = {
    tenant: SIMULATED_TENANT,
    clientId: SIMULATED_CLIENT,
    authority: input.settings.authority,
    graphUrl: '',
  }
  const form = { address: FOO, name: 'Foo', ...server('imap'), ...server('smtp'), auth: 'oauth_app', oauth }
  const tried = async (more = {}) => {
    const json = { ...form, oauthSecret: SECRET, ...more }
    const { name: _name, ...asked } = json
    const { imap, smtp } = await (await ada('/api/mailboxes/test', { method: 'POST', json: asked })).json()
    return [imap, smtp].map(({ summary, whatToDo }) => `${summary} ${whatToDo}`)
  }
  const both = (...patterns: RegExp[]) => patterns.map((pattern) => expect.stringMatching(pattern))
  expect(await tried({ oauthSecret: 'wrong' })).toEqual(both(/secret/i, /secret/i))
  expect(await tried()).toEqual(
    both(/did not take the token.*New-ServicePrincipal/, /did not take the token.*SMTP\.SendAsApp/),
  )
  by('New-ServicePrincipal', { AppId: SIMULATED_CLIENT, ObjectId: SIMULATED_OBJECT })
  expect((await tried())[0]).toMatch(/does not open the mailbox.*IMAP is disabled for it, or full access is missing/)
  by('Add-MailboxPermission', { Identity: FOO, User: SIMULATED_OBJECT, AccessRights: ['FullAccess'] })
  by('Set-CASMailbox', { Identity: FOO, SmtpClientAuthenticationDisabled: true })
  expect(await tried()).toEqual(
    both(/^Signed in\. The inbox has 0 mails/, /does not let .* send by SMTP.*Set-CASMailbox/),
  )
  by('Set-CASMailbox', { Identity: FOO, SmtpClientAuthenticationDisabled: false })
  by('Add-RecipientPermission', { Identity: FOO, Trustee: SIMULATED_OBJECT, AccessRights: ['SendAs'] })
  expect(await tried()).toEqual(both(/^Signed in\./, /^Signed in\./))
  simulator.grants.imap = false
  expect((await tried())[0]).toContain('IMAP.AccessAsApp')
  simulator.grants.imap = true

  const made = await ada('/api/mailboxes', { method: 'POST', json: { ...form, oauthSecret: SECRET } })
  expect(made.status).toBe(201)
  const { id } = await made.json()
  expect(await (await ada(`/api/mailboxes/${id}`)).json()).toMatchObject({ auth: 'oauth_app', hasOauthSecret: true })
})
