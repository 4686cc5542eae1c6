import { quoted } from './command-line.ts'
import type { Snapshot } from './snapshot.ts'

/** A command that shows something and changes nothing. */
export type Check = { title: string; command: string }

const NOT_SELF = "-not ($_.User -like 'NT AUTHORITY\\SELF')"

/**
 * The checks of the first article, with what had to be mended so that they run: straight quotes, no parameter that the
 * cmdlet doesn't have, and the cmdlet that the platform has.
 * @param adIdentity the distinguished name, which the one on premises needs
 */
export function checkCommands(platform: Snapshot['platform'], identity: string, adIdentity: string): Check[] {
  const mailbox = quoted(identity)
  const columns = 'User,AccessRights,Deny,InheritanceType'
  const sendAs =
    platform === 'exo'
      ? `Get-RecipientPermission -Identity ${mailbox} | Where-Object { -not ($_.Trustee -like 'NT AUTHORITY\\SELF') } | Select-Object Trustee,AccessRights,AccessControlType`
      : `Get-ADPermission -Identity ${quoted(adIdentity)} | Where-Object { ($_.ExtendedRights -like '*Send-As*') -and ($_.IsInherited -eq $false) -and ${NOT_SELF} } | Format-Table User,ExtendedRights,AccessRights`
  return [
    {
      title: 'All rights on the mailbox',
      command: `Get-MailboxPermission -Identity ${mailbox} | Select-Object ${columns}`,
    },
    {
      title: 'Rights that were granted on it',
      command: `Get-MailboxPermission -Identity ${mailbox} | Where-Object { ($_.IsInherited -eq $false) -and ${NOT_SELF} } | Select-Object ${columns}`,
    },
    { title: 'Who may send as it', command: sendAs },
    {
      title: 'Who may send on its behalf',
      command: `Get-Mailbox -Identity ${mailbox} | Select-Object GrantSendOnBehalfTo`,
    },
    ...(platform === 'onprem' ? [{ title: 'For whom it appears by itself', command: linkCommand(adIdentity) }] : []),
  ]
}

/** Shows for whom the mailbox appears by itself; there is such a command on premises alone. */
export function linkCommand(adIdentity: string): string {
  return `Get-ADUser -Identity ${quoted(adIdentity)} -Properties msExchDelegateListLink | Select-Object msExchDelegateListLink | Format-List`
}

/** What shows a distribution group. */
export function groupCheckCommands(identity: string): Check[] {
  const group = quoted(identity)
  return [
    {
      title: 'Whether people outside may write to it (False: they may)',
      command: `Get-DistributionGroup -Identity ${group} | Select-Object RequireSenderAuthenticationEnabled`,
    },
    {
      title: 'Who gets its mail',
      command: `Get-DistributionGroupMember -Identity ${group} -ResultSize Unlimited | Select-Object PrimarySmtpAddress`,
    },
  ]
}
