import { expect, test } from 'vitest'
import { attachmentBytes, parseMail } from '../../server/mail/read/parse.ts'

const opaque = (type: string) =>
  Buffer.from(
    `From: a@x.example\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('DER').toString('base64')}\r\n`,
  )

test.each([
  ['application/pkcs7-mime; smime-type=signed-data; name=smime.p7m', 'smime-signed', 'smime.p7m'],
  ['application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', 'smime-encrypted', 'smime.p7m'],
  ['application/x-pkcs7-mime', 'smime-encrypted', 'attachment-1.p7m'],
  ['application/octet-stream; name=smime.p7m', 'smime-encrypted', 'smime.p7m'],
  ['application/octet-stream; name=prices.p7m', null, 'prices.p7m'],
])('%s is kept to the byte and named', async (type, protection, filename) => {
  const raw = opaque(type)
  const mail = await parseMail(raw)
  expect([mail.protection, mail.text, mail.attachments.map((file) => file.filename)]).toEqual([
    protection,
    '',
    [filename],
  ])
  expect(Buffer.from((await attachmentBytes(raw, 0))!).toString()).toBe('DER')
})
