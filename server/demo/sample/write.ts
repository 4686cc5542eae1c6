import { createHash } from 'node:crypto'
import { type Body, composeBody, type History, htmlDocument } from './clients.ts'
import type { makeFile } from './file.ts'
import {
  filePart,
  folded,
  type Header,
  headerText,
  mailboxText,
  multipart,
  type Part,
  textPart,
  writeMime,
} from './mime.ts'
import type { Client, Language, Person } from './people.ts'
import { dateHeader, LOCALES } from './when.ts'

/** The desk, whose mailbox all of this is in. */
export const DESK = { name: 'Northwind Proposals', address: 'proposals@northwind.example' }

/** A mail as it lies in the mailbox; direction 'out' is what colleagues sent from the desk's address. */
export type SampleMail = { raw: Buffer; at: number; direction: 'in' | 'out' }

export type Correspondent = { name: string; address: string }

/** What an answer needs to know of the mail it answers. */
export type Answered = {
  messageId: string
  references: string[]
  subject: string
  threadIndex?: Buffer
  history: History
}

/** A mail to be written. `id` is what its Message-ID comes from; without history nothing is quoted. */
type MailDraft = {
  id: string
  by: Person
  at: number
  language: Language
  to: Correspondent[]
  cc: Correspondent[]
  subject?: string | undefined
  text: string
  answered?: Answered | undefined
  quoting: boolean
  forwarded?: string | undefined
  picture?: MailFile | undefined
  files: MailFile[]
  direction: 'in' | 'out'
}

type MailFile = ReturnType<typeof makeFile>

/** A mail as it is written, with what its answers need to know. */
export type WrittenMail = SampleMail & Omit<Answered, 'history'> & { body: Body; threadIndex: Buffer }

/** Writes a mail the way the client of its writer would. */
export function writeMail(draft: MailDraft): WrittenMail {
  const { id, by, at, language, to, cc, answered, direction } = draft
  const subject = draft.subject ?? replySubject(answered?.subject ?? '', by)
  const pictureId = draft.picture && `${hash(`${id}/picture`).slice(0, 12)}@${domainOf(by.address)}`
  const history = draft.quoting ? answered?.history : undefined
  const body = composeBody({
    by,
    text: draft.text,
    signature: signatureOf(by),
    pictureId,
    history,
    forwarded: draft.forwarded,
  })
  const messageId = messageIdOf(by, id)
  const references = answered ? [...answered.references, answered.messageId] : []
  const threadIndex = answered?.threadIndex
    ? Buffer.concat([answered.threadIndex, Buffer.from(hash(id), 'hex').subarray(0, 5)])
    : Buffer.from(hash(id), 'hex').subarray(0, 22)
  const addresses = (all: Correspondent[]) => {
    return folded(
      all.map(({ name, address }) => mailboxText(name, address, by.charset)),
      ',',
    )
  }
  const outlook: Header[] = [
    ['Thread-Topic', headerText(bareSubject(subject), by.charset)],
    ['Thread-Index', threadIndex.toString('base64')],
  ]
  const reply: Header[] = answered
    ? [
        ['In-Reply-To', answered.messageId],
        ['References', folded(references, '')],
      ]
    : []
  const copies: Header[] = cc.length > 0 ? [['Cc', addresses(cc)]] : []
  const headers: Header[] = [
    ...(direction === 'out' ? [] : received(by, at)),
    ...senders(by, direction),
    ['To', addresses(to)],
    ...copies,
    ['Subject', headerText(subject, by.charset)],
    ...(by.client === 'outlook' ? outlook : []),
    ['Date', dateHeader(at, by.zone)],
    ['Message-ID', messageId],
    ...reply,
    ['Content-Language', LOCALES[language]],
    ...CLIENT_HEADERS[by.client],
    ['MIME-Version', '1.0'],
  ]
  const inline = draft.picture && pictureId ? filePart(draft.picture, pictureId) : undefined
  const files = draft.files.map((file) => filePart(file))
  const content = contentOf(by, body, language, inline, files, id)
  const raw = writeMime({ ...content, headers: [...headers, ...content.headers] })
  return { raw, at, direction, messageId, references, subject, body, threadIndex }
}

