import { expect, test } from 'vitest'
import { full, group, mailbox, mapped, person, planned, sends, sendsOnPrem, snapshot } from './fixture.ts'

// Further cases of the kinds that section 6 of the specification has: what a stranger would try. Each was planned, read
// against the specification, and mended where it was wrong.

type Row = Record<string, unknown>
type Expected = { commands?: string[]; notes?: string[]; blockers?: string[]; refused?: RegExp }
type Case = [name: string, wanted: string, actual: Row, expected: Expected, lists?: Record<string, string>]

const END = '-Confirm:$false'
const SET = `Set-Mailbox -Identity 'foo.user@contoso.com'`
const FOO_DN = 'CN=Foo User,OU=Shared,DC=contoso,DC=local'
const right = (user: string) => `-User '${user}' -AccessRights FullAccess -InheritanceType All`
const grant = (user: string, autoMapping = true) =>
  `Add-MailboxPermission -Identity 'foo.user@contoso.com' ${right(user)} -AutoMapping $${autoMapping} ${END}`
const revoke = (user: string, deny = '') =>
  `Remove-MailboxPermission -Identity 'foo.user@contoso.com' ${right(user)}${deny} ${END}`
const sendAs = (user: string, verb = 'Add') =>
  `${verb}-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee '${user}' -AccessRights SendAs ${END}`
const sendAsOnPrem = (user: string, verb = 'Add', deny = '') =>
  `${verb}-ADPermission -Identity '${FOO_DN}' -User '${user}' -AccessRights ExtendedRight -ExtendedRights 'Send As'${deny} ${END}`
const CLEAR = `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -ClearAutoMapping ${END}`

const M = 'mailbox: {identity: foo.user@contoso.com}\n'
const of = (delegates: string, more = '') => `${M}delegates: [${delegates}]\n${more}`
const mailboxWith = (more: string) => `mailbox: {identity: foo.user@contoso.com, ${more}}`
const user1 = 'user1@contoso.com'
const user2 = 'user2@contoso.com'
const SID = 'S-1-5-21-9-9-9-1'
const GONE = 'S-1-5-21-1-2-3-4'
const sam = (name: string, more: Row = {}) => person(name, { SamAccountName: name, ...more })
const alone = (more: Row = {}) => mailbox({ RecipientTypeDetails: 'UserMailbox', AccountDisabled: false, ...more })

const GROUPS: Case[] = [
  [
    'a group is granted as it is asked for, and the note says that it never maps',
    of('{user: marketing-sg, allowGroup: true, autoMapping: false}'),
    snapshot({ recipients: [group] }),
    {
      commands: [grant('marketing-sg@contoso.com', false), sendAs('marketing-sg@contoso.com')],
      notes: ['GROUP_GRANT_NEVER_AUTOMAPS(marketing-sg@contoso.com)'],
    },
  ],
  [
    'a group that has access is not taken from and given to for a mark that it never has',
    of('{user: marketing-sg, allowGroup: true, autoMapping: false}'),
    snapshot({ recipients: [group], full: [full('marketing-sg')], sends: [sends('marketing-sg')] }),
    { notes: ['GROUP_GRANT_NEVER_AUTOMAPS(marketing-sg@contoso.com)'] },
  ],
  [
    'a group of Microsoft 365 holds no rights',
    of('{user: team, allowGroup: true}'),
    snapshot({ recipients: [person('team', { RecipientTypeDetails: 'GroupMailbox' })] }),
    { blockers: ['GROUP_NOT_SECURITY(team)'] },
  ],
  [
    'a dynamic group holds none either',
    of('{user: team, allowGroup: true}'),
    snapshot({ recipients: [person('team', { RecipientTypeDetails: 'DynamicDistributionGroup' })] }),
    { blockers: ['GROUP_NOT_SECURITY(team)'] },
  ],
  [
    'a member of a group with access gets a grant of their own all the same: only that maps',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ recipients: [{ ...group, Members: [user1] }, person('user1')], full: [full('marketing-sg')] }),
    { commands: [grant(user1)] },
  ],
  [
    'on premises a group is called by its account',
    of('{user: marketing-sg, rights: [FullAccess], allowGroup: true}'),
    snapshot({ recipients: [{ ...group, SamAccountName: 'marketing-sg' }] }, 'onprem'),
    {
      commands: [grant('CONTOSO\\marketing-sg')],
      notes: ['GROUP_GRANT_NEVER_AUTOMAPS(marketing-sg@contoso.com)'],
    },
  ],
  [
    'a group that is not listed goes where the list is whole',
    of('', 'exclusive: true'),
    snapshot({ recipients: [group], full: [full('marketing-sg')] }),
    { commands: [revoke('marketing-sg@contoso.com')] },
  ],
]

