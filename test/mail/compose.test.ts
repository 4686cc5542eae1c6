import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { uuidv7 } from '../../db/ids.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { uidSet } from '../../server/mail/fetch/uid-set.ts'
import { flowed } from '../../server/mail/read/flowed.ts'
import { attachmentBytes } from '../../server/mail/read/parse.ts'
import {
  compose,
  contentTypeOf,
  MAX_REFERENCES_CHARACTERS,
  type Outbound,
  trimReferences,
} from '../../server/mail/send/compose.ts'
import { ownMessageId, verifyOwnMessageId } from '../../server/mail/send/own-id.ts'

const offer: Outbound = {
  internetMessageId: 'i1.2.3@northwind.example',
  inReplyTo: 'b@tacoma.example',
  references: ['a@tacoma.example', 'b@tacoma.example'],
  subject: 'Re: Chairs',
  fromName: 'Northwind proposals',
  fromAddress: 'proposals@northwind.example',
  to: [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }],
  cc: [{ name: '', address: 'buyer@tacoma.example' }],
  at: Date.UTC(2026, 10, 20, 9, 41),
}

/** The header fields, unfolded (RFC 5322, section 2.2.3), in order. */
function fieldsOf(raw: Buffer): [string, string][] {
  const [head = ''] = raw.toString('latin1').split('\r\n\r\n')
  return head
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
}

test('a message becomes a mail with nothing more in it than it should have', async () => {
  const raw = await compose(offer, 'Good morning,\n\nhere is our offer.\n\n-- \nNorthwind')
  expect(raw.toString('latin1').split('\r\n')).toEqual([
    'From: Northwind proposals <proposals@northwind.example>',
    'To: Dana Whitfield <dana@tacoma.example>',
    'Cc: buyer@tacoma.example',
    'In-Reply-To: <b@tacoma.example>',
    'References: <a@tacoma.example> <b@tacoma.example>',
    'Subject: Re: Chairs',
    'Message-ID: <i1.2.3@northwind.example>',
    'X-Downfield-Message-ID: <i1.2.3@northwind.example>',
    'Date: Fri, 20 Nov 2026 09:41:00 +0000',
    'Content-Transfer-Encoding: 7bit',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8; format=flowed',
    '',
    'Good morning,',
    '',
    'here is our offer.',
    '',
    '-- ',
    'Northwind',
    '',
  ])
})

test('the same message gives the same bytes', async () => {
  expect(await compose(offer, 'Grüße')).toEqual(await compose(offer, 'Grüße'))
})

test('names, subject and text of any language arrive as they were written', async () => {
  const text = 'Добрый день, 您好, ¡buenos días! 👋 '.repeat(40).trim()
  const foreign = {
    ...offer,
    subject: 'Предложение на стулья: 椅子 и столы, срочно — до пятницы',
    fromName: 'Čeněk Žižka',
  }
  const raw = await compose(foreign, text)
  expect([...raw].every((byte) => byte < 128)).toBe(true)
  const read = await PostalMime.parse(raw)
  expect(read.subject).toBe(foreign.subject)
  expect(read.from).toMatchObject({ name: 'Čeněk Žižka', address: 'proposals@northwind.example' })
  expect(unflowed(read.text ?? '')).toBe(text)
})

test('whatever stands in the fields of a message, its mail has no other fields than it should', async () => {
  const nasty = fc.string({
    unit: fc.constantFrom(...'ab ,;:<>"()\r\n\t\0\u0085\u2028ü'.split(''), '\r\nBcc: eve@evil.example'),
  })
  await fc.assert(
    fc.asyncProperty(
      nasty,
      nasty,
      nasty,
      fc.array(nasty, { maxLength: 3 }),
      async (subject, name, text, references) => {
        const to = [{ name, address: 'dana@tacoma.example' }]
        const message = { ...offer, subject, fromName: name, to, references, inReplyTo: references[0] ?? null }
        const raw = await compose(message, text)
        const names = fieldsOf(raw).map(([field]) => field)
        const allowed =
          'From To Cc In-Reply-To References Subject Message-ID X-Downfield-Message-ID Date Content-Transfer-Encoding MIME-Version Content-Type'
        expect(allowed.split(' ')).toEqual(expect.arrayContaining(names))
        expect(new Set(names).size).toBe(names.length)
        const read = await PostalMime.parse(raw)
        expect(read.to?.map(({ address }) => address)).toEqual(['dana@tacoma.example'])
      },
    ),
    { numRuns: 200 },
  )
})

