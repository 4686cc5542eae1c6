// Why a mail did not arrive, in plain words: the enhanced status codes of RFC 3463, as far as they tell a writer anything.

import type { Failure } from '../../db/schema.ts'

const WORDS: [codes: RegExp, words: string][] = [
  [/^\d\.1\.(?:1|6)$/, 'This address does not exist, or no longer.'],
  [/^\d\.1\.(?:2|4|10)$/, 'The part after the @ is wrong, or takes no mail.'],
  [/^\d\.1\.3$/, 'This address is not written as an address is.'],
  [/^\d\.1\.[78]$/, 'Their server does not accept our address as a sender.'],
  [/^\d\.2\.1$/, 'Their mailbox is switched off.'],
  [/^\d\.2\.2$/, 'Their mailbox is full.'],
  [/^\d\.(?:2\.3|3\.4)$/, 'The mail was too large for their server.'],
  [/^\d\.4\.(?:1|4|7)$/, 'Their server could not be reached.'],
  [/^\d\.4\.6$/, 'Their server sends the mail round in circles.'],
  [/^\d\.7\./, 'Their server refused the mail: its rules do not let it in.'],
  [/^\d\.6\./, 'Their server can not handle a mail of this kind.'],
  [/^\d\.1\./, 'Something is wrong with this address.'],
  [/^\d\.2\./, 'Something is wrong with their mailbox.'],
  [/^\d\.[34]\./, 'Something is wrong with their server.'],
]

/** What went wrong, and what follows, as a sentence or two. */
export function failureWords({ kind, status, reason }: Pick<Failure, 'kind' | 'status' | 'reason'>): string {
  const known = status === null ? undefined : WORDS.find(([codes]) => codes.test(status))?.[1]
  const why = known ?? guess(reason) ?? 'Their server did not say why in words that we know.'
  return kind === 'hard' ? why : `${why} A server on the way keeps trying; there is nothing to do yet.`
}

/** Without a code, or with one that says little, the words of the server are looked at. */
function guess(reason: string): string | undefined {
  if (/user unknown|unknown user|no such (?:user|recipient|mailbox)|does not exist|not found/i.test(reason))
    return 'This address does not exist, or no longer.'
  if (/(?:mailbox|inbox|quota).{0,30}(?:full|exceeded)|over quota/i.test(reason)) return 'Their mailbox is full.'
  if (/spam|blocked|blacklist|denied|policy|reputation/i.test(reason))
    return 'Their server refused the mail: its rules do not let it in.'
  return undefined
}