const NAMES: Case[] = [
  ['by an id', of('{user: ID-OF-USER1, rights: [FullAccess]}'), snapshot(), { commands: [grant(user1)] }],
  [
    'by a distinguished name',
    of('{user: "CN=user1,OU=People,DC=contoso,DC=local", rights: [FullAccess]}'),
    snapshot(),
    { commands: [grant(user1)] },
  ],
  [
    'by an account, in the cloud',
    of("{user: 'CONTOSO\\user1', rights: [FullAccess]}"),
    snapshot(),
    { commands: [grant(user1)] },
  ],
  [
    'by a display name that two have',
    of('Jane'),
    snapshot({ recipients: [person('a', { DisplayName: 'Jane' }), person('b', { DisplayName: 'Jane' })] }),
    { blockers: ['AMBIGUOUS_IDENTITY(Jane)'] },
  ],
  [
    'by an address that one has and another is called by: it means the address',
    of('{user: b@contoso.com, rights: [FullAccess]}'),
    snapshot({ recipients: [person('a', { DisplayName: 'b@contoso.com' }), person('b')] }),
    { commands: [grant('b@contoso.com')] },
  ],
  [
    'by a further address, whose grant shows the user name',
    of('{user: bob@contoso.com, rights: [FullAccess]}'),
    snapshot({
      full: [full(user1)],
      recipients: [person('user1', { EmailAddresses: ['SMTP:user1@contoso.com', 'smtp:bob@contoso.com'] })],
    }),
    {},
  ],
  [
    'a user name that is no address is for rights, the address for Send on Behalf',
    of('{user: u1@contoso.com, rights: [FullAccess, SendAs, SendOnBehalf]}'),
    snapshot({ recipients: [person('u1', { WindowsLiveID: 'u1@contoso.onmicrosoft.com' })] }),
    {
      commands: [
        grant('u1@contoso.onmicrosoft.com'),
        sendAs('u1@contoso.onmicrosoft.com'),
        `${SET} -GrantSendOnBehalfTo @{Add='u1@contoso.com'} ${END}`,
      ],
      notes: ['SENDAS_WINS(u1@contoso.com)'],
    },
  ],
  [
    'an apostrophe, straight or bent, is doubled',
    of(`"o'brien@contoso.com", "d’arcy@contoso.com"`, 'delegateDefaults: {rights: [FullAccess]}'),
    snapshot({ recipients: [person("o'brien"), person('d’arcy')] }),
    { commands: [grant("o''brien@contoso.com"), grant('d’’arcy@contoso.com')] },
  ],
  ['a SID is nobody to give to', of(GONE), snapshot(), { blockers: [`ORPHAN(${GONE})`] }],
  ['a star is not all', of("'*'"), snapshot(), { refused: /line 2: delegates\.0\.user must be one name/ }],
  [
    'a star is no new mailbox',
    'mailbox: {identity: "*@contoso.com"}',
    snapshot({ mailbox: null }),
    { refused: /must be one name/ },
  ],
  ['a number is no name', of('123'), snapshot(), { refused: /line 2: delegates\.0 must be an object/ }],
  ['nothing is no name', of('null'), snapshot(), { refused: /line 2: delegates\.0/ }],
  [
    'yes is not true',
    of('{user: user1, autoMapping: yes}'),
    snapshot(),
    { refused: /autoMapping must be true or false/ },
  ],
  [
    'a right that is none',
    of('{user: user1, rights: [Full]}'),
    snapshot(),
    { refused: /rights\.0 must be "FullAccess"/ },
  ],
  ['a denial can not be wanted', of('{user: user1, deny: true}'), snapshot(), { refused: /not known here: deny/ }],
  [
    'rights in the words of people',
    of("{user: user1, rights: ['full access', send-as, Send on Behalf]}"),
    snapshot(),
    {
      commands: [grant(user1), sendAs(user1), `${SET} -GrantSendOnBehalfTo @{Add='user1@contoso.com'} ${END}`],
      notes: ['SENDAS_WINS(user1@contoso.com)'],
    },
  ],
  [
    'twice by other names, wanted otherwise',
    of('{user: user1, autoMapping: true}, {user: user1@contoso.com, autoMapping: false}'),
    snapshot(),
    { blockers: ['CONFLICT(user1@contoso.com)'] },
  ],
  [
    'two lists, one with a byte order mark and line ends of Windows, one a table',
    `${M}delegatesFrom: [a.txt, b.csv]\ndelegateDefaults: {rights: [FullAccess]}`,
    snapshot(),
    { commands: [grant(user1), grant(user2), grant('user3@contoso.com')] },
    { 'a.txt': '\ufeffuser1\r\n# c\r\n“user2@contoso.com”\r\n', 'b.csv': 'Name;User\r\n"Doe; J";user3\r\nX;USER1\r\n' },
  ],
]

