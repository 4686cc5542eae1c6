import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attachmentBytes, parseMail } from '../../server/mail/read/parse.ts'

const folder = path.join(import.meta.dirname, '../emails')
const read = (name: string) => readFileSync(path.join(folder, `${name}.eml`))
const mail = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')

test('an answer from Outlook is understood whole: who, to whom, about what, when, and where the old mail begins', async () => {
  const { contentHash, ...answer } = await parseMail(read('outlook-german-answer'))
  expect(contentHash).toMatch(/^[0-9a-f]{64}$/)
  const own =
    'Guten Tag,\n\ndas Angebot passt, bitte liefern Sie bis Ende März.\n\nMit freundlichen Grüßen\nJürgen Müller\n\n'
  expect(answer).toEqual({
    internetMessageId: 'DB9PR01.4711@kontor.example',
    originalIds: [],
    vouched: null,
    client: '',
    sender: null,
    subject: 'AW: Angebot für 40 Stühle',
    from: { name: 'Jürgen Müller', address: 'juergen.mueller@kontor.example' },
    to: [{ name: 'Angebote', address: 'angebote@downfield.example' }],
    cc: [{ name: 'Weber, Petra', address: 'petra.weber@kontor.example' }],
    bcc: [],
    replyTo: [],
    inReplyTo: 'i7.abc@downfield.example',
    references: ['first.1@kontor.example', 'i7.abc@downfield.example'],
    sentAt: Date.UTC(2026, 2, 2, 9, 15, 30),
    text: `${own}Von: Angebote <angebote@downfield.example> \nGesendet: Freitag, 27. Februar 2026 16:02\nAn: Müller, Jürgen <juergen.mueller@kontor.example>\nBetreff: Angebot für 40 Stühle\n\nSehr geehrter Herr Müller,\nanbei unser Angebot.\n`,
    html: null,
    hasHtml: false,
    rich: false,
    quotedFrom: own.length,
    snippet: 'Guten Tag, das Angebot passt, bitte liefern Sie bis Ende März. Mit freundlichen Grüßen Jürgen Müller',
    attachments: [],
    writer: 'person',
    awayUntil: null,
    bounce: null,
    calendar: null,
    protection: null,
    forwarded: null,
    flaws: {},
  })
})

test.each([
  ['russian-koi8', 'Иван Петров', 'Запрос', 'Здравствуйте, пришлите каталог.'],
  ['japanese-without-charset', '山田', '見積依頼', 'お世話になります。'],
  ['chinese-invoice', '王伟', '发票', '请见附件。'],
  ['gmail-french-answer', 'Claire Dubois', 'Re : Devis pour la table à manger', 'Parfait, merci !'],
  ['newsletter-polish', 'Meble Dom', 'Nowości na wiosnę', 'Nowości Krzesła i stoły Zobacz'],
  ['russian-without-charset', 'Иван Петров', 'Стулья и столы', 'Здравствуйте, сколько стоят стулья?'],
  ['winmail-dat', 'Klein, Otto', 'Zeichnung', 'Anbei die Zeichnung.'],
  ['hardly-a-mail', 'Drucker im Flur', 'Grüße vom Drucker', 'Toner ändern'],
])('%s can be read, whatever its charset', async (name, from, subject, snippet) => {
  const parsed = await parseMail(read(name))
  expect([parsed.from.name, parsed.subject, parsed.snippet]).toEqual([from, subject, snippet])
})

test('an attachment is listed with its name and exact size, and decoded only when asked for', async () => {
  const raw = read('chinese-invoice')
  expect((await parseMail(raw)).attachments).toEqual([
    { position: 0, filename: '发票 2026.pdf', contentType: 'application/pdf', size: 9, contentId: null, inline: false },
  ])
  expect(Buffer.from((await attachmentBytes(raw, 0))!).toString()).toBe('%PDF-1.4\n')
  expect(await attachmentBytes(raw, 1)).toBeNull()
})

test('an image within the text is an inline attachment with its content id', async () => {
  expect((await parseMail(read('newsletter-polish'))).attachments).toEqual([
    { position: 0, filename: 'logo.png', contentType: 'image/png', size: 8, contentId: 'logo@meble', inline: true },
  ])
})

