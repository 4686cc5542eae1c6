// A mail that could not be understood is still a mail that somebody sent: it is shown with what its header plainly says.

import { createHash } from 'node:crypto'
import { cleanText } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import { fieldOf, readFields } from './mime-fields.ts'
import type { ParsedMail } from './parse.ts'
import { messageIds } from './thread.ts'

/** How much of the raw mail is looked at for its header. */
const MAX_SCAN_BYTES = 256 * 1024
const MAX_VALUE = 1000

/** What can be told about a mail without a parser: its Subject, From and Message-ID. `reason` is a sentence. */
export function unreadableMail(raw: Uint8Array, reason: string): ParsedMail {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const { fields } = readFields(bytes.subarray(0, MAX_SCAN_BYTES), 0)
  const plain = (name: string) => cleanText(decodeWords(fieldOf(fields, name).slice(0, MAX_VALUE))).trim()
  const hash = createHash('sha256').update(bytes).digest('hex')
  const from = plain('from')
  const address = /[^\s<>()"',;:]{1,64}@[^\s<>()"',;:]{1,255}/.exec(from)?.[0] ?? ''
  const sentAt = Date.parse(plain('date'))
  return {
    internetMessageId: messageIds(plain('message-id'))[0] ?? `gen-${hash}`,
    originalIds: [],
    contentHash: hash,
    subject: plain('subject').replace(/\s+/g, ' ').slice(0, 500).toWellFormed(),
    from: {
      name: from
        .replace(/<[^>]*>|"/g, '')
        .replace(address, '')
        .trim()
        .slice(0, 200)
        .toWellFormed(),
      address: address.toLowerCase(),
    },
    sender: null,
    vouched: null,
    client: '',
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    inReplyTo: messageIds(plain('in-reply-to'))[0] ?? null,
    references: [],
    sentAt: Number.isFinite(sentAt) && sentAt > 0 ? sentAt : null,
    text: '',
    hasHtml: false,
    rich: false,
    quotedFrom: null,
    snippet: '',
    attachments: [],
    writer: 'person',
    awayUntil: null,
    bounce: null,
    calendar: null,
    protection: null,
    forwarded: null,
    flaws: { unreadable: reason },
  }
}
