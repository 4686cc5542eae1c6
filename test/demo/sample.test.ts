import { inflateRawSync } from 'node:zlib'
import PostalMime, { type Attachment, type Email } from 'postal-mime'
import { expect, test } from 'vitest'
import { type SampleMail, sampleMails } from '../../server/demo/sample.ts'

const DAY = 86_400_000
const SATURDAY_EVENING = Date.UTC(2026, 10, 21, 18, 30, 15)
const MONDAY_JUST_AFTER_MIDNIGHT = Date.UTC(2026, 10, 23, 0, 5)
const AFTER_THE_CLOCKS_CHANGED = Date.UTC(2027, 2, 31, 9, 0)

type Read = SampleMail & { email: Email; ids: string[] }

const readAll = (now: number) =>
  Promise.all(
    sampleMails(now).map(async (mail): Promise<Read> => {
      const email = await PostalMime.parse(mail.raw)
      return { ...mail, email, ids: `${email.references ?? ''} ${email.inReplyTo ?? ''}`.match(/<[^<>\s]+>/g) ?? [] }
    }),
  )

const header = ({ email }: Read, name: string) => email.headers.find(({ key }) => key === name)?.value ?? ''
const mails = await readAll(SATURDAY_EVENING)

test('the same moment gives the same mails, byte for byte, and another moment the same Message-IDs', async () => {
  const again = sampleMails(SATURDAY_EVENING)
  const later = await readAll(SATURDAY_EVENING + 10 * DAY)

  expect(again.map(({ raw }, index) => raw.equals(mails[index]!.raw))).toEqual(mails.map(() => true))
  expect(later.map(({ email }) => email.messageId).sort()).toEqual(mails.map(({ email }) => email.messageId).sort())
})

test('there are a few hundred mails of about forty threads from the past six weeks, received and sent', () => {
  const threads = mails.filter(({ ids }) => ids.length === 0).length
  const sent = mails.filter(({ direction }) => direction === 'out').length

  expect(mails.length).toBeGreaterThanOrEqual(250)
  expect(threads).toBeGreaterThanOrEqual(35)
  expect(threads).toBeLessThanOrEqual(45)
  expect(sent).toBeGreaterThan(80)
  expect(mails[0]!.at).toBeGreaterThan(SATURDAY_EVENING - 43 * DAY)
  expect(mails.at(-1)!.at).toBeGreaterThan(SATURDAY_EVENING - DAY / 24)
})

test.each([
  ['on a Saturday', SATURDAY_EVENING],
  ['just after midnight', MONDAY_JUST_AFTER_MIDNIGHT],
  ['after the clocks changed', AFTER_THE_CLOCKS_CHANGED],
])('%s, every answer comes after a mail that exists, and nothing is from the future', async (_, now) => {
  const all = await readAll(now)
  const sentAt = new Map(all.map(({ email, at }) => [email.messageId, at]))

  const unknown = all.flatMap(({ ids }) => ids.filter((id) => !sentAt.has(id)))
  const early = all.filter(({ email, at }) => email.inReplyTo && at <= sentAt.get(email.inReplyTo)!)

  expect(unknown).toEqual([])
  expect(early.filter(({ at }) => at < now).map(({ email }) => email.subject)).toEqual([])
  expect(all.filter(({ at }) => at > now)).toEqual([])
  expect(sentAt.size).toBe(all.length)
})

