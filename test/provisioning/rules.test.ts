import { expect, test } from 'vitest'
import { afterAction } from '../../server/provisioning/auto-mapping.ts'
import { full, group, mailbox, mapped, person, planned, sends, sendsOnPrem, snapshot } from './fixture.ts'

type Row = Record<string, unknown>

const FOO = 'mailbox: {identity: foo.user@contoso.com}\n'
const user1 = 'user1@contoso.com'
const user2 = 'user2@contoso.com'
const SET = `Set-Mailbox -Identity 'foo.user@contoso.com'`
const END = '-Confirm:$false'
const right = (verb: string, user: string, rest = '') =>
  `${verb}-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user}' -AccessRights FullAccess -InheritanceType All ${rest}${END}`
const off = (user: string) => [right('Remove', user), right('Add', user, '-AutoMapping $false ')]
const clear = `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -ClearAutoMapping ${END}`
const FOO_DN = 'CN=Foo User,OU=Shared,DC=contoso,DC=local'
const onPrem = (more: Row) =>
  snapshot({ recipients: ['user1', 'user2'].map((name) => person(name, { SamAccountName: name })), ...more }, 'onprem')
const wantsOff = (...users: string[]) =>
  `${FOO}delegates:\n${users.map((user) => `  - {user: ${user}, rights: [FullAccess], autoMapping: false}\n`).join('')}`

type Case = [
  name: string,
  wanted: string,
  actual: Row,
  expected: { commands?: string[]; notes?: string[]; blockers?: string[] },
]

const did = (what: string, at: string, more: Row = {}): Row => ({ user: user1, did: what, at, ...more })