const ORPHANS: Case[] = [
  [
    'a row that shows the SID of somebody who is known is theirs, and no orphan',
    of('user1', 'pruneOrphans: true\nexclusive: true'),
    snapshot({ full: [full(SID)], sends: [sends(SID)], recipients: [person('user1', { Sid: SID })] }),
    {},
  ],
  [
    'a row with an old name is known by its SID',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ full: [full('Old Name', { UserSid: SID })], recipients: [person('user1', { Sid: SID })] }),
    {},
  ],
  [
    'orphans stay where only strangers are to go',
    of('', 'exclusive: true'),
    snapshot({ full: [full(GONE)], sends: [sends(GONE)] }),
    { notes: [`ORPHAN(${GONE})`] },
  ],
  [
    'orphans go with what they are denied too',
    of('', 'pruneOrphans: true'),
    snapshot({ full: [full(GONE, { Deny: true })], sends: [sends(GONE)] }),
    { commands: [sendAs(GONE, 'Remove'), revoke(GONE, ' -Deny')] },
  ],
  [
    'what an orphan inherits is not ours to take',
    of('', 'pruneOrphans: true'),
    snapshot({ full: [full(GONE, { IsInherited: true })] }),
    {},
  ],
  [
    'the mailbox itself is known by its SID, whatever language its name is in',
    of('', 'exclusive: true'),
    snapshot({
      full: [full('NT-AUTORITÄT\\SELBST', { UserSid: 'S-1-5-10' })],
      sends: [sends('NT-AUTORITÄT\\SELBST', { TrusteeSidString: 'S-1-5-10' })],
    }),
    {},
  ],
  [
    'what Exchange puts there on premises stays, and so does an account of another domain that nobody knows',
    of('', 'exclusive: true'),
    snapshot(
      {
        full: [
          full('CONTOSO\\Exchange Trusted Subsystem'),
          full('CONTOSO\\Managed Availability Servers'),
          full('FABRIKAM\\x'),
        ],
        recipients: [sam('user1')],
      },
      'onprem',
    ),
    { notes: ['UNRESOLVED_KEPT(FABRIKAM\\x)'] },
  ],
]

const DENIALS: Case[] = [
  [
    'a denial beside a grant goes, and nothing is granted anew',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ full: [full(user1), full(user1, { Deny: true })] }),
    { commands: [revoke(user1, ' -Deny')] },
  ],
  [
    'a denial keeps how far it reaches',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ full: [full(user1, { Deny: true, InheritanceType: 'Children' })] }),
    {
      commands: [
        `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user1}' -AccessRights FullAccess -InheritanceType Children -Deny ${END}`,
        grant(user1),
      ],
    },
  ],
  [
    'an inherited denial of the user can not be taken away here',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ full: [full(user1, { Deny: true, IsInherited: true })] }),
    { commands: [grant(user1)], notes: ['INHERITED_DENY(user1@contoso.com)'] },
  ],
  [
    'the denial of somebody who is to have no access stays',
    of('{user: user1, rights: [SendAs]}', 'exclusive: true'),
    snapshot({ full: [full(user1, { Deny: true }), full(user2, { Deny: true })], sends: [sends(user1)] }),
    {},
  ],
  [
    'a denial of something else than access is no denial of access',
    of('{user: user1, rights: [FullAccess]}'),
    snapshot({ full: [full(user1), full(user1, { Deny: true, AccessRights: ['DeleteItem'] })] }),
    {},
  ],
  [
    'on premises a denial of Send As goes before it is given',
    of('{user: user1, rights: [SendAs]}'),
    snapshot({ sends: [sendsOnPrem('CONTOSO\\user1', { Deny: true })], recipients: [sam('user1')] }, 'onprem'),
    { commands: [sendAsOnPrem('CONTOSO\\user1', 'Remove', ' -Deny'), sendAsOnPrem('CONTOSO\\user1')] },
  ],
]

