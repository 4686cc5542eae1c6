import type { Blocker } from '../bad-input.ts'
import { addressesOf, addressOf, bareAddress, type Directory, isSame } from '../directory.ts'
import type { Params } from '../registry.ts'
import type { Mailbox } from '../snapshot.ts'
import type { Note } from './step.ts'
import type { WantedMailbox } from './wanted.ts'

type Forwarding = { changes: Params; why: string[]; notes: Note[]; blockers: Blocker[] }

/** Where mail goes on to. Both kinds are said whenever one changes: the one that stays behind would win silently. */
export function planForwarding(
  { forwarding }: WantedMailbox,
  mailbox: Mailbox,
  directory: Directory,
  identity: string,
): Forwarding {
  const none: Forwarding = { changes: {}, why: [], notes: [], blockers: [] }
  if (forwarding === undefined) return none
  const inside = mailbox.ForwardingAddress || null
  const outside = mailbox.ForwardingSmtpAddress ? bareAddress(mailbox.ForwardingSmtpAddress) : null
  const keeps = mailbox.DeliverToMailboxAndForward ?? false
  if (forwarding === null) {
    if (!inside && !outside) return none
    const changes = { ForwardingAddress: null, ForwardingSmtpAddress: null, DeliverToMailboxAndForward: false }
    return { ...none, changes, why: [`Mail is forwarded to ${inside ?? outside}; it is to stay here.`] }
  }
  const { to, keepCopy } = forwarding
  const resolved = directory.resolve(bareAddress(to))
  const isOurs = isSame(to.split('@')[1], identity.split('@')[1])
  if (resolved.is === 'ambiguous') {
    const message = `forwarding.to: ${to} matches ${resolved.matches.join(' and ')}. Write the address of one.`
    return { ...none, blockers: [{ code: 'AMBIGUOUS_IDENTITY', subject: to, message }] }
  }
  if (resolved.is === 'unknown' && (!to.includes('@') || isOurs)) {
    const message = `forwarding.to: there is no recipient ${to}. Check how it is written, or collect again with it.`
    return { ...none, blockers: [{ code: 'UNRESOLVED', subject: to, message }] }
  }
  const isItself = (one: string) => addressesOf(mailbox).includes(one.toLowerCase()) || isSame(one, identity)
  const leadsBack =
    isItself(bareAddress(to)) || (resolved.is === 'found' && addressesOf(resolved.recipient).some(isItself))
  if (leadsBack) {
    const message = `forwarding.to: ${to} is the mailbox itself, and mail would go round for ever. Name somebody else, or say null.`
    return { ...none, blockers: [{ code: 'FORWARDS_TO_ITSELF', subject: to, message }] }
  }
  const person = resolved.is === 'found' ? resolved : null
  const current = inside ? directory.resolve(inside) : null
  const isThere = person
    ? (current?.is === 'found' && current.key === person.key) || isSame(inside, addressOf(person.recipient))
    : !inside && isSame(outside, bareAddress(to))
  const notes = [
    ...(person ? [] : [{ code: 'FORWARDS_OUTSIDE', subject: bareAddress(to) }]),
    ...(keepCopy ? [] : [{ code: 'FORWARDS_WITHOUT_COPY', subject: identity }]),
  ]
  if (isThere && keeps === keepCopy && !(person && outside)) return { ...none, notes }
  return {
    ...none,
    changes: {
      ForwardingAddress: person ? addressOf(person.recipient) : null,
      ForwardingSmtpAddress: person ? null : bareAddress(to),
      DeliverToMailboxAndForward: keepCopy,
    },
    why: [`Mail is to go on to ${to}, ${keepCopy ? 'with a copy here' : 'without a copy here'}.`],
    notes,
  }
}