const AUTO_MAPPING: Case[] = [
  [
    'what we did ourselves is evidence where there is no better',
    wantsOff(user1),
    snapshot({ full: [full(user1)], ledger: [did('granted', '2026-10-01T12:00:00Z')] }),
    { commands: [clear] },
  ],
  [
    'and so is that we cleared it for all',
    wantsOff(user1),
    snapshot({
      full: [full(user1)],
      ledger: [did('granted', '2026-10-01T12:00:00Z'), { did: 'cleared automapping', at: '2026-10-02T12:00:00Z' }],
    }),
    {},
  ],
  [
    'what was seen before our last change is outdated',
    wantsOff(user1),
    snapshot({
      full: [full(user1)],
      autoMapping: [mapped('user1', 'on')],
      ledger: [did('granted', '2026-10-01T13:00:00Z', { autoMapping: false })],
    }),
    {},
  ],
  [
    'the silence of Autodiscover right after a grant means nothing',
    wantsOff(user1),
    snapshot({
      full: [full(user1)],
      autoMapping: [mapped('user1', 'off')],
      ledger: [did('granted', '2026-10-01T09:00:00Z')],
    }),
    { commands: [clear] },
  ],
  [
    'a day later it does',
    wantsOff(user1),
    snapshot({
      full: [full(user1)],
      autoMapping: [mapped('user1', 'off')],
      ledger: [did('granted', '2026-09-30T09:00:00Z')],
    }),
    {},
  ],
  [
    'the last who has it mapped: cleared for all, without touching access',
    wantsOff(user1),
    snapshot({ full: [full(user1)], autoMapping: [mapped('user1', 'on')] }),
    { commands: [clear] },
  ],
  [
    'somebody unlisted may have it mapped: only the one is turned off',
    wantsOff(user1),
    snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on')] }),
    { commands: off(user1) },
  ],
  [
    'an unlisted one who is known not to have it mapped is no reason',
    wantsOff(user1),
    snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on'), mapped('user2', 'off')] }),
    { commands: [clear] },
  ],
  [
    'a group with access is no reason either: it never maps',
    wantsOff(user1),
    snapshot({
      full: [full(user1), full('marketing-sg@contoso.com')],
      recipients: [person('user1'), group],
      autoMapping: [mapped('user1', 'on')],
    }),
    { commands: [clear] },
  ],
  [
    'on premises there is no clearing',
    wantsOff(user1),
    onPrem({ full: [full('CONTOSO\\user1')], autoMapping: [mapped('user1', 'on', 'ad')] }),
    { commands: off('CONTOSO\\user1') },
  ],
  [
    'on premises the link alone goes where that was allowed',
    `${wantsOff(user1)}editAdLink: true`,
    onPrem({ full: [full('CONTOSO\\user1')], autoMapping: [mapped('user1', 'on', 'ad')] }),
    {
      commands: [
        `Set-ADUser -Identity '${FOO_DN}' -Remove @{msExchDelegateListLink='CN=user1,OU=People,DC=contoso,DC=local'} ${END}`,
      ],
    },
  ],
  [
    'a link is named by distinguished name',
    wantsOff(user1),
    onPrem({
      full: [full('CONTOSO\\user1')],
      autoMapping: [{ user: 'CN=user1,OU=People,DC=contoso,DC=local', state: 'off', source: 'ad', at: null }],
    }),
    {},
  ],
  [
    'the directory is believed before Autodiscover, and that before our own memory',
    wantsOff(user1),
    onPrem({
      full: [full('CONTOSO\\user1')],
      autoMapping: [mapped('user1', 'on', 'ledger'), mapped('user1', 'off', 'ad'), mapped('user1', 'on')],
    }),
    {},
  ],
  [
    'of two readings the later one counts',
    wantsOff(user1),
    snapshot({
      full: [full(user1)],
      autoMapping: [{ ...mapped('user1', 'off'), at: '2026-10-03T00:00:00Z' }, mapped('user1', 'on')],
    }),
    {},
  ],
  [
    'rights beside FullAccess stay while it is turned off',
    wantsOff(user1),
    snapshot({
      full: [
        full(user1, { AccessRights: ['FullAccess, ReadPermission'], InheritanceType: 'SelfAndChildren' }),
        full(user2),
      ],
      autoMapping: [mapped('user1', 'on')],
    }),
    { commands: off(user1).map((one) => one.replace('-InheritanceType All', '-InheritanceType SelfAndChildren')) },
  ],
  [
    'with several grants nothing is risked',
    wantsOff(user1),
    snapshot({
      full: [full(user1), full(user1, { InheritanceType: 'None' }), full(user2)],
      autoMapping: [mapped('user1', 'on')],
    }),
    { notes: ['SEVERAL_GRANTS(user1@contoso.com)'] },
  ],
  [
    'two at once: one after the other, never both without access',
    wantsOff(user1, user2),
    snapshot({
      full: [full(user1), full(user2), full('user3@contoso.com')],
      autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')],
    }),
    { commands: [...off(user1), ...off(user2)] },
  ],
  [
    'a group has no auto-mapping to turn off',
    `${FOO}delegates: [{user: marketing-sg, rights: [FullAccess], autoMapping: false, allowGroup: true}]`,
    snapshot({ full: [full('marketing-sg@contoso.com')], recipients: [group] }),
    { notes: ['GROUP_GRANT_NEVER_AUTOMAPS(marketing-sg@contoso.com)'] },
  ],
  [
    'without FullAccess nothing maps',
    `${FOO}delegates: [{user: ${user1}, rights: [], autoMapping: true}]`,
    snapshot(),
    { notes: ['AUTOMAP_NEEDS_FULLACCESS(user1@contoso.com)'] },
  ],
]

