import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { ownWords } from '../../server/issues/search/own-words.ts'
import { parseMail } from '../../server/mail/read/parse.ts'
import { openParsers, type Parsers, unreadableMail } from '../../server/mail/read/parsers.ts'

const read = (name: string) => readFileSync(path.join(import.meta.dirname, `../emails/${name}.eml`))
const small = (at: number) => Buffer.from(`From: a@x.example\nMessage-ID: <${at}@x>\n\nMail ${at}`)
/** A page of 4 MB, which takes more memory to read than a small thread has. */
const heavy = Buffer.from(`From: a@x.example\nContent-Type: text/html\n\n${'<p>a <b>b</b> &amp;'.repeat(230_000)}`)

const opened: Parsers[] = []
const open = (...options: Parameters<typeof openParsers>) => {
  const parsers = openParsers(...options)
  opened.push(parsers)
  return parsers
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((parsers) => parsers.close()))
})

test('a thread understands a mail as we would', async () => {
  const raw = read('newsletter-polish')
  const parsers = open({ workers: 1 })
  const { html: _, ...mail } = await parseMail(raw)
  expect(await parsers.parse(raw)).toEqual({ ...mail, words: ownWords(mail).join(' ') })
  expect(Buffer.from((await parsers.attachment(raw, 0))!).toString('hex')).toBe('89504e470d0a1a0a')
  expect(await parsers.attachment(raw, 9)).toBeNull()
  expect(await parsers.html(raw, { cidUrls: {} })).toMatchObject({ remoteCount: 2 })
  expect(await parsers.html(small(1), { cidUrls: {} })).toBeNull()
  expect([...raw.subarray(0, 4)]).toEqual([...Buffer.from('From')])
})

test('hundreds of mails at once come back each to who asked for it', async () => {
  const parsers = open({ workers: 2 })
  const parsed = await Promise.all(Array.from({ length: 300 }, (_, at) => parsers.parse(small(at))))
  expect(parsed.map(({ text }) => text)).toEqual(Array.from({ length: 300 }, (_, at) => `Mail ${at}`))
})

test('a mail that takes too long is shown as unreadable, and those beside it are as they were', async () => {
  const parsers = open({ workers: 1, timeoutMs: 500 })
  // Each of 100 million equals signs is looked at as the start of an encoded byte (RFC 2045 section 6.7): seconds of work.
  const header =
    'From: Ada <ada@x.example>\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nMessage-ID: <slow@x>\nContent-Type: application/zip\nContent-Transfer-Encoding: quoted-printable\n\n'
  const slow = Buffer.concat([Buffer.from(header), Buffer.alloc(100_000_000, '=')])
  const [before, stuck, after] = await Promise.all([small(1), slow, small(2)].map((raw) => parsers.parse(raw)))
  expect([before!.text, after!.text]).toEqual(['Mail 1', 'Mail 2'])
  expect(stuck).toMatchObject({
    internetMessageId: 'slow@x',
    subject: 'Grüße',
    from: { name: 'Ada', address: 'ada@x.example' },
    text: '',
    flaws: { unreadable: 'Reading it took more than 0.5 seconds.' },
  })
})

test('a mail that takes too much memory is shown as unreadable, and the next is read', async () => {
  const parsers = open({ workers: 1, memoryMb: 24 })
  const [big, next] = await Promise.all([parsers.parse(heavy), parsers.parse(small(1))])
  expect(big.flaws).toEqual({ unreadable: 'Reading it took too much memory.' })
  expect(next.text).toBe('Mail 1')
})

test('after closing, nothing half read is taken for a mail', async () => {
  const parsers = open({ workers: 1 })
  const asked = parsers.parse(small(1))
  const refused = expect(asked).rejects.toThrow('The parsers are closed.')
  await parsers.close()
  await refused
  await expect(parsers.parse(small(2))).rejects.toThrow('The parsers are closed.')
})

test('any bytes can be shown as unreadable', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (raw) => {
      expect(unreadableMail(raw, 'Why.')).toMatchObject({
        text: '',
        flaws: { unreadable: 'Why.' },
        internetMessageId: expect.stringMatching(/./),
      })
    }),
  )
})
