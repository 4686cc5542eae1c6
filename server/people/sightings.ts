import type { Address, Correspondence, Message, SeenName } from '../../db/schema.ts'
import { domainOf, isFreeMail, registrableDomain } from '../issues/domain.ts'
import { cleanName, withNames } from './names.ts'

// Who is on a mail. All of it computes; grow.ts reads and writes.

/** Whose mail came with so many others is a mailing: only who wrote it counts. A mail of ours was written to each of them. */
const MAX_RECIPIENTS = 20
const MAX_RECIPIENTS_OF_OURS = 200
const MAX_ADDRESS = 254

/** Somebody on a mail in a mailbox. `received`: they wrote it; `sent`: we wrote it to them; `seen`: they were on it. */
export type Sighting = Pick<Correspondence, 'address' | 'mailboxId'> & {
  name: string
  how: 'received' | 'sent' | 'seen'
  at: number
}

/** What is looked at of a mail. */
export type Mail = Pick<
  Message,
  'mailboxId' | 'direction' | 'writer' | 'at' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'bcc' | 'extras'
>

/** Our own addresses, and the domains of our mailboxes where those are not anybody's: whom we deal with is somebody else. */
export type Ours = { addresses: ReadonlySet<string>; domains: ReadonlySet<string> }

/** Our own people by the addresses of mailboxes and members. */
export function oursOf(mailboxAddresses: readonly string[], memberAddresses: readonly string[]): Ours {
  const own = mailboxAddresses.map(domainOf).filter((domain) => !isFreeMail(domain))
  return {
    addresses: new Set([...mailboxAddresses, ...memberAddresses]),
    domains: new Set(own.map((domain) => registrableDomain(domain) || domain)),
  }
}

/** Whether an address is one of ours. */
export function isOurs({ addresses, domains }: Ours, address: string): boolean {
  if (addresses.has(address)) return true
  const domain = domainOf(address)
  return domains.has(registrableDomain(domain) || domain)
}

/**
 * Everybody on a mail whom we deal with. What a machine or a mailing list sent tells of nobody. Of what one of us passed
 * on, who wrote the mail within is meant.
 */
export function sightingsOf(mail: Mail, ours: Ours): Sighting[] {
  if (mail.writer !== 'person') return []
  const { mailboxId, at, direction, to, cc, bcc, extras } = mail
  const isOut = direction === 'out'
  const limit = isOut ? MAX_RECIPIENTS_OF_OURS : MAX_RECIPIENTS
  const recipients = extras.forwarded ? [] : [...to, ...cc, ...bcc]
  const sender: Address = extras.forwarded?.from ?? { name: mail.fromName, address: mail.fromAddress }
  const found = new Map<string, Sighting>()
  const add = ({ name, address }: Address, how: Sighting['how']) => {
    if (!isUsable(address) || isOurs(ours, address) || found.has(address)) return
    found.set(address, { address, mailboxId, name: cleanName(name), how, at })
  }
  if (!isOut) add(sender, 'received')
  if (recipients.length <= limit) for (const person of recipients) add(person, isOut ? 'sent' : 'seen')
  return [...found.values()]
}

const isUsable = (address: string) => address.length <= MAX_ADDRESS && /^[^\s@]+@[^\s@]+$/.test(address)

const first = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b))
const last = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))

/** What one sighting says. */
export function seenOnce({ address, mailboxId, name, how, at }: Sighting): Correspondence {
  const received = how === 'received' ? at : null
  const sent = how === 'sent' ? at : null
  return {
    address,
    mailboxId,
    names: withNames([], [{ name, own: how === 'received', at }]),
    firstReceivedAt: received,
    lastReceivedAt: received,
    firstSentAt: sent,
    lastSentAt: sent,
    seenAt: at,
  }
}

/** The correspondence with one address in one mailbox, of two parts of it. In which order, and how often, does not matter. */
export function together(a: Correspondence, b: Correspondence): Correspondence {
  return {
    ...a,
    names: withNames(a.names, b.names),
    firstReceivedAt: first(a.firstReceivedAt, b.firstReceivedAt),
    lastReceivedAt: last(a.lastReceivedAt, b.lastReceivedAt),
    firstSentAt: first(a.firstSentAt, b.firstSentAt),
    lastSentAt: last(a.lastSentAt, b.lastSentAt),
    seenAt: Math.max(a.seenAt, b.seenAt),
  }
}

/** Whether both say the same. */
export function isSame(a: Correspondence, b: Correspondence): boolean {
  const names = (all: readonly SeenName[]) => all.map(({ name, own, at }) => `${name}\n${own}\n${at}`).join('\n')
  return (
    a.firstReceivedAt === b.firstReceivedAt &&
    a.lastReceivedAt === b.lastReceivedAt &&
    a.firstSentAt === b.firstSentAt &&
    a.lastSentAt === b.lastSentAt &&
    a.seenAt === b.seenAt &&
    names(a.names) === names(b.names)
  )
}
