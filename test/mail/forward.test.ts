import { expect, test } from 'vitest'
import { attachmentBytes, parseMail } from '../../server/mail/read/parse.ts'

const mail = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))
const passedOn = async (text: string, subject = 'Fwd: Chairs') =>
  (
    await parseMail(
      mail(
        `From: Ben <ben@us.example>\nDate: Tue, 3 Mar 2026 08:00:00 +0100\nSubject: ${subject}\nContent-Type: text/plain; charset=utf-8\n\n${text}`,
      ),
    )
  ).forwarded

const ada = { name: 'Ada Lovelace', address: 'ada@x.example' }
const at = Date.UTC(2026, 2, 2, 9, 15)

test.each([
  [
    'Gmail',
    '---------- Forwarded message ---------\nFrom: Ada Lovelace <ada@x.example>\nDate: Mon, Mar 2, 2026 at 10:15 AM\nSubject: Chairs\nTo: <info@us.example>\n\n\nHello\neve@z.example',
  ],
  [
    'Gmail in German',
    '---------- Forwarded message ---------\nVon: Ada Lovelace <ada@x.example>\nDate: Mo., 2. März 2026 um 10:15 Uhr\nSubject: Chairs\nTo: <info@us.example>\n\nHello\neve@z.example',
  ],
  [
    'Apple Mail',
    'Begin forwarded message:\n\n> From: Ada Lovelace <ada@x.example>\n> Subject: Chairs\n> Date: 2. March 2026 at 10:15:00 CET\n> To: info@us.example\n> \n> Hello\n> eve@z.example',
  ],
  [
    'Thunderbird in German',
    '-------- Weitergeleitete Nachricht --------\nBetreff: \tChairs\nDatum: \tMon, 2 Mar 2026 10:15:00 +0100\nVon: \tAda Lovelace <ada@x.example>\nAn: \tinfo@us.example\n\n\n\nHello\neve@z.example',
  ],
  [
    'Outlook',
    'From: Ada Lovelace <ada@x.example> \nSent: Monday, March 2, 2026 10:15 AM\nTo: Info <info@us.example>\nSubject: Chairs\n\nHello\neve@z.example',
  ],
  [
    'Outlook in German',
    'Von: Ada Lovelace <ada@x.example> \nGesendet: Montag, 2. März 2026 10:15\nAn: Info <info@us.example>\nBetreff: Chairs\n\nHello\neve@z.example',
  ],
  [
    'Outlook in French',
    'De : Ada Lovelace [mailto:ada@x.example]\nEnvoyé : lundi 2 mars 2026 10:15\nÀ : Info\nObjet : Chairs\n\nHello\neve@z.example',
  ],
  [
    'Outlook in Spanish',
    'De: Ada Lovelace <ada@x.example<mailto:ada@x.example>>\nEnviado el: lunes, 2 de marzo de 2026 10:15\nPara: Info\nAsunto: Chairs\n\nHello\neve@z.example',
  ],
  [
    'Outlook with its rule',
    '________________________________\nFrom: Ada Lovelace <ada@x.example>\nSent: Monday, March 2, 2026 10:15\nTo: Info\nSubject: Chairs\n\nHello\neve@z.example',
  ],
  [
    'with stars',
    '*From:* Ada Lovelace <ada@x.example>\n*Sent:* Monday, March 2, 2026 10:15 AM\n*Subject:* Chairs\n\nHello\neve@z.example',
  ],
])('a mail passed on by %s is taken apart', async (_, text) => {
  expect(await passedOn(`Can you answer? ben@us.example\n\n${text}`)).toEqual({
    position: null,
    from: ada,
    subject: 'Chairs',
    sentAt: at,
    internetMessageId: null,
    commentText: 'Can you answer? ben@us.example',
    bodyText: 'Hello\neve@z.example',
  })
})

test.each([
  ['an address stands somewhere', 'Please write to ada@x.example'],
  ['the sender has no address', 'From: Ada\nSent: Monday, March 2, 2026 10:15\nSubject: Chairs\n\nada@x.example'],
  ['only a sender is named', 'From: Ada <ada@x.example>\n\nHello'],
])('nothing is taken apart where %s', async (_, text) => {
  expect(await passedOn(text)).toBeNull()
})

test.each([
  ['Re: Chairs', 'Yes\n\nFrom: Ada <ada@x.example>\nSent: Monday, March 2, 2026 10:15\nSubject: Chairs\n\nHello'],
  [
    'Re: Chairs',
    'Yes\n\nOn 2 Mar 2026 10:15, Eve <eve@z.example> wrote:\n> -- Forwarded message --\n> From: Ada <ada@x.example>\n> Subject: Chairs',
  ],
])('an answer passes nothing on: %s', async (subject, text) => {
  expect(await passedOn(text, subject)).toBeNull()
})

const attached = (mails: string[]) =>
  mail(
    `From: Ben <ben@us.example>\nSubject: Fwd: Chairs\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nCan you answer?\n${mails.map((one) => `--m\nContent-Type: message/rfc822\n\n${one}\n`).join('')}--m--\n`,
  )
const original =
  'From: Ada Lovelace <ada@x.example>\nSubject: =?utf-8?Q?St=C3=BChle?=\nDate: Mon, 2 Mar 2026 10:15:00 +0100\nMessage-ID: <1@x.example>\n\nHello'

test('a mail attached whole is that mail exactly', async () => {
  const raw = attached([original])
  expect((await parseMail(raw)).forwarded).toEqual({
    position: 0,
    from: ada,
    subject: 'Stühle',
    sentAt: at,
    internetMessageId: '1@x.example',
    commentText: 'Can you answer?',
    bodyText: 'Hello',
  })
  expect(Buffer.from((await attachmentBytes(raw, 0))!).toString()).toBe(original.replaceAll('\n', '\r\n'))
})

test('of several attached mails none is the one', async () => {
  expect((await parseMail(attached([original, original.replace('1@x', '2@x')]))).forwarded).toBeNull()
})
