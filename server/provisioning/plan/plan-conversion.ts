import type { Blocker } from '../bad-input.ts'
import { commandLine } from '../command-line.ts'
import { type Kind, kindOf } from '../mailbox-kind.ts'
import type { Mailbox, Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { type Note, PHASES, step } from './step.ts'
import type { Target } from './target.ts'
import type { WantedMailbox } from './wanted.ts'

/** Above 50 GB a shared mailbox needs a licence; a little before is the time to say so. */
const NEAR_QUOTA_BYTES = 49 * 1024 ** 3

/** Makes a shared mailbox of a person's, or the other way round. @returns `to` is undefined where the kind stays */
export function planConversion(
  { type }: WantedMailbox,
  { platform, hybrid, statistics }: Snapshot,
  mailbox: Mailbox,
  { identity }: Target,
): Part & { to?: Kind } {
  const blockers: Blocker[] = []
  const notes: Note[] = []
  const size = bytesOf(statistics?.TotalItemSize)
  if (size !== null && size >= NEAR_QUOTA_BYTES && (type === 'shared' || kindOf(mailbox) === 'shared')) {
    notes.push({ code: 'NEAR_QUOTA', subject: identity })
  }
  if (type === undefined || type === kindOf(mailbox)) return { steps: [], notes, blockers }
  if (type === 'shared' && mailbox.ArchiveStatus && !/^none$/i.test(mailbox.ArchiveStatus))
    notes.push({ code: 'ARCHIVE_NEEDS_LICENCE', subject: identity })
  const isRemote = /^Remote/i.test(mailbox.RecipientTypeDetails)
  const Type = type === 'shared' ? 'Shared' : 'Regular'
  if (platform === 'exo' && (hybrid || mailbox.IsDirSynced)) {
    const command = commandLine('Set-RemoteMailbox', { Identity: identity, Type })
    const alone = mailbox.IsDirSynced ? '' : ' If it exists in the cloud alone, say "hybrid": false in the snapshot.'
    const message = `In a hybrid organisation a mailbox is converted on premises, else it can turn back: ${command}${alone}`
    blockers.push({ code: 'HYBRID_CONVERT_ON_PREM', subject: identity, message })
  } else if (/^Linked/i.test(mailbox.RecipientTypeDetails)) {
    const message = `${identity} is linked to an account in another forest. Disconnect it and connect it as a shared mailbox by hand.`
    blockers.push({ code: 'LINKED_MAILBOX', subject: identity, message })
  } else if (platform === 'onprem' && type === 'user' && !isRemote) {
    const command = `${commandLine('Set-Mailbox', { Identity: identity, Type })} -Password (Read-Host -AsSecureString)`
    const message = `On premises a mailbox becomes a person's only with a new password, which Downfield never handles. Run by hand: ${command}`
    blockers.push({ code: 'PASSWORD_NEEDED', subject: identity, message })
  }
  if (blockers.length > 0) return { steps: [], notes, blockers }
  const reason =
    type === 'shared'
      ? `It is a ${mailbox.RecipientTypeDetails}. It needs its licence while it is converted; rules and mail stay. Don't delete the account: the mailbox hangs on it.`
      : `It is a ${mailbox.RecipientTypeDetails}. By hand, in the admin center: assign a licence before, else the mailbox is deleted after 30 days, and reset the password after.`
  const risk = type === 'shared' ? 'none' : 'destructive'
  const convert = step(
    PHASES.create,
    isRemote ? 'Set-RemoteMailbox' : 'Set-Mailbox',
    { Identity: identity, Type, Confirm: false },
    reason,
    risk,
  )
  return { steps: [convert], notes, blockers, to: type }
}

const UNITS: Record<string, number> = { B: 0, KB: 1, MB: 2, GB: 3, TB: 4 }

/** "50 GB (53,687,091,200 bytes)" in bytes; by the number before where somebody left the bytes out. */
function bytesOf(size: string | null | undefined): number | null {
  const bytes = /\(([\d,.\s\u00a0\u202f']+) bytes\)/i.exec(size ?? '')?.[1]
  if (bytes !== undefined) return Number(bytes.replace(/\D/g, ''))
  const [, number = '', unit = ''] = /^([\d.,]+)\s*(B|KB|MB|GB|TB)\b/i.exec(size?.trim() ?? '') ?? []
  if (number === '') return null
  // The comma of other languages is the last sign before at most two digits.
  const plain = number.replace(/[.,](?=\d{3}(\D|$))/g, '').replace(',', '.')
  return Number(plain) * 1024 ** (UNITS[unit.toUpperCase()] ?? 0)
}
