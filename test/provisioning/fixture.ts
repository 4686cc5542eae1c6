import { planExchange } from '../../server/provisioning/plan/plan.ts'
import { readWanted } from '../../server/provisioning/plan/wanted.ts'
import { readSnapshot } from '../../server/provisioning/snapshot.ts'

type Row = Record<string, unknown>

const SELF = {
  User: 'NT AUTHORITY\\SELF',
  AccessRights: ['FullAccess, ReadPermission'],
  Deny: false,
  IsInherited: false,
  UserSid: 'S-1-5-10',
  PrimarySmtpAddress: '',
}
const SELF_AGAIN = { ...SELF, AccessRights: ['FullAccess, ExternalAccount, ReadPermission'] }
const DISCOVERY = {
  ...SELF,
  User: 'Discovery Management',
  AccessRights: ['FullAccess'],
  UserSid: 'S-1-5-21-1-2-3-1272443',
}
const SELF_SENDS = {
  Trustee: 'NT AUTHORITY\\SELF',
  AccessRights: ['SendAs'],
  AccessControlType: 'Allow',
  TrusteeSidString: 'S-1-5-10',
}

export const full = (user: string, more: Row = {}): Row => ({
  User: user,
  AccessRights: ['FullAccess'],
  Deny: false,
  IsInherited: false,
  UserSid: '',
  PrimarySmtpAddress: '',
  ...more,
})
export const sends = (user: string, more: Row = {}): Row => ({
  Trustee: user,
  AccessRights: ['SendAs'],
  AccessControlType: 'Allow',
  TrusteeSidString: '',
  TrusteeWithPrimarySmtpAddress: '',
  ...more,
})
export const sendsOnPrem = (user: string, more: Row = {}): Row => ({
  User: user,
  AccessRights: ['ExtendedRight'],
  ExtendedRights: ['Send-As'],
  Deny: false,
  IsInherited: false,
  ...more,
})
export const mapped = (user: string, state: 'on' | 'off' | 'unknown', source = 'autodiscover-soap'): Row => ({
  user: `${user}@contoso.com`,
  state,
  source,
  at: '2026-10-01T12:00:00Z',
})

export const person = (name: string, more: Row = {}): Row => ({
  Identity: name,
  Name: name,
  Alias: name,
  DisplayName: `The ${name}`,
  PrimarySmtpAddress: `${name}@contoso.com`,
  WindowsLiveID: `${name}@contoso.com`,
  ExternalDirectoryObjectId: `id-of-${name}`,
  DistinguishedName: `CN=${name},OU=People,DC=contoso,DC=local`,
  RecipientTypeDetails: 'UserMailbox',
  ...more,
})
export const group = person('marketing-sg', { RecipientTypeDetails: 'MailUniversalSecurityGroup', WindowsLiveID: '' })

export const mailbox = (more: Row = {}): Row => ({
  Identity: 'foo.user',
  UserPrincipalName: 'foo.user@contoso.com',
  PrimarySmtpAddress: 'foo.user@contoso.com',
  DisplayName: 'Foo User',
  Alias: 'foo.user',
  DistinguishedName: 'CN=Foo User,OU=Shared,DC=contoso,DC=local',
  RecipientTypeDetails: 'SharedMailbox',
  IsShared: true,
  IsDirSynced: false,
  AccountDisabled: true,
  'EmailAddresses@odata.type': '#Collection(String)',
  EmailAddresses: ['smtp:foo@contoso.onmicrosoft.com', 'SMTP:foo.user@contoso.com', 'SIP:foo.user@contoso.com'],
  GrantSendOnBehalfTo: [],
  MessageCopyForSentAsEnabled: true,
  MessageCopyForSendOnBehalfEnabled: true,
  HiddenFromAddressListsEnabled: false,
  ForwardingAddress: null,
  ForwardingSmtpAddress: null,
  DeliverToMailboxAndForward: false,
  LegacyExchangeDN: '/o=ExchangeLabs/ou=x/cn=Recipients/cn=foo',
  ...more,
})

/** The mailbox of the cases: shared, blocked, with copies, and nobody has rights but itself. */
export function snapshot(more: Row = {}, platform: 'exo' | 'onprem' = 'exo'): Row {
  const { full: grants = [], sends: sending = [], ...rest } = more as { full?: Row[]; sends?: Row[] }
  const sendAs =
    platform === 'exo'
      ? { recipientPermissions: [SELF_SENDS, ...sending] }
      : { adPermissions: [sendsOnPrem('NT AUTHORITY\\SELF'), ...sending] }
  return {
    platform,
    hybrid: false,
    mailbox: mailbox(),
    mailboxPermissions: [SELF, SELF_AGAIN, DISCOVERY, ...grants],
    ...sendAs,
    recipients: ['user1', 'user2', 'user3', 'admin'].map((name) => person(name)),
    autoMapping: [],
    ...rest,
  }
}

export const read = (row: Row) => readSnapshot(JSON.stringify(row), 'snapshot.json')

/** The plan as the cases write it: commands, then notes and blockers as code(subject). */
export async function planned(wanted: string, row: Row, lists: Record<string, string> = {}) {
  const { steps, notes, blockers } = planExchange(
    await readWanted(wanted, 'wanted.yaml', async (name) => lists[name]!),
    read(row),
  )
  const named = ({ code, subject }: { code: string; subject: string }) => `${code}(${subject})`
  return { commands: steps.map(({ command }) => command), notes: notes.map(named), blockers: blockers.map(named) }
}