const ON_PREMISES: Case[] = [
  [
    'Send As among other rights is Send As, however it is formatted',
    of('user1, user2'),
    snapshot(
      {
        full: [full('CONTOSO\\user1'), full('CONTOSO\\user2')],
        sends: [
          sendsOnPrem('CONTOSO\\user1', { ExtendedRights: ['Receive-As', 'Send-As'] }),
          sendsOnPrem('CONTOSO\\user2', { ExtendedRights: '{Send-As}' }),
        ],
        recipients: [sam('user1'), sam('user2')],
      },
      'onprem',
    ),
    {},
  ],
  [
    'full control of the object in the directory is not Send As',
    of('{user: user1, rights: [SendAs]}'),
    snapshot(
      {
        sends: [
          {
            User: 'CONTOSO\\user1',
            AccessRights: ['GenericAll'],
            ExtendedRights: null,
            Deny: false,
            IsInherited: false,
          },
        ],
        recipients: [sam('user1')],
      },
      'onprem',
    ),
    { commands: [sendAsOnPrem('CONTOSO\\user1')] },
  ],
  [
    'what is inherited is given directly',
    of('{user: user1, rights: [SendAs]}'),
    snapshot({ sends: [sendsOnPrem('CONTOSO\\user1', { IsInherited: true })], recipients: [sam('user1')] }, 'onprem'),
    { commands: [sendAsOnPrem('CONTOSO\\user1')] },
  ],
  [
    'a whole list: Send As goes before access, an account that nobody found too',
    of('{user: user1, rights: [FullAccess]}', 'exclusive: true'),
    snapshot(
      {
        full: [full('CONTOSO\\user1'), full('CONTOSO\\user2'), full('CONTOSO\\ghost')],
        sends: [sendsOnPrem('CONTOSO\\user2')],
        recipients: [sam('user1'), sam('user2')],
      },
      'onprem',
    ),
    { commands: [sendAsOnPrem('CONTOSO\\user2', 'Remove'), revoke('CONTOSO\\user2'), revoke('CONTOSO\\ghost')] },
  ],
  [
    'auto-mapping off for the only one takes and gives, since there is no clearing',
    of('{user: user1, rights: [FullAccess], autoMapping: false}'),
    snapshot(
      {
        full: [full('CONTOSO\\user1')],
        recipients: [sam('user1')],
        autoMapping: [{ user: 'CONTOSO\\user1', state: 'on', source: 'ad', at: null }],
      },
      'onprem',
    ),
    { commands: [revoke('CONTOSO\\user1'), grant('CONTOSO\\user1', false)] },
  ],
  [
    'Send on Behalf is known by its path in the directory',
    of('{user: user2, rights: [SendOnBehalf]}'),
    snapshot(
      {
        mailbox: mailbox({ GrantSendOnBehalfTo: ['contoso.local/People/user2'] }),
        recipients: [sam('user2', { Identity: 'contoso.local/People/user2' })],
      },
      'onprem',
    ),
    {},
  ],
  [
    'an open account is closed in the directory, and that is said',
    mailboxWith('signInBlocked: true'),
    snapshot({ mailbox: mailbox({ AccountDisabled: false }) }, 'onprem'),
    { notes: ['SIGN_IN_IN_AD(foo.user@contoso.com)'] },
  ],
  [
    'a mailbox that lives in the cloud is converted from here',
    mailboxWith('type: shared'),
    snapshot({ hybrid: true, mailbox: mailbox({ RecipientTypeDetails: 'RemoteUserMailbox' }) }, 'onprem'),
    { commands: [`Set-RemoteMailbox -Identity 'foo.user@contoso.com' -Type Shared ${END}`] },
  ],
]

