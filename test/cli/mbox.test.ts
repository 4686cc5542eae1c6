import { expect, test } from 'vitest'
import { readMbox } from '../../server/mail/fetch/mbox.ts'

/** The mails of a file, read in chunks of this many bytes. */
async function read(text: string, chunk = 7): Promise<{ raw: string; filedAt: number | null; wholeSize?: number }[]> {
  const bytes = Buffer.from(text, 'latin1')
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const mails = []
  for await (const { raw, filedAt, wholeSize } of readMbox(chunks()))
    mails.push({ raw: raw.toString('latin1'), filedAt, ...(wholeSize !== null && { wholeSize }) })
  return mails
}

const FILED = 'From ada@example.org Thu Nov  5 09:41:07 2026\n'
const FILED_AT = Date.UTC(2026, 10, 5, 9, 41, 7)

test('an mbox gives its mails byte for byte, without the empty lines between them', async () => {
  const one = 'Subject: One\n\nHello\n'
  const two = 'Subject: Two\r\n\r\nGr\xfc\xdfe\r\n\r\n'

  expect(await read(`${FILED}${one}\n${FILED}${two}\r\n`)).toEqual([
    { raw: one, filedAt: FILED_AT },
    { raw: two, filedAt: FILED_AT },
  ])
})

test('a line that was quoted loses one mark, however many it has', async () => {
  const stored = 'Subject: x\n\n>From here\n>>From there\n> From apart\n'

  expect(await read(FILED + stored)).toEqual([
    { raw: 'Subject: x\n\nFrom here\n>From there\n> From apart\n', filedAt: FILED_AT },
  ])
})

test.each([
  ['in the middle of a text', 'Subject: x\n\nHello\nFrom ada@example.org Thu Nov  5 09:41:07 2026\nBye\n'],
  ['without a date', 'Subject: x\n\nHello\n\nFrom me to you\n'],
])('a line "From …" %s begins no mail', async (_, raw) => {
  expect(await read(FILED + raw)).toEqual([{ raw, filedAt: FILED_AT }])
})

test.each([
  ['From - Thu Nov 05 09:41:07 2026', FILED_AT],
  ['From 1234@xxx Thu Nov 05 09:41:07 +0000 2026', FILED_AT],
  ['From ada Thu Nov 05 09:41:07 -0800 2026', FILED_AT + 8 * 60 * 60_000],
  ['From MAILER-DAEMON', null],
])('%s says when the mail was filed', async (line, filedAt) => {
  expect(await read(`${line}\nSubject: x\n\ny\n`)).toEqual([{ raw: 'Subject: x\n\ny\n', filedAt }])
})

test('a mail without line breaks for megabytes is one mail', async () => {
  const raw = `Subject: x\n\n${'y'.repeat(3_000_000)}\n`

  const [mail] = await read(FILED + raw, 64 * 1024)

  expect(mail?.raw.length).toBe(raw.length)
})

test('a mail above the limit keeps its beginning and says that it was cut', async () => {
  const raw = `Subject: x\n\n${`${'y'.repeat(70)}\n`.repeat(800_000)}`

  const [mail, next] = await read(`${FILED}${raw}\n${FILED}Subject: next\n\nz\n`, 1024 * 1024)

  expect(mail?.raw.slice(0, 120)).toMatch(/^Subject: x\n\nyyy/)
  expect(mail?.wholeSize).toBe(raw.length)
  expect(mail?.raw.length).toBeLessThan(1_100_000)
  expect(next?.raw).toBe('Subject: next\n\nz\n')
})
