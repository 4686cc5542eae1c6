// Which mails are one conversation (RFC 5322 section 3.6.4, mail.md). The rule looks at two mails at a time and at nothing
// else, so that the threads are the same in whatever order the mails arrive; looking up the others is for the caller.

import type { ParsedMail } from './parse.ts'
import { normalizedSubject } from './subject.ts'

/** What counts of a mail when threads are made. */
export type Threaded = Pick<ParsedMail, 'internetMessageId' | 'inReplyTo' | 'references' | 'subject'> & {
  /** The address of the writer, lower case. */
  from: string
  /** The addresses of To and Cc, lower case. */
  to: string[]
}
export type Placed = Threaded & { threadId: string }

export type ParentId = { id: string; from: 'in-reply-to' | 'references' }

/** The most ids that are kept of one References field: the first and the newest. */
export const MAX_REFERENCES = 100
/** The most ids by which relatives are sought: the direct parent, the newest, and the first. */
const MAX_SOUGHT = 30
/** A mail of ours to more people than this is a circular. */
const MAX_TOGETHER = 5
/** RFC 5322 section 2.1.1 allows lines of 998; no honest id is longer. */
const MAX_ID = 998

/**
 * The ids by which relatives of a mail are found: its own, that of the mail it answers, then References from the newest
 * on. Relatives are the mails that have one of these ids and those that refer to one.
 */
export function soughtIds(mail: Pick<ParsedMail, 'internetMessageId' | 'inReplyTo' | 'references'>): string[] {
  const ids = [...new Set([mail.internetMessageId, ...parentIds(mail).map(({ id }) => id)])]
  return ids.length <= MAX_SOUGHT ? ids : [...ids.slice(0, MAX_SOUGHT - 1), ids.at(-1)!]
}

/**
 * The threads that a mail belongs to, the best first: that of the mail it answers, of what it refers to from the newest
 * on, of mails that answer it, of mails that answer the same. None: it begins a thread. More than one: it is the mail
 * that was missing between them, and they are one conversation.
 * @param relatives what `soughtIds` found
 * @param ours addresses of the mailbox, lower case: that two mails both went there makes no acquaintance
 */
export function threadsOf(mail: Threaded, relatives: Placed[], ours: readonly string[]): string[] {
  const ids = soughtIds(mail)
  const rank = (other: Placed) => {
    const at = ids.indexOf(other.internetMessageId, 1)
    if (at >= 0) return at
    return refersTo(other, mail.internetMessageId) ? ids.length : ids.length + 1
  }
  const related = relatives.filter((other) => areRelated(mail, other, ours))
  return [...new Set(related.toSorted((a, b) => rank(a) - rank(b)).map(({ threadId }) => threadId))]
}

/**
 * Whether two mails are of one conversation. In-Reply-To is trusted alone. References, which some programs reuse for new
 * matters, need an equal subject or people in common. So do two answers to a mail that we do not have: of those who
 * answer a newsletter to us alone, none has to do with the other.
 */
export function areRelated(a: Threaded, b: Threaded, ours: readonly string[]): boolean {
  if (isApartFrom(a, b, ours) || isApartFrom(b, a, ours)) return false
  if (a.inReplyTo === b.internetMessageId || b.inReplyTo === a.internetMessageId) return true
  const acquainted = areAcquainted(a, b, ours)
  if (refersTo(a, b.internetMessageId) || refersTo(b, a.internetMessageId)) return acquainted || haveSameSubject(a, b)
  if (a.inReplyTo !== null && a.inReplyTo === b.inReplyTo)
    return acquainted || (isAmongSeveral(a, ours) && isAmongSeveral(b, ours))
  return acquainted && referToTheSame(a, b) && haveSameSubject(a, b)
}

/**
 * Whether a mail goes its own way from one that we sent to many: of those who answer it to us alone, each begins a
 * conversation. Who answers to others of them too goes on with the first.
 */
function isApartFrom(mail: Threaded, sent: Threaded, ours: readonly string[]): boolean {
  if (sent.to.length <= MAX_TOGETHER || !ours.includes(sent.from)) return false
  const people = new Set([mail.from, ...mail.to])
  return sent.to.filter((address) => people.has(address) && !ours.includes(address)).length < 2
}

const refersTo = (mail: Threaded, id: string): boolean => mail.inReplyTo === id || mail.references.includes(id)

const referToTheSame = (a: Threaded, b: Threaded): boolean =>
  a.references.some((id) => refersTo(b, id)) || (a.inReplyTo !== null && refersTo(b, a.inReplyTo))

/** Whether it was written to others than us. */
const isAmongSeveral = ({ to }: Threaded, ours: readonly string[]): boolean =>
  to.some((address) => !ours.includes(address))

/** "Tables (was: Chairs)" is still about chairs too. */
function haveSameSubject(a: Threaded, b: Threaded): boolean {
  const [first, second] = [a, b].map(({ subject }) => normalizedSubject(subject).toLowerCase())
  const names = (subject: string, was: string) => was !== '' && subject.includes(`was: ${was}`)
  return first === second || names(first!, second!) || names(second!, first!)
}

/** Whether somebody takes part in both, other than ourselves. */
function areAcquainted(a: Threaded, b: Threaded, ours: readonly string[]): boolean {
  const people = new Set([a.from, ...a.to])
  return [b.from, ...b.to].some((address) => address !== '' && people.has(address) && !ours.includes(address))
}

/** Candidates for the answered mail, the best first: In-Reply-To, then References from the newest to the oldest. */
export function parentIds(mail: Pick<ParsedMail, 'inReplyTo' | 'references'>): ParentId[] {
  const candidates: ParentId[] = mail.inReplyTo ? [{ id: mail.inReplyTo, from: 'in-reply-to' }] : []
  for (const id of mail.references.toReversed()) {
    if (id !== mail.inReplyTo) candidates.push({ id, from: 'references' })
  }
  return candidates
}

/** The message ids in a field, without angle brackets, in order, once each; case is kept, as RFC 5322 compares them. */
export function messageIds(field: string): string[] {
  const inBrackets = [...field.matchAll(/<([^<>]+)>/g)].map((match) => match[1]!.replace(/\s+/g, ''))
  return kept(inBrackets.length > 0 ? inBrackets : bareIds(field))
}

/**
 * Some programs forget the brackets; then nothing but ids is in the field. Old ones put words there (RFC 822 section
 * 4.6.2): whoever took the address in "ada@x.example (Ada)" for an id would put all who ever answered her into one thread.
 */
function bareIds(field: string): string[] {
  const words = field.split(/[\s,]+/).filter((word) => word !== '')
  return words.every((word) => /^[^\s<>@()"]+@[^\s<>@()"]+$/.test(word)) ? words : []
}

function kept(ids: string[]): string[] {
  const usable = [...new Set(ids)].filter((id) => id !== '' && id.length <= MAX_ID)
  return usable.length <= MAX_REFERENCES ? usable : [usable[0]!, ...usable.slice(1 - MAX_REFERENCES)]
}