const HYBRID: Case[] = [
  [
    'a mailbox of the cloud in a hybrid organisation is converted on premises',
    mailboxWith('type: shared'),
    snapshot({ hybrid: true, mailbox: alone() }),
    { blockers: ['HYBRID_CONVERT_ON_PREM(foo.user@contoso.com)'] },
  ],
  [
    'rights on what comes from the directory are given here, Send As on both sides',
    of('user1'),
    snapshot({ hybrid: true, mailbox: mailbox({ IsDirSynced: true }) }),
    { commands: [grant(user1), sendAs(user1)], notes: ['HYBRID_SEND_AS_BOTH_SIDES(user1@contoso.com)'] },
  ],
  [
    'somebody whose mailbox is on the other side gets access and no mark',
    of('{user: mu, rights: [FullAccess]}'),
    snapshot({ hybrid: true, recipients: [person('mu', { RecipientTypeDetails: 'MailUser' })] }),
    { commands: [grant('mu@contoso.com')], notes: ['NO_MAILBOX_NEVER_AUTOMAPS(mu@contoso.com)'] },
  ],
]

const MAPPING: Case[] = [
  [
    'cleared for the one who has it, then marked for who comes',
    of(
      '{user: user1, rights: [FullAccess], autoMapping: false}, {user: user2, rights: [FullAccess], autoMapping: true}',
    ),
    snapshot({ full: [full(user1)], autoMapping: [mapped('user1', 'on')] }),
    { commands: [CLEAR, grant(user2)] },
  ],
  [
    'cleared, then marked for who has access without it',
    of(
      '{user: user1, rights: [FullAccess], autoMapping: false}, {user: user2, rights: [FullAccess], autoMapping: true}',
    ),
    snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on'), mapped('user2', 'off')] }),
    { commands: [CLEAR, grant(user2)] },
  ],
  [
    'not cleared where nobody knows of another whom nobody asked about',
    of('{user: user1, rights: [FullAccess], autoMapping: false}, {user: user2, rights: [FullAccess]}'),
    snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on')] }),
    { commands: [revoke(user1), grant(user1, false)] },
  ],
  [
    'cleared where who has it as well is to go',
    of('{user: user1, rights: [FullAccess], autoMapping: false}', 'exclusive: true'),
    snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')] }),
    { commands: [CLEAR, revoke(user2)] },
  ],
  [
    'enforced for two of whom nothing is known: one command',
    of(
      '{user: user1, rights: [FullAccess], autoMapping: false}, {user: user2, rights: [FullAccess], autoMapping: false}',
      'autoMappingPolicy: enforce',
    ),
    snapshot({ full: [full(user1), full(user2)] }),
    { commands: [CLEAR] },
  ],
  [
    'enforced on: a second grant, access stays',
    of('{user: user1, rights: [FullAccess], autoMapping: true}', 'autoMappingPolicy: enforce'),
    snapshot({ full: [full(user1)] }),
    { commands: [grant(user1)] },
  ],
  [
    'a reading that says that it does not know is none',
    of('{user: user1, rights: [FullAccess], autoMapping: true}'),
    snapshot({ full: [full(user1)], autoMapping: [mapped('user1', 'unknown')] }),
    { notes: ['AUTOMAP_STATE_UNKNOWN(user1@contoso.com)'] },
  ],
  [
    'without access there is nothing to map',
    of('{user: user1, rights: [SendAs], autoMapping: true}'),
    snapshot(),
    { commands: [sendAs(user1)], notes: ['AUTOMAP_NEEDS_FULLACCESS(user1@contoso.com)'] },
  ],
  [
    'a grant that reaches less far is given again as it was',
    of('{user: user1, rights: [FullAccess], autoMapping: false}'),
    snapshot({
      full: [full(user1, { InheritanceType: 'None' }), full(user2)],
      autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')],
    }),
    {
      commands: [
        `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user1}' -AccessRights FullAccess -InheritanceType None ${END}`,
        `Add-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user1}' -AccessRights FullAccess -InheritanceType None -AutoMapping $false ${END}`,
      ],
    },
  ],
]