test('an invitation is told, with its time in the zone that Outlook defines, and its file kept', async () => {
  expect(await parseMail(read('invitation-outlook'))).toMatchObject({
    calendar: {
      method: 'request',
      summary: 'Besichtigung der Stühle',
      startAt: Date.UTC(2026, 2, 9, 13),
      endAt: Date.UTC(2026, 2, 9, 14),
      location: 'Halle 7, Hof',
      organizer: { name: 'Jürgen Müller', address: 'juergen.mueller@kontor.example' },
      attendees: [{ name: 'Angebote', address: 'angebote@downfield.example', status: 'needs-action' }],
    },
    attachments: [{ filename: 'attachment-1.ics', contentType: 'text/calendar' }],
    text: 'Bitte kommen Sie zur Besichtigung.\n',
  })
  expect(await parseMail(read('appointment-cancelled'))).toMatchObject({
    calendar: { method: 'cancel', status: 'cancelled', sequence: 1, timeZone: 'Europe/London' },
    text: 'Chairs\nI am sorry, something came up.',
  })
})

test('what is passed on is never folded away', async () => {
  expect(await parseMail(read('forwarded-italian'))).toMatchObject({
    quotedFrom: null,
    snippet: expect.stringMatching(/^Potete rispondere voi\?/),
    text: expect.stringContaining('dieci sedie'),
  })
})

test('the same mail by another relay has the same content hash; another word has another', async () => {
  const text = 'From: a@x.example\nSubject: Hello\nMessage-ID: <1@x>\n\nGood morning\n'
  const hash = async (raw: string | Buffer) => (await parseMail(Buffer.from(raw))).contentHash
  const first = await hash(mail(text))
  expect(
    await hash(mail(`Received: by mx; today\nDelivered-To: b@y.example\nX-Spam: no\nReturn-Path: <a@x>\n${text}`)),
  ).toBe(first)
  expect(await hash(text)).toBe(first)
  expect(await hash(mail(text.replace('<1@x>', '<1@x>\nContent-Transfer-Encoding: quoted-printable')))).toBe(first)
  expect(await hash(mail(text.replace('morning', 'evening')))).not.toBe(first)
})

test('another attachment makes another content hash', async () => {
  const withFile = (base64: string) =>
    mail(
      `From: a@x.example\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n${base64}\n`,
    )
  const [one, folded, other] = await Promise.all(
    ['QUJDREVG', 'QUJD\nREVG', 'QUJDREVH'].map((file) => parseMail(withFile(file))),
  )
  expect(folded!.contentHash).toBe(one!.contentHash)
  expect(other!.contentHash).not.toBe(one!.contentHash)
})

test('a mail without a Message-ID gets one made of its bytes', async () => {
  const parsed = await parseMail(mail('From: a@x.example\n\nHello\n'))
  expect(parsed.internetMessageId).toMatch(/^gen-[0-9a-f]{64}$/)
})

test.each([
  ['From: a@x.example, b@y.example', { name: '', address: 'a@x.example' }],
  ['From: \nSender: Ada <ada@x.example>', { name: 'Ada', address: 'ada@x.example' }],
  ['From: Printer\nReturn-Path: <p@x.example>', { name: 'Printer', address: 'p@x.example' }],
  ['From: "Doe, Jane" <JANE@X.example>', { name: 'Doe, Jane', address: 'jane@x.example' }],
  ['From: =?utf-8?Q?M=C3=BCller=2C_J?= <m@x.example>', { name: 'Müller, J', address: 'm@x.example' }],
  ['X-Nothing: at all', { name: '', address: '' }],
])('%s is from the first who can be answered', async (header, from) => {
  expect((await parseMail(mail(`${header}\n\nHello`))).from).toEqual(from)
})

test('a subject in raw bytes is read in the charset of the text, unless that is Latin and the bytes are not', async () => {
  const subject = async (charset: string, hex: string) => {
    const head = `From: a@x.example\nContent-Type: text/plain; charset=${charset}\nSubject: `
    return (await parseMail(Buffer.concat([mail(head), Buffer.from(hex, 'hex'), mail('\n\nHello')]))).subject
  }
  expect(await subject('iso-8859-1', '4672f67363686520')).toBe('Frösche')
  expect(await subject('iso-8859-2', 'bf3a')).toBe('ż:')
  expect(await subject('iso-8859-1', 'd7aab7a2a3bad5fbcce5cce1c9fd')).toBe('转发：整体提升')
  expect(await subject('koi8-r', 'f0d2c9d7c5d4')).toBe('Привет')
})

