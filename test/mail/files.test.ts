import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { docx, xlsx } from '../../server/demo/sample/office.ts'
import { textPdf } from '../../server/demo/sample/pdf.ts'
import { type FileKind, fileKind, isReadable } from '../../server/issues/search/file-kind.ts'
import { openFileReader } from '../../server/mail/files/file-reader.ts'
import { readFile } from '../../server/mail/files/read-file.ts'
import { archive, compound, doc, odt, pptx, sharedXlsx } from '../documents.ts'

const textOf = async (kind: FileKind, bytes: Buffer) => (await readFile(kind, bytes)).text

/** A reader that is gone with the test. */
function open(...options: Parameters<typeof openFileReader>) {
  const reader = openFileReader(...options)
  onTestFinished(() => reader.rest())
  return reader
}

test('the text of a PDF is read page by page', async () => {
  const lines = Array.from({ length: 100 }, (_, i) => `Line ${i} of the tender`)
  const text = await textOf('pdf', textPdf('Tender für Größen', lines))
  expect(text).toMatch(/^Tender für Größen\nLine 0 of the tender\nLine 1 of the tender\n/)
  expect(text).toMatch(/Line 99 of the tender$/)
})

test('documents of Word are read as they are seen, new ones and old ones', async () => {
  expect(await textOf('office', docx(['Rugged tablets', 'Docks & <mounts>']))).toBe('Rugged tablets\nDocks & <mounts>')
  const old = doc([
    { text: 'Größe of the docks\r' },
    { text: '東京 and Ω\r', wide: true },
    { text: 'see \u0013 HYPERLINK "http://hidden" \u0014the terms\u0015, in\u0007cells\u0007\r' },
  ])
  expect(await textOf('word', old)).toBe('Größe of the docks\n東京 and Ω\nsee the terms, in\tcells')
  const long = doc([{ text: 'walnut '.repeat(2_000) }, { text: 'Ω'.repeat(5_000), wide: true }])
  expect(await textOf('word', long)).toBe(`${'walnut '.repeat(2_000)}${'Ω'.repeat(5_000)}`)
})

test('what Word keeps of a text beside it is not its text', async () => {
  const parts = {
    'word/document.xml':
      '<w:document xmlns:w="w" xmlns:mc="mc"><w:body><w:p><w:r><w:t>seen</w:t><w:tab/><w:t>too</w:t></w:r>' +
      '<w:r><w:instrText>PAGEREF hidden</w:instrText></w:r><w:del><w:r><w:delText>taken out</w:delText></w:r></w:del>' +
      '<mc:AlternateContent><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback></mc:AlternateContent>' +
      '</w:p></w:body></w:document>',
    'word/footnotes.xml': '<w:footnotes><w:footnote><w:p><w:r><w:t>below</w:t></w:r></w:p></w:footnote></w:footnotes>',
    'word/styles.xml': '<w:styles><w:t>Heading</w:t></w:styles>',
  }
  expect(await textOf('office', await archive(parts))).toBe('seen\ttoobox\nbelow')
})

test('workbooks, presentations and OpenDocument are read', async () => {
  expect(
    await textOf(
      'office',
      xlsx([
        ['Item', 'Price'],
        ['Dock', 1200],
      ]),
    ),
  ).toBe('Item\tPrice\t\nDock\t1200')
  expect(await textOf('office', await sharedXlsx(['Tablet', 'per unit'], [['#0', 950, '#1']]))).toBe(
    'Tablet\t950\tper unit',
  )
  const slides = Array.from({ length: 12 }, (_, i) => `Slide ${i + 1}`)
  expect(await textOf('office', await pptx(slides))).toBe(slides.join('\n'))
  const content = '<text:h>Offer</text:h><text:p>Two<text:s/>words<text:tab/>and<text:line-break/>a line</text:p>'
  expect(await textOf('office', await odt(content))).toBe('Offer\nTwo words\tand\na line')
})

