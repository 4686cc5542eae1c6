import type { CmdletName } from '../registry.ts'

// What is asked for of each row, where only what is named comes back.

export const MAILBOX_PROPERTIES =
  'Identity,Guid,ExternalDirectoryObjectId,UserPrincipalName,PrimarySmtpAddress,DisplayName,Name,Alias,DistinguishedName,RecipientTypeDetails,IsShared,IsDirSynced,AccountDisabled,EmailAddresses,GrantSendOnBehalfTo,MessageCopyForSentAsEnabled,MessageCopyForSendOnBehalfEnabled,MessageCopyForSMTPClientSubmissionEnabled,HiddenFromAddressListsEnabled,ForwardingAddress,ForwardingSmtpAddress,DeliverToMailboxAndForward,ProhibitSendReceiveQuota,IssueWarningQuota,ArchiveStatus,LegacyExchangeDN'.split(
    ',',
  )
export const RECIPIENT_PROPERTIES =
  'Identity,Name,DisplayName,Alias,PrimarySmtpAddress,WindowsLiveID,SamAccountName,EmailAddresses,ExternalDirectoryObjectId,Guid,Sid,DistinguishedName,LegacyExchangeDN,RecipientTypeDetails,ArchiveStatus'.split(
    ',',
  )
const GROUP =
  'Identity,Guid,Name,DisplayName,PrimarySmtpAddress,EmailAddresses,RequireSenderAuthenticationEnabled,RecipientTypeDetails'
const PERMISSION = 'Identity,User,UserSid,AccessRights,Deny,IsInherited,InheritanceType'
const PROGRAM = 'Identity,AppId,ObjectId,DisplayName,Sid'

const PROPERTIES: Partial<Record<CmdletName, string[]>> = {
  'Get-Mailbox': MAILBOX_PROPERTIES,
  'New-Mailbox': MAILBOX_PROPERTIES,
  'Get-Recipient': RECIPIENT_PROPERTIES,
  'Get-DistributionGroupMember': RECIPIENT_PROPERTIES,
  'Get-DistributionGroup': GROUP.split(','),
  'Get-MailboxPermission': PERMISSION.split(','),
  'Add-MailboxPermission': PERMISSION.split(','),
  'Get-RecipientPermission': 'Identity,Trustee,TrusteeSidString,AccessRights,AccessControlType,IsInherited'.split(','),
  'Get-ADPermission': 'Identity,User,Deny,IsInherited,AccessRights,ExtendedRights,InheritanceType'.split(','),
  'Get-MailboxStatistics': ['TotalItemSize'],
  'Get-CASMailbox': ['Identity', 'ImapEnabled', 'SmtpClientAuthenticationDisabled'],
  'Get-ServicePrincipal': PROGRAM.split(','),
  'New-ServicePrincipal': PROGRAM.split(','),
}

export const propertiesOf = (cmdlet: CmdletName) => PROPERTIES[cmdlet] ?? ['Identity']
