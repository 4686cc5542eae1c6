import type { LinkSource } from '../../db/vocabulary.ts'

// Which proposal a mail belongs to, by rules that can be told to people. All of it computes; linker.ts reads and writes.

/** What rules look at of an open proposal. */
export type Candidate = {
  id: string
  number: number
  solicitationNumber: string
  organizationId: string | null
  /** Lower case addresses of the contacts that were named in it. */
  contacts: readonly string[]
}

/** What rules look at of a mail. */
export type Arrived = {
  from: string
  /** The organization that the sender's domain belongs to; never by a free mail provider. */
  organizationId: string | null
  subject: string
  /** The beginning of its text. */
  beginning: string
  filenames: readonly string[]
  /** The proposals of the mails that it answers or refers to. */
  answers: readonly string[]
  /** The proposals to which earlier mail of this sender, or of their organization, was filed. */
  filedBefore: readonly string[]
}

export type Found = { proposalId: string; source: LinkSource; confidence: number; why: string }

/** Short numbers occur by accident. */
const MIN_NUMBER_LENGTH = 4
/** So much of a text is looked through for numbers. */
export const BEGINNING_CHARACTERS = 4_096

/**
 * The proposal that a mail belongs to; the first rule that finds one wins. Undefined where no rule is sure: then
 * somebody decides.
 */
export function findLink(mail: Arrived, open: readonly Candidate[]): Found | undefined {
  const [answered] = mail.answers
  if (answered)
    return { proposalId: answered, source: 'reply', confidence: 100, why: 'It answers mail of this proposal.' }

  const text = `${mail.subject}\n${mail.beginning}\n${mail.filenames.join('\n')}`
  const tokens = new Set([...text.matchAll(/\bPRP-(\d{1,9})\b/gi)].map(([, digits]) => Number(digits)))
  const named = open.filter(({ number }) => tokens.has(number))
  if (named.length === 1 && named[0])
    return { proposalId: named[0].id, source: 'token', confidence: 95, why: `It names PRP-${named[0].number}.` }

  const folded = fold(text)
  const numbered = open.filter(
    ({ solicitationNumber }) => isNumber(solicitationNumber) && holds(folded, fold(solicitationNumber)),
  )
  if (numbered.length === 1 && numbered[0]) {
    const why = `It names the solicitation number ${numbered[0].solicitationNumber}.`
    return { proposalId: numbered[0].id, source: 'solicitation_number', confidence: 90, why }
  }

  const theirs = ofSender(mail, open)
  if (theirs.length === 1 && theirs[0] && mail.filedBefore.includes(theirs[0].id)) {
    const why = 'The only open proposal of this sender, to which mail of theirs was filed before.'
    return { proposalId: theirs[0].id, source: 'single_open', confidence: 70, why }
  }
  return undefined
}

/** The open proposals of a sender: those they are a contact of, else those of their organization. */
export function ofSender(mail: Pick<Arrived, 'from' | 'organizationId'>, open: readonly Candidate[]): Candidate[] {
  const asContact = open.filter(({ contacts }) => contacts.includes(mail.from))
  if (asContact.length > 0) return asContact
  return mail.organizationId === null ? [] : open.filter(({ organizationId }) => organizationId === mail.organizationId)
}

const isNumber = (text: string) => text.length >= MIN_NUMBER_LENGTH && /\d/.test(text)
const fold = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')

/** Whether a number stands in a text by itself, not within a longer one. */
function holds(text: string, number: string): boolean {
  for (let i = text.indexOf(number); i >= 0; i = text.indexOf(number, i + 1)) {
    const [before, after] = [text[i - 1] ?? ' ', text[i + number.length] ?? ' ']
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true
  }
  return false
}
