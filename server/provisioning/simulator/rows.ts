import { type Account, type Box, isGroupType, primaryOf } from './account.ts'
import type { State, Tenant } from './tenant.ts'

/** Get-Mailbox gives Send on Behalf and forwarding as names, never as addresses. */
export function mailboxRow(account: Account, state: State, { platform }: Tenant): Record<string, unknown> {
  // The cast: rows of mailboxes are asked for mailboxes alone.
  const box = account.box as Box
  const nameOf = (id: string) => state.accounts.get(id)?.name ?? id
  return {
    Identity: platform === 'onprem' ? `contoso.local/Users/${account.name}` : account.name,
    Name: account.name,
    Guid: account.guid,
    ExternalDirectoryObjectId: platform === 'onprem' ? '' : account.id,
    UserPrincipalName: account.upn,
    PrimarySmtpAddress: primaryOf(account),
    DisplayName: account.displayName,
    Alias: account.alias,
    DistinguishedName: account.dn,
    RecipientTypeDetails: account.type,
    IsShared: account.type === 'SharedMailbox',
    IsDirSynced: account.dirSynced,
    AccountDisabled: account.disabled,
    EmailAddresses: account.addresses,
    GrantSendOnBehalfTo: box.behalf.map(nameOf),
    MessageCopyForSentAsEnabled: box.copySentAs,
    MessageCopyForSendOnBehalfEnabled: box.copySendOnBehalf,
    MessageCopyForSMTPClientSubmissionEnabled: box.copySubmission,
    HiddenFromAddressListsEnabled: account.hidden,
    ForwardingAddress: box.forwardingId === null ? null : nameOf(box.forwardingId),
    ForwardingSmtpAddress: box.forwardingSmtp,
    DeliverToMailboxAndForward: box.keepsCopy,
    ProhibitSendReceiveQuota: '50 GB (53,687,091,200 bytes)',
    IssueWarningQuota: '49 GB (52,613,349,376 bytes)',
    ArchiveStatus: account.hasArchive ? 'Active' : 'None',
    LegacyExchangeDN: account.legacyDn,
    RetainDeletedItemsFor: '14.00:00:00',
    WhenMailboxCreated: '2026-09-21T08:07:47.0000000+00:00',
  }
}

export function recipientRow(account: Account, { platform }: Tenant): Record<string, unknown> {
  return {
    Identity: account.name,
    Name: account.name,
    DisplayName: account.displayName,
    Alias: account.alias,
    PrimarySmtpAddress: primaryOf(account),
    WindowsLiveID: platform === 'exo' ? account.upn : '',
    SamAccountName: platform === 'onprem' ? account.sam : '',
    EmailAddresses: account.addresses,
    ExternalDirectoryObjectId: platform === 'exo' ? account.id : '',
    Guid: account.guid,
    Sid: account.sid,
    DistinguishedName: account.dn,
    LegacyExchangeDN: account.legacyDn,
    RecipientTypeDetails: account.type,
    ArchiveStatus: account.hasArchive ? 'Active' : 'None',
  }
}

export function groupRow(account: Account): Record<string, unknown> {
  return {
    Identity: account.name,
    Guid: account.guid,
    Name: account.name,
    DisplayName: account.displayName,
    PrimarySmtpAddress: primaryOf(account),
    EmailAddresses: account.addresses,
    RequireSenderAuthenticationEnabled: account.outsideRefused,
    RecipientTypeDetails: account.type,
  }
}

export const isGroup = ({ type }: Account) => isGroupType(type)
