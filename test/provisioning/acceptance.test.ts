import { expect, test } from 'vitest'
import { full, group, mailbox, mapped, person, planned, sends, snapshot } from './fixture.ts'

// The cases of the specification, compared letter by letter.

const FOO = `mailbox: {identity: foo.user@contoso.com, type: shared}\n`
const CONFIRM = '-Confirm:$false'
const MAILBOX = `Set-Mailbox -Identity 'foo.user@contoso.com'`
const grant = (user: string, autoMapping = true) =>
  `Add-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user}' -AccessRights FullAccess -InheritanceType All -AutoMapping $${autoMapping} ${CONFIRM}`
const revoke = (user: string) =>
  `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User '${user}' -AccessRights FullAccess -InheritanceType All ${CONFIRM}`
const sendAs = (user: string, verb = 'Add') =>
  `${verb}-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee '${user}' -AccessRights SendAs ${CONFIRM}`
const clear = `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -ClearAutoMapping ${CONFIRM}`

type Row = Record<string, unknown>
type Case = {
  name: string
  wanted: string
  actual: Row
  commands?: string[]
  notes?: string[]
  blockers?: string[]
  lists?: Record<string, string>
}

const user1 = 'user1@contoso.com'
const user2 = 'user2@contoso.com'
const user3 = 'user3@contoso.com'
const both = (user: string) => `{user: ${user}, rights: [FullAccess, SendAs]}`

