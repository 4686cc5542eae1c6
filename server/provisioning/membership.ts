import { type Directory, isSame } from './directory.ts'
import type { Recipient } from './snapshot.ts'

/** How deep groups in groups are followed. */
const MAX_DEPTH = 5

/** Whether somebody belongs to a group, as far as the snapshot says: by their own MemberOf or by the group's Members. */
export function isMemberOf(recipient: Recipient, group: string, directory: Directory, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false
  const resolved = directory.resolve(group)
  const names = groupNames(group, resolved.is === 'found' ? resolved.recipient : null)
  const parents = recipient.MemberOf ?? []
  if (parents.some((parent) => groupNames(parent, null).some((name) => names.some((other) => isSame(name, other)))))
    return true
  if (resolved.is !== 'found') return false
  const own = directory.resolve(recipient.PrimarySmtpAddress || recipient.Name || '')
  return (resolved.recipient.Members ?? []).some((member) => {
    const found = directory.resolve(member)
    if (found.is !== 'found') return false
    if (own.is === 'found' && found.key === own.key) return true
    return Boolean(found.recipient.Members?.length) && isMemberOf(recipient, member, directory, depth + 1)
  })
}

/** The names of a group without its domain, or without the path of its distinguished name. */
function groupNames(name: string, group: Recipient | null): string[] {
  const common = /^CN=((?:\\,|[^,])+)/i.exec(name)?.[1]
  const names = [name, name.replace(/^[^\\]+\\/, ''), common, group?.Name, group?.DisplayName, group?.Alias]
  return names.flatMap((one) => (one ? [one] : []))
}
