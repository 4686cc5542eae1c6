import { CONTROL } from './one-line.ts'

/**
 * A value of a parameter as we hold it. A list changes as a whole; `add` and `remove` change single entries of a
 * property that holds many.
 */
export type CmdletValue = string | number | boolean | null | string[] | Delta
export type Delta = { add?: string[]; remove?: string[] }
export type Params = Record<string, CmdletValue>

/**
 * What a parameter takes. `name` identifies an object and is never empty: Get- cmdlets answer an empty Identity with
 * every object there is, and a Set- behind them would change them all.
 */
export type Kind =
  | 'name'
  | 'text'
  | 'text or null'
  | 'texts'
  | 'delta'
  | 'hashtable'
  | 'boolean'
  | 'switch'
  | 'confirm'
  | { oneOf: readonly string[] }
  | { someOf: readonly string[] }

const MAILBOX_RIGHTS = [
  'ChangeOwner',
  'ChangePermission',
  'DeleteItem',
  'ExternalAccount',
  'FullAccess',
  'ReadPermission',
] as const
const INHERITANCE_TYPES = ['None', 'All', 'Children', 'Descendents', 'SelfAndChildren'] as const
const MAILBOX_TYPES = ['Regular', 'Room', 'Equipment', 'Shared', 'Workspace', 'Desk'] as const

const IDENTITY = { Identity: 'name' } as const
const CONFIRM = { Confirm: 'confirm' } as const
const WHAT_IF = { WhatIf: 'switch' } as const
const READ = { Identity: 'name', ResultSize: { oneOf: ['Unlimited'] } } as const
/** All of a kind, where nobody in particular is meant: the kind must be said. */
const INVENTORY = {
  Identity: 'name',
  RecipientTypeDetails: { someOf: ['SharedMailbox', 'UserMailbox', 'MailUniversalSecurityGroup'] },
  ResultSize: { oneOf: ['Unlimited', '1'] },
} as const

/**
 * Every cmdlet that Downfield knows, with its parameters in the order in which they are printed. What is checked, what
 * is sent and what is printed all follow from here, so that an admin sees exactly what is done.
 */
export const registry = {
  'New-Mailbox': {
    Name: 'name',
    Shared: 'switch',
    DisplayName: 'text',
    Alias: 'text',
    PrimarySmtpAddress: 'text',
    UserPrincipalName: 'text',
    OrganizationalUnit: 'text',
    ...WHAT_IF,
  },
  'New-RemoteMailbox': {
    Name: 'name',
    Shared: 'switch',
    DisplayName: 'text',
    Alias: 'text',
    PrimarySmtpAddress: 'text',
    ...WHAT_IF,
  },
  'Set-RemoteMailbox': { ...IDENTITY, Type: { oneOf: ['Regular', 'Room', 'Equipment', 'Shared'] }, ...CONFIRM },
  'Set-Mailbox': {
    ...IDENTITY,
    Type: { oneOf: MAILBOX_TYPES },
    AccountDisabled: 'boolean',
    DisplayName: 'text',
    MessageCopyForSentAsEnabled: 'boolean',
    MessageCopyForSendOnBehalfEnabled: 'boolean',
    HiddenFromAddressListsEnabled: 'boolean',
    ForwardingAddress: 'text or null',
    ForwardingSmtpAddress: 'text or null',
    DeliverToMailboxAndForward: 'boolean',
    EmailAddresses: 'delta',
    GrantSendOnBehalfTo: 'delta',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Add-MailboxPermission': {
    ...IDENTITY,
    User: 'name',
    AccessRights: { someOf: MAILBOX_RIGHTS },
    InheritanceType: { oneOf: INHERITANCE_TYPES },
    AutoMapping: 'boolean',
    Deny: 'switch',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Remove-MailboxPermission': {
    ...IDENTITY,
    User: 'name',
    AccessRights: { someOf: MAILBOX_RIGHTS },
    InheritanceType: { oneOf: INHERITANCE_TYPES },
    Deny: 'switch',
    ClearAutoMapping: 'switch',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Add-RecipientPermission': {
    ...IDENTITY,
    Trustee: 'name',
    AccessRights: { someOf: ['SendAs'] },
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Remove-RecipientPermission': {
    ...IDENTITY,
    Trustee: 'name',
    AccessRights: { someOf: ['SendAs'] },
    Deny: 'switch',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Add-ADPermission': {
    ...IDENTITY,
    User: 'name',
    AccessRights: { someOf: ['ExtendedRight'] },
    ExtendedRights: 'texts',
    Deny: 'switch',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Remove-ADPermission': {
    ...IDENTITY,
    User: 'name',
    AccessRights: { someOf: ['ExtendedRight'] },
    ExtendedRights: 'texts',
    Deny: 'switch',
    ...CONFIRM,
    ...WHAT_IF,
  },
  'Set-ADUser': { ...IDENTITY, Add: 'hashtable', Remove: 'hashtable', ...CONFIRM, ...WHAT_IF },
  'New-DistributionGroup': {
    Name: 'name',
    DisplayName: 'text',
    Alias: 'text',
    PrimarySmtpAddress: 'text',
    Members: 'texts',
    RequireSenderAuthenticationEnabled: 'boolean',
    ...WHAT_IF,
  },
  'Set-DistributionGroup': { ...IDENTITY, RequireSenderAuthenticationEnabled: 'boolean', ...CONFIRM, ...WHAT_IF },
  'Add-DistributionGroupMember': { ...IDENTITY, Member: 'name', ...CONFIRM, ...WHAT_IF },
  'Remove-DistributionGroupMember': { ...IDENTITY, Member: 'name', ...CONFIRM, ...WHAT_IF },
  'New-ServicePrincipal': { AppId: 'name', ObjectId: 'name', DisplayName: 'text', ...WHAT_IF },
  'Get-Mailbox': INVENTORY,
  'Get-MailboxPermission': READ,
  'Get-RecipientPermission': READ,
  'Get-ADPermission': IDENTITY,
  'Get-Recipient': INVENTORY,
  'Get-MailboxStatistics': IDENTITY,
  'Get-CASMailbox': IDENTITY,
  'Set-CASMailbox': { ...IDENTITY, ImapEnabled: 'boolean', SmtpClientAuthenticationDisabled: 'boolean', ...CONFIRM },
  'Get-ServicePrincipal': IDENTITY,
  'Get-DistributionGroup': IDENTITY,
  'Get-DistributionGroupMember': READ,
} as const satisfies Record<string, Record<string, Kind>>

