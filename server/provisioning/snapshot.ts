import { z } from 'zod'
import { fieldErrors } from '../wording.ts'
import { BadInput } from './bad-input.ts'
import { whereTruncated } from './truncated.ts'

/** Larger files are none that collect.ps1 writes. */
const MAX_CHARACTERS = 50_000_000
const SIDECAR = /@(odata|data)\.type$/

/** PowerShell writes a Boolean as such in JSON, and as a word where it was formatted before. */
const bool = z
  .union([z.boolean(), z.string().regex(/^(true|false)$/i)])
  .transform((value) => value === true || (typeof value === 'string' && value.toLowerCase() === 'true'))
const text = z.string().nullish()
/** One value, many, or none; formatted by PowerShell many are "{a, b}". */
const texts = z
  .union([z.string(), z.array(z.coerce.string())])
  .nullish()
  .transform((value) => {
    if (Array.isArray(value)) return value
    // A distinguished name holds commas too, so only braces say that these are several.
    if (value?.startsWith('{')) return listed(value)
    return value ? [value] : []
  })
/** What rights are called; a hand that writes a snapshot may not keep the case. */
const RIGHTS = [
  'FullAccess',
  'ReadPermission',
  'ChangePermission',
  'ChangeOwner',
  'DeleteItem',
  'ExternalAccount',
  'SendAs',
]
const calledRight = (right: string) => RIGHTS.find((name) => name.toLowerCase() === right.toLowerCase()) ?? right
/** Rights, where each element may hold several joined by commas. */
const rights = texts.transform((list) => list.flatMap(listed).map(calledRight))
/** Rows; ConvertTo-Json of PowerShell writes a list of one as that one. */
const rows = <T extends z.ZodType>(row: T) =>
  z.preprocess(
    (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? [value] : value),
    z.array(row),
  )

const mailbox = z.looseObject({
  Identity: text,
  Guid: text,
  ExternalDirectoryObjectId: text,
  UserPrincipalName: text,
  PrimarySmtpAddress: text,
  DisplayName: text,
  Name: text,
  Alias: text,
  DistinguishedName: text,
  LegacyExchangeDN: text,
  RecipientTypeDetails: z.string(),
  IsDirSynced: bool.nullish(),
  AccountDisabled: bool.nullish(),
  EmailAddresses: texts,
  GrantSendOnBehalfTo: texts,
  MessageCopyForSentAsEnabled: bool.nullish(),
  MessageCopyForSendOnBehalfEnabled: bool.nullish(),
  MessageCopyForSMTPClientSubmissionEnabled: bool.nullish(),
  HiddenFromAddressListsEnabled: bool.nullish(),
  ForwardingAddress: text,
  ForwardingSmtpAddress: text,
  DeliverToMailboxAndForward: bool.nullish(),
  ArchiveStatus: text,
})

const mailboxPermission = z.looseObject({
  User: z.string(),
  UserSid: text,
  AccessRights: rights,
  Deny: bool.nullish().transform((deny) => deny ?? false),
  IsInherited: bool.nullish().transform((inherited) => inherited ?? false),
  InheritanceType: text,
})

const recipientPermission = z.looseObject({
  Trustee: z.string(),
  TrusteeSidString: text,
  AccessRights: rights,
  AccessControlType: text,
  IsInherited: bool.nullish().transform((inherited) => inherited ?? false),
})

const adPermission = z.looseObject({
  User: z.string(),
  UserSid: text,
  AccessRights: rights,
  ExtendedRights: rights,
  Deny: bool.nullish().transform((deny) => deny ?? false),
  IsInherited: bool.nullish().transform((inherited) => inherited ?? false),
})

const recipient = z.looseObject({
  Identity: text,
  Name: text,
  DisplayName: text,
  Alias: text,
  PrimarySmtpAddress: text,
  UserPrincipalName: text,
  WindowsLiveID: text,
  SamAccountName: text,
  EmailAddresses: texts,
  ExternalDirectoryObjectId: text,
  Guid: text,
  Sid: text,
  DistinguishedName: text,
  LegacyExchangeDN: text,
  RecipientTypeDetails: text,
  ArchiveStatus: text,
  MemberOf: texts,
  Members: texts,
})

/** Get-DistributionGroup. */
const group = z.looseObject({
  PrimarySmtpAddress: text,
  EmailAddresses: texts,
  RequireSenderAuthenticationEnabled: bool.nullish(),
})

const evidence = z.looseObject({
  user: z.string(),
  state: z.enum(['on', 'off', 'unknown']),
  source: z.string().nullish(),
  at: text,
})

