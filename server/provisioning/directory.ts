import type { Mailbox, Recipient, Snapshot } from './snapshot.ts'

/** What a name stands for among the recipients of a snapshot. */
export type Resolved =
  | { is: 'found'; recipient: Recipient; key: string }
  | { is: 'unknown' }
  | { is: 'ambiguous'; matches: string[] }

export type Directory = {
  resolve(name: string): Resolved
  recipients: Recipient[]
  domain: Domain | null
}

/** The domain on premises: CONTOSO, and DC=contoso,DC=local where that is known. */
export type Domain = { name: string; dn: string | null }

/** Groups, by what their members can do with a right that the group has. */
export const SECURITY_GROUPS = ['MailUniversalSecurityGroup', 'MailNonUniversalGroup']
const GROUPS = /Group|RoleGroup|^GroupMailbox$|DynamicDistribution/i
const OUTSIDE = /^(MailContact|Contact|GuestMailUser|PublicFolder)$/i
const WITHOUT_MAILBOX = /^(User|DisabledUser|MailUser)$/i

export const isGroup = (recipient: Recipient) => GROUPS.test(recipient.RecipientTypeDetails ?? '')
export const isSecurityGroup = (recipient: Recipient) => SECURITY_GROUPS.includes(recipient.RecipientTypeDetails ?? '')
export const isOutside = (recipient: Recipient) => OUTSIDE.test(recipient.RecipientTypeDetails ?? '')
export const hasNoMailbox = (recipient: Recipient) => WITHOUT_MAILBOX.test(recipient.RecipientTypeDetails ?? '')
/** An account for signing in alone: nothing is ever sent to it or by it. */
export const hasNoAddress = (recipient: Recipient) =>
  /^(User|DisabledUser)$/i.test(recipient.RecipientTypeDetails ?? '')
/** A mailbox that nobody signs in to as themselves. */
export const isNobodys = (recipient: Recipient) =>
  /^(Remote)?(Shared|Room|Equipment|Discovery|Scheduling)Mailbox$/i.test(recipient.RecipientTypeDetails ?? '')
export const isServicePrincipal = (recipient: Recipient) =>
  /^ServicePrinciple?al$/i.test(recipient.RecipientTypeDetails ?? '')

/** The addresses of a recipient or mailbox without their prefix, lower case; the primary one first. */
export function addressesOf(one: Pick<Recipient | Mailbox, 'PrimarySmtpAddress' | 'EmailAddresses'>): string[] {
  const smtp = (one.EmailAddresses ?? []).filter((address) => !address.includes(':') || /^smtp:/i.test(address))
  const primary = one.PrimarySmtpAddress ?? smtp.find((address) => address.startsWith('SMTP:'))
  return [...new Set([...(primary ? [primary] : []), ...smtp].map((address) => bareAddress(address).toLowerCase()))]
}

/** An address without the prefix that Exchange writes before it. */
export const bareAddress = (address: string) => address.replace(/^smtp:/i, '')

/** Compares names as Exchange does. */
export const isSame = (a: string | null | undefined, b: string | null | undefined) =>
  Boolean(a) && Boolean(b) && a!.toLowerCase() === b!.toLowerCase()

/** Finds people by whatever Exchange calls them: an address, a GUID, DOMAIN\account, a name. */
export function openDirectory(snapshot: Snapshot): Directory {
  const recipients = distinct(snapshot.recipients)
  const domain = domainOf(snapshot, recipients)
  const unique = new Map<string, Recipient[]>()
  const loose = new Map<string, Recipient[]>()
  for (const recipient of recipients) {
    for (const name of uniqueNames(recipient, domain)) enter(unique, name, recipient)
    for (const name of looseNames(recipient)) enter(loose, name, recipient)
  }

  function resolve(name: string): Resolved {
    const sought = name.trim().toLowerCase()
    const account = sought.replace(/^[^\\]+\\/, '')
    // A name that is one person's address and another's display name means the address: it can't be two people's.
    const matches =
      unique.get(sought) ?? loose.get(sought) ?? (account === sought ? undefined : accounts(account, sought))
    const [first, ...others] = matches ?? []
    if (!first) return { is: 'unknown' }
    if (others.length > 0) return { is: 'ambiguous', matches: matches!.map((one) => userOf(one)) }
    return { is: 'found', recipient: first, key: keyOf(first) }
  }

  /** An account of our own domain, where the snapshot has no account names. */
  function accounts(account: string, sought: string): Recipient[] | undefined {
    if (domain && !sought.startsWith(`${domain.name.toLowerCase()}\\`)) return undefined
    return loose.get(account)?.filter((one) => !one.SamAccountName)
  }
  return { resolve, recipients, domain }
}

