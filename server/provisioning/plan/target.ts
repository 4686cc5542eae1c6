import { addressesOf, isSame } from '../directory.ts'
import type { Mailbox } from '../snapshot.ts'
import type { WantedMailbox } from './wanted.ts'

/** The mailbox as the steps name it. */
export type Target = {
  identity: string
  /** What Add-ADPermission takes: the distinguished name, or the name where it has none yet. */
  adIdentity: string | null
  isNew: boolean
}

export function targetOf({ identity }: WantedMailbox, mailbox: Mailbox): Target {
  const { PrimarySmtpAddress, UserPrincipalName, Guid, DistinguishedName } = mailbox
  const asked = [PrimarySmtpAddress, UserPrincipalName].find((name) => isSame(name, identity))
  return {
    identity: asked || PrimarySmtpAddress || UserPrincipalName || Guid || identity,
    adIdentity: DistinguishedName || null,
    isNew: false,
  }
}

/** Everything that Exchange calls the mailbox. */
export function namesOf(mailbox: Mailbox): (string | null | undefined)[] {
  const { Identity, Guid, ExternalDirectoryObjectId, UserPrincipalName, Name, Alias, DisplayName } = mailbox
  const { DistinguishedName, LegacyExchangeDN } = mailbox
  const names = [Identity, Guid, ExternalDirectoryObjectId, UserPrincipalName, Name, Alias, DisplayName]
  return [...names, DistinguishedName, LegacyExchangeDN, ...addressesOf(mailbox)]
}
