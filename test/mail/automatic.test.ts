import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { awayUntil } from '../../server/mail/read/away.ts'
import { parseMail } from '../../server/mail/read/parse.ts'

const writerOf = async (header: string) =>
  (await parseMail(Buffer.from(`${/^from:/im.test(header) ? '' : 'From: ada@x.example\n'}${header}\n\nHello`))).writer

test.each([
  ['Subject: Chairs', 'person'],
  ['Subject: Chairs\nAuto-Submitted: no', 'person'],
  ['Subject: I am out of the office next week, can we talk today?', 'person'],
  ['Subject: Re: Automatic doors', 'person'],
  ['Auto-Submitted: auto-replied', 'auto_reply'],
  ['Auto-Submitted: auto-replied; owner-email="ada@x.example"', 'auto_reply'],
  ['Precedence: auto_reply', 'auto_reply'],
  ['X-Autoreply: yes', 'auto_reply'],
  ['Subject: Automatische Antwort: Stühle', 'auto_reply'],
  ['Subject: Réponse automatique : Chaises\nX-Auto-Response-Suppress: All', 'out_of_office'],
  ['Subject: Out of office: Chairs\nAuto-Submitted: auto-replied', 'out_of_office'],
  ['Auto-Submitted: auto-replied (vacation)', 'out_of_office'],
  ['List-Id: <chairs.x.example>', 'list'],
  ['List-Unsubscribe: <https://x.example>', 'list'],
  ['Precedence: bulk', 'list'],
  ['Subject: Re: Ada is out of the office\nPrecedence: list', 'list'],
  ['From: no-reply@shop.example', 'notification'],
  ['From: Shop <donotreply@shop.example>\nSubject: Your order', 'notification'],
  ['Auto-Submitted: auto-generated', 'notification'],
  [
    'Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=disposition-notification',
    'notification',
  ],
  // What a rule of Exchange passes on is marked as generated, though a person wrote it.
  ['Auto-Submitted: auto-generated\nX-MS-Exchange-Inbox-Rules-Loop: bob@x.example', 'person'],
])('%j is from: %s', async (header, writer) => {
  expect(await writerOf(header)).toBe(writer)
})

test('an answer from somebody away says until when', async () => {
  const raw = readFileSync(path.join(import.meta.dirname, '../emails/out-of-office-german.eml'))
  expect(await parseMail(raw)).toMatchObject({ writer: 'out_of_office', awayUntil: Date.UTC(2026, 2, 13) })
})

const SENT = Date.UTC(2026, 2, 2, 8)

test.each([
  ['I am away until March 13, 2026.', Date.UTC(2026, 2, 13)],
  ['I will be back on Friday, 13 March.', Date.UTC(2026, 2, 13)],
  ['until 2026-03-13', Date.UTC(2026, 2, 13)],
  ['Ich bin vom 1.3. bis zum 13.3.2026 im Urlaub.', Date.UTC(2026, 2, 13)],
  ["Je suis absente jusqu'au 13 mars 2026 inclus.", Date.UTC(2026, 2, 13)],
  ['Estaré fuera hasta el 13 de marzo de 2026', Date.UTC(2026, 2, 13)],
  ['Away till 5 January', Date.UTC(2027, 0, 5)],
  ['away until 31 February 2026', null],
  ['until 13 March 2020', null],
  ['I am away.', null],
])('%j is over at the right day', (text, until) => {
  expect(awayUntil(text, SENT)).toBe(until)
})

test.each([
  'Automatiskt svar: Anbud',
  'Автоматичен отговор: Оферта',
  'Automatski odgovor: Ponuda',
  'Samodejni odgovor: Ponudba',
  'Automaatvastus: Pakkumine',
  'Automātiskā atbilde: Piedāvājums',
  'Automatinis atsakymas: Pasiūlymas',
  '自动答复: 报价',
  'رد تلقائي: عرض',
  'การตอบกลับอัตโนมัติ: ใบเสนอราคา',
  'Resposta automàtica: Oferta',
  '[Auto-Reply] Offer',
])('an automatic answer is known by its subject: %s', async (subject) => {
  const raw = `From: a@x.example\nSubject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\n\nHello`
  expect((await parseMail(Buffer.from(raw))).writer).toBe('auto_reply')
})
