import { createHash } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'
import { detectMimeType } from 'nodemailer/lib/mime-funcs'
import type { Address, Message } from '../../../db/schema.ts'
import { Invalid } from '../../errors.ts'
import { flowed } from '../read/flowed.ts'

/** Some relays refuse longer References fields. */
export const MAX_REFERENCES_CHARACTERS = 1_500

/** What of a message row its mail is made of. */
export type Outbound = Pick<
  Message,
  'internetMessageId' | 'inReplyTo' | 'references' | 'subject' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'at'
>

/** A file that goes along: its type is what its name says (contentTypeOf). */
export type OutboundFile = { filename: string; contentType: string; bytes: Uint8Array }

/**
 * A message as the bytes that go out (RFC 5322). The same message gives the same bytes. Line ends and other control
 * characters in what becomes a header are turned into spaces, so that no text can add a field. With files it is
 * multipart/mixed (RFC 2046, section 5.1.3), their names as RFC 2231 has them.
 * @throws Invalid for an address or a Message-ID that can't stand in a header
 */
export async function compose(message: Outbound, text: string, files: OutboundFile[] = []): Promise<Buffer> {
  const inReplyTo = message.inReplyTo ? knownIds([message.inReplyTo])[0] : undefined
  const references = trimReferences(knownIds(message.references))
  const composer = new MailComposer({
    from: addressOf({ name: message.fromName, address: message.fromAddress }),
    to: message.to.map(addressOf),
    cc: message.cc.map(addressOf),
    subject: oneLine(message.subject),
    date: new Date(message.at),
    messageId: `<${checkedId(message.internetMessageId)}>`,
    ...(inReplyTo ? { inReplyTo: `<${inReplyTo}>` } : {}),
    ...(references.length > 0 ? { references: references.map((id) => `<${id}>`) } : {}),
    text: flowed(withoutNul(text)),
    attachments: files.map(({ filename, contentType, bytes }) => ({
      filename: oneLine(filename),
      contentType,
      content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      contentDisposition: 'attachment',
      contentTransferEncoding: 'base64',
    })),
    // The boundaries follow from the Message-ID: the same message gives the same bytes.
    baseBoundary: createHash('sha256').update(message.internetMessageId).digest('hex').slice(0, 24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const mail = composer.compile()
  const body = files.length > 0 ? mail.childNodes[0] : mail
  body?.setHeader('Content-Type', 'text/plain; charset=utf-8; format=flowed')
  return await mail.build()
}

/**
 * The content type that the name of a file stands for. A mail or a part in parts goes as mere bytes: those types must not
 * be encoded (RFC 2046, section 5.2.1), and unencoded they would not arrive as they are.
 */
export function contentTypeOf(filename: string): string {
  const type = detectMimeType(filename)
  return /^(message|multipart)\//.test(type) ? 'application/octet-stream' : type
}

/**
 * The References that fit: the first, which names the thread, and the newest, oldest left out first (RFC 5322, section
 * 3.6.4; RFC 5537, section 3.4.4). Without angle brackets, oldest first.
 */
export function trimReferences(ids: string[]): string[] {
  const [first, ...later] = ids
  if (first === undefined) return []
  const size = (id: string) => id.length + 3
  let left = MAX_REFERENCES_CHARACTERS - size(first)
  const kept: string[] = []
  for (const id of later.reverse()) {
    left -= size(id)
    if (left < 0) break
    kept.unshift(id)
  }
  return [first, ...kept]
}

const ID = /^[!-;=?-~]+$/ // printable ASCII without spaces and angle brackets

/** Ids that stood in a mail; where one had none, ours begins with gen- and means nothing to others. */
function knownIds(ids: string[]): string[] {
  return ids.filter((id) => ID.test(id) && !id.startsWith('gen-') && id.length < MAX_REFERENCES_CHARACTERS / 2)
}

function checkedId(id: string): string {
  if (ID.test(id)) return id
  throw new Invalid([{ field: 'internetMessageId', message: 'The Message-ID has characters that it must not have.' }])
}

function addressOf({ name, address }: Address): Address {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not get into a header.
  if (/^[^\s<>,;:"()[\]\\\u0000-\u001f\u007f]+@[^\s<>,;:"()\\\u0000-\u001f\u007f]+$/u.test(address))
    return { name: oneLine(name), address }
  throw new Invalid([{ field: 'to', message: `${oneLine(address)} is not an email address. Correct or remove it.` }])
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those must not get into a header.
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim()
}

function withoutNul(text: string): string {
  return text.replaceAll('\0', '')
}
