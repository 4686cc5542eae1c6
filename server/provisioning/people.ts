import type { Blocker } from './bad-input.ts'
import {
  accountOf,
  addressesOf,
  addressOf,
  type Directory,
  hasNoAddress,
  isGroup,
  isOutside,
  isSecurityGroup,
  userOf,
} from './directory.ts'
import { isOrphan } from './permission.ts'
import { type Delegate, RIGHTS, type Wanted } from './plan/wanted.ts'
import type { Recipient, Snapshot } from './snapshot.ts'

/** A delegate that was found: who it is, and how permissions and messages call them. */
export type Person = Omit<Delegate, 'user'> & {
  key: string
  recipient: Recipient
  /** For the parameter User or Trustee. */
  user: string
  address: string
  isGroup: boolean
}

/**
 * Finds every delegate, once each. Whoever can't be found, could be several people or can't be given rights stops the
 * plan: all of them are named, each with its line.
 */
export function findPeople(
  wanted: Wanted,
  snapshot: Snapshot,
  directory: Directory,
): { people: Person[]; blockers: Blocker[] } {
  const people = new Map<string, Person>()
  const blockers: Blocker[] = []
  for (const { user: name, ...delegate } of wanted.delegates) {
    const refuse = (code: string, message: string) =>
      blockers.push({ code, subject: name, message: `${delegate.at}: ${message}` })
    const resolved = directory.resolve(name)
    if (resolved.is === 'ambiguous') {
      refuse('AMBIGUOUS_IDENTITY', `${name} matches ${resolved.matches.join(' and ')}. Write the address of one.`)
      continue
    }
    if (resolved.is === 'unknown') {
      if (isOrphan({ who: name }))
        refuse(
          'ORPHAN',
          `${name} is the SID of an account that is gone. Take the line out; pruneOrphans: true takes its rights.`,
        )
      else refuse('UNRESOLVED', `There is no recipient ${name}. Check how it is written, or collect again with it.`)
      continue
    }
    const { recipient, key } = resolved
    const person = personOf(recipient, key, delegate, snapshot, directory)
    const reason = refusal(person, snapshot)
    if (reason) {
      refuse(reason.code, reason.message)
      continue
    }
    const there = people.get(key)
    if (!there) people.set(key, person)
    // A list gives way to what the file itself says; twice the same is once.
    else if (!delegate.isListed && !isEqual(there, person)) {
      refuse('CONFLICT', `${name} is named before, in ${there.at}, with other rights. Keep one of the two.`)
    }
  }
  return { people: [...people.values()], blockers }
}

function personOf(
  recipient: Recipient,
  key: string,
  delegate: Omit<Delegate, 'user'>,
  { platform }: Snapshot,
  { domain }: Directory,
): Person {
  return {
    ...delegate,
    key,
    recipient,
    user: platform === 'onprem' ? accountOf(recipient, domain) : userOf(recipient),
    address: addressOf(recipient),
    isGroup: isGroup(recipient),
  }
}

function refusal({ recipient, address, isGroup, allowGroup, rights }: Person, { mailbox }: Snapshot) {
  if (mailbox && addressesOf(recipient).some((one) => addressesOf(mailbox).includes(one))) {
    return { code: 'DELEGATE_IS_MAILBOX', message: `${address} is the mailbox itself. Take the line out.` }
  }
  if (isOutside(recipient)) {
    const message = `${address} is a ${recipient.RecipientTypeDetails}: only people with a mailbox in the organisation can be delegates.`
    return { code: 'NOT_ELIGIBLE', message }
  }
  if (rights.includes('SendOnBehalf') && hasNoAddress(recipient)) {
    const message = `${address} has neither a mailbox nor mail, and Exchange lets no such account send on behalf. Leave SendOnBehalf out.`
    return { code: 'NOT_ELIGIBLE', message }
  }
  if (!isGroup) return undefined
  if (!allowGroup) {
    const message = `${address} is a group, for whose members nothing appears in Outlook by itself. Name its members, or say allowGroup: true.`
    return { code: 'GROUP_NOT_ALLOWED', message }
  }
  if (isSecurityGroup(recipient)) return undefined
  const message = `${address} is a ${recipient.RecipientTypeDetails}: only a mail-enabled security group can hold rights.`
  return { code: 'GROUP_NOT_SECURITY', message }
}

function isEqual(a: Person, b: Person): boolean {
  return (
    a.autoMapping === b.autoMapping && RIGHTS.every((right) => a.rights.includes(right) === b.rights.includes(right))
  )
}