test('every mail reads without trouble: sender, subject, text, and the date at which it arrived', () => {
  const broken = mails.filter(({ email, at }) => {
    const body = `${email.subject}${email.from?.name}${email.text}${email.html ?? ''}`
    const complete = email.from?.address && email.to?.length && email.subject && email.text?.trim()
    return (
      !complete || /\ufffd|=\?|undefined|\{[+-]|\{picture/.test(body) || Date.parse(email.date!) !== at - (at % 1000)
    )
  })

  expect(broken.map(({ email }) => email.subject)).toEqual([])
})

test('one thread has more than thirty mails, and our mails are answers to theirs', () => {
  const roots = Map.groupBy(mails, ({ email, ids }) => ids[0] ?? email.messageId)

  expect(Math.max(...[...roots.values()].map((thread) => thread.length))).toBeGreaterThanOrEqual(30)
  expect(mails.filter(({ direction, ids }) => direction === 'out' && ids.length > 0).length).toBeGreaterThan(80)
})

test('mails are in seven languages and four charsets', () => {
  const languages = new Set(mails.map((mail) => header(mail, 'content-language').slice(0, 2)))
  const charsets = new Set(mails.flatMap(({ raw }) => raw.toString('latin1').match(/charset="[^"]+"/g) ?? []))

  expect([...languages].sort()).toEqual(['de', 'en', 'es', 'fr', 'ja', 'nl', 'pt'])
  expect([...charsets].map((charset) => charset.slice(9, -1)).sort()).toEqual([
    'iso-2022-jp',
    'iso-8859-1',
    'utf-8',
    'windows-1252',
  ])
})

test('there are an out-of-office reply, a bounce, a newsletter and an invitation', () => {
  const subjects = (is: (mail: Read) => boolean) => mails.filter(is).map(({ email }) => email.subject)

  expect(subjects((mail) => header(mail, 'x-auto-response-suppress') === 'All')).toEqual([
    'Automatic reply: RE: Skybridge ground equipment tracking: renewal 2027',
    'Automatische Antwort: RE: Rückmeldung zu Angebot 8812 fehlt',
  ])
  expect(subjects((mail) => header(mail, 'content-type').includes('report-type=delivery-status'))).toEqual([
    'Undeliverable: Straddle carrier units: shall we renew the quote?',
  ])
  expect(
    subjects((mail) => header(mail, 'list-unsubscribe') !== '' && /<img src="https:/.test(mail.email.html!)),
  ).toEqual(['Three states rewrite their telematics terms'])
  expect(subjects(({ raw }) => raw.includes('text/calendar; charset="utf-8"; method=REQUEST'))).toHaveLength(1)
})

test('attachments are what their names say, and inline pictures are in their mails', () => {
  const attachments = mails.flatMap(({ email }) => email.attachments)
  const wrong = attachments.filter((each) => !OPENS[each.filename?.split('.').at(-1) ?? '']?.(bytesOf(each)))
  const pictures = mails.flatMap(({ email }) => {
    return [...(email.html ?? '').split(/gmail_quote|<blockquote/)[0]!.matchAll(/src="cid:([^"]+)"/g)].map(([, id]) =>
      email.attachments.some(({ contentId }) => contentId === `<${id}>`),
    )
  })

  expect(wrong.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
    [null, 'message/delivery-status'],
    [null, 'text/rfc822-headers'],
    [null, 'text/calendar'],
  ])
  expect(attachments.length).toBeGreaterThan(60)
  expect(pictures.filter(Boolean)).toHaveLength(2)
})

test('every address and link is under .example', () => {
  const outside = mails.flatMap(({ email }) => {
    const text = `${email.text}${email.html ?? ''}${email.headers.map(({ value }) => value).join(' ')}`
    const addresses = text.match(/[\w.+-]+@[\w.-]+\w/g) ?? []
    const links = [...text.matchAll(/(?:href|src)="(?!cid:|mailto:)[a-z]+:\/\/([^/"]+)/g)].map(([, host]) => host!)
    return [...addresses, ...links].filter((each) => !each.endsWith('.example'))
  })

  expect(outside).toEqual([])
})

const OPENS: Record<string, (bytes: Buffer) => boolean> = {
  pdf: (bytes) => bytes.toString('latin1').startsWith('%PDF-1.4') && bytes.toString('latin1').endsWith('%%EOF\n'),
  png: (bytes) => bytes.subarray(1, 4).toString() === 'PNG',
  csv: (bytes) => bytes.toString().split('\r\n').length > 1,
  ics: (bytes) => /^BEGIN:VCALENDAR\r?\n/.test(bytes.toString()),
  docx: (bytes) => firstEntry(bytes).includes('wordprocessingml.document.main+xml'),
  xlsx: (bytes) => firstEntry(bytes).includes('spreadsheetml.sheet.main+xml'),
}

/** What the first file in a ZIP archive says; in Office files it is [Content_Types].xml. */
function firstEntry(zip: Buffer) {
  const from = 30 + zip.readUInt16LE(26)
  return inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(18))).toString()
}

function bytesOf({ content }: Attachment) {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer)
}