const CASES: Case[] = [
  {
    name: 'A1 create',
    wanted: `mailbox:
  identity: proposals@contoso.com
  name: proposals
  displayName: Proposals
  type: shared
  signInBlocked: true
  copySentAs: true
  copySendOnBehalf: true
delegates:
  - ${both(user1)}`,
    actual: snapshot({ mailbox: null }),
    commands: [
      "New-Mailbox -Name 'proposals' -Shared -DisplayName 'Proposals' -Alias 'proposals' -PrimarySmtpAddress 'proposals@contoso.com'",
      "Set-Mailbox -Identity 'proposals@contoso.com' -AccountDisabled $true -Confirm:$false",
      "Set-Mailbox -Identity 'proposals@contoso.com' -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled $true -Confirm:$false",
      "Add-MailboxPermission -Identity 'proposals@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $true -Confirm:$false",
      "Add-RecipientPermission -Identity 'proposals@contoso.com' -Trustee 'user1@contoso.com' -AccessRights SendAs -Confirm:$false",
    ],
  },
  {
    name: 'A2 convert user to shared',
    wanted: `${FOO}delegates: [${both(user1)}]`,
    actual: snapshot({
      mailbox: mailbox({ RecipientTypeDetails: 'UserMailbox', IsShared: false, AccountDisabled: false }),
    }),
    commands: [
      `${MAILBOX} -Type Shared ${CONFIRM}`,
      `${MAILBOX} -AccountDisabled $true ${CONFIRM}`,
      grant(user1),
      sendAs(user1),
    ],
  },
  {
    name: 'A3 already desired',
    wanted: `mailbox: {identity: foo.user@contoso.com, type: shared, signInBlocked: true, copySentAs: true, copySendOnBehalf: true}
delegates: [${both(user1)}]`,
    actual: snapshot({ full: [full(user1)], sends: [sends(user1)] }),
  },
  {
    name: 'A4 three rights',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess, SendAs, SendOnBehalf]}]`,
    actual: snapshot(),
    commands: [grant(user1), sendAs(user1), `${MAILBOX} -GrantSendOnBehalfTo @{Add='user1@contoso.com'} ${CONFIRM}`],
    notes: ['SENDAS_WINS(user1@contoso.com)'],
  },
  {
    name: 'A5 bulk list',
    wanted: `${FOO}delegatesFrom: users.txt`,
    lists: { 'users.txt': 'user1\r\nuser2@contoso.com\nuser3\n' },
    actual: snapshot({ full: [full(user2)] }),
    commands: [grant(user1), grant(user3), sendAs(user1), sendAs(user2), sendAs(user3)],
  },
  {
    name: 'A6 automap off at grant',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess], autoMapping: false}]`,
    actual: snapshot(),
    commands: [grant(user1, false)],
  },
  {
    name: 'A7 automap off, one of two',
    wanted: `${FOO}delegates:
  - {user: ${user1}, rights: [FullAccess], autoMapping: false}
  - {user: ${user2}, rights: [FullAccess], autoMapping: true}`,
    actual: snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')] }),
    commands: [revoke(user1), grant(user1, false)],
  },
  {
    name: 'A8 automap off for all',
    wanted: `${FOO}delegates:
  - {user: ${user1}, rights: [FullAccess], autoMapping: false}
  - {user: ${user2}, rights: [FullAccess], autoMapping: false}
  - {user: ${user3}, rights: [FullAccess], autoMapping: true}`,
    actual: snapshot({ full: [full(user1), full(user2)], autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')] }),
    commands: [clear, grant(user3)],
  },
  {
    name: 'A9 automap on for existing',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess], autoMapping: true}]`,
    actual: snapshot({ full: [full(user1)], autoMapping: [mapped('user1', 'off')] }),
    commands: [grant(user1)],
  },
  {
    name: 'A10 automap unknown',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess], autoMapping: false}]`,
    actual: snapshot({ full: [full(user1)] }),
    notes: ['AUTOMAP_STATE_UNKNOWN(user1@contoso.com)'],
  },
  {
    name: 'A11 automap unknown, enforced',
    wanted: `${FOO}autoMappingPolicy: enforce
delegates: [{user: ${user1}, rights: [FullAccess], autoMapping: false}, {user: ${user2}, rights: [FullAccess], autoMapping: true}]`,
    actual: snapshot({ full: [full(user1), full(user2)] }),
    commands: [grant(user2), revoke(user1), grant(user1, false)],
  },
  {
    name: 'A12 inherited deny of administrators',
    wanted: `${FOO}delegates: [{user: admin@contoso.com, rights: [FullAccess]}]`,
    actual: snapshot({
      full: [full('CONTOSO\\Organization Management', { Deny: true, IsInherited: true })],
      recipients: [person('admin', { MemberOf: ['Organization Management'] })],
    }),
    commands: [grant('admin@contoso.com')],
    notes: ['INHERITED_DENY(admin@contoso.com)'],
  },
  {
    name: 'A13 explicit deny',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess]}]`,
    actual: snapshot({ full: [full(user1, { Deny: true })] }),
    commands: [
      `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -Deny ${CONFIRM}`,
      grant(user1),
    ],
  },
  {
    name: 'A14 not exclusive keeps unlisted',
    wanted: `${FOO}delegates: [${both(user1)}]`,
    actual: snapshot({ full: [full(user1), full(user2)], sends: [sends(user1), sends(user2)] }),
  },
  {
    name: 'A15 narrow rights of a listed user',
    wanted: `${FOO}delegates: [{user: ${user1}, rights: [FullAccess]}]`,
    actual: snapshot({
      mailbox: mailbox({ GrantSendOnBehalfTo: ['user1'] }),
      full: [full(user1)],
      sends: [sends(user1)],
    }),
    commands: [`${MAILBOX} -GrantSendOnBehalfTo @{Remove='user1@contoso.com'} ${CONFIRM}`, sendAs(user1, 'Remove')],
  },
  {
    name: 'A16 group',
    wanted: `${FOO}delegates: [{user: marketing-sg@contoso.com, rights: [FullAccess, SendAs], allowGroup: true}]`,
    actual: snapshot({ recipients: [group] }),
    commands: [grant('marketing-sg@contoso.com'), sendAs('marketing-sg@contoso.com')],
    notes: ['GROUP_GRANT_NEVER_AUTOMAPS(marketing-sg@contoso.com)'],
  },
  {
    name: 'A16 group that was not allowed',
    wanted: `${FOO}delegates: [marketing-sg@contoso.com]`,
    actual: snapshot({ recipients: [group] }),
    blockers: ['GROUP_NOT_ALLOWED(marketing-sg@contoso.com)'],
  },
  {
    name: 'A17 Send As on premises, by distinguished name',
    wanted: `${FOO}delegates: [${both(user1)}]`,
    actual: snapshot({ recipients: [person('user1', { SamAccountName: 'user1' })] }, 'onprem'),
    commands: [
      grant('CONTOSO\\user1'),
      `Add-ADPermission -Identity 'CN=Foo User,OU=Shared,DC=contoso,DC=local' -User 'CONTOSO\\user1' -AccessRights ExtendedRight -ExtendedRights 'Send As' ${CONFIRM}`,
    ],
  },
  {
    name: 'A18 Send As in a hybrid organisation',
    wanted: `mailbox: {identity: foo.user@contoso.com}\ndelegates: [{user: ${user1}, rights: [SendAs]}]`,
    actual: snapshot({ hybrid: true }),
    commands: [sendAs(user1)],
    notes: ['HYBRID_SEND_AS_BOTH_SIDES(user1@contoso.com)'],
  },
  {
    name: 'A19 aliases (option 1)',
    wanted: 'mailbox: {identity: john.doe@contoso.com, type: user, aliases: [proposals@contoso.com]}',
    actual: snapshot({
      mailbox: mailbox({
        UserPrincipalName: 'john.doe@contoso.com',
        PrimarySmtpAddress: 'john.doe@contoso.com',
        EmailAddresses: ['SMTP:john.doe@contoso.com'],
        RecipientTypeDetails: 'UserMailbox',
        AccountDisabled: false,
      }),
    }),
    commands: [
      `Set-Mailbox -Identity 'john.doe@contoso.com' -EmailAddresses @{Add='smtp:proposals@contoso.com'} ${CONFIRM}`,
    ],
  },
  {
    name: 'A20 exclusive removes unlisted, and nothing else',
    wanted: `${FOO}exclusive: true\ndelegates: [${both(user1)}]`,
    actual: snapshot({
      mailbox: mailbox({ GrantSendOnBehalfTo: ['user1', 'user3'] }),
      full: [
        full(user1),
        full(user2),
        full('user3', { IsInherited: true }),
        full('S-1-5-21-1-2-3-4'),
        full('Somebody Else'),
        full('b0b5f4c4', { UserSid: 'S-1-5-21-9' }),
      ],
      sends: [sends(user1), sends(user2)],
      servicePrincipals: [{ Identity: 'b0b5f4c4', AppId: 'app', ObjectId: 'object' }],
    }),
    commands: [
      `${MAILBOX} -GrantSendOnBehalfTo @{Remove='user1@contoso.com','user3@contoso.com'} ${CONFIRM}`,
      sendAs(user2, 'Remove'),
      revoke(user2),
    ],
    notes: ['ORPHAN(S-1-5-21-1-2-3-4)', 'UNRESOLVED_KEPT(Somebody Else)', 'SERVICE_PRINCIPAL_KEPT(b0b5f4c4)'],
  },
  {
    name: 'A21 hybrid conversion',
    wanted: FOO,
    actual: snapshot({ hybrid: true, mailbox: mailbox({ RecipientTypeDetails: 'UserMailbox', IsDirSynced: true }) }),
    blockers: ['HYBRID_CONVERT_ON_PREM(foo.user@contoso.com)'],
  },
  {
    name: 'A22 shared to user',
    wanted: 'mailbox: {identity: foo.user@contoso.com, type: user}',
    actual: snapshot(),
    commands: [`${MAILBOX} -Type Regular ${CONFIRM}`, `${MAILBOX} -AccountDisabled $false ${CONFIRM}`],
  },
  {
    name: 'A23 sent copies only',
    wanted: 'mailbox: {identity: foo.user@contoso.com, copySentAs: true, copySendOnBehalf: true}',
    actual: snapshot({
      mailbox: mailbox({ MessageCopyForSentAsEnabled: false, MessageCopyForSendOnBehalfEnabled: false }),
    }),
    commands: [`${MAILBOX} -MessageCopyForSentAsEnabled $true -MessageCopyForSendOnBehalfEnabled $true ${CONFIRM}`],
  },
  {
    name: 'B10 bulk file with everything that files have',
    wanted: `${FOO}delegatesFrom: users.txt`,
    lists: { 'users.txt': '\ufeffuser1\r\n# c\r\n"user2@contoso.com"\r\nuser1\r\nnobody@x\r\n' },
    actual: snapshot(),
    blockers: ['UNRESOLVED(nobody@x)'],
  },
]

test.each(CASES)('$name', async ({ wanted, actual, lists, commands = [], notes = [], blockers = [] }) => {
  expect(await planned(wanted, actual, lists)).toEqual({ commands, notes, blockers })
})
