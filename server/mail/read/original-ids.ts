import { type Field, fieldOf } from './mime-fields.ts'
import { messageIds } from './thread.ts'

/** Names the Message-ID that we gave a mail. Servers that put one of their own in its place leave fields like this alone. */
export const OWN_ID_FIELD = 'X-Downfield-Message-ID'

/** Where a mail says what its Message-ID was: in our own field, and as Exchange and Google name what they replaced. */
const FIELDS = [OWN_ID_FIELD.toLowerCase(), 'x-microsoft-original-message-id', 'x-google-original-message-id']

/** The Message-IDs that a mail had before a server gave it another one, without angle brackets. Anybody can write them. */
export function originalIdsOf(fields: Field[]): string[] {
  return [...new Set(FIELDS.flatMap((name) => messageIds(fieldOf(fields, name)).slice(0, 1)))]
}
