import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanText, decodeText } from '../../server/mail/read/charset.ts'
import { decodeWords } from '../../server/mail/read/encoded-words.ts'

const bytes = (hex: string) => Buffer.from(hex, 'hex')

test.each([
  ['utf-8', 'c3bc', 'ü'],
  ['"UTF8"', 'c3bc', 'ü'],
  ['iso-8859-1', 'fc', 'ü'],
  ['latin1', 'fc', 'ü'],
  ['windows-1252', '80', '€'],
  ['cp1251', 'cff0e8', 'При'],
  ['gb2312', 'b7a2c6b1', '发票'],
  ['x-gbk', 'b7a2c6b1', '发票'],
  ['ks_c_5601-1987', 'bec8b3e7', '안녕'],
  ['cp949', 'bec8b3e7', '안녕'],
  ['iso-2022-jp-ms', '1b2442382b1b2842', '見'],
  ['shift_jis', '8ca9', '見'],
  ['windows-31j', '8ca9', '見'],
  ['iso-8859-8-i', 'f9ec', 'של'],
  ['unicode-1-1-utf-7', Buffer.from('Gr+APwA3w-e').toString('hex'), 'Grüße'],
  ['utf-7', Buffer.from('1 +- 1').toString('hex'), '1 + 1'],
])('%s is read by whatever name mail gives it', (label, hex, text) => {
  expect(decodeText(bytes(hex), label)).toBe(text)
})

test.each([
  ['', 'c3bc', 'ü'],
  ['', 'fc', 'ü'],
  ['us-ascii', 'c3bc', 'ü'],
  ['x-unknown', 'fc', 'ü'],
  ['utf-8', 'fc', 'ü'],
  ['utf-8', 'c3bcc3bcc3', 'üü\ufffd'],
])('a charset named %j for %s is guessed: UTF-8, else windows-1252', (label, hex, text) => {
  expect(decodeText(bytes(hex), label)).toBe(text)
})

test.each([
  ['d7aab7a2a3bad5fbcce5cce1c9fdc6f3d2b5b7fecef1cbaec6bd', '转发：整体提升企业服务水平'],
  ['b17aa66ea141bdd0a8a3aafea5f3a4a4aabab56fb2bca143', '您好，請見附件中的發票。'],
  ['82a890a2986282c982c882e882dc82b78142', 'お世話になります。'],
  ['a4aac0a4cfc3a4cba4caa4eaa4dea4b9', 'お世話になります'],
  ['bec8b3e7c7cfbcbcbfe4', '안녕하세요'],
  ['cff0e8e2e5f2', 'Привет'],
  ['f0d2c9d7c5d4', 'Привет'],
  ['4772fcdf6520617573204dfc6e6368656e2c207363686f6e6520d66665', 'Grüße aus München, schone Öfe'],
])('bytes %s in no named charset are guessed by their script', (hex, text) => {
  expect(decodeText(bytes(hex))).toBe(text)
})

test.each([
  ['=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
  ['=?utf-8?B?R3LDvA==?= =?utf-8?B?w59l?=', 'Grüße'],
  ['=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=', 'Grüße'],
  ['Re: =?iso-8859-1?Q?f=FCr_40?= =?utf-8?Q?_St=C3=BChle?= bitte', 'Re: für 40 Stühle bitte'],
  ['=?utf-8*de?Q?a?= b', 'a b'],
  ['=?iso-8859-1?Q?Frösche_und_H=FChner?=', 'Frösche und Hühner'],
  ['=?nonsense', '=?nonsense'],
])('the encoded words of %s are read', (field, text) => {
  expect(decodeWords(field)).toBe(text)
})

test('text holds no NUL, no control characters and no half characters', () => {
  expect(cleanText('a\0b\r\nc\rd\u0007\ud800e\tf')).toBe('ab\nc\nd\ufffde\tf')
})

test('any bytes in any charset become text', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.oneof(fc.string(), fc.constantFrom('utf-16', 'utf-7', 'iso-2022-kr', 'hz-gb-2312')),
      (raw, label) => {
        expect(cleanText(decodeText(raw, label)).isWellFormed()).toBe(true)
      },
    ),
  )
})
