import type { AutoMapping } from '../auto-mapping.ts'
import { commandLine } from '../command-line.ts'
import type { Directory } from '../directory.ts'
import type { DomainFinding } from '../domain/judge.ts'
import type { Grant } from '../permission.ts'
import type { Mailbox, Recipient, Snapshot } from '../snapshot.ts'
import type { AutodiscoverAnswer } from './autodiscover.ts'

export const CLIENTS = ['outlook-classic', 'new-outlook', 'owa', 'mac', 'mobile', 'other'] as const
export const SYMPTOMS = ['missing', 'unwanted'] as const

/** A domain and how Outlook finds its settings there. */
export type AskedDomain = { domain: string; autodiscover: Omit<DomainFinding, 'code'> }

/** What is asked, and what is known beside the snapshot. */
export type Question = {
  user: string
  client: (typeof CLIENTS)[number]
  symptom: (typeof SYMPTOMS)[number]
  now: number
  /** What Autodiscover told the user's Outlook. */
  answer?: AutodiscoverAnswer | undefined
  /** The domain of the user's computer in Active Directory. */
  computerDomain?: string | undefined
  /** What DNS says of Autodiscover, for each domain that was asked about. */
  domains?: AskedDomain[] | undefined
  /** Whether the user needs the online archive of the mailbox. */
  needsArchive?: boolean | undefined
  /** Whether Outlook was told by the registry to put sent mail into the shared mailbox. */
  copiesByRegistry?: boolean | undefined
}

/** `cause`: that is why. `possible`: it may be. `ok`: that is not it. `unknown`: nobody can say from what is known. */
export type Verdict = 'cause' | 'possible' | 'ok' | 'unknown'
export type Fix = { commands: string[]; manualSteps: string[] }
export type Finding = { code: string; verdict: Verdict; says: string; evidence: string; fix: Fix }

/** Everything a check may look at. */
export type Case = {
  question: Question
  snapshot: Snapshot
  mailbox: Mailbox
  directory: Directory
  /** How commands call the mailbox and the user. */
  identity: string
  user: string
  address: string
  recipient: Recipient
  /** FullAccess or less, all rows that concern the user, directly or by a group. */
  own: Grant[]
  byGroup: Grant[]
  mapping: AutoMapping
  /** Whether Autodiscover has Outlook open the mailbox; null where it is not known. */
  advertised: boolean | null
  /** When access or auto-mapping last changed, and what it was set to then, as far as we did it ourselves. */
  changedAt: number | null
  turnedOff: boolean
}

export const NO_FIX: Fix = { commands: [], manualSteps: [] }
export const ok = (code: string, says: string, evidence = ''): Finding => ({
  code,
  verdict: 'ok',
  says,
  evidence,
  fix: NO_FIX,
})

export function grantCommand({ identity, user }: Pick<Case, 'identity' | 'user'>, autoMapping = true): string {
  const right = { AccessRights: ['FullAccess'], InheritanceType: 'All' }
  return commandLine('Add-MailboxPermission', {
    Identity: identity,
    User: user,
    ...right,
    AutoMapping: autoMapping,
    Confirm: false,
  })
}

export function revokeCommand({ identity, user }: Pick<Case, 'identity' | 'user'>, deny = false): string {
  const right = { AccessRights: ['FullAccess'], InheritanceType: 'All', ...(deny ? { Deny: true } : {}) }
  return commandLine('Remove-MailboxPermission', { Identity: identity, User: user, ...right, Confirm: false })
}

export const rowText = ({ who, rights, deny, inherited }: Grant) =>
  `${who}: ${deny ? 'denied' : 'allowed'} ${rights.join(', ')}${inherited ? ', inherited' : ''}`

/** Whether the user has a grant of their own, which alone can be marked. */
export const hasAce = ({ own }: Case) =>
  own.some(({ rights, deny, inherited }) => rights.includes('FullAccess') && !deny && !inherited)