export type CmdletName = keyof typeof registry

/** A call that no cmdlet would understand, or that would do more than it says: a fault of ours, never sent. */
export class BadCall extends Error {
  override name = 'BadCall'
}

/**
 * The parameters of a call in the order of the registry, each with its kind.
 * @throws BadCall for a cmdlet or a parameter that isn't known, a value of the wrong kind, and an empty identity
 */
export function checkCall(cmdlet: CmdletName, params: Params): { name: string; kind: Kind; value: CmdletValue }[] {
  if (!Object.hasOwn(registry, cmdlet)) throw new BadCall(`There is no cmdlet ${cmdlet} in the registry.`)
  // The cast widens the literal types to what all entries have in common.
  const known: Record<string, Kind> = registry[cmdlet]
  for (const name of Object.keys(params)) {
    if (!Object.hasOwn(known, name)) throw new BadCall(`${cmdlet} has no parameter ${name}.`)
  }
  for (const name of ['Identity', 'Name', 'User', 'Trustee', 'Member'].filter((name) => known[name] === 'name')) {
    const isClear = name === 'User' && params.ClearAutoMapping === true
    // An inventory names a kind; an identity that is there must name somebody, as anywhere.
    const isOfKind = params.RecipientTypeDetails !== undefined || cmdlet === 'Get-ServicePrincipal'
    const isInventory = name === 'Identity' && isOfKind && !('Identity' in params)
    if (!isClear && !isInventory && (params[name] === undefined || params[name] === null)) {
      throw new BadCall(`${cmdlet} needs ${name}.`)
    }
  }
  if (params.ClearAutoMapping && (params.User || params.AccessRights)) {
    throw new BadCall('ClearAutoMapping is for all delegates: it takes neither User nor AccessRights.')
  }
  if (cmdlet === 'Add-MailboxPermission' && params.AutoMapping === true && !hasFullAccess(params.AccessRights)) {
    throw new BadCall('AutoMapping true goes with FullAccess alone.')
  }
  return Object.entries(known).flatMap(([name, kind]) => {
    const value = params[name]
    if (value === undefined) return []
    if (!isOfKind(kind, value)) throw new BadCall(`${cmdlet} -${name} can't be ${JSON.stringify(value)}.`)
    return [{ name, kind, value }]
  })
}

function hasFullAccess(rights: CmdletValue | undefined): boolean {
  return Array.isArray(rights) && rights.includes('FullAccess')
}

function isOfKind(kind: Kind, value: CmdletValue): boolean {
  const isText = (text: unknown) => typeof text === 'string' && !CONTROL.test(text)
  const isName = (text: unknown) => isText(text) && (text as string).trim() !== ''
  const areNames = (list: unknown) => Array.isArray(list) && list.length > 0 && list.every(isName)
  if (typeof kind === 'object') {
    if ('oneOf' in kind) return typeof value === 'string' && kind.oneOf.includes(value)
    return Array.isArray(value) && value.length > 0 && value.every((one) => kind.someOf.includes(one))
  }
  switch (kind) {
    case 'name':
      return isName(value)
    case 'text':
      return isText(value)
    case 'text or null':
      return value === null || isName(value)
    case 'texts':
      return areNames(value)
    case 'hashtable':
      // Attribute and value by turns.
      return areNames(value) && (value as string[]).length === 2 && /^[A-Za-z]+$/.test((value as string[])[0] ?? '')
    case 'delta': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
      const { add, remove } = value
      return (add !== undefined || remove !== undefined) && [add, remove].every((l) => l === undefined || areNames(l))
    }
    default:
      return typeof value === 'boolean'
  }
}
