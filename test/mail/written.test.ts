import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { compose, type Outbound, type OutboundFile } from '../../server/mail/send/compose.ts'
import { signatureBelow } from '../../server/mail/send/signature-below.ts'
import { writtenHtml } from '../../server/mail/send/written-html.ts'
import { writtenText } from '../../server/mail/send/written-text.ts'

const offer: Outbound = {
  internetMessageId: 'i1.2.3@northwind.example',
  inReplyTo: null,
  references: [],
  subject: 'Chairs',
  fromName: 'Northwind',
  fromAddress: 'proposals@northwind.example',
  to: [{ name: 'Dana Whitfield', address: 'dana@tacoma.example' }],
  cc: [],
  at: Date.UTC(2026, 10, 20, 9, 41),
}
const ID = '0198c0de-0000-7000-8000-000000000001'
const PICTURE: OutboundFile = {
  filename: 'Plan Größe.png',
  contentType: 'image/png',
  bytes: Buffer.from('png'),
  contentId: `${ID}@northwind.example`,
}
const FILE: OutboundFile = { filename: 'offer.pdf', contentType: 'application/pdf', bytes: Buffer.from('pdf') }
const HTML = `<p>Grüße, <strong>Dana</strong></p><p><img src="cid:${ID}@northwind.example" alt="plan" /></p>`

/** The parts of a mail as a tree: each with its type, and what says where it belongs. */
function treeOf(raw: string): unknown {
  const at = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, at).replace(/\r\n[ \t]+/g, ' ')
  const field = (name: string) => new RegExp(`^${name}: ([^;\\r\\n]*)`, 'im').exec(head)?.[1]
  const type = field('Content-Type')
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1]
  if (!boundary)
    return [type, field('Content-Transfer-Encoding'), field('Content-Disposition')].filter(Boolean).join(' ')
  const parts = raw.slice(at).split(`--${boundary}`).slice(1, -1)
  return { [type ?? '']: parts.map((part) => treeOf(part.replace(/^\r\n/, '').replace(/\r\n$/, ''))) }
}

const TEXT = 'text/plain 7bit'
const BOTH = { 'multipart/alternative': [TEXT, 'text/html quoted-printable'] }
const SHOWN = 'image/png base64 inline'
const ATTACHED = 'application/pdf base64 attachment'

test.each([
  ['text alone', null, [], TEXT],
  ['text and a file', null, [FILE], { 'multipart/mixed': [TEXT, ATTACHED] }],
  ['a form', HTML, [], BOTH],
  ['a form and a file', HTML, [FILE], { 'multipart/mixed': [BOTH, ATTACHED] }],
  ['a form with a picture', HTML, [PICTURE], { 'multipart/related': [BOTH, SHOWN] }],
  [
    'a form with a picture, and a file',
    HTML,
    [FILE, PICTURE],
    { 'multipart/mixed': [{ 'multipart/related': [BOTH, SHOWN] }, ATTACHED] },
  ],
])('a mail of %s has the parts that it needs and no others', async (_, html, files, tree) => {
  const raw = (await compose(offer, 'Hello', files, html)).toString('latin1')
  expect(treeOf(raw)).toEqual(tree)
  expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
})

test('a form arrives as it was written, with its picture by the Content-ID that it names', async () => {
  const mail = await PostalMime.parse(await compose(offer, 'Grüße, Dana', [FILE, PICTURE], HTML))
  expect(mail.html).toContain(HTML)
  expect(mail.text?.trim()).toBe('Grüße, Dana')
  expect(mail.attachments.map(({ filename, contentId, disposition }) => [filename, contentId, disposition])).toEqual([
    ['Plan Größe.png', `<${ID}@northwind.example>`, 'inline'],
    ['offer.pdf', undefined, 'attachment'],
  ])
})

