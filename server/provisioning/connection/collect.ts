import { readSnapshot, type Snapshot } from '../snapshot.ts'
import { type CmdletCall, type ExchangeConnection, ExchangeError } from './connection.ts'
import { MAILBOX_PROPERTIES, RECIPIENT_PROPERTIES } from './properties.ts'

/** What is to be known: the mailbox or group, and everybody who is to have rights. */
export type Asked = {
  identity: string
  names?: readonly string[]
  hybrid?: boolean
  netBiosDomain?: string
}
type Row = Record<string, unknown>

/** What is nobody's name: built-in accounts, and what is left of those who are gone. */
const NOBODY = /^(NT |BUILTIN\\|S-1-5-)/i

/**
 * Reads all that a plan needs to know about one mailbox or group: what collect.ps1 does by hand.
 * @returns the snapshot as a file holds it, and as it is read
 * @throws ExchangeError, BadInput: never a part of the truth
 */
export async function collect(
  connection: ExchangeConnection,
  { identity, names = [], hybrid = false, netBiosDomain = '' }: Asked,
  now: number,
  signal?: AbortSignal,
): Promise<{ row: Row; snapshot: Snapshot }> {
  const read = async (call: CmdletCall) => (await connection.invoke(call, signal)).records
  const { platform } = connection
  const sought = new Set(names)
  sought.add(identity)
  const found = await orNone(
    read({
      cmdlet: 'Get-Mailbox',
      params: { Identity: identity, ResultSize: 'Unlimited' },
      select: MAILBOX_PROPERTIES,
    }),
  )
  if (found.length > 1)
    throw new ExchangeError('AMBIGUOUS_IDENTITY', `${identity} is the name of several mailboxes. Say its address.`)
  const mailbox = found[0] ?? null
  const parts: Row = { mailbox, mailboxPermissions: [] }
  if (mailbox) {
    const key = text(mailbox.Guid) || identity
    const permissions = await read({ cmdlet: 'Get-MailboxPermission', params: { Identity: key } })
    parts.mailboxPermissions = permissions
    for (const row of permissions) sought.add(text(row.User))
    Object.assign(parts, await readSending(read, platform, mailbox, key, sought))
    for (const name of list(mailbox.GrantSendOnBehalfTo)) sought.add(name)
    sought.add(text(mailbox.ForwardingAddress))
    const [statistics] = await orNone(read({ cmdlet: 'Get-MailboxStatistics', params: { Identity: key } }))
    parts.statistics = statistics ? { TotalItemSize: text(statistics.TotalItemSize) } : null
  } else Object.assign(parts, platform === 'exo' ? { recipientPermissions: [] } : { adPermissions: [] })
  if (!mailbox) Object.assign(parts, await readGroup(read, identity))
  const servicePrincipals = platform === 'exo' ? await orNone(read({ cmdlet: 'Get-ServicePrincipal', params: {} })) : []
  const row: Row = {
    platform,
    hybrid: hybrid || mailbox?.IsDirSynced === true,
    collectedAt: new Date(now).toISOString(),
    ...(netBiosDomain ? { netBiosDomain } : {}),
    ...parts,
    recipients: await readRecipients(read, sought),
    servicePrincipals,
    autoMapping: [],
    complete: true,
  }
  return { row, snapshot: readSnapshot(JSON.stringify(row), identity) }
}

type Read = (call: CmdletCall) => Promise<Row[]>

async function readSending(read: Read, platform: 'exo' | 'onprem', mailbox: Row, key: string, sought: Set<string>) {
  if (platform === 'exo') {
    const rows = await read({ cmdlet: 'Get-RecipientPermission', params: { Identity: key, ResultSize: 'Unlimited' } })
    for (const { Trustee } of rows) sought.add(text(Trustee))
    return { recipientPermissions: rows }
  }
  const all = await read({ cmdlet: 'Get-ADPermission', params: { Identity: text(mailbox.DistinguishedName) } })
  // Of the many rows of a directory only those who may send as the mailbox are looked up.
  for (const { User, ExtendedRights } of all)
    if (list(ExtendedRights).some((right) => /send[ -]?as/i.test(right))) sought.add(text(User))
  return { adPermissions: all }
}

async function readGroup(read: Read, identity: string) {
  const [group] = await orNone(read({ cmdlet: 'Get-DistributionGroup', params: { Identity: identity } }))
  if (!group) return {}
  const Identity = text(group.Guid) || identity
  return {
    group,
    groupMembers: await read({ cmdlet: 'Get-DistributionGroupMember', params: { Identity, ResultSize: 'Unlimited' } }),
  }
}

async function readRecipients(read: Read, sought: Set<string>): Promise<Row[]> {
  const recipients = new Map<string, Row>()
  for (const name of sought) {
    if (name.trim() === '' || name.includes('*') || NOBODY.test(name)) continue
    const rows = await orNone(
      read({
        cmdlet: 'Get-Recipient',
        params: { Identity: name, ResultSize: 'Unlimited' },
        select: RECIPIENT_PROPERTIES,
      }),
    )
    for (const row of rows) {
      if (recipients.has(text(row.Guid))) continue
      const isGroup = /Mail.*Group/.test(text(row.RecipientTypeDetails))
      const members = isGroup
        ? await orNone(
            read({
              cmdlet: 'Get-DistributionGroupMember',
              params: { Identity: text(row.Guid), ResultSize: 'Unlimited' },
            }),
          )
        : []
      const Members = members.map((member) => text(member.PrimarySmtpAddress)).filter(Boolean)
      recipients.set(text(row.Guid), isGroup ? { ...row, Members } : row)
    }
  }
  return [...recipients.values()]
}

/** That there is none is an answer, and so is that the name could be several. Anything else means that we do not know. */
async function orNone(rows: Promise<Row[]>): Promise<Row[]> {
  try {
    return await rows
  } catch (error) {
    if (error instanceof ExchangeError && /^(NOT_FOUND|AMBIGUOUS_IDENTITY)$/.test(error.kind)) return []
    throw error
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : value ? [String(value)] : [])