test.each([
  ['application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'smime-encrypted', 'smime.p7m'],
  ['application/x-pkcs7-mime; smime-type=signed-data', 'smime-signed', 'attachment-1.p7m'],
  ['application/pkcs7-mime; smime-type=certs-only', null, 'attachment-1.p7m'],
])('a mail that is %s is named so and left as it is', async (type, protection, filename) => {
  const parsed = await parseMail(mail(`From: a@x.example\nContent-Type: ${type}\n\nabc`))
  expect([parsed.protection, parsed.attachments.map(({ filename }) => filename)]).toEqual([protection, [filename]])
})

test.each([
  ['signed; protocol="application/pgp-signature"', 'pgp-signed', 'application/pgp-signature; name=signature.asc'],
  ['signed; protocol="application/x-pkcs7-signature"', 'smime-signed', 'application/x-pkcs7-signature; name=smime.p7s'],
  ['encrypted; protocol="application/pgp-encrypted"', 'pgp-encrypted', 'application/octet-stream; name=encrypted.asc'],
])('a multipart/%s is named so, its text can be read and the rest is a file', async (type, protection, second) => {
  const raw = mail(
    `From: a@x.example\nContent-Type: multipart/${type}; boundary=m\n\n--m\n\nHello\n--m\nContent-Type: ${second}\n\nabc\n--m--\n`,
  )
  const parsed = await parseMail(raw)
  expect([parsed.protection, parsed.text, parsed.attachments.map(({ filename }) => filename)]).toEqual([
    protection,
    'Hello',
    [/name=(.*)/.exec(second)![1]],
  ])
})

test.each([
  ['-----BEGIN PGP MESSAGE-----\n\nabc', 'pgp-encrypted'],
  ['-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHello', 'pgp-signed'],
  ['> -----BEGIN PGP SIGNED MESSAGE-----\n\nHello', null],
])('%j within a text is %s', async (text, protection) => {
  expect((await parseMail(mail(`From: a@x.example\n\n${text}`))).protection).toBe(protection)
})

test('a part that ends in mid-line ends before the delimiter', async () => {
  const raw = mail('From: a@x.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nHello--m--\n')
  expect((await parseMail(raw)).text).toBe('Hello')
})

test('text and pictures in turn are read in their order, and HTML without text gives its text', async () => {
  const raw = mail(
    'From: a@x.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nFirst\n--m\nContent-Type: image/png; name=a.png\n\nx\n--m\nContent-Type: text/html\n\n<p>Second<br>line</p><p>Third</p>\n--m--\n',
  )
  const parsed = await parseMail(raw)
  expect(parsed.text).toBe('First\n\nSecond\nline\n\nThird')
  expect(parsed.html).toContain('First')
  expect(parsed.attachments.map(({ filename }) => filename)).toEqual(['a.png'])
})

test.each([
  ['Mon, 2 Mar 2026 10:15:30 +0100', Date.UTC(2026, 2, 2, 9, 15, 30)],
  ['2 Mar 2026 10:15 GMT (a comment)', Date.UTC(2026, 2, 2, 10, 15)],
  ['Mo, 2 Mar 2026 10:15:30 +0100', Date.UTC(2026, 2, 2, 9, 15, 30)],
  ['yesterday', null],
  ['Mon, 2 Mar 9026 10:15:30 +0100', null],
])('the date %s is understood or left out', async (date, at) => {
  expect((await parseMail(mail(`From: a@x.example\nDate: ${date}\n\nHello`))).sentAt).toBe(at)
})

test.each([
  [
    '10,000 parts',
    `Content-Type: multipart/mixed; boundary=x\n\n${'--x\nContent-Type: application/pdf\n\nabc\n'.repeat(10_000)}`,
    true,
  ],
  [
    '5,000 nested levels',
    Array.from({ length: 5000 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join(''),
    true,
  ],
  ['a field of 1 MB', `X-Long: ${'a'.repeat(1_000_000)}\n\nHello`, true],
  [
    '40,000 recipients',
    `To: ${Array.from({ length: 40_000 }, (_, at) => `u${at}@x.example`).join(', ')}\n\nHello`,
    true,
  ],
  ['a text of 6 MB', `\n${'lorem ipsum\n'.repeat(500_000)}`, true],
  [
    '200 nested levels',
    `${Array.from({ length: 200 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`).join('')}\nHello`,
    false,
  ],
  ['HTML 100,000 levels deep', `Content-Type: text/html\n\n${'<div>'.repeat(100_000)}Hello`, false],
  ['NUL bytes', '\n\0He\0llo\0', false],
  ['an unknown charset', 'Content-Type: text/plain; charset=x-martian\n\nGr\xfc\xdfe, Hello', false],
])('%s make one mail that can be shown, with what was left out said in a sentence', async (_, rest, cut) => {
  const parsed = await parseMail(mail(`From: a@x.example\nSubject: Big\n${rest}`))
  expect([parsed.subject, parsed.from.address]).toEqual(['Big', 'a@x.example'])
  expect(parsed.flaws).toEqual(cut ? { truncated: expect.stringMatching(/^Its? .+\.$/) } : {})
  if (!cut) expect(parsed.text).toMatch(/Hello/)
  expect(parsed.text.length).toBeLessThanOrEqual(1_000_000)
  expect(JSON.stringify(parsed)).not.toMatch(/\\u0000/)
})

test.each([
  ['CR alone', (text: string) => text.replaceAll('\n', '\r')],
  ['LF alone', (text: string) => text],
  ['a byte order mark above it', (text: string) => `\ufeff${text}`],
  ['blank lines above it', (text: string) => `\r\n\r\n${text}`],
  ['the line of an mbox file above it', (text: string) => `From ada@x.example Mon Mar  2 10:15:30 2026\n${text}`],
])('a mail with %s is read like any other', async (_, change) => {
  const parsed = await parseMail(Buffer.from(change('From: ada@x.example\nSubject: Hello\n\nGood morning')))
  expect([parsed.from.address, parsed.subject, parsed.text]).toEqual(['ada@x.example', 'Hello', 'Good morning'])
})

test('200 nested levels keep the text at the bottom', async () => {
  const levels = Array.from({ length: 200 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`)
  const parsed = await parseMail(mail(`From: a@x.example\n${levels.join('')}\nDeep down`))
  expect([parsed.text.trim(), parsed.flaws]).toEqual(['Deep down', {}])
})

/** Whatever arrives, what is stored and shown must be whole text. */
function expectShowable(parsed: Awaited<ReturnType<typeof parseMail>>) {
  expect(parsed.internetMessageId).not.toBe('')
  expect(parsed.contentHash).toMatch(/^[0-9a-f]{64}$/)
  for (const text of [parsed.subject, parsed.text, parsed.snippet, parsed.html ?? '', parsed.from.name]) {
    expect(text.isWellFormed() && !text.includes('\0')).toBe(true)
  }
  expect(parsed.snippet.length).toBeLessThanOrEqual(200)
  if (parsed.quotedFrom !== null) expect(parsed.text.slice(0, parsed.quotedFrom).trim()).not.toBe('')
}

test('any bytes become exactly one mail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (raw) => expectShowable(await parseMail(raw))),
    { numRuns: 300 },
  )
})

test('any piece of a mail, cut out and put elsewhere, becomes exactly one mail', async () => {
  const mails = readdirSync(folder).map((file) => readFileSync(path.join(folder, file)))
  const piece = fc
    .tuple(fc.constantFrom(...mails), fc.nat(2000), fc.nat(1500))
    .map(([raw, start, length]) => raw.subarray(start, start + length))
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async (pieces) => {
      const raw = Buffer.concat(pieces)
      const parsed = await parseMail(raw)
      expectShowable(parsed)
      for (const { position, size } of parsed.attachments)
        expect((await attachmentBytes(raw, position))?.length).toBe(size)
    }),
    { numRuns: 300 },
  )
})
