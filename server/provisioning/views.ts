import { openAutoMapping } from './auto-mapping.ts'
import { BadInput, unwritable } from './bad-input.ts'
import { checkCommands } from './checks.ts'
import { addressOf, type Directory, isGroup, isServicePrincipal, openDirectory } from './directory.ts'
import { rowText } from './doctor/finding.ts'
import { holder } from './holding.ts'
import { oneLine } from './one-line.ts'
import {
  directOf,
  directoryGrants,
  type Grant,
  isBuiltIn,
  isOrphan,
  isSelf,
  mailboxGrants,
  sendAsGrants,
} from './permission.ts'
import type { Snapshot } from './snapshot.ts'

/** One of the checks of the first article: what an admin would type, what comes back, and what each row means. */
export type View = { title: string; command: string; rows: { row: string; means: string }[] }

/**
 * The checks over a snapshot; without a mailbox there are none.
 * @throws BadInput where a name can't stand in a command
 */
export function viewsOf(snapshot: Snapshot): View[] {
  try {
    return viewed(snapshot)
  } catch (error) {
    throw new BadInput([unwritable(error)])
  }
}

function viewed(snapshot: Snapshot): View[] {
  const { mailbox, platform } = snapshot
  if (!mailbox) return []
  const directory = openDirectory(snapshot)
  const identity = mailbox.PrimarySmtpAddress || mailbox.UserPrincipalName || mailbox.Identity || mailbox.Guid || ''
  const grants = mailboxGrants(snapshot)
  const explained = (list: Grant[]) => list.map((grant) => ({ row: rowText(grant), means: meaning(grant, directory) }))
  const behalf = mailbox.GrantSendOnBehalfTo.map((name) => ({
    row: name,
    means: called(name, directory, 'may send on its behalf'),
  }))
  const sending = sendAsGrants(snapshot)
  const inDirectory = directoryGrants(snapshot)
  const rows = [
    explained(grants),
    explained(directOf(grants)),
    ...(platform === 'exo' ? [explained(sending)] : [explained(inDirectory), explained(directOf(inDirectory))]),
    explained(directOf(sending)),
    behalf,
    mapped(snapshot, directory),
  ]
  const views = checkCommands(platform, identity, mailbox.DistinguishedName || identity).map((check, i) => ({
    ...check,
    rows: rows[i] ?? [],
  }))
  if (platform === 'onprem') return views
  // The cloud has no command for it; the evidence comes from elsewhere.
  return [...views, { title: 'For whom it appears by itself', command: '', rows: mapped(snapshot, directory) }]
}

function mapped(snapshot: Snapshot, directory: Directory) {
  const stateOf = openAutoMapping(snapshot, directory)
  return directOf(mailboxGrants(snapshot))
    .filter(
      (grant) =>
        grant.rights.includes('FullAccess') && !grant.deny && !isBuiltIn(grant) && !isOrphan(holder(grant, directory)),
    )
    .map(({ who }) => {
      const resolved = directory.resolve(who)
      const { state, source } = stateOf(resolved.is === 'found' ? resolved.key : who.toLowerCase())
      const isNever = resolved.is === 'found' && isGroup(resolved.recipient)
      const means = isNever
        ? 'never: it is a group'
        : {
            on: `appears by itself (${source})`,
            off: `does not appear by itself (${source})`,
            unknown: 'not known: there is no evidence',
          }[state]
      return { row: who, means }
    })
}

/** Rights that Exchange has beside full access. */
const OF_MAILBOX = ['ReadPermission', 'ChangePermission', 'ChangeOwner', 'DeleteItem', 'ExternalAccount']

function meaning(grant: Grant, directory: Directory): string {
  if (isSelf(grant)) return 'the mailbox itself; every mailbox has it'
  if (isOrphan(holder(grant, directory))) return 'an account that is gone; nobody has this right'
  if (grant.inherited)
    return grant.deny
      ? 'inherited: administrators are kept out, and nothing appears by itself for them'
      : 'inherited from above; not granted here'
  if (isBuiltIn(grant)) return 'put there by Exchange'
  const right = grant.rights.includes('SendAs')
    ? 'may send as it'
    : grant.rights.includes('FullAccess')
      ? 'may open it'
      : grant.rights.every((one) => OF_MAILBOX.includes(one))
        ? `may ${grant.rights.join(', ')}`
        : 'has a right in the directory that is no matter of mail'
  return called(grant.who, directory, grant.deny ? 'is kept out; this beats every grant' : right)
}

function called(name: string, directory: Directory, does: string): string {
  const resolved = directory.resolve(name)
  if (resolved.is === 'ambiguous') return `could be ${resolved.matches.join(' or ')}; ${does}`
  if (resolved.is === 'unknown') return `not among the recipients of the snapshot; ${does}`
  const { recipient } = resolved
  const kind = isServicePrincipal(recipient) ? ', a program,' : isGroup(recipient) ? ', a group,' : ''
  return `${addressOf(recipient)}${kind} ${does}`
}

/** The checks for people to read. */
export function viewsText(views: View[]): string {
  if (views.length === 0) return 'There is no such mailbox.\n'
  return views
    .map(({ title, command, rows }) => {
      const list =
        rows.length === 0 ? ['  nobody'] : rows.map(({ row, means }) => `  ${oneLine(row)}\n    ${oneLine(means)}`)
      return `${[title, ...(command ? [`  ${command}`] : []), ...list].join('\n')}\n`
    })
    .join('\n')
}
