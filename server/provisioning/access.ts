import { type AutoMapping, openAutoMapping } from './auto-mapping.ts'
import { addressOf, isGroup, isServicePrincipal, openDirectory } from './directory.ts'
import { directOf, type Grant, isBuiltIn, isOrphan, mailboxGrants, sendAsGrants } from './permission.ts'
import type { Right } from './plan/wanted.ts'
import type { Snapshot } from './snapshot.ts'

/** Somebody who was given something on the mailbox, and whether it appears by itself for them. */
export type Access = {
  /** The address; what Exchange calls them where nobody of that name was found. */
  user: string
  name: string
  /** `gone`: the account was deleted. `program`: let in by a consent of the organisation, no person. */
  kind: 'person' | 'group' | 'program' | 'gone' | 'unresolved'
  rights: Right[]
  denied: boolean
  autoMapping: AutoMapping
}

/** Who was given what, one row for each, in the order of their names. What is inherited or Exchange's own is left out. */
export function accessOf(snapshot: Snapshot): Access[] {
  const directory = openDirectory(snapshot)
  const mapping = openAutoMapping(snapshot, directory)
  const found = new Map<string, Access>()
  const enter = (who: string, right: Right | null) => {
    const resolved = directory.resolve(who)
    const key = resolved.is === 'found' ? resolved.key : who.toLowerCase()
    const recipient = resolved.is === 'found' ? resolved.recipient : undefined
    const there = found.get(key) ?? {
      user: recipient ? addressOf(recipient) : who,
      name: recipient?.DisplayName || recipient?.Name || who,
      kind: recipient
        ? isServicePrincipal(recipient)
          ? 'program'
          : isGroup(recipient)
            ? 'group'
            : 'person'
        : isOrphan({ who })
          ? 'gone'
          : 'unresolved',
      rights: [],
      denied: false,
      autoMapping: mapping(key),
    }
    if (right === null) there.denied = true
    else if (!there.rights.includes(right)) there.rights.push(right)
    found.set(key, there)
  }
  const held = (grants: Grant[], right: Right) => {
    for (const grant of directOf(grants)) {
      if (isBuiltIn(grant) || !grant.rights.includes(right)) continue
      enter(grant.who, grant.deny ? null : right)
    }
  }
  held(mailboxGrants(snapshot), 'FullAccess')
  held(sendAsGrants(snapshot), 'SendAs')
  for (const who of snapshot.mailbox?.GrantSendOnBehalfTo ?? []) enter(who, 'SendOnBehalf')
  return [...found.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}