const MAILBOX: Case[] = [
  [
    'forwarding to a colleague, with a copy',
    'mailbox: {identity: foo.user@contoso.com, forwarding: {to: user3}}',
    snapshot(),
    {
      commands: [
        `${SET} -ForwardingAddress 'user3@contoso.com' -ForwardingSmtpAddress $null -DeliverToMailboxAndForward $true ${END}`,
      ],
    },
  ],
  [
    'forwarding to the outside, without',
    'mailbox: {identity: foo.user@contoso.com, forwarding: {to: x@outside.example, keepCopy: false}}',
    snapshot({ mailbox: mailbox({ ForwardingAddress: 'user3' }) }),
    {
      commands: [
        `${SET} -ForwardingAddress $null -ForwardingSmtpAddress 'x@outside.example' -DeliverToMailboxAndForward $false ${END}`,
      ],
      notes: ['FORWARDS_OUTSIDE(x@outside.example)', 'FORWARDS_WITHOUT_COPY(foo.user@contoso.com)'],
    },
  ],
  [
    'forwarding that is there already',
    'mailbox: {identity: foo.user@contoso.com, forwarding: {to: user3@contoso.com}}',
    snapshot({ mailbox: mailbox({ ForwardingAddress: 'user3', DeliverToMailboxAndForward: true }) }),
    {},
  ],
  [
    'forwarding to an address outside that is there already, as Exchange writes it',
    'mailbox: {identity: foo.user@contoso.com, forwarding: {to: x@outside.example}}',
    snapshot({
      mailbox: mailbox({ ForwardingSmtpAddress: 'smtp:x@outside.example', DeliverToMailboxAndForward: true }),
    }),
    { notes: ['FORWARDS_OUTSIDE(x@outside.example)'] },
  ],
  [
    'forwarding is taken away',
    'mailbox: {identity: foo.user@contoso.com, forwarding: null}',
    snapshot({ mailbox: mailbox({ ForwardingSmtpAddress: 'smtp:x@outside.example' }) }),
    {
      commands: [
        `${SET} -ForwardingAddress $null -ForwardingSmtpAddress $null -DeliverToMailboxAndForward $false ${END}`,
      ],
    },
  ],
  [
    'forwarding to nobody of ours',
    'mailbox: {identity: foo.user@contoso.com, forwarding: {to: ghost@contoso.com}}',
    snapshot(),
    { blockers: ['UNRESOLVED(ghost@contoso.com)'] },
  ],
  [
    'aliases that are not listed go where the list is whole; the primary one and those of the tenant stay',
    'mailbox: {identity: foo.user@contoso.com, aliases: [Bids@contoso.com, foo.user@contoso.com], exclusiveAliases: true}',
    snapshot({
      mailbox: mailbox({
        EmailAddresses: [
          'SMTP:foo.user@contoso.com',
          'smtp:foo@contoso.onmicrosoft.com',
          'smtp:old@contoso.com',
          'SIP:foo@contoso.com',
          'X500:/o=x,y',
        ],
      }),
    }),
    { commands: [`${SET} -EmailAddresses @{Add='smtp:bids@contoso.com'; Remove='smtp:old@contoso.com'} ${END}`] },
  ],
  [
    'one alias is taken away, in any case of letters, and the others stay',
    'mailbox: {identity: foo.user@contoso.com, removeAliases: [OLD@contoso.com, not-there@contoso.com]}',
    snapshot({
      mailbox: mailbox({
        EmailAddresses: ['SMTP:foo.user@contoso.com', 'smtp:old@contoso.com', 'smtp:kept@contoso.com'],
      }),
    }),
    { commands: [`${SET} -EmailAddresses @{Remove='smtp:old@contoso.com'} ${END}`] },
  ],
  [
    'the primary address is no alias that can be taken away',
    'mailbox: {identity: foo.user@contoso.com, removeAliases: [foo.user@contoso.com]}',
    snapshot(),
    { blockers: ['PRIMARY_ADDRESS(foo.user@contoso.com)'] },
  ],
  [
    'an alias that is wanted and not wanted',
    'mailbox: {identity: foo.user@contoso.com, aliases: [bids@contoso.com], removeAliases: [BIDS@contoso.com]}',
    snapshot(),
    { blockers: ['CONTRADICTION(bids@contoso.com)'] },
  ],
  [
    'an alias that somebody else has',
    'mailbox: {identity: foo.user@contoso.com, aliases: [user2@contoso.com]}',
    snapshot(),
    { blockers: ['ADDRESS_IN_USE(user2@contoso.com)'] },
  ],
  [
    'an address that somebody has can not be created',
    'mailbox: {identity: user1@contoso.com, type: shared}',
    snapshot({ mailbox: null }),
    { blockers: ['ADDRESS_IN_USE(user1@contoso.com)'] },
  ],
  [
    'a name that somebody has can not be created',
    'mailbox: {identity: bids@contoso.com, name: user1, type: shared}',
    snapshot({ mailbox: null }),
    { blockers: ['NAME_IN_USE(user1)'] },
  ],
  [
    'a mailbox without an address can not be created',
    'mailbox: {identity: bids, type: shared}',
    snapshot({ mailbox: null }),
    { blockers: ['NOT_FOUND(bids)'] },
  ],
  [
    "a person's mailbox is not created here",
    'mailbox: {identity: bids@contoso.com, type: user}',
    snapshot({ mailbox: null }),
    { blockers: ['CREATE_USER(bids@contoso.com)'] },
  ],
  [
    'in a hybrid organisation a mailbox is created on premises',
    'mailbox: {identity: bids@contoso.com, type: shared}',
    snapshot({ mailbox: null, hybrid: true }),
    { blockers: ['HYBRID_CREATE_ON_PREM(bids@contoso.com)'] },
  ],
  [
    'on premises a mailbox is created with its account, which is disabled',
    'mailbox: {identity: bids@contoso.com, type: shared, signInBlocked: true, organizationalUnit: contoso.local/Shared}\ndelegates: [user1]',
    onPrem({ mailbox: null }),
    {
      commands: [
        "New-Mailbox -Name 'bids' -Shared -Alias 'bids' -PrimarySmtpAddress 'bids@contoso.com' -UserPrincipalName 'bids@contoso.com' -OrganizationalUnit 'contoso.local/Shared'",
        "Add-MailboxPermission -Identity 'bids@contoso.com' -User 'CONTOSO\\user1' -AccessRights FullAccess -InheritanceType All -AutoMapping $true -Confirm:$false",
        "Add-ADPermission -Identity 'bids' -User 'CONTOSO\\user1' -AccessRights ExtendedRight -ExtendedRights 'Send As' -Confirm:$false",
      ],
    },
  ],
  [
    'a new mailbox is blocked also where nobody says so',
    'mailbox: {identity: bids@contoso.com}',
    snapshot({ mailbox: null }),
    {
      commands: [
        "New-Mailbox -Name 'bids' -Shared -Alias 'bids' -PrimarySmtpAddress 'bids@contoso.com'",
        "Set-Mailbox -Identity 'bids@contoso.com' -AccountDisabled $true -Confirm:$false",
      ],
    },
  ],
  [
    'on premises conversion disables the account by itself',
    'mailbox: {identity: foo.user@contoso.com, type: shared}',
    onPrem({ mailbox: mailbox({ RecipientTypeDetails: 'UserMailbox', AccountDisabled: false }) }),
    { commands: [`${SET} -Type Shared ${END}`] },
  ],
  [
    "on premises a person's mailbox needs a password, which is never handled",
    'mailbox: {identity: foo.user@contoso.com, type: user}',
    onPrem({}),
    { blockers: ['PASSWORD_NEEDED(foo.user@contoso.com)'] },
  ],
  [
    'a linked mailbox is not converted',
    'mailbox: {identity: foo.user@contoso.com, type: shared}',
    onPrem({ mailbox: mailbox({ RecipientTypeDetails: 'LinkedMailbox' }) }),
    { blockers: ['LINKED_MAILBOX(foo.user@contoso.com)'] },
  ],
  [
    'a shared mailbox with open sign-in is pointed out',
    FOO,
    snapshot({ mailbox: mailbox({ AccountDisabled: false }) }),
    { notes: ['SIGN_IN_ENABLED(foo.user@contoso.com)'] },
  ],
  [
    'what the directory on premises owns is changed there',
    'mailbox: {identity: foo.user@contoso.com, signInBlocked: true, hiddenFromAddressLists: true, aliases: [bids@contoso.com]}',
    snapshot({ mailbox: mailbox({ IsDirSynced: true, AccountDisabled: false }) }),
    {
      notes: [
        'SIGN_IN_ON_PREM(foo.user@contoso.com)',
        'MANAGED_ON_PREM(HiddenFromAddressListsEnabled)',
        'MANAGED_ON_PREM(EmailAddresses)',
      ],
    },
  ],
  [
    'a hidden mailbox with delegates is pointed out',
    `mailbox: {identity: foo.user@contoso.com, hiddenFromAddressLists: true}\ndelegates: [user1]`,
    snapshot({ full: [full(user1)], sends: [sends(user1)] }),
    { commands: [`${SET} -HiddenFromAddressListsEnabled $true ${END}`], notes: ['HIDDEN(foo.user@contoso.com)'] },
  ],
  [
    'a mailbox near 50 GB is pointed out before it is converted',
    'mailbox: {identity: foo.user@contoso.com, type: shared, signInBlocked: true}',
    snapshot({ statistics: { TotalItemSize: '49.5 GB (53,150,220,288 bytes)' } }),
    { notes: ['NEAR_QUOTA(foo.user@contoso.com)'] },
  ],
  [
    'one Set-Mailbox says all properties',
    `mailbox: {identity: foo.user@contoso.com, displayName: "O’Brien's", copySentAs: false, copySendOnBehalf: false, hiddenFromAddressLists: true}`,
    snapshot(),
    {
      commands: [
        `${SET} -DisplayName 'O’’Brien''s' -MessageCopyForSentAsEnabled $false -MessageCopyForSendOnBehalfEnabled $false -HiddenFromAddressListsEnabled $true ${END}`,
      ],
    },
  ],
]

