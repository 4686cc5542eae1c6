import { expect, test } from 'vitest'
import { invoke } from '../../server/provisioning/simulator/invoke.ts'
import { openSimulated } from './simulated.ts'

const FOO = 'foo.user@contoso.com'
const grant = (user: string, more = {}) => ({ Identity: FOO, User: user, AccessRights: ['FullAccess'], ...more })

/** What Exchange makes of a request that Downfield itself would never send. */
async function post(
  { simulator, tokens }: Awaited<ReturnType<typeof openSimulated>>,
  cmdlet: string,
  params: object,
  path?: string,
) {
  const { token, tenantId } = await tokens()
  const response = await fetch(`${simulator.url}${path ?? `/adminapi/beta/${tenantId}/InvokeCommand`}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: params } }),
  })
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
}
const json = ({ bytes }: { bytes: Buffer }) => JSON.parse(bytes.toString())
const words = (answer: { bytes: Buffer }) => json(answer).error.details[0].message.split('|').at(-1)

test('1: grants, unknown cmdlets, parameters and members of enumerations are refused as Exchange refuses them', async () => {
  const simulated = await openSimulated()
  const { simulator } = simulated
  const unknown = await post(simulated, 'Get-Nothing', {})
  expect([unknown.status, unknown.bytes.equals(Buffer.alloc(4096))]).toEqual([403, true])
  expect((await post(simulated, 'Get-ADPermission', { Identity: FOO })).status).toBe(403)
  const parameter = await post(simulated, 'Get-MailboxPermission', { Identity: FOO, Nonsense: 1 })
  expect([parameter.status, words(parameter)]).toEqual([
    400,
    "AmbiguousParameterSetException: A parameter cannot be found that matches parameter name 'Nonsense'.",
  ])
  const member = await post(simulated, 'Add-MailboxPermission', grant('user1', { InheritanceType: 'Most' }))
  expect(words(member)).toContain('None, All, Descendents, SelfAndChildren, Children')
  expect((await post(simulated, 'Add-MailboxPermission', grant('user1', { InheritanceType: 'A' }))).status).toBe(200)
  const { tenantId } = await simulated.tokens()
  const v1 = await post(simulated, 'Get-Mailbox', {}, `/adminapi/v1.0/${tenantId}/InvokeCommand`)
  expect(v1.status).toBe(405)
  simulator.grants.directoryRole = false
  expect((await post(simulated, 'Get-Mailbox', {})).status).toBe(403)
  simulator.grants.appRole = false
  expect((await post(simulated, 'Get-Mailbox', {})).status).toBe(401)
})

test('2, 3, 7: rows look as they do on the wire', async () => {
  const simulated = await openSimulated()
  const { tenant, by, foo } = simulated
  by('Add-MailboxPermission', grant('user1'))
  by('Set-Mailbox', {
    Identity: FOO,
    GrantSendOnBehalfTo: { '@odata.type': '#Exchange.GenericHashTable', add: ['user2@contoso.com'] },
  })
  foo().box!.aces.push({
    accountId: 'gone',
    who: 'gone',
    sid: 'S-1-5-21-9-9-9-9',
    rights: ['FullAccess'],
    deny: false,
    inherited: false,
    inheritanceType: 'All',
  })
  const [mailbox] = json(await post(simulated, 'Get-Mailbox', { Identity: FOO })).value
  expect(mailbox).toMatchObject({
    'EmailAddresses@odata.type': '#Collection(String)',
    'Guid@data.type': 'System.Guid',
    GrantSendOnBehalfTo: ['user2'],
    ProhibitSendReceiveQuota: '50 GB (53,687,091,200 bytes)',
    EmailAddresses: [
      'SMTP:foo.user@contoso.com',
      'smtp:foo@contoso.onmicrosoft.com',
      'SIP:foo.user@contoso.com',
      'SPO:SPO_1',
    ],
  })
  const rows = json(await post(simulated, 'Get-MailboxPermission', { Identity: FOO })).value
  expect(
    rows.map(({ User, AccessRights, PrimarySmtpAddress }: Record<string, unknown>) => [
      User,
      AccessRights,
      PrimarySmtpAddress,
    ]),
  ).toEqual([
    ['NT AUTHORITY\\SELF', ['FullAccess, ReadPermission'], ''],
    ['NT AUTHORITY\\SELF', ['FullAccess, ExternalAccount, ReadPermission'], ''],
    ['Discovery Management', ['FullAccess'], ''],
    ['user1@contoso.com', ['FullAccess'], ''],
    ['S-1-5-21-9-9-9-9', ['FullAccess'], ''],
  ])
  by('Set-Mailbox', { Identity: FOO, GrantSendOnBehalfTo: ['user3'] })
  expect(foo().box!.behalf).toEqual([tenant.byAddress('user3@contoso.com').id])
})

test('4: nothing for an identity is everybody for Get-Mailbox, and an error for Get-MailboxPermission', async () => {
  const simulated = await openSimulated()
  expect(json(await post(simulated, 'Get-Mailbox', { Identity: '' })).value).toHaveLength(4)
  expect((await post(simulated, 'Get-MailboxPermission', {})).status).toBe(400)
})

test('5, 8: what is there already, or is not, is a warning; marks come and go by the rules', async () => {
  const { by, tenant, foo } = await openSimulated({ autoMapDelayMs: 0 })
  const user1 = tenant.byAddress('user1@contoso.com')
  const marked = () => tenant.isAdvertised(foo(), user1)
  by('Add-MailboxPermission', grant('user1'))
  expect(marked()).toBe(true)
  expect(by('Add-MailboxPermission', grant('user1', { AutoMapping: false })).warnings[0]).toMatch(
    /^The appropriate access control entry is already present on the object ".*" for account "user1@contoso.com"\.$/,
  )
  expect(marked()).toBe(true)
  by('Remove-MailboxPermission', grant('user1'))
  expect(marked()).toBe(false)
  expect(by('Remove-MailboxPermission', grant('user1')).warnings[0]).toContain(
    "because the ACE doesn't exist on the object.",
  )
  by('Add-MailboxPermission', grant('user1', { AutoMapping: false }))
  expect(marked()).toBe(false)
  by('Add-MailboxPermission', grant('user1', { AutoMapping: true }))
  expect(marked()).toBe(true)
  by('Remove-MailboxPermission', { Identity: FOO, ClearAutoMapping: true })
  expect([marked(), tenant.hasAccess(foo(), user1)]).toEqual([false, true])
  expect(by('Set-Mailbox', { Identity: FOO, HiddenFromAddressListsEnabled: false }).warnings[0]).toContain(
    'completed successfully but no settings of',
  )
  expect(() =>
    by('Add-MailboxPermission', { ...grant('user1'), AccessRights: ['ReadPermission'], AutoMapping: true }),
  ).toThrow('AutoMapping=true option can only be used together with FullAccess')
  const group = tenant.add('Bids', { type: 'MailUniversalSecurityGroup', upn: '', members: [user1.id] })
  by('Remove-MailboxPermission', grant('user1'))
  by('Add-MailboxPermission', grant('Bids'))
  expect([marked(), tenant.hasAccess(foo(), user1)]).toEqual([false, true])
  const many = Array.from({ length: 33 }, (_, i) => tenant.add(`many${i}`))
  expect(many.map(({ upn }) => by('Add-MailboxPermission', grant(upn)).warnings.length)).toEqual([
    ...Array(32).fill(0),
    1,
  ])
  while (foo().box!.aces.length < 500) foo().box!.aces.push({ ...foo().box!.aces[2]! })
  expect(() => by('Add-MailboxPermission', grant('user1'))).toThrow('500')
  expect(group.members).toEqual([user1.id])
})

test('6: names are found by what is theirs; those of several are nobody’s', async () => {
  const { by, tenant } = await openSimulated()
  const foo = tenant.byAddress(FOO)
  for (const name of [foo.upn, 'foo@contoso.onmicrosoft.com', foo.name, foo.alias, foo.guid, foo.dn])
    expect(by('Get-Mailbox', { Identity: name }).rows).toHaveLength(1)
  tenant.add('user1b', { displayName: 'Same', alias: 'same' })
  tenant.add('user2b', { displayName: 'Same', alias: 'same' })
  expect(() => by('Add-MailboxPermission', grant('same'))).toThrow('matches multiple entries')
  expect(() => by('Add-MailboxPermission', grant('nobody'))).toThrow(
    `"nobody" wasn't found. Please make sure you've typed it correctly.`,
  )
})

test('9, 15: what was written is read later, a new mailbox is not found at first, and is open to sign-in', async () => {
  const { by, tenant, clock } = await openSimulated({ replicationMs: 10_000, unseenAfterNew: 2 })
  const user1 = tenant.byAddress('user1@contoso.com')
  by('Add-MailboxPermission', grant('user1'))
  const seen = () => by('Get-MailboxPermission', { Identity: FOO }).rows.length
  expect(seen()).toBe(3)
  clock.pass(10_000)
  expect(seen()).toBe(4)
  expect(tenant.isAdvertised(tenant.byAddress(FOO), user1)).toBe(false)
  clock.pass(60 * 60_000)
  expect(tenant.isAdvertised(tenant.byAddress(FOO), user1)).toBe(true)
  by('New-Mailbox', { Name: 'new', Shared: true })
  clock.pass(10_000)
  expect(() => by('Get-Mailbox', { Identity: 'new@contoso.com' })).toThrow("couldn't be found on 'DM6PR")
  expect(() => by('Set-Mailbox', { Identity: 'new@contoso.com', DisplayName: 'New' })).toThrow("couldn't be found")
  expect(by('Get-Mailbox', { Identity: 'new@contoso.com' }).rows[0]).toMatchObject({
    AccountDisabled: false,
    RecipientTypeDetails: 'SharedMailbox',
  })
  expect(() => by('New-Mailbox', { Name: 'other', Shared: true, PrimarySmtpAddress: FOO })).toThrow(
    'The proxy address "smtp:foo.user@contoso.com" is already being used',
  )
})

test('14: on premises accounts have a domain, administrators are denied, and there is a link', async () => {
  const { tenant, foo } = await openSimulated({ platform: 'onprem', autoMapDelayMs: 0 })
  const by = (cmdlet: string, params: Record<string, unknown>) => invoke(tenant, cmdlet, params).rows
  by('Add-MailboxPermission', grant('CONTOSO\\user1'))
  const denied = by('Get-MailboxPermission', { Identity: FOO }).filter(({ Deny, IsInherited }) => Deny && IsInherited)
  expect(denied.map(({ User }) => User)).toEqual([
    'CONTOSO\\Administrator',
    'CONTOSO\\Domain Admins',
    'CONTOSO\\Enterprise Admins',
    'CONTOSO\\Organization Management',
  ])
  expect(() => by('Get-ADPermission', { Identity: FOO })).toThrow("wasn't found. Please make sure")
  by('Add-ADPermission', {
    Identity: foo().dn,
    User: 'CONTOSO\\user1',
    AccessRights: ['ExtendedRight'],
    ExtendedRights: ['Send As'],
  })
  expect(by('Get-ADPermission', { Identity: 'Foo User' }).at(-1)).toMatchObject({
    User: 'CONTOSO\\user1',
    ExtendedRights: ['Send-As'],
  })
  expect(by('Get-ADUser', { Identity: 'foo.user' })[0]).toMatchObject({
    msExchDelegateListLink: ['CN=user1,OU=People,DC=contoso,DC=local'],
  })
  expect(() => by('Remove-MailboxPermission', { Identity: FOO, ClearAutoMapping: true })).toThrow('cloud-based')
  by('Set-Mailbox', { Identity: 'user1', Type: 'Shared' })
  expect(tenant.byAddress('user1@contoso.com').disabled).toBe(true)
})