function contentOf(by: Person, body: Body, language: Language, inline: Part | undefined, files: Part[], id: string) {
  const boundary = (kind: string) => BOUNDARIES[by.client](hash(`${id}/${kind}`))
  if (by.client === 'plain') {
    const text = textPart('plain', body.text, by.charset, { flowed: by.charset !== 'iso-2022-jp', eightBit: true })
    return multipart('mixed', boundary('mixed'), [text, ...files])
  }
  const html = textPart('html', htmlDocument(by.client, LOCALES[language], body.html), by.charset)
  const shown = inline ? multipart('related', boundary('related'), [html, inline]) : html
  const both = multipart('alternative', boundary('alternative'), [textPart('plain', body.text, by.charset), shown])
  return multipart('mixed', boundary('mixed'), [both, ...files])
}

const BOUNDARIES: Record<Client, (hash: string) => string> = {
  outlook: (hash) => `_000_${hash.slice(0, 32).toUpperCase()}_`,
  gmail: (hash) => `000000000000${hash.slice(0, 16)}`,
  apple: (hash) => `Apple-Mail=_${uuid(hash).toUpperCase()}`,
  plain: (hash) => `------------${hash.slice(0, 24)}`,
}

const CLIENT_HEADERS: Record<Client, Header[]> = {
  outlook: [
    ['Accept-Language', 'en-US'],
    ['X-MS-Has-Attach', ''],
  ],
  gmail: [],
  apple: [['X-Mailer', 'Apple Mail (2.3826.700.81)']],
  plain: [['User-Agent', 'Mozilla Thunderbird']],
}

/** Colleagues write as the desk and are named as the sender, the way Exchange does it for "send on behalf". */
function senders(by: Person, direction: 'in' | 'out'): Header[] {
  if (direction === 'in') return [['From', mailboxText(by.name, by.address, by.charset)]]
  return [
    ['From', mailboxText(DESK.name, DESK.address, by.charset)],
    ['Sender', mailboxText(by.name, by.address, by.charset)],
  ]
}

function received(by: Person, at: number): Header[] {
  const domain = domainOf(by.address)
  const id = hash(`${domain}${at}`).slice(0, 10).toUpperCase()
  return [
    ['Return-Path', `<${by.address}>`],
    ['Delivered-To', DESK.address],
    [
      'Received',
      `from mail.${domain} (mail.${domain} [192.0.2.${Number.parseInt(id.slice(0, 2), 16)}])\r\n by mx.northwind.example with ESMTPS id ${id}\r\n for <${DESK.address}>; ${dateHeader(at, 'UTC')}`,
    ],
  ]
}

function signatureOf(by: Person) {
  const name = by.language === 'ja' ? `${by.organization} ${by.name}` : by.name
  return [name, by.language === 'ja' ? by.title : `${by.title}, ${by.organization}`, by.phone]
}

const REPLY_PREFIXES: Record<Language, string> = {
  en: 'Re',
  de: 'AW',
  fr: 'RE',
  es: 'RE',
  nl: 'Antw',
  pt: 'RE',
  ja: 'Re',
}

/** Outlook and Thunderbird translate the prefix and replace another's; Gmail and Apple Mail write "Re:". */
function replySubject(subject: string, by: Person) {
  if (by.client === 'gmail' || by.client === 'apple')
    return /^re:/i.test(subject) ? subject : `Re: ${bareSubject(subject)}`
  return `${by.client === 'outlook' && by.language === 'en' ? 'RE' : REPLY_PREFIXES[by.language]}: ${bareSubject(subject)}`
}

const bareSubject = (subject: string) => subject.replace(/^((re|aw|antw|fw|fwd|wg):\s*)+/i, '')

/** Message-IDs in the form of each client, always the same for the same mail. */
function messageIdOf(by: Person, id: string) {
  const digest = hash(id)
  const domain = domainOf(by.address)
  const forms: Record<Client, string> = {
    outlook: `DM6PR${digest.slice(0, 22).toUpperCase()}@DM6PR0${digest.slice(0, 1).toUpperCase()}MB.prod.${domain}`,
    gmail: `CA+${Buffer.from(digest, 'hex').toString('base64url').slice(0, 38)}@mail.${domain}`,
    apple: `${uuid(digest).toUpperCase()}@${domain}`,
    plain: `${uuid(digest)}@${domain}`,
  }
  return `<${forms[by.client]}>`
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
const uuid = (hash: string) => hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
const domainOf = (address: string) => address.slice(address.indexOf('@') + 1)
