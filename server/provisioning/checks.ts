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
  return [
    {
      title: 'All rights on the mailbox',
      command: `Get-MailboxPermission -Identity ${mailbox} | Select-Object ${columns}`,
    },
    {
      title: 'Rights that were granted on it',
      command: `Get-MailboxPermission -Identity ${mailbox} | Where-Object { ($_.IsInherited -eq $false) -and ${NOT_SELF} } | Select-Object ${columns}`,
    },
    ...(platform === 'exo' ? sendAsOnline(mailbox) : sendAsOnPremises(quoted(adIdentity))),
    {
      title: 'Who may send on its behalf',
      command: `Get-Mailbox -Identity ${mailbox} | Select-Object GrantSendOnBehalfTo`,
    },
    ...(platform === 'onprem' ? [{ title: 'For whom it appears by itself', command: linkCommand(adIdentity) }] : []),
  ]
}

function sendAsOnline(mailbox: string): Check[] {
  const all = `Get-RecipientPermission -Identity ${mailbox}`
  const columns = 'Select-Object Trustee,AccessRights,AccessControlType'
  return [
    { title: 'All rights to send as it', command: `${all} | ${columns}` },
    {
      title: 'Who may send as it',
      command: `${all} | Where-Object { -not ($_.Trustee -like 'NT AUTHORITY\\SELF') } | ${columns}`,
    },
  ]
}

function sendAsOnPremises(dn: string): Check[] {
  const all = `Get-ADPermission -Identity ${dn}`
  const direct = `($_.IsInherited -eq $false) -and ${NOT_SELF}`
  const columns = 'Format-Table User,ExtendedRights,AccessRights'
  return [
    { title: 'All rights in the directory', command: `${all} | ${columns}` },
    {
      title: 'Rights that were granted in the directory',
      command: `${all} | Where-Object { ${direct} } | ${columns}`,
    },
    {
      title: 'Who may send as it',
      command: `${all} | Where-Object { ($_.ExtendedRights -like '*Send-As*') -and ${direct} } | ${columns}`,
    },
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
