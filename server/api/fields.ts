import { z } from 'zod'
import { MAX_PASSWORD } from '../access/password.ts'
import { valid } from './valid.ts'

// What several resources take as input. Messages go on after the name of the field.

/** Control characters; C0, DEL and C1. A database refuses NUL, and a name or subject has no use for the others. */
const CONTROL = /\p{Cc}/u

/** One line of text, trimmed, not empty. */
export const line = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !CONTROL.test(text) && text.isWellFormed(), 'must be one line without control characters.')

/**
 * Characters that are not seen, or that turn the direction of text around them (UAX #9): a name with one passes for another.
 * Those that join letters in some scripts stay.
 */
const UNSEEN = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u

/** A name that people know somebody by. */
const plainName = (maxLength: number) =>
  line(maxLength).refine(
    (text) => !UNSEEN.test(text),
    'must not have characters that nobody sees or that turn the direction of text. Type it anew.',
  )

/** The address of a member or mailbox, in lower case. RFC 5321, section 4.5.3.1.3 leaves 254 characters for it. */
export const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email('must be an address such as ada@example.org.'))

/** A password as typed; what it must not be depends on whose it is (access/password.ts). */
export const password = z.string().min(1).max(MAX_PASSWORD)

export const memberName = plainName(100)
export const teamName = plainName(60)
export const personName = plainName(200)
export const organizationName = plainName(200)

/** The secret part of a link, of any length: one that was cut off on the way is answered as a link that is not good. */
export const linkToken = z.string().max(1_000)

/** A language as RFC 5646 names it, such as de or pt-BR; empty: any. */
export const chosenLanguage = z
  .string()
  .regex(/^(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)?$/, 'must be a language such as en or pt-BR.')

/** The same, where nothing stands for any. */
export const language = chosenLanguage.default('')

/** The id in the path: `/:id`. */
export const idInPath = valid('param', z.object({ id: z.uuid() }))

/** A code of a second factor: six digits of a device, or one of paper. What is none of these is refused as wrong. */
export const code = z.string().trim().max(100)