const RIGHTS: Case[] = [
  [
    'where nobody says who the administrators are, one that is named so is pointed out, and nobody else',
    `${FOO}delegates: [{user: admin, rights: [FullAccess]}, {user: user1, rights: [FullAccess]}]`,
    snapshot({ full: [full('Organization Management', { Deny: true, IsInherited: true })] }),
    {
      commands: [right('Add', 'admin@contoso.com', '-AutoMapping $true '), right('Add', user1, '-AutoMapping $true ')],
      notes: ['INHERITED_DENY(admin@contoso.com)'],
    },
  ],
  [
    'somebody of another domain of the forest is never called by an account of ours',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    onPrem({
      recipients: [
        person('user1', { SamAccountName: 'user1', DistinguishedName: 'CN=user1,DC=child,DC=contoso,DC=local' }),
      ],
    }),
    { commands: [right('Add', user1, '-AutoMapping $true ')] },
  ],
  [
    'the domain is that of the mailbox, also where rows name others',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    onPrem({
      full: [
        full('ROOT\\Enterprise Admins', { Deny: true, IsInherited: true }),
        full('CONTOSO\\Domain Admins', { Deny: true, IsInherited: true }),
      ],
    }),
    { commands: [right('Add', 'CONTOSO\\user1', '-AutoMapping $true ')] },
  ],
  [
    'orphans go where that was said',
    `${FOO}pruneOrphans: true`,
    snapshot({
      full: [full('S-1-5-21-1-2-3-4'), full('S-1-5-21-1-2-3-5', { IsInherited: true })],
      sends: [sends('S-1-5-21-1-2-3-4')],
    }),
    {
      commands: [
        `Remove-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee 'S-1-5-21-1-2-3-4' -AccessRights SendAs ${END}`,
        right('Remove', 'S-1-5-21-1-2-3-4'),
      ],
    },
  ],
  [
    'a denial of Send As is taken away for who is to have it',
    `${FOO}delegates: [{user: user1, rights: [SendAs]}]`,
    snapshot({ sends: [sends(user1, { AccessControlType: 'Deny' })] }),
    {
      commands: [
        `Remove-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee '${user1}' -AccessRights SendAs -Deny ${END}`,
        `Add-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee '${user1}' -AccessRights SendAs ${END}`,
      ],
    },
  ],
  [
    'a denial of others is not ours to judge',
    `${FOO}exclusive: true`,
    snapshot({ full: [full(user1, { Deny: true })] }),
    {},
  ],
  [
    'an account on premises is known however it is written',
    `${FOO}delegates: [{user: 'contoso\\USER1', rights: [FullAccess, SendAs]}]`,
    onPrem({
      full: [full('CONTOSO\\user1')],
      sends: [sendsOnPrem('CONTOSO\\user1'), sendsOnPrem('CONTOSO\\user2', { IsInherited: true })],
    }),
    {},
  ],
  [
    'Exchange Online may show a display name',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    snapshot({ full: [full('The user1')] }),
    {},
  ],
  [
    'a comma in a right hides nothing',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    snapshot({ full: [full(user1, { AccessRights: ['ReadPermission, FullAccess'] })] }),
    {},
  ],
  [
    'an inherited grant is no grant of their own',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    snapshot({ full: [full(user1, { IsInherited: true })] }),
    { commands: [right('Add', user1, '-AutoMapping $true ')] },
  ],
  [
    'a distribution group can hold no rights',
    `${FOO}delegates: [{user: team, allowGroup: true}]`,
    snapshot({ recipients: [person('team', { RecipientTypeDetails: 'MailUniversalDistributionGroup' })] }),
    { blockers: ['GROUP_NOT_SECURITY(team)'] },
  ],
  [
    'somebody outside can be no delegate',
    `${FOO}delegates: [user1]`,
    snapshot({ recipients: [person('user1', { RecipientTypeDetails: 'MailContact' })] }),
    { blockers: ['NOT_ELIGIBLE(user1)'] },
  ],
  [
    'Send As on premises needs the distinguished name',
    `${FOO}delegates: [user1]`,
    onPrem({ mailbox: mailbox({ DistinguishedName: null }) }),
    { blockers: ['DN_MISSING(foo.user@contoso.com)'] },
  ],
  [
    'a denial of their group is pointed out',
    `${FOO}delegates: [{user: user1, rights: [FullAccess]}]`,
    snapshot({
      full: [full(user1), full('marketing-sg@contoso.com', { Deny: true })],
      recipients: [person('user1'), { ...group, Members: [user1] }],
    }),
    { notes: ['GROUP_DENY(user1@contoso.com)'] },
  ],
  [
    'one Send on Behalf change says who comes and who goes',
    `${FOO}delegates: [{user: user1, rights: []}, {user: user2, rights: [SendOnBehalf]}]`,
    snapshot({ mailbox: mailbox({ GrantSendOnBehalfTo: ['user1', 'user3'] }) }),
    { commands: [`${SET} -GrantSendOnBehalfTo @{Add='user2@contoso.com'; Remove='user1@contoso.com'} ${END}`] },
  ],
]

