// A mail that passes another one on, taken apart: whose it was, and what the one who passed it on says to it.

import type { Address } from '../../db/schema.ts'

export type Forwarded = {
  /** Where the passed on mail is attached whole: what to ask `attachmentBytes` for. Null when it is only in the text. */
  position: number | null
  /** Who wrote the mail that is passed on. */
  from: Address
  subject: string
  sentAt: number | null
  /** The Message-ID of an attached mail; null when it has none or is only in the text. */
  internetMessageId: string | null
  /** What was written above the passed on mail. */
  commentText: string
  /** The text of the passed on mail, without its header fields. */
  bodyText: string
}
