import PostalMime, { type Address, type Email } from 'postal-mime'
import { DEMO_ADDRESS, type SentMail } from './mailbox.ts'
import { answerText, languageOf } from './sample/answers.ts'
import { escapeHtml } from './sample/body.ts'
import type { History } from './sample/clients.ts'
import { type Person, personAt } from './sample/people.ts'
import { fillDates } from './sample/when.ts'
import { DESK, writeMail } from './sample/write.ts'

/** The customer answers this often in a thread; the last answer closes it. */
export const MOST_ANSWERS_PER_THREAD = 3

/**
 * The customer's answer to a mail that the product sent, or undefined if nobody would answer: to automatic mail, to
 * mail among ourselves, and when the thread has had its answers. `answered` counts them by thread and is added to.
 */
export async function answerMail(
  sent: SentMail,
  answered: Map<string, number>,
  now: number,
): Promise<Buffer | undefined> {
  const mail = await PostalMime.parse(sent.raw)
  const to = sent.to.find((address) => !address.endsWith('@northwind.example'))
  if (!to || !mail.messageId || isAutomatic(mail)) return undefined

  const references = mail.references?.match(/<[^<>\s]+>/g) ?? []
  const thread = references[0] ?? mail.inReplyTo ?? mail.messageId
  const before = answered.get(thread) ?? 0
  if (before >= MOST_ANSWERS_PER_THREAD) return undefined
  answered.set(thread, before + 1)

  const own = ownText(mail.text ?? '')
  const by = personAt(to) ?? stranger(to, mail)
  const language = personAt(to)?.language ?? languageOf(own)
  const text = answerText(language, own, before, before + 1 === MOST_ANSWERS_PER_THREAD, thread.length)
  const [replyTo] = mailboxes(mail.replyTo)
  const { messageId, subject = '' } = mail
  return writeMail({
    id: `${messageId}/answer/${to}`,
    by,
    at: now,
    language,
    to: [replyTo ?? mailboxes(mail.from)[0] ?? DESK],
    cc: [],
    text: fillDates(text, now, language),
    answered: { messageId, references, subject, history: historyOf(mail, now) },
    quoting: true,
    files: [],
    direction: 'in',
  }).raw
}

function historyOf(mail: Email, now: number): History {
  const { name, address } = mailboxes(mail.from)[0] ?? { name: '', address: DEMO_ADDRESS }
  const names = (all: Address[] | undefined) => mailboxes(all).map((one) => `${one.name} <${one.address}>`)
  const text = (mail.text ?? '').trimEnd().replaceAll('\r\n', '\n')
  return {
    name: name || DESK.name,
    address,
    to: names(mail.to).join('; '),
    cc: names(mail.cc).join('; '),
    subject: mail.subject ?? '',
    at: (mail.date && Date.parse(mail.date)) || now,
    body: { text, html: mail.html ?? `<div>${escapeHtml(text).replaceAll('\n', '<br>\n')}</div>` },
  }
}

/** Answering automatic mail is how loops begin (RFC 3834 section 2). */
function isAutomatic(mail: Email) {
  const value = mail.headers.find(({ key }) => key === 'auto-submitted')?.value ?? 'no'
  return !/^\s*no\b/i.test(value)
}

/** What was written anew: the text up to the first quoted line or the line that announces it. */
function ownText(text: string) {
  return text.split(/^(?:>|.*(?:wrote|schrieb|écrit|escribió|escreveu).*:\s*$|-----|From: |Von: )/m)[0] ?? text
}

/** Somebody whom the demo does not know: named as the mail names them, at the company of the domain. */
function stranger(address: string, mail: Email): Person {
  const named = mailboxes([...(mail.to ?? []), ...(mail.cc ?? [])]).find((one) => one.address.toLowerCase() === address)
  const [local = '', domain = ''] = address.split('@')
  return {
    name: named?.name || capitalised(local),
    address,
    organization: capitalised(domain.split('.').at(-2) ?? domain),
    title: 'Procurement',
    phone: '+1 206 555 0100',
    language: 'en',
    client: 'gmail',
    charset: 'utf-8',
    zone: 'America/Los_Angeles',
    member: false,
  }
}

function capitalised(text: string) {
  return text
    .split(/[._-]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join(' ')
}

/** The mailboxes of an address field, with those of its groups. */
function mailboxes(field: Address | Address[] | undefined): { name: string; address: string }[] {
  return [field ?? []].flat().flatMap((one): { name: string; address: string }[] => {
    if (one.group) return mailboxes(one.group)
    return one.address ? [{ name: one.name, address: one.address }] : []
  })
}