test.each([
  'dana@tacoma.example\r\nBcc: eve@evil.example',
  'dana@tacoma.example, eve@evil.example',
  'dana',
  'dana @tacoma.example',
  '<dana@tacoma.example>',
])('%j is refused as an address', async (address) => {
  await expect(compose({ ...offer, to: [{ name: '', address }] }, 'Hello')).rejects.toThrow('is not an email address')
})

test('ids that we made up for mails without one are not told to others', async () => {
  const raw = await compose({ ...offer, inReplyTo: 'gen-0a1b', references: ['gen-0a1b', 'b@tacoma.example'] }, 'Hello')
  const fields = Object.fromEntries(fieldsOf(raw))
  expect(fields).toMatchObject({ References: '<b@tacoma.example>' })
  expect(fields).not.toHaveProperty('In-Reply-To')
})

test('References keep the first and the newest, and never grow beyond what relays take', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `message-number-${i}@mail.tacoma.example`)
  const kept = trimReferences(ids)
  expect(kept[0]).toBe(ids[0])
  expect(kept.slice(1)).toEqual(ids.slice(-kept.length + 1))
  const length = kept.map((id) => `<${id}>`).join(' ').length
  expect(length).toBeLessThanOrEqual(MAX_REFERENCES_CHARACTERS)
  expect(length).toBeGreaterThan(MAX_REFERENCES_CHARACTERS - 50)
  expect(trimReferences(['a', 'b'])).toEqual(['a', 'b'])
  expect(trimReferences([])).toEqual([])
})

describe('files that go along', () => {
  const files = [
    { filename: 'Angebot für Größe, 40 Stück.pdf', contentType: 'application/pdf', bytes: randomBytes(5_000) },
    { filename: `${'предложение-'.repeat(12)}.xlsx`, contentType: contentTypeOf('a.xlsx'), bytes: randomBytes(100) },
    { filename: 'note.txt', contentType: 'text/plain', bytes: Buffer.from('a\nb\r\nc\rd\u00e4') },
    { filename: 'mail.eml', contentType: contentTypeOf('mail.eml'), bytes: Buffer.from('Subject: ä\n\nlone\n') },
  ]

  test('arrive byte for byte, under their names, beside the text', async () => {
    const raw = await compose(offer, 'Here you are.', files)
    const read = await PostalMime.parse(raw)
    expect(read.text?.trim()).toBe('Here you are.')
    expect(read.attachments.map(({ filename, disposition }) => [filename, disposition])).toEqual(
      files.map(({ filename }) => [filename, 'attachment']),
    )
    for (const [i, { content }] of read.attachments.entries())
      expect(Buffer.from(content as ArrayBuffer).equals(files[i]!.bytes)).toBe(true)
    expect(
      raw
        .toString('latin1')
        .split('\r\n')
        .every((line) => line.length <= 998),
    ).toBe(true)
    expect([...raw].every((byte) => byte < 128)).toBe(true)
  })

  test('have the type that their name says, and the name as RFC 2231 has it', async () => {
    const raw = (await compose(offer, 'Here you are.', [{ ...files[0]!, bytes: Buffer.from('x') }])).toString('latin1')
    const boundary = /\r\nContent-Type: multipart\/mixed;\r\n boundary="([^"]+)"\r\n/.exec(raw)?.[1]
    const [, text, file, end] = raw.split(`--${boundary}`)
    expect(text).toBe(
      '\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHere you are.\r\n',
    )
    expect(file?.split('\r\n')).toEqual([
      '',
      'Content-Type: application/pdf;',
      ' name="=?UTF-8?Q?Angebot_f=C3=BCr_Gr=C3=B6=C3=9Fe=2C_40_S?=',
      ' =?UTF-8?Q?t=C3=BCck=2Epdf?="',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment;',
      " filename*0*=utf-8''Angebot%20f%C3%BCr%20Gr%C3%B6%C3%9Fe%2C%20;",
      ' filename*1*=40%20St%C3%BCck.pdf',
      '',
      'eA==',
      '',
    ])
    expect(end).toBe('--\r\n')
  })

  test('make the same bytes each time', async () => {
    expect(await compose(offer, 'Here you are.', files)).toEqual(await compose(offer, 'Here you are.', files))
  })

  test('are read by our own parser at the places where we list them', async () => {
    const raw = await compose(offer, 'Here you are.', files)
    for (const [position, { bytes }] of files.entries())
      expect(Buffer.from((await attachmentBytes(raw, position))!).equals(bytes)).toBe(true)
  })

  test('add no field to the mail, whatever they are called', async () => {
    const unit = fc.constantFrom(...'ab ;"=\r\n\t\0ü%*'.split(''), '\r\nBcc: eve@evil.example', '\r\n\r\n--')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit }), async (filename) => {
        const raw = await compose(offer, 'Hello', [{ filename, contentType: 'image/png', bytes: Buffer.from('x') }])
        const names = fieldsOf(raw).map(([field]) => field)
        const allowed =
          'From To Cc In-Reply-To References Subject Message-ID X-Downfield-Message-ID Date MIME-Version Content-Type'
        expect(allowed.split(' ')).toEqual(expect.arrayContaining(names))
        const read = await PostalMime.parse(raw)
        expect(read.attachments.map(({ content }) => Buffer.from(content as ArrayBuffer).toString())).toEqual(['x'])
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['offer.pdf', 'application/pdf'],
    ['offer.PDF', 'application/pdf'],
    ['photo.jpeg', 'image/jpeg'],
    ['table.xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['no ending', 'application/octet-stream'],
    ['strange.zzzz', 'application/octet-stream'],
    ['mail.eml', 'application/octet-stream'],
    ['page.mht', 'application/octet-stream'],
  ])('%s is %s', (filename, type) => {
    expect(contentTypeOf(filename)).toBe(type)
  })
})

