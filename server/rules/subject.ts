import { eq } from 'drizzle-orm'
import type { Blobs } from '../../db/blobs.ts'
import type { Reader } from '../../db/index.ts'
import { bodies, type Issue, type Message, type Rule } from '../../db/schema.ts'
import { decodeWords } from '../mail/read/encoded-words.ts'
import { fieldsIn, readFields } from '../mail/read/mime-fields.ts'
import type { Subject } from './match.ts'

/** So much of a text is looked at. */
const MAX_TEXT = 100_000

const NO_HEADERS: ReadonlyMap<string, readonly string[]> = new Map()

/** What of a mail costs to get, and only some rules look at. */
export type Heavy = { text: string; headers: ReadonlyMap<string, readonly string[]> }

/** Which of that some rules look at. */
export function heavyOf(rules: Pick<Rule, 'conditions'>[]): { text: boolean; headers: boolean } {
  const fields = new Set(rules.flatMap(({ conditions }) => conditions.map(({ field }) => field)))
  return { text: fields.has('text'), headers: fields.has('header') }
}

/** The text and the header fields of a mail, where they are asked for. */
export async function readHeavy(
  { read, blobs }: { read: Reader; blobs: Pick<Blobs, 'get'> },
  message: Pick<Message, 'id' | 'rawHash'>,
  wanted: { text: boolean; headers: boolean },
): Promise<Heavy> {
  const [body] = wanted.text
    ? await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, message.id))
    : []
  const raw = wanted.headers && message.rawHash ? await blobs.get(message.rawHash) : undefined
  return { text: body?.text.slice(0, MAX_TEXT) ?? '', headers: raw ? headersIn(raw) : NO_HEADERS }
}

function headersIn(raw: Buffer): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const { name, value } of fieldsIn(readFields(raw, 0).fields, 'utf-8')) {
    const key = name.toLowerCase()
    headers.set(key, [...(headers.get(key) ?? []), decodeWords(value)])
  }
  return headers
}

/** A mail with its issue, as rules look at it. */
export function subjectOfMail(message: Message, issue: Issue, heavy: Heavy): Subject {
  return {
    sender: message.fromAddress,
    recipients: [...message.to, ...message.cc].map(({ address }) => address),
    subject: message.subject,
    ...heavy,
    bytes: message.size,
    writer: message.writer,
    mailboxId: message.mailboxId,
    tagIds: issue.tagIds,
    status: issue.status,
  }
}

/** An issue that changed, as rules look at it. */
export function subjectOfIssue(issue: Issue): Subject {
  return {
    sender: issue.contactAddress,
    recipients: [],
    subject: issue.subject,
    text: '',
    headers: NO_HEADERS,
    bytes: 0,
    writer: '',
    mailboxId: issue.mailboxId,
    tagIds: issue.tagIds,
    status: issue.status,
  }
}