/** What identifies a recipient for good. */
export function keyOf(recipient: Recipient): string {
  const { ExternalDirectoryObjectId, Guid, DistinguishedName } = recipient
  return (ExternalDirectoryObjectId || Guid || DistinguishedName || userOf(recipient)).toLowerCase()
}

/** The address by which a recipient is called in messages and for Send on Behalf. */
export function addressOf(recipient: Recipient): string {
  return recipient.PrimarySmtpAddress || userOf(recipient)
}

/** How a permission names a user in Exchange Online. */
export function userOf(recipient: Recipient): string {
  return (
    recipient.UserPrincipalName ||
    recipient.WindowsLiveID ||
    recipient.PrimarySmtpAddress ||
    recipient.ExternalDirectoryObjectId ||
    recipient.Guid ||
    recipient.Name ||
    recipient.Identity ||
    ''
  )
}

/** How a permission names a user on premises: DOMAIN\account where that is known for certain, else as in the cloud. */
export function accountOf(recipient: Recipient, domain: Domain | null): string {
  const sam = accountName(recipient)
  if (sam?.includes('\\')) return sam
  const own = domainPart(recipient.DistinguishedName)
  // Another domain of the forest has another name, which nobody told.
  const isElsewhere = domain?.dn && own && own !== domain.dn.toLowerCase()
  return sam && domain && !isElsewhere ? `${domain.name}\\${sam}` : userOf(recipient)
}

function accountName({ SamAccountName, Alias, Name, PrimarySmtpAddress }: Recipient): string | null {
  if (SamAccountName) return SamAccountName
  // A snapshot written by hand may leave the account out. A name that is in the address too is the usual case.
  const local = PrimarySmtpAddress?.split('@')[0]
  return [Alias, Name].find((name) => isSame(name, local)) ?? null
}

function domainOf(snapshot: Snapshot, recipients: Recipient[]): Domain | null {
  const { netBiosDomain, domainDn, mailbox, mailboxPermissions, adPermissions, platform } = snapshot
  if (platform !== 'onprem') return null
  const dns = [mailbox?.DistinguishedName, ...recipients.map(({ DistinguishedName }) => DistinguishedName)]
  const dn = domainDn || dns.map(domainPart).find((part) => part !== null) || null
  if (netBiosDomain) return { name: netBiosDomain, dn }
  const users = [...(mailboxPermissions ?? []), ...(adPermissions ?? [])].map(({ User }) => User)
  const accounts = [...recipients.map(({ SamAccountName }) => SamAccountName ?? ''), ...users]
  const said = accounts.filter((user) => /^[^\\]+\\/.test(user) && !/^(NT[ -]|BUILTIN\\)/i.test(user))
  const names = [...new Set(said.map((user) => user.split('\\')[0]!.toUpperCase()))]
  // The name of a domain is mostly the first part of its DNS name; rows name other domains of the forest too.
  const label = dn === null ? undefined : /^DC=([^,]+)/i.exec(dn)?.[1]?.toUpperCase()
  const name = names.find((one) => one === label) ?? (names.length === 1 ? names[0] : label)
  return name === undefined ? null : { name, dn }
}

/** DC=contoso,DC=local of a distinguished name. */
function domainPart(dn: string | null | undefined): string | null {
  return /(?:^|,)(DC=.*)$/i.exec(dn ?? '')?.[1]?.toLowerCase() ?? null
}

function uniqueNames(recipient: Recipient, domain: Domain | null): string[] {
  const account = accountOf(recipient, domain)
  return [
    recipient.UserPrincipalName,
    recipient.WindowsLiveID,
    ...addressesOf(recipient),
    recipient.ExternalDirectoryObjectId,
    recipient.Guid,
    recipient.Sid,
    recipient.DistinguishedName,
    recipient.LegacyExchangeDN,
    account.includes('\\') ? account : null,
  ].flatMap((name) => (name ? [name.toLowerCase()] : []))
}

function looseNames(recipient: Recipient): string[] {
  const { Alias, Name, DisplayName, SamAccountName, Identity } = recipient
  return [Alias, Name, DisplayName, SamAccountName, Identity].flatMap((name) =>
    name ? [name.trim().toLowerCase()] : [],
  )
}

function enter(index: Map<string, Recipient[]>, name: string, recipient: Recipient) {
  const there = index.get(name) ?? []
  if (!there.includes(recipient)) index.set(name, [...there, recipient])
}

/** The same recipient may have been looked up under several names. */
function distinct(recipients: Recipient[]): Recipient[] {
  return [...new Map(recipients.map((recipient) => [keyOf(recipient), recipient])).values()]
}
