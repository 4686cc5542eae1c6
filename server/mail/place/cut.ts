import type { Delivery } from '../../../db/schema.ts'
import type { ParsedMail } from '../read/parse.ts'

/** What people are told of a mail of which only the beginning is here; undefined where it is here as a whole. */
export function cutWords({ cut, wholeSize }: Pick<Delivery, 'cut' | 'wholeSize'>): string | undefined {
  if (cut === 'not_given') return 'The mail server did not give the content of this mail.'
  if (cut === 'too_large')
    return `This mail has ${Math.round((wholeSize ?? 0) / 1_000_000)} MB. Only its beginning is here.`
  return undefined
}

/** The mail with that said. Only what fetched it knows: a field in the mail itself could have been put there by anybody. */
export function withCut(mail: ParsedMail, delivery: Pick<Delivery, 'cut' | 'wholeSize'>): ParsedMail {
  const truncated = cutWords(delivery)
  return truncated ? { ...mail, flaws: { ...mail.flaws, truncated } } : mail
}