const MAILBOX: Case[] = [
  [
    'all rights of a listed one go, in the order that takes access last',
    of('{user: user1, rights: []}'),
    snapshot({ full: [full(user1)], sends: [sends(user1)], mailbox: mailbox({ GrantSendOnBehalfTo: ['user1'] }) }),
    {
      commands: [
        `${SET} -GrantSendOnBehalfTo @{Remove='user1@contoso.com'} ${END}`,
        sendAs(user1, 'Remove'),
        revoke(user1),
      ],
    },
  ],
  [
    'an archive is pointed out when it is converted',
    mailboxWith('type: shared'),
    snapshot({ mailbox: alone({ ArchiveStatus: 'Active' }) }),
    {
      commands: [`${SET} -Type Shared ${END}`, `${SET} -AccountDisabled $true ${END}`],
      notes: ['ARCHIVE_NEEDS_LICENCE(foo.user@contoso.com)'],
    },
  ],
  ...[
    '51.2 GB',
    '51,2 GB',
    '52 GB (55,834,574,848 bytes)',
    '52 GB (55.834.574.848 bytes)',
    '1.1 TB (1,209,462,790,553 bytes)',
  ].map(
    (TotalItemSize): Case => [
      `a size of ${TotalItemSize} is too much without a licence`,
      M,
      snapshot({ statistics: { TotalItemSize } }),
      { notes: ['NEAR_QUOTA(foo.user@contoso.com)'] },
    ],
  ),
  ['48 GB is not', M, snapshot({ statistics: { TotalItemSize: '48 GB (51,539,607,552 bytes)' } }), {}],
  [
    'a room is made a shared mailbox like any other',
    mailboxWith('type: shared'),
    snapshot({ mailbox: mailbox({ RecipientTypeDetails: 'RoomMailbox' }) }),
    { commands: [`${SET} -Type Shared ${END}`] },
  ],
  [
    'a mailbox that is to be a person’s again may stay closed',
    mailboxWith('type: user, signInBlocked: true'),
    snapshot(),
    { commands: [`${SET} -Type Regular ${END}`] },
  ],
  [
    'where nobody says whether sign-in is open it is closed',
    mailboxWith('signInBlocked: true'),
    snapshot({ mailbox: mailbox({ AccountDisabled: null }) }),
    { commands: [`${SET} -AccountDisabled $true ${END}`] },
  ],
  [
    'an alias that is there, in whatever case, twice, or with its prefix',
    mailboxWith(
      "aliases: [FOO.user@contoso.com, foo@contoso.onmicrosoft.com, 'smtp:bids@contoso.com', BIDS@contoso.com]",
    ),
    snapshot(),
    { commands: [`${SET} -EmailAddresses @{Add='smtp:bids@contoso.com'} ${END}`] },
  ],
  [
    'an alias that is a further address of a group',
    mailboxWith('aliases: [team@contoso.com]'),
    snapshot({
      recipients: [{ ...group, EmailAddresses: ['SMTP:marketing-sg@contoso.com', 'smtp:Team@contoso.com'] }],
    }),
    { blockers: ['ADDRESS_IN_USE(team@contoso.com)'] },
  ],
  [
    'an alias by which somebody signs in',
    mailboxWith('aliases: [upn@contoso.com]'),
    snapshot({ recipients: [person('user1', { WindowsLiveID: 'upn@contoso.com' })] }),
    { blockers: ['ADDRESS_IN_USE(upn@contoso.com)'] },
  ],
  [
    'mail does not go round in circles',
    mailboxWith('forwarding: {to: FOO.user@contoso.com}'),
    snapshot({ recipients: [person('foo.user', { RecipientTypeDetails: 'SharedMailbox' })] }),
    { blockers: ['FORWARDS_TO_ITSELF(FOO.user@contoso.com)'] },
  ],
  [
    'mail may go on to a group',
    mailboxWith('forwarding: {to: marketing-sg}'),
    snapshot({ recipients: [group] }),
    {
      commands: [
        `${SET} -ForwardingAddress 'marketing-sg@contoso.com' -ForwardingSmtpAddress $null -DeliverToMailboxAndForward $true ${END}`,
      ],
    },
  ],
  [
    'a name beyond ASCII is asked for as it is, with a word of warning',
    'mailbox: {identity: buero@contoso.com, name: Büro, signInBlocked: false}',
    snapshot({ mailbox: null }),
    {
      commands: [
        "New-Mailbox -Name 'Büro' -Shared -Alias 'buero' -PrimarySmtpAddress 'buero@contoso.com'",
        "Set-Mailbox -Identity 'buero@contoso.com' -AccountDisabled $false -Confirm:$false",
      ],
      notes: ['NAME_CHARACTERS(Büro)'],
    },
  ],
  ...['a..b@contoso.com', 'a b@contoso.com', '.a@contoso.com', 'a@contoso', `${'a'.repeat(65)}@contoso.com`].map(
    (identity): Case => [
      `${identity.slice(0, 20)} can be no mailbox`,
      `mailbox: {identity: '${identity}'}`,
      snapshot({ mailbox: null }),
      { blockers: [`BAD_ADDRESS(${identity})`] },
    ],
  ),
  [
    'a new mailbox with everything, in the order in which it can be done',
    'mailbox: {identity: bids@contoso.com, aliases: [b@contoso.com], forwarding: {to: user1}}\ndelegates: [{user: user2, autoMapping: false}]',
    snapshot({ mailbox: null }),
    {
      commands: [
        "New-Mailbox -Name 'bids' -Shared -Alias 'bids' -PrimarySmtpAddress 'bids@contoso.com'",
        ...[
          '-AccountDisabled $true',
          "-ForwardingAddress 'user1@contoso.com' -ForwardingSmtpAddress $null -DeliverToMailboxAndForward $true",
          "-EmailAddresses @{Add='smtp:b@contoso.com'}",
        ].map((rest) => `Set-Mailbox -Identity 'bids@contoso.com' ${rest} ${END}`),
        grant(user2, false).replace('foo.user', 'bids'),
        sendAs(user2).replace('foo.user', 'bids'),
      ],
    },
  ],
  [
    'a shared mailbox or a room as a delegate is of use to nobody',
    of('{user: room, rights: [FullAccess]}'),
    snapshot({ recipients: [person('room', { RecipientTypeDetails: 'RoomMailbox' })] }),
    { commands: [grant('room@contoso.com')], notes: ['NOBODY_SIGNS_IN(room@contoso.com)'] },
  ],
  [
    'an account without mail can not send on behalf',
    of('{user: nomail, rights: [SendOnBehalf]}'),
    snapshot({ recipients: [person('nomail', { RecipientTypeDetails: 'User' })] }),
    { blockers: ['NOT_ELIGIBLE(nomail)'] },
  ],
  [
    'a guest can be no delegate',
    of('guest'),
    snapshot({ recipients: [person('guest', { RecipientTypeDetails: 'GuestMailUser' })] }),
    { blockers: ['NOT_ELIGIBLE(guest)'] },
  ],
]

