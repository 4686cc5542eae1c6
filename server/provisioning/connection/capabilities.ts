import type { CmdletName, Params } from '../registry.ts'
import { type Capabilities, type ExchangeConnection, ExchangeError } from './connection.ts'

/** A name that no mailbox has: what is tried with it changes nothing even where WhatIf is not heard. */
const NOBODY = 'downfield-probe-d41b7a52'

const READS: [CmdletName, Params][] = [
  ['Get-MailboxPermission', { Identity: NOBODY }],
  ['Get-Recipient', { Identity: NOBODY }],
]
const RIGHT = { Identity: NOBODY, AccessRights: ['FullAccess'], WhatIf: true, Confirm: false }
const WRITES: Record<'exo' | 'onprem', [CmdletName, Params][]> = {
  exo: [
    ['Get-RecipientPermission', { Identity: NOBODY }],
    ['Set-Mailbox', { Identity: NOBODY, HiddenFromAddressListsEnabled: false, WhatIf: true, Confirm: false }],
    ['Add-MailboxPermission', { ...RIGHT, User: NOBODY }],
    ['Remove-MailboxPermission', { ...RIGHT, User: NOBODY }],
    ['Add-RecipientPermission', { ...RIGHT, Trustee: NOBODY, AccessRights: ['SendAs'] }],
    ['Remove-RecipientPermission', { ...RIGHT, Trustee: NOBODY, AccessRights: ['SendAs'] }],
  ],
  onprem: [
    ['Get-ADPermission', { Identity: NOBODY }],
    ['Set-Mailbox', { Identity: NOBODY, HiddenFromAddressListsEnabled: false, WhatIf: true, Confirm: false }],
    ['Add-MailboxPermission', { ...RIGHT, User: NOBODY }],
    ['Remove-MailboxPermission', { ...RIGHT, User: NOBODY }],
    ['Add-ADPermission', { ...RIGHT, User: NOBODY, AccessRights: ['ExtendedRight'], ExtendedRights: ['Send As'] }],
  ],
}

/**
 * What the sign-in may do: each command is tried on a mailbox that is not there. Who may use it hears so, who may not
 * is refused before.
 * @throws ExchangeError where nothing can be read at all
 */
export async function probe(
  connection: ExchangeConnection,
  { documented }: Pick<Capabilities, 'documented'>,
  signal?: AbortSignal,
): Promise<Capabilities> {
  const { platform } = connection
  await connection.invoke(
    { cmdlet: 'Get-Mailbox', params: { RecipientTypeDetails: ['SharedMailbox'], ResultSize: '1' } },
    signal,
  )
  const cmdlets: CmdletName[] = ['Get-Mailbox']
  for (const [cmdlet, params] of [...READS, ...WRITES[platform]]) {
    if (await mayUse(connection, cmdlet, params, signal)) cmdlets.push(cmdlet)
  }
  const needed = WRITES[platform].map(([cmdlet]) => cmdlet)
  return {
    cmdlets,
    canWrite: needed.every((cmdlet) => cmdlets.includes(cmdlet)),
    documented,
    clearAutoMapping: platform === 'exo' && cmdlets.includes('Remove-MailboxPermission'),
  }
}

async function mayUse(connection: ExchangeConnection, cmdlet: CmdletName, params: Params, signal?: AbortSignal) {
  try {
    await connection.invoke({ cmdlet, params }, signal)
    return true
  } catch (error) {
    if (!(error instanceof ExchangeError)) throw error
    if (error.kind === 'NOT_FOUND') return true
    if (/^RBAC/.test(error.kind) || error.kind === 'BAD_PARAMETER') return false
    throw error
  }
}
