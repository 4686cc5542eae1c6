import { type Directory, isSame } from './directory.ts'
import type { Recipient } from './snapshot.ts'

/** How deep groups in groups are followed. */
const MAX_DEPTH = 5

/** Exchange doesn't give the groups of a recipient, so who adds them to a snapshot names them as Active Directory or Graph do. */
const PARENTS = /^(memberOf|groups|roleGroups|groupMembership)$/i
const MEMBERS = /^members?$/i

/** The members of a group that the snapshot names. */
export const membersOf = (group: Recipient) => listIn(group, MEMBERS)

/** The groups that somebody belongs to, as far as the snapshot names them. */
export const groupsOf = (recipient: Recipient) => listIn(recipient, PARENTS)

/** Whether somebody belongs to a group, as far as the snapshot says: by their own MemberOf or by the group's Members. */
export function isMemberOf(recipient: Recipient, group: string, directory: Directory, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  const resolved = directory.resolve(group)
  const names = groupNames(group, resolved.is === 'found' ? resolved.recipient : null)
  const parents = listIn(recipient, PARENTS)
  if (parents.some((parent) => groupNames(parent, null).some((name) => names.some((other) => isSame(name, other)))))
    return true
  if (resolved.is !== 'found') return false
  const own = directory.resolve(recipient.PrimarySmtpAddress || recipient.Name || '')
  return listIn(resolved.recipient, MEMBERS).some((member) => {
    const found = directory.resolve(member)
    if (found.is !== 'found') return false
    if (own.is === 'found' && found.key === own.key) return true
    return listIn(found.recipient, MEMBERS).length > 0 && isMemberOf(recipient, member, directory, depth + 1)
  })
}

function listIn(recipient: Recipient, key: RegExp): string[] {
  return Object.entries(recipient).flatMap(([name, value]) =>
    key.test(name) && Array.isArray(value) ? value.map(String) : [],
  )
}

/** The names of a group without its domain, or without the path of its distinguished name. */
function groupNames(name: string, group: Recipient | null): string[] {
  const common = /^CN=((?:\\,|[^,])+)/i.exec(name)?.[1]
  const names = [name, name.replace(/^[^\\]+\\/, ''), common, group?.Name, group?.DisplayName, group?.Alias]
  return names.flatMap((one) => (one ? [one] : []))
}