const PARTS: Case[] = [
  ['two mailboxes', M, { ...snapshot(), mailbox: [mailbox(), mailbox()] }, { refused: /mailbox must be an object/ }],
  ['no platform', M, { ...snapshot(), platform: undefined }, { refused: /platform must be/ }],
  [
    'the rights of the other platform',
    M,
    { ...snapshot(), recipientPermissions: undefined, adPermissions: [] },
    { refused: /recipientPermissions is missing/ },
  ],
  [
    'rights that are null',
    M,
    { ...snapshot(), mailboxPermissions: null },
    { refused: /mailboxPermissions is missing/ },
  ],
  [
    'a page of rights',
    M,
    snapshot({ mailboxPermissions: { '@odata.nextLink': 'https://x', value: [] } }),
    { refused: /mailboxPermissions was not read to its end/ },
  ],
  [
    'a page of recipients',
    M,
    snapshot({ recipients: { value: [], '@odata.nextLink': 'x' } }),
    { refused: /recipients was not read to its end/ },
  ],
  [
    'a warning that there is more',
    M,
    snapshot({ '@adminapi.warnings': ['There are more results available than are currently displayed.'] }),
    { refused: /not read to its end/ },
  ],
]

const ALL = { GROUPS, NAMES, ORPHANS, DENIALS, ON_PREMISES, HYBRID, MAPPING, MAILBOX, PARTS }

test.each(
  Object.entries(ALL).flatMap(([kind, cases]) =>
    cases.map(([name, wanted, actual, expected, lists]) => ({
      name: `${kind}: ${name}`,
      wanted,
      actual,
      expected,
      lists,
    })),
  ),
)('$name', async ({ wanted, actual, expected: { refused, ...expected }, lists = {} }) => {
  if (refused) await expect(planned(wanted, actual, lists)).rejects.toThrow(refused)
  else expect(await planned(wanted, actual, lists)).toEqual({ commands: [], notes: [], blockers: [], ...expected })
})

test('they are many', () => {
  expect(Object.values(ALL).flat().length).toBeGreaterThan(80)
})
