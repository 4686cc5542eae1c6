import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attachmentBytes, parseMail } from '../../server/mail/read/parse.ts'
import { decompressRtf, rtfText } from '../../server/mail/read/rtf.ts'
import { readTnef } from '../../server/mail/read/tnef.ts'

const u16 = (value: number) => Buffer.from([value & 255, value >> 8])
const u32 = (value: number) => Buffer.concat([u16(value & 65535), u16(value >>> 16)])
const attribute = (level: number, id: number, data: Buffer) =>
  Buffer.concat([Buffer.from([level]), u16(id), u16(6), u32(data.length), data, u16(0)])
const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)])
/** Properties of [MS-OXTNEF] section 2.1.3.4, each with one value of variable length. */
const properties = (...list: [type: number, id: number, data: Buffer][]) =>
  Buffer.concat([
    u32(list.length + 2),
    // A number, and a property with a name of its own, are passed over.
    ...[u16(3), u16(0x1234), u32(7)],
    ...[u16(3), u16(0x8001), Buffer.alloc(16), u32(1), u32(4), Buffer.from('a\0b\0'), u32(7)],
    ...list.flatMap(([type, id, data]) => [u16(type), u16(id), u32(1), u32(data.length), padded(data)]),
  ])
const unicode = (text: string) => Buffer.from(`${text}\0`, 'utf16le')
const winmail = (...attributes: Buffer[]) => Buffer.concat([u32(0x223e9f78), u16(1), ...attributes])

const whole = winmail(
  attribute(1, 0x9007, u32(1252)),
  attribute(1, 0x9003, properties([0x1f, 0x1000, unicode('Grüße')], [0x102, 0x1013, Buffer.from('<b>Grüße</b>')])),
  attribute(2, 0x9002, Buffer.alloc(14)),
  attribute(2, 0x8010, Buffer.from('ANGEB~1.PDF\0')),
  attribute(2, 0x800f, Buffer.from('%PDF-1.4')),
  attribute(
    2,
    0x9005,
    properties([0x1f, 0x3707, unicode('Angebot März.pdf')], [0x1e, 0x370e, Buffer.from('application/pdf\0')]),
  ),
  attribute(2, 0x9002, Buffer.alloc(14)),
  attribute(2, 0x800f, Buffer.from('png')),
  attribute(2, 0x9005, properties([0x1e, 0x370e, Buffer.from('image/png\0')], [0x1f, 0x3712, unicode('logo@x')])),
)
const carrying = (tnef: Buffer, text = '') =>
  Buffer.from(
    `From: a@x.example\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\n${text}\r\n--m\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\nContent-Transfer-Encoding: base64\r\n\r\n${tnef.toString('base64')}\r\n--m--\r\n`,
  )

test('files in winmail.dat are attachments like others, and its text is the text', async () => {
  const raw = carrying(whole)
  const parsed = await parseMail(raw)
  expect([parsed.text, parsed.html]).toEqual(['Grüße', '<b>Grüße</b>'])
  expect(parsed.attachments).toEqual([
    {
      position: 0,
      filename: 'Angebot März.pdf',
      contentType: 'application/pdf',
      size: 8,
      contentId: null,
      inline: false,
    },
    { position: 1, filename: 'attachment-2.bin', contentType: 'image/png', size: 3, contentId: 'logo@x', inline: true },
  ])
  expect(Buffer.from((await attachmentBytes(raw, 0))!).toString()).toBe('%PDF-1.4')
  expect(Buffer.from((await attachmentBytes(raw, 1))!).toString()).toBe('png')
})

/** The example of [MS-OXRTFCP] section 4.1.1. */
const HELLO_WORLD = Buffer.from(
  '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
  'hex',
)

test('where winmail.dat has its text as rich text alone, that can be read', async () => {
  const tnef = winmail(attribute(1, 0x9003, properties([0x102, 0x1009, HELLO_WORLD])))
  expect(await parseMail(carrying(tnef))).toMatchObject({ text: 'hello world', attachments: [] })
})

test.each([
  ['{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard Hello\\par\\par Ada\\line\\b Ltd.\\b0}', 'Hello\n\nAda\nLtd.'],
  ["{\\rtf1\\ansicpg1252 Gr\\'fc\\'dfe, \\u8364?5 \\{net\\}\\~only\\_here}", 'Grüße, €5 {net}\u00a0only-here'],
  ["{\\rtf1\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2}", 'Привет'],
  ["{\\rtf1\\ansicpg932 \\'93\\'fa\\'96\\'7b}", '日本'],
  ['{\\rtf1\\uc1\\u-10179?\\u-8694?{\\uc2\\u8364 xx}y}', '😊€y'.replace('😊', '\ud83d\ude0a')],
  [
    '{\\rtf1\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hello\\htmlrtf\\par}\\htmlrtf0 {\\*\\htmltag72 </p>}}',
    'Hello',
  ],
  [
    '{\\rtf1 {\\field{\\*\\fldinst HYPERLINK "https://x.example"}{\\fldrslt the offer}} {\\pict\\bin3 {}}} ab}',
    'the offer',
  ],
])('%s is read as it is seen', (rtf, text) => {
  expect(rtfText(Buffer.from(rtf, 'latin1'))).toBe(text)
})

test('any bytes are read as rich text without harm', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '\\',
    "\\'",
    '\\u',
    '\\bin',
    '\\par',
    '\\uc',
    '-1',
    '99999999',
    'ff',
    ' ',
    'a',
    '*',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.uint8Array({ maxLength: 80 }), (pieces, bytes) => {
      expect(rtfText(Buffer.from(pieces.join(''))).isWellFormed()).toBe(true)
      const found = decompressRtf(Buffer.concat([HELLO_WORLD.subarray(0, 16), bytes]))
      expect(found!.length).toBeLessThanOrEqual(43)
    }),
    { numRuns: 500 },
  )
})

test('what the mail says itself comes before what winmail.dat says', async () => {
  expect((await parseMail(carrying(whole, 'Hello'))).text).toBe('Hello')
})

test('a winmail.dat that is cut or broken stays a file', async () => {
  for (const broken of [whole.subarray(0, whole.length - 20), Buffer.from('hello')]) {
    const { attachments, text } = await parseMail(carrying(broken, 'Hello'))
    expect([text, attachments.map(({ filename }) => filename)]).toEqual(['Hello', ['winmail.dat']])
  }
})

test('any bytes are read as winmail.dat without harm', () => {
  const changed = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }).map((changes) => {
    const bytes = Buffer.from(whole)
    for (const [at, byte] of changes) bytes[at] = byte
    return bytes
  })
  fc.assert(
    fc.property(
      fc.oneof(
        changed,
        fc.uint8Array().map((bytes) => winmail(Buffer.from(bytes))),
      ),
      (bytes) => {
        const found = readTnef(bytes)
        expect(found === null || Array.isArray(found.files)).toBe(true)
      },
    ),
    { numRuns: 1000 },
  )
})
