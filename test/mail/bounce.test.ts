import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseMail } from '../../server/mail/read/parse.ts'

const read = (name: string) => readFileSync(path.join(import.meta.dirname, `../emails/${name}.eml`))

test('a delivery status says which mail did not reach whom, for ever, and why', async () => {
  expect(await parseMail(read('bounce-unknown-user'))).toMatchObject({
    writer: 'bounce',
    bounce: {
      messageId: 'i9.xyz@downfield.example',
      recipients: ['nobody@kontor.example'],
      kind: 'hard',
      status: '5.1.1',
      reason: '550 5.1.1 <nobody@kontor.example>: Recipient address rejected: User unknown',
    },
  })
})

test('a bounce in the words of its server is understood too', async () => {
  expect(await parseMail(read('bounce-in-own-words'))).toMatchObject({
    writer: 'bounce',
    bounce: {
      messageId: 'i10.abc@downfield.example',
      recipients: ['ada@qmail.example'],
      kind: 'soft',
      status: '4.2.2',
      reason: '452 4.2.2 Mailbox is full',
    },
  })
})

const report = (action: string, status: string) =>
  Buffer.from(
    `From: mailer-daemon@x.example\nSubject: Report\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n--r\n\nReport\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; ada@x.example\nAction: ${action}\nStatus: ${status}\n--r--\n`,
  )

test.each([
  ['There was an error delivering your mail to <ada@x.example>.'],
  ['Unknown user: ada@x.example\n\nOriginal message follows.\n\nTo: bob@x.example'],
  ['<<< 550 User unknown\n>>> RCPT TO:<ada@x.example>'],
  ['550 <ada@x.example>... User unknown'],
  ['  ada@x.example on 3/2/2026 10:15\n  The address is unknown.'],
  ['The mail could not be delivered.\n\n--- Original message ---\nTo: Ada <ada@x.example>'],
])('whom a mail did not reach is read from %j', async (text) => {
  const raw = Buffer.from(`From: mailer-daemon@y.example\nTo: us@z.example\nSubject: Undeliverable mail\n\n${text}\n`)
  expect((await parseMail(raw)).bounce?.recipients).toEqual(['ada@x.example'])
})

test('a mail that is only late is a soft bounce', async () => {
  expect((await parseMail(report('delayed', '4.4.1'))).bounce).toMatchObject({
    kind: 'soft',
    recipients: ['ada@x.example'],
  })
})

test('a report that all went well is no bounce', async () => {
  expect((await parseMail(report('delivered', '2.0.0'))).bounce).toBeNull()
})

test('a person who writes of undelivered mail is no bounce', async () => {
  const raw = Buffer.from(
    'From: ada@x.example\nSubject: Undelivered mail\n\nMy mail could not be delivered, user unknown. Help!',
  )
  expect(await parseMail(raw)).toMatchObject({ writer: 'person', bounce: null })
})