test('whatever stands in subject, names, addresses, ids, file names, forms and automatic fields, no part gets another field', async () => {
  const nasty = fc.string({
    unit: fc.constantFrom(
      ...'ab ,;:<>"()=?%\r\n\t\0\u0085\u2028ü'.split(''),
      '\r\nBcc: eve@evil.example',
      '\r\n\r\n<script>',
      '=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=',
    ),
  })
  const allowed = new Set(
    'Auto-Submitted From To Cc In-Reply-To References Subject Message-ID X-Downfield-Message-ID Date MIME-Version Content-Type Content-Transfer-Encoding Content-Disposition Content-ID'.split(
      ' ',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.tuple(nasty, nasty, nasty, nasty, nasty, nasty, nasty), async (given) => {
      const [subject, name, local, filename, contentId, words, id] = given
      const to = [{ name, address: `${local}dana@tacoma.example` }]
      const cc = [{ name, address: 'buyer@tacoma.example' }]
      const references = [`${id}a@tacoma.example`, id]
      const message = { ...offer, subject, fromName: name, to, cc, inReplyTo: references[0] ?? null, references }
      const files = [
        { ...FILE, filename },
        { ...PICTURE, filename, contentId },
      ]
      // As it comes from the page, with a signature below, and as automatic mail says what it is.
      const { html } = writtenHtml(`<p title="${words}">${words}</p>${HTML}`, 'northwind.example')
      const below = signatureBelow(`<p>${words}</p>`)
      const text = writtenText(html) + below.text
      const raw = await compose(message, text, files, html + below.html, { 'Auto-Submitted': words }).catch(
        (error: Error) => error,
      )
      // Refused is as good: with the words for who wrote it.
      if (raw instanceof Error) {
        expect(raw.name).toBe('Invalid')
        return
      }
      const bytes = raw.toString('latin1')
      const boundaries = [...bytes.matchAll(/boundary="([^"]+)"/g)].map(([, boundary = '']) => boundary)
      const heads = bytes
        .split(new RegExp(`\\r\\n--(?:${boundaries.join('|')})(?:--)?\\r\\n`))
        .map((part) => part.split('\r\n\r\n')[0] ?? '')
      const names = heads.flatMap((head) =>
        [...head.replace(/\r\n[ \t]/g, ' ').matchAll(/^([!-9;-~]+):/gm)].map(([, field]) => field),
      )
      expect(names.filter((field) => !allowed.has(field ?? ''))).toEqual([])
      const read = await PostalMime.parse(raw)
      expect([read.to, read.cc, read.bcc].flatMap((list) => list?.map(({ address }) => address) ?? [])).toEqual([
        to[0]!.address,
        'buyer@tacoma.example',
      ])
    }),
    { numRuns: 300 },
  )
})

describe('what the page gives', () => {
  test.each([
    ['a script', '<p>a</p><script>alert(1)</script>', '<p>a</p>'],
    ['a handler', `<p onclick="x()">a</p>`, '<p>a</p>'],
    ['a link that runs', '<p><a href="javascript:x()">a</a></p>', '<p><a>a</a></p>'],
    ['a picture from elsewhere', '<p>a<img src="https://evil.example/x.png"></p>', '<p>a</p>'],
    ['a picture as data', '<p>a<img src="data:image/png;base64,AA=="></p>', '<p>a</p>'],
    ['a style', '<p style="position:fixed">a</p><style>p{}</style>', '<p>a</p>'],
    ['a form', '<form action="//evil.example"><input value="a"><p>b</p></form>', '<p>b</p>'],
    ['an empty line', '<p>a</p><p></p><p>b</p>', '<p>a</p><p><br /></p><p>b</p>'],
    ['elements by other names', '<h1><b>a</b> <i>b</i></h1>', '<p><strong>a</strong> <em>b</em></p>'],
  ])('%s goes out harmless', (_, html, made) => {
    expect(writtenHtml(html, 'northwind.example').html).toBe(made)
  })

  test('pictures of the draft are named, each once, and stay', () => {
    const html = `<p><img src="/api/uploads/${ID}" alt="a" width="120" onerror="x()"><img src="/api/uploads/${ID}"></p>`
    expect(writtenHtml(html, 'northwind.example')).toEqual({
      html: `<p><img src="cid:${ID}@northwind.example" alt="a" width="120" /><img src="cid:${ID}@northwind.example" alt="" /></p>`,
      pictureIds: [ID],
    })
  })
})

test('the text says what the form says: lists with their numbers, links with their addresses, quotes with their marks', () => {
  const html =
    '<p>Dear Dana,</p><p>see <a href="https://a.example/x">our site</a> or <a href="https://b.example">b.example</a>.<br />' +
    'Second line</p><ul><li><p>one</p></li><li><p>two</p><ol start="3"><li><p>three</p></li><li><p>four</p></li></ol></li></ul>' +
    '<blockquote><p>said</p><p>before</p></blockquote><pre><code>x = 1\n\n  y</code></pre><p><img src="cid:a" alt="plan" /></p>'
  expect(writtenText(html)).toBe(
    [
      'Dear Dana,',
      '',
      'see our site <https://a.example/x> or b.example.',
      'Second line',
      '',
      '- one',
      '- two',
      '  3. three',
      '  4. four',
      '',
      '> said',
      '>',
      '> before',
      '',
      'x = 1',
      '',
      '  y',
      '',
      '[plan]',
    ].join('\n'),
  )
})
