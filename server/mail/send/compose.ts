import { createHash } from 'node:crypto'
import { detectMimeType } from 'nodemailer/lib/mime-funcs'
import MimeNode from 'nodemailer/lib/mime-node'
import type { Address, Message } from '../../../db/schema.ts'
import { Invalid } from '../../errors.ts'
import { flowed } from '../read/flowed.ts'
import { OWN_ID_FIELD } from '../read/original-ids.ts'

/** Some relays refuse longer References fields. */
export const MAX_REFERENCES_CHARACTERS = 1_500

/** What of a message row its mail is made of. */
export type Outbound = Pick<
  Message,
  'internetMessageId' | 'inReplyTo' | 'references' | 'subject' | 'fromName' | 'fromAddress' | 'to' | 'cc' | 'at'
>

/** A file that goes along: its type is what its name says (contentTypeOf). With a Content-ID the HTML shows it. */
export type OutboundFile = { filename: string; contentType: string; bytes: Uint8Array; contentId?: string }

/**
 * A message as the bytes that go out (RFC 5322). The same message gives the same bytes. Line ends and other control
 * characters in what becomes a header are turned into spaces, so that no text can add a field.
 *
 * Text and HTML are multipart/alternative (RFC 2046, section 5.1.4), with the pictures that the HTML shows they are
 * multipart/related (RFC 2387), with files multipart/mixed, names as RFC 2231 has them. What is not needed is left out.
 * @param html what was written with a form, pictures as cid: and the Content-ID of their file
 * @param fields further header fields, such as those of automatic mail
 * @throws Invalid for an address, a Message-ID or a Content-ID that can't stand in a header
 */
export async function compose(
  message: Outbound,
  text: string,
  files: OutboundFile[] = [],
  html: string | null = null,
  fields: Record<string, string> = {},
): Promise<Buffer> {
  const pictures = html === null ? [] : files.filter(({ contentId }) => contentId !== undefined)
  const attached = files.filter((file) => !pictures.includes(file))
  const containers = [
    ...(attached.length > 0 ? ['multipart/mixed'] : []),
    ...(pictures.length > 0 ? ['multipart/related; type="multipart/alternative"'] : []),
    ...(html === null ? [] : ['multipart/alternative']),
  ]
  const root = new MimeNode(containers[0] ?? TEXT, {
    // The boundaries follow from the Message-ID: the same message gives the same bytes.
    baseBoundary: createHash('sha256').update(message.internetMessageId).digest('hex').slice(0, 24),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  setFields(root, message)
  for (const [name, value] of Object.entries(fields)) root.setHeader(name, oneLine(value))
  let innermost = root
  for (const type of containers.slice(1)) innermost = innermost.createChild(type)
  const texts = containers.length === 0 ? root : innermost.createChild(TEXT)
  texts.setContent(flowed(withoutNul(text)))
  if (html !== null)
    innermost
      .createChild('text/html; charset=utf-8')
      .setHeader('Content-Transfer-Encoding', 'quoted-printable')
      .setContent(htmlDocument(withoutNul(html)))
  const related = html === null ? root : (innermost.parentNode ?? root)
  for (const file of pictures) addFile(related, file, 'inline')
  for (const file of attached) addFile(root, file, 'attachment')
  return await root.build()
}

const TEXT = 'text/plain; charset=utf-8; format=flowed'

function setFields(root: MimeNode, message: Outbound): void {
  const inReplyTo = message.inReplyTo ? knownIds([message.inReplyTo])[0] : undefined
  const references = trimReferences(knownIds(message.references))
  root.setHeader('From', addressOf({ name: message.fromName, address: message.fromAddress }))
  if (message.to.length > 0) root.setHeader('To', message.to.map(addressOf))
  if (message.cc.length > 0) root.setHeader('Cc', message.cc.map(addressOf))
  if (inReplyTo) root.setHeader('In-Reply-To', `<${inReplyTo}>`)
  if (references.length > 0) root.setHeader('References', references.map((id) => `<${id}>`).join(' '))
  root.setHeader('Subject', oneLine(message.subject))
  const id = `<${checkedId(message.internetMessageId)}>`
  root.setHeader('Message-ID', id)
  root.setHeader(OWN_ID_FIELD, id)
  root.setHeader('Date', new Date(message.at))
}

function addFile(parent: MimeNode, file: OutboundFile, disposition: 'inline' | 'attachment'): void {
  const { filename, contentType, bytes, contentId } = file
  const node = parent.createChild(contentType, { filename: oneLine(filename) })
  if (contentId !== undefined && disposition === 'inline') node.setHeader('Content-Id', `<${checkedId(contentId)}>`)
  node.setHeader('Content-Transfer-Encoding', 'base64')
  node.setHeader('Content-Disposition', disposition)
  node.setContent(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
}

/** A document that says its character set, for programs that look there before they look at the header. */
function htmlDocument(html: string): string {
  return `<!DOCTYPE html>\n<html>\n<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /></head>\n<body>\n${html}\n</body>\n</html>\n`
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