test('plain files are read: text in any charset, HTML, calendars, mails and rich text', async () => {
  expect(await textOf('text', Buffer.from('Grüße', 'latin1'))).toBe('Grüße')
  expect(await textOf('text', Buffer.from('Größe;Preis\nXL;12\n'))).toBe('Größe;Preis\nXL;12')
  expect(await textOf('html', Buffer.from('<style>b{}</style><p>One &amp; <b>two</b></p><script>3</script>'))).toBe(
    'One & two',
  )
  const ics = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'SUMMARY:Site visit\\, Tacoma',
    'LOCATION:Gate 4',
    'ATTENDEE;CN="Dana Whitfield":mailto:dana@tacoma.example',
    'DTSTART:20261124T090000Z',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  expect(await textOf('calendar', Buffer.from(ics.join('\r\n')))).toBe(
    'Site visit, Tacoma\nGate 4\nDana Whitfield dana@tacoma.example',
  )
  const mail = Buffer.from('From: Ravi <ravi@kern.example>\nSubject: Docks\n\nTwelve of them.\n')
  expect(await textOf('mail', mail)).toBe('Docks\nRavi ravi@kern.example\nTwelve of them.')
  expect(await textOf('rtf', Buffer.from('{\\rtf1\\ansi Twelve \\b docks\\b0 .}'))).toContain('docks')
})

test('what a document is decides, not what it is called', async () => {
  expect(await textOf('word', docx(['modern']))).toBe('modern')
  expect(await textOf('word', Buffer.from('{\\rtf1\\ansi rich}'))).toBe('rich')
  expect(await textOf('word', Buffer.from('<html><body>page</body></html>'))).toBe('page')
  expect(await textOf('office', doc([{ text: 'old' }]))).toBe('old')
  expect(await textOf('office', textPdf('printed', []))).toBe('printed')
})

test.each<[string, string, FileKind | null]>([
  ['Offer.PDF', 'application/octet-stream', 'pdf'],
  ['offer', 'application/pdf', 'pdf'],
  ['prices.xlsx', 'application/zip', 'office'],
  ['terms.doc', 'application/msword', 'word'],
  ['invite.ics', 'text/calendar', 'calendar'],
  ['notes.md', 'application/octet-stream', 'text'],
  ['picture.jpg', 'image/jpeg', null],
  ['all.zip', 'application/zip', null],
  ['pdf', 'application/octet-stream', null],
])('%s (%s) is read as %s', (filename, contentType, kind) => {
  expect(fileKind({ filename, contentType })).toBe(kind)
})

test('what is empty, very large, or shown within the mail is not read', () => {
  const file = { filename: 'a.pdf', contentType: 'application/pdf', size: 10, inline: false }
  expect(isReadable(file)).toBe(true)
  expect([{ size: 0 }, { size: 60_000_000 }, { inline: true }].map((some) => isReadable({ ...file, ...some }))).toEqual(
    [false, false, false],
  )
})

const DAMAGED = 'It is damaged, or not what its name says.'
const LOCKED = 'It opens with a password only.'

test.each<[string, FileKind, () => Buffer | Promise<Buffer>, string]>([
  ['nothing but noise', 'pdf', () => Buffer.from('%PDF-1.7 and then nothing'), DAMAGED],
  ['half an archive', 'office', () => docx(['whole']).subarray(0, 200), DAMAGED],
  ['an archive of something else', 'office', () => archive({ 'readme.txt': 'hello' }), DAMAGED],
  ['a compound file of something else', 'word', () => compound({ Workbook: Buffer.from('x') }), DAMAGED],
  ['an old document with a password', 'word', () => doc([{ text: 'secret' }], 0x0100), LOCKED],
  ['a new document with a password', 'office', () => compound({ EncryptedPackage: Buffer.from('x') }), LOCKED],
  ['a PDF with a password', 'pdf', () => lockedPdf(), LOCKED],
])('%s can not be read, and says why', async (_, kind, make, why) => {
  await expect(readFile(kind, await make())).rejects.toThrow(why)
  expect(await open().read(kind, await make())).toEqual({ failed: why })
})

test('a scanned page has no text, which is no fault', async () => {
  const picture = textPdf('x', []).toString('latin1').replace('(x) Tj', '      ')
  expect(await readFile('pdf', Buffer.from(picture, 'latin1'))).toEqual({ text: '', cut: false })
})

test('a PDF with pages that are damaged is read as far as it goes', async () => {
  const lines = Array.from({ length: 90 }, (_, i) => `Line ${i}`)
  const broken = textPdf('Tender', lines).toString('latin1').replace('/Contents 8 0 R', '/Contents 99 0 R')
  const { text } = await readFile('pdf', Buffer.from(broken, 'latin1'))
  expect(text).toContain('Line 0\n')
  expect(text).not.toContain('Line 89')
})