/** What was done before, as far as it is known: the doctor's rule of 24 hours starts there. */
const ledgerEntry = z.looseObject({
  user: text,
  did: z.enum(['granted', 'removed', 'cleared automapping']),
  autoMapping: bool.nullish(),
  at: z.iso.datetime({ offset: true }),
})

const servicePrincipal = z.looseObject({ Identity: text, AppId: text, ObjectId: text, DisplayName: text, Sid: text })

const snapshot = z.looseObject({
  platform: z.enum(['exo', 'onprem']),
  hybrid: bool.nullish().transform((hybrid) => hybrid ?? false),
  collectedAt: text,
  netBiosDomain: text,
  domainDn: text,
  mailbox: z.preprocess((value) => (Array.isArray(value) && value.length === 1 ? value[0] : value), mailbox.nullable()),
  mailboxPermissions: rows(mailboxPermission).nullish(),
  recipientPermissions: rows(recipientPermission).nullish(),
  adPermissions: rows(adPermission).nullish(),
  recipients: rows(recipient)
    .nullish()
    .transform((list) => list ?? []),
  autoMapping: rows(evidence)
    .nullish()
    .transform((list) => list ?? []),
  group: group.nullish(),
  groupMembers: rows(recipient).nullish(),
  statistics: z.looseObject({ TotalItemSize: text }).nullish(),
  servicePrincipals: rows(servicePrincipal)
    .nullish()
    .transform((list) => list ?? []),
  ledger: rows(ledgerEntry)
    .nullish()
    .transform((list) => list ?? []),
})

export type Snapshot = z.output<typeof snapshot>
export type Mailbox = z.output<typeof mailbox>
export type MailboxPermission = z.output<typeof mailboxPermission>
export type RecipientPermission = z.output<typeof recipientPermission>
export type AdPermission = z.output<typeof adPermission>
export type Recipient = z.output<typeof recipient>

/**
 * Reads what collect.ps1 writes; see docs/exchange-snapshot.md.
 * @param file how the file is called in messages
 * @throws BadInput where it is no snapshot, or one that doesn't hold everything: a plan from a part of the truth would
 *   give and take the wrong rights
 */
export function readSnapshot(source: string, file: string): Snapshot {
  if (source.length > MAX_CHARACTERS) throw bad(file, 'is too large for a snapshot of one mailbox.')
  let json: unknown
  try {
    json = JSON.parse(source.replace(/^\ufeff/, ''))
  } catch (error) {
    // The message of JSON.parse quotes the text; where it stands is enough.
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    const line = at === undefined ? '' : ` line ${source.slice(0, Number(at)).split('\n').length}`
    throw bad(`${file}${line}`, 'is not whole JSON. It may have been cut off; collect it again.')
  }
  const truncated = whereTruncated(json, '')
  if (truncated !== undefined) {
    const message = `${file}: ${truncated || 'it'} was not read to its end. No plan is made from a part of the truth; collect it again.`
    throw new BadInput([{ code: 'PARTIAL_READ', subject: truncated || 'snapshot', message }])
  }
  const read = snapshot.safeParse(plain(json, 0))
  if (!read.success) {
    throw new BadInput(
      fieldErrors(read.error.issues, 'the snapshot').map(({ field, message }) => ({
        code: 'BAD_SNAPSHOT',
        subject: field || 'snapshot',
        message: `${file}: ${message}`,
      })),
    )
  }
  refuseIncomplete(read.data, file)
  return read.data
}

/** What is missing can't be told from what is empty, so a snapshot names every part. */
function refuseIncomplete(read: Snapshot, file: string) {
  if (read.mailbox === null) return
  const sendAs = read.platform === 'exo' ? 'recipientPermissions' : 'adPermissions'
  const missing = (['mailboxPermissions', sendAs] as const).filter((part) => !read[part])
  if (missing.length === 0) return
  throw new BadInput(
    missing.map((part) => ({
      code: 'PARTIAL_READ',
      subject: part,
      message: `${file}: ${part} is missing. Where there are none it is an empty list; collect it again.`,
    })),
  )
}

/** Without what the wire adds: sidecars that name types, and the envelope around a list. */
function plain(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => !SIDECAR.test(key))
  const envelope = entries.find(([key, inner]) => key === 'value' && Array.isArray(inner))
  if (depth > 0 && envelope) return plain(envelope[1], depth)
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner, depth + 1)]))
}

function bad(subject: string, says: string): BadInput {
  return new BadInput([{ code: 'BAD_SNAPSHOT', subject, message: `${subject} ${says}` }])
}

function listed(written: string): string[] {
  return written
    .replace(/^\{(.*)\}$/s, '$1')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
