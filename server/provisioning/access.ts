import { type AutoMapping, openAutoMapping } from './auto-mapping.ts'
import { addressOf, isGroup, openDirectory } from './directory.ts'
import { type Held, holder, isOurProgram } from './holding.ts'
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

/** Send on Behalf knows names alone. */
const NAMED = { sid: null, rights: [], deny: false, inherited: false, inheritanceType: null }

/** Who was given what, one row for each, in the order of their names. What is inherited or Exchange's own is left out. */
export function accessOf(snapshot: Snapshot): Access[] {
  const directory = openDirectory(snapshot)
  const mapping = openAutoMapping(snapshot, directory)
  const found = new Map<string, Access>()
  const enter = (grant: Grant, right: Right | null) => {
    const held = holder(grant, directory)
    const { recipient, key, who } = held
    const there = found.get(key) ?? {
      user: recipient ? addressOf(recipient) : who,
      name: recipient?.DisplayName || recipient?.Name || who,
      kind: kindOf(held, snapshot),
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
      enter(grant, grant.deny ? null : right)
    }
  }
  held(mailboxGrants(snapshot), 'FullAccess')
  held(sendAsGrants(snapshot), 'SendAs')
  for (const who of snapshot.mailbox?.GrantSendOnBehalfTo ?? []) enter({ ...NAMED, who }, 'SendOnBehalf')
  return [...found.values()].sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

function kindOf(held: Held, snapshot: Snapshot): Access['kind'] {
  if (isOurProgram(held, snapshot)) return 'program'
  if (held.recipient) return isGroup(held.recipient) ? 'group' : 'person'
  return isOrphan(held) ? 'gone' : 'unresolved'
}
