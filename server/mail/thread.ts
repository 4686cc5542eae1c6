// Which mails may be the one that a mail answers (RFC 5322 section 3.6.4, RFC 5256). Which of them we know is for the
// caller to look up.

import type { ParsedMail } from './parse.ts'

export type ParentId = { id: string; from: 'in-reply-to' | 'references' }

/** The most ids that are kept of one References field: the first and the newest. */
export const MAX_REFERENCES = 100
/** RFC 5322 section 2.1.1 allows lines of 998; no honest id is longer. */
const MAX_ID = 998

/**
 * Candidates for the answered mail, the best first. In-Reply-To is trusted alone. References, which some programs reuse
 * for new matters, come newest to oldest and need an equal subject or a sender who already takes part.
 */
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
  // Some programs forget the brackets; a phrase like "Your message of Monday" is no id.
  const ids =
    inBrackets.length > 0 ? inBrackets : field.split(/[\s,]+/).filter((word) => /^[^\s<>@]+@[^\s<>@]+$/.test(word))
  const kept = [...new Set(ids)].filter((id) => id !== '' && id.length <= MAX_ID)
  return kept.length <= MAX_REFERENCES ? kept : [kept[0]!, ...kept.slice(1 - MAX_REFERENCES)]
}