test('of a very long file the beginning is read', async () => {
  const { text, cut } = await readFile('text', Buffer.from('word '.repeat(400_000)))
  expect([text.length <= 500_000, text.length > 400_000, cut]).toEqual([true, true, true])
})

test('an archive that unpacks to gigabytes is read up to a limit, with little memory', async () => {
  // Spaces between elements: there is no text that would end it before.
  const bomb = Buffer.concat([
    Buffer.from('<w:document><w:p><w:t>before</w:t></w:p>'),
    Buffer.alloc(400_000_000, ' '),
    Buffer.from('<w:p><w:t>after</w:t></w:p></w:document>'),
  ])
  const file = await archive({ 'word/document.xml': bomb })
  expect(file.length).toBeLessThan(1_000_000)
  expect(await open({ bytesMb: 64 }).read('office', file)).toEqual({ text: 'before', cut: true })
})

test('a PDF that unpacks to gigabytes costs its thread, and the next file is read', async () => {
  const reader = open({ bytesMb: 128 })
  expect(await reader.read('pdf', pdfBomb())).toEqual({ failed: 'Reading it took too much memory.' })
  expect(await reader.read('pdf', textPdf('next', []))).toEqual({ text: 'next', cut: false })
})

test('a file that takes too many objects costs its thread, and the next file is read', async () => {
  const reader = open({ objectsMb: 24 })
  const page = Buffer.from(`<html>${'<p>a <b>b</b> &amp;'.repeat(230_000)}`)
  expect(await reader.read('html', page)).toEqual({ failed: 'Reading it took too much memory.' })
  expect(await reader.read('text', Buffer.from('next'))).toEqual({ text: 'next', cut: false })
})

test('a file that takes too long is let go of', async () => {
  const reader = open({ timeoutMs: 1 })
  expect(await reader.read('text', Buffer.from('slow'))).toEqual({ failed: 'Reading it took more than 0.001 seconds.' })
})

test('who lets go of the reader learns nothing of the file', async () => {
  const reader = open()
  const reading = reader.read(
    'pdf',
    textPdf(
      'long',
      Array.from({ length: 5_000 }, () => 'line'),
    ),
  )
  reading.catch(() => {})
  await reader.rest()
  await expect(reading).rejects.toThrow('let go')
})

test('whatever bytes a file has, it is read or it says why', async () => {
  const whole = {
    office: docx(['Rugged tablets']),
    word: doc([{ text: 'Rugged tablets' }]),
    pdf: textPdf('Rugged', []),
  }
  const kinds = Object.keys(whole) as (keyof typeof whole)[]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...kinds),
      fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { maxLength: 12 }),
      fc.nat(4_000),
      async (kind, changes, end) => {
        const bytes = Buffer.from(whole[kind])
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
        const answer = await readFile(kind, bytes.subarray(0, Math.max(8, end))).catch((error: unknown) => error)
        if (answer instanceof Error) expect(answer.message).toMatch(/^[A-Z].*\.$/)
        else expect(answer).toMatchObject({ text: expect.any(String) })
      },
    ),
    { numRuns: 150 },
  )
})

/** A PDF whose first page unpacks, twice, to 600 MB. */
function pdfBomb(): Buffer {
  const stream = deflateSync(deflateSync(Buffer.alloc(600_000_000, ' ')))
  return pdfOf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>',
    ],
    Buffer.concat([
      Buffer.from(`4 0 obj\n<< /Length ${stream.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n`),
      stream,
      Buffer.from('\nendstream\nendobj\n'),
    ]),
    '/Root 1 0 R',
  )
}

/** A PDF that asks for a password (ISO 32000-1, section 7.6): no key opens what was never encrypted with one. */
function lockedPdf(): Buffer {
  const hash = '00'.repeat(32)
  return pdfOf(
    [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [] /Count 0 >>',
      `<< /Filter /Standard /V 1 /R 2 /O <${hash}> /U <${hash}> /P -1 >>`,
    ],
    Buffer.alloc(0),
    `/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]`,
  )
}

function pdfOf(objects: string[], more: Buffer, trailer: string): Buffer {
  const head = `%PDF-1.4\n${objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('')}`
  return Buffer.concat([Buffer.from(head), more, Buffer.from(`trailer\n<< /Size 9 ${trailer} >>\n%%EOF\n`)])
}
