import { badParameter, badValue, CmdletFailure } from './cmdlet-error.ts'

export type Input = Record<string, unknown>

const ENUMS: Record<string, readonly string[]> = {
  InheritanceType: ['None', 'All', 'Descendents', 'SelfAndChildren', 'Children'],
  Type: ['Regular', 'Room', 'Equipment', 'Shared', 'Workspace', 'Desk'],
}
const MAILBOX_RIGHTS = [
  'ChangeOwner',
  'ChangePermission',
  'DeleteItem',
  'ExternalAccount',
  'FullAccess',
  'ReadPermission',
]
const COMMON = ['Confirm', 'WhatIf', 'ErrorAction', 'Verbose']

/** The parameters that each cmdlet has here, as the reference lists them: more than Downfield sends. */
const PARAMETERS: Record<string, { has: string[]; on?: 'exo' | 'onprem' }> = {
  'Get-Mailbox': {
    has: [
      'Identity',
      'ResultSize',
      'RecipientTypeDetails',
      'Anr',
      'Filter',
      'IncludeGrantSendOnBehalfToWithDisplayNames',
    ],
  },
  'Set-Mailbox': {
    has: [
      'Identity',
      'Type',
      'AccountDisabled',
      'DisplayName',
      'MessageCopyForSentAsEnabled',
      'MessageCopyForSendOnBehalfEnabled',
      'MessageCopyForSMTPClientSubmissionEnabled',
      'HiddenFromAddressListsEnabled',
      'ForwardingAddress',
      'ForwardingSmtpAddress',
      'DeliverToMailboxAndForward',
      'EmailAddresses',
      'GrantSendOnBehalfTo',
      'WindowsEmailAddress',
    ],
  },
  'New-Mailbox': {
    has: ['Name', 'Shared', 'DisplayName', 'Alias', 'PrimarySmtpAddress', 'UserPrincipalName', 'OrganizationalUnit'],
  },
  'Get-MailboxPermission': { has: ['Identity', 'User', 'Owner', 'ResultSize'] },
  'Add-MailboxPermission': {
    has: ['Identity', 'User', 'AccessRights', 'InheritanceType', 'AutoMapping', 'Deny', 'Owner'],
  },
  'Remove-MailboxPermission': {
    has: ['Identity', 'User', 'AccessRights', 'InheritanceType', 'Deny', 'ClearAutoMapping', 'ResetDefault'],
  },
  'Get-RecipientPermission': { on: 'exo', has: ['Identity', 'Trustee', 'AccessRights', 'ResultSize'] },
  'Add-RecipientPermission': { on: 'exo', has: ['Identity', 'Trustee', 'AccessRights'] },
  'Remove-RecipientPermission': { on: 'exo', has: ['Identity', 'Trustee', 'AccessRights', 'Deny'] },
  'Get-ADPermission': { on: 'onprem', has: ['Identity', 'User', 'Owner', 'DomainController'] },
  'Add-ADPermission': { on: 'onprem', has: ['Identity', 'User', 'AccessRights', 'ExtendedRights', 'Deny'] },
  'Remove-ADPermission': { on: 'onprem', has: ['Identity', 'User', 'AccessRights', 'ExtendedRights', 'Deny'] },
  'Get-ADUser': { on: 'onprem', has: ['Identity', 'Properties'] },
  'Set-ADUser': { on: 'onprem', has: ['Identity', 'Add', 'Remove'] },
  'Get-Recipient': { has: ['Identity', 'ResultSize', 'RecipientTypeDetails', 'Anr', 'Filter'] },
  'Get-MailboxStatistics': { has: ['Identity'] },
  'Get-CASMailbox': { has: ['Identity', 'ResultSize'] },
  'Set-CASMailbox': { has: ['Identity', 'ImapEnabled', 'SmtpClientAuthenticationDisabled'] },
  'New-DistributionGroup': {
    has: [
      'Name',
      'DisplayName',
      'Alias',
      'PrimarySmtpAddress',
      'Members',
      'RequireSenderAuthenticationEnabled',
      'Type',
    ],
  },
  'Set-DistributionGroup': { has: ['Identity', 'RequireSenderAuthenticationEnabled', 'DisplayName'] },
  'Get-DistributionGroup': { has: ['Identity', 'ResultSize'] },
  'Get-DistributionGroupMember': { has: ['Identity', 'ResultSize'] },
  'Add-DistributionGroupMember': { has: ['Identity', 'Member'] },
  'Remove-DistributionGroupMember': { has: ['Identity', 'Member'] },
  'Get-ServicePrincipal': { on: 'exo', has: ['Identity'] },
  'New-ServicePrincipal': { on: 'exo', has: ['AppId', 'ObjectId', 'DisplayName'] },
}