describe('format=flowed', () => {
  test('long lines are broken after a space and quoted lines keep their depth', () => {
    const long = 'word '.repeat(30).trim()
    expect(flowed(`Hello\n${long}\n>> ${long}\n From me\n-- \nMe`).split('\r\n')).toEqual([
      'Hello',
      `${'word '.repeat(14)}`,
      `${'word '.repeat(14)}`,
      'word word',
      `>> ${'word '.repeat(14)}`,
      `>> ${'word '.repeat(14)}`,
      '>> word word',
      '  From me',
      '-- ',
      'Me',
    ])
  })

  test('joined again it is the same text', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefgh.,ü'), minLength: 1, maxLength: 90 })
    const line = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '))
    const start = fc.constantFrom('', '', '> ', '>> ', ' ', 'From ')
    const text = fc
      .array(fc.tuple(start, line), { maxLength: 8 })
      .map((lines) => lines.map((l) => l.join('').trimEnd()).join('\n'))
    fc.assert(
      fc.property(text, (text) => {
        expect(unflowed(flowed(text))).toBe(text)
      }),
    )
  })
})

/** Text as a reader of RFC 3676 joins it, with quoted lines written as "> text". */
function unflowed(text: string): string {
  const paragraphs: { depth: number; text: string; open: boolean }[] = []
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)![0].length
    const content = line.slice(depth).replace(/^ /, '')
    const last = paragraphs.at(-1)
    const open = content.endsWith(' ') && content !== '-- '
    if (last?.open && last.depth === depth) {
      last.text += content
      last.open = open
    } else paragraphs.push({ depth, text: content, open })
  }
  return paragraphs.map(({ depth, text }) => `${'>'.repeat(depth)}${depth > 0 && text ? ' ' : ''}${text}`).join('\n')
}

describe('our own Message-IDs', () => {
  const secretsOf = (byte: number) => openSecrets({ key: Buffer.alloc(32, byte).toString('base64'), keyFile: '' })
  const secrets = secretsOf(1)
  const issueId = uuidv7()
  const id = ownMessageId(secrets, issueId, uuidv7(), 'northwind.example')

  test('an id of ours names its issue, with or without angle brackets', () => {
    expect(verifyOwnMessageId(secrets, id)).toBe(issueId)
    expect(verifyOwnMessageId(secrets, `<${id}>`)).toBe(issueId)
  })

  test('an id that we did not make names nothing', () => {
    expect(verifyOwnMessageId(secretsOf(2), id)).toBeNull()
    expect(verifyOwnMessageId(secrets, id.replace(issueId, uuidv7()))).toBeNull()
    expect(verifyOwnMessageId(secrets, id.replace(/\.[0-9a-f]{12}@/, '.000000000000@'))).toBeNull()
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(verifyOwnMessageId(secrets, text)).toBeNull()
      }),
    )
  })
})

test('UIDs are asked for in runs', () => {
  expect(uidSet([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10')
  expect(uidSet([4_294_967_295])).toBe('4294967295')
})