test.each([...AUTO_MAPPING, ...MAILBOX, ...RIGHTS])('%s', async (_, wanted, actual, expected) => {
  expect(await planned(wanted, actual)).toEqual({ commands: [], notes: [], blockers: [], ...expected })
})

test('more people than a shared mailbox is for are pointed out, and more than Outlook shows', async () => {
  const names = Array.from({ length: 33 }, (_, i) => `u${i}`)
  const row = snapshot({
    recipients: names.map((name) => person(name)),
    full: names.map((name) => full(`${name}@contoso.com`)),
  })
  const wanted = `${FOO}delegateDefaults: {rights: [FullAccess]}\ndelegates: [${names.join(', ')}]`
  expect((await planned(wanted, row)).notes).toEqual([
    'OVER_25_USERS(foo.user@contoso.com)',
    'AUTOMAP_LIMIT_32(foo.user@contoso.com)',
  ])
})

test('no more entries are planned than Exchange keeps', async () => {
  const names = Array.from({ length: 500 }, (_, i) => `u${i}`)
  const row = snapshot({ recipients: names.map((name) => person(name)) })
  expect(await planned(`${FOO}delegates: [${names.join(', ')}]`, row)).toMatchObject({
    commands: [],
    blockers: ['ACE_LIMIT_500(foo.user@contoso.com)'],
  })
})

const none = { ace: false, link: false }
const granted = { ace: true, link: false }
const marked = { ace: true, link: true }

test.each([
  ['a new grant marks', none, { do: 'add', to: 'user' }, marked],
  ['a new grant with auto-mapping marks', none, { do: 'add', to: 'user', autoMapping: true }, marked],
  ['a second grant marks as well', granted, { do: 'add', to: 'user', autoMapping: true }, marked],
  ['a new grant without does not', none, { do: 'add', to: 'user', autoMapping: false }, granted],
  ['a second grant without takes no mark away', marked, { do: 'add', to: 'user', autoMapping: false }, marked],
  ['a group is never marked', none, { do: 'add', to: 'group', autoMapping: true }, granted],
  ['neither is a mail user', none, { do: 'add', to: 'mail user', autoMapping: true }, granted],
  ['taking the right takes the mark', marked, { do: 'remove' }, none],
  ['clearing takes the mark alone', marked, { do: 'clear' }, granted],
] as const)('auto-mapping: %s', (_, before, action, expected) => {
  expect(afterAction(before, action)).toEqual(expected)
})