/** A cmdlet that the role does not hold and one that does not exist look the same: 403 without a word. */
export class UnknownCmdlet extends Error {
  override name = 'UnknownCmdlet'
}

/**
 * The parameters as a cmdlet gets them: enumerations whole, by any beginning that only one of them has.
 * @throws UnknownCmdlet, CmdletFailure
 */
export function checkParameters(platform: 'exo' | 'onprem', cmdlet: string, input: Input): Input {
  const known = Object.hasOwn(PARAMETERS, cmdlet) ? PARAMETERS[cmdlet] : undefined
  if (!known || (known.on && known.on !== platform)) throw new UnknownCmdlet(cmdlet)
  const checked: Input = {}
  for (const [name, value] of Object.entries(input)) {
    const whole = [...known.has, ...COMMON].find((one) => one.toLowerCase() === name.toLowerCase())
    if (!whole) throw badParameter(`A parameter cannot be found that matches parameter name '${name}'.`)
    checked[whole] = value
  }
  for (const [name, members] of Object.entries(ENUMS)) {
    // New-DistributionGroup has a Type of its own.
    if (cmdlet !== 'New-DistributionGroup' && typeof checked[name] === 'string')
      checked[name] = member(name, checked[name], members)
  }
  if (/MailboxPermission$/.test(cmdlet) && checked.AccessRights !== undefined) {
    const members = cmdlet.startsWith('Remove') ? [...MAILBOX_RIGHTS, 'SendAs'] : MAILBOX_RIGHTS
    checked.AccessRights = texts(checked.AccessRights).map((right) => member('AccessRights', right, members))
  }
  if (/RecipientPermission$/.test(cmdlet) && checked.AccessRights !== undefined)
    checked.AccessRights = texts(checked.AccessRights).map((right) => member('AccessRights', right, ['SendAs']))
  return checked
}

function member(name: string, value: string, members: readonly string[]): string {
  const whole = members.find((one) => one.toLowerCase() === value.toLowerCase())
  const begins = members.filter((one) => one.toLowerCase().startsWith(value.toLowerCase()))
  const found = whole ?? (begins.length === 1 && value !== '' ? begins[0] : undefined)
  if (found) return found
  throw badValue(
    `Cannot process argument transformation on parameter '${name}'. Unable to match the identifier name ${value} to a valid enumerator name. Specify one of the following enumerator names and try again: ${members.join(', ')}`,
  )
}

/** One text or many. */
export function texts(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

/** @throws CmdletFailure where it is missing or empty */
export function needed(input: Input, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new CmdletFailure(
    'System.Management.Automation.ParameterBindingException',
    `Cannot validate argument on parameter '${name}'. The argument is null or empty.`,
  )
}

/** The entries of a hashtable, without the type that the wire adds. */
export function hashtable(value: unknown): Record<string, string[]> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const entries = Object.entries(value).filter(([key]) => key !== '@odata.type')
  return Object.fromEntries(entries.map(([key, inner]) => [key.toLowerCase(), texts(inner)]))
}
