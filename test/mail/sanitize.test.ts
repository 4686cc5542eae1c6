import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { realHost } from '../../server/mail/read/link-host.ts'
import { parseMail } from '../../server/mail/read/parse.ts'
import { sanitizeHtml } from '../../server/mail/read/sanitize.ts'

const cidUrls = { 'logo@x': '/files/1/0' }
const clean = (html: string) => sanitizeHtml(html, { cidUrls }).html
const remotePrefix = '/remote?url='
const withRemote = (html: string) => sanitizeHtml(html, { cidUrls, remotePrefix }).html

test('a newsletter keeps its looks and loses its scripts and its pixels, which are counted', async () => {
  const { html } = await parseMail(readFileSync(path.join(import.meta.dirname, '../emails/newsletter-polish.eml')))
  expect(sanitizeHtml(html!, { cidUrls: { 'logo@meble': '/files/7/0' } })).toEqual({
    html:
      '<style>\n.a{color:red;background:none}\n</style>\n<div bgcolor="#ffffff"><h1 class="a">Nowości</h1><p>Krzesła\u00a0i stoły</p>\n' +
      '<img src="/files/7/0" /><img width="1" height="1" data-remote-src="https://t.example/pixel.gif" />\n' +
      '<a href="https://meble.example/" target="_blank" rel="noopener noreferrer nofollow">Zobacz</a></div>',
    remoteCount: 2,
  })
})

test.each([
  ['<script>x()</script>a', 'a'],
  ['<img src=x onerror=x()>', '<img />'],
  ['<svg><script>x()</script></svg>a', 'a'],
  ['<math><mtext></mtext></math>a', 'a'],
  ['<iframe src="https://x.example"></iframe>a', 'a'],
  ['<form action="https://x.example"><input name=a>a</form>', 'a'],
  ['<a href="javascript:x()">a</a>', '<a>a</a>'],
  ['<a href="data:text/html,x">a</a>', '<a>a</a>'],
  ['<meta http-equiv=refresh content="0;url=https://x.example">a', 'a'],
  ['<base href="https://x.example"><link rel=stylesheet href="https://x.example/a.css">a', 'a'],
  ['<p style="position:fixed;color:red">a</p>', '<p style="color:red">a</p>'],
  ['<p style="width:expression(x())">a</p>', '<p>a</p>'],
  ['<p style="background:url(javascript:x())">a</p>', '<p>a</p>'],
  ['<style>@import "https://x.example/a.css";p{color:red}</style>a', '<style>\np{color:red}\n</style>a'],
  [
    '<style>@media (max-width:600px){p{width:100%}}</style>a',
    '<style>\n@media (max-width:600px){p{width:100%}\n}\n</style>a',
  ],
  ['<style>@font-face{src:url(https://x.example/f)}p{}</style>a', 'a'],
  ['<img src="cid:logo@x">', '<img src="/files/1/0" />'],
  ['<img src="cid:other@x" alt="x">', '<img alt="x" />'],
  ['<img src="data:image/svg+xml,x">', '<img />'],
  ['<img src="/api/members">', '<img />'],
  [
    '<a href="mailto:ada@x.example">a</a>',
    '<a href="mailto:ada@x.example" target="_blank" rel="noopener noreferrer nofollow">a</a>',
  ],
])('%s becomes %s', (html, safe) => {
  expect(clean(html)).toBe(safe)
})

test.each([
  ['<img src="https://x.example/a.png">', 1],
  ['<img src="//x.example/a.png">', 1],
  ['<table background="http://x.example/a.png"><tr><td>a</td></tr></table>', 1],
  ['<p style="background-image:url(https://x.example/a.png)">a</p>', 1],
  ['<p style="list-style:url(\'https://x.example/a.png\')">a</p>', 1],
  ['<style>p{background:url(https://x.example/a.png)}</style>', 1],
  ['<p>https://x.example/a.png</p>', 0],
])('%s would load %i things from elsewhere, and loads none', (html, remoteCount) => {
  const sanitized = sanitizeHtml(html, { cidUrls })
  expect(sanitized.remoteCount).toBe(remoteCount)
  expect(sanitized.html).not.toMatch(/(?<!data-remote-)(?:src|background)="?(?:https?:)?\/\/|url\(/)
})

const address = '/remote?url=https%3A%2F%2Fx.example%2Fa.png%3Fb%3D1'

test.each([
  ['<img src="https://x.example/a.png?b=1" alt="a">', `<img alt="a" src="${address}" />`],
  ['<img src="//x.example/a.png?b=1">', `<img src="${address}" />`],
  [
    '<p style="background-image:url(https://x.example/a.png?b=1)">a</p>',
    `<p style="background-image:url(&quot;${address}&quot;)">a</p>`,
  ],
  [
    '<table background="https://x.example/a.png?b=1" style="color:red"><tr><td>a</td></tr></table>',
    `<table style="background-image:url(&quot;${address}&quot;);color:red"><tr><td>a</td></tr></table>`,
  ],
  [
    '<style>p{background:url(https://x.example/a.png?b=1)}</style>',
    `<style>\np{background:url("${address}")}\n</style>`,
  ],
  ['<img src="cid:logo@x">', '<img src="/files/1/0" />'],
  ['<img src="/remote?url=../../../api/members">', '<img />'],
  ['<img src="/api/members">', '<img />'],
  ['<img src="ftp://x.example/a.png">', '<img />'],
])('once somebody asks, %s is loaded through us', (html, safe) => {
  expect(withRemote(html)).toBe(safe)
})

test.each([
  ['https://eve.example/login', 'https://bank.example/login', 'eve.example'],
  ['https://eve.example/', 'Go to www.bank.example now', 'eve.example'],
  ['https://bank.example.eve.example/', 'bank.example', 'bank.example.eve.example'],
  ['https://bänk.example/', 'bank.example', 'xn--bnk-qla.example'],
  ['https://bank.example@eve.example/', 'https://bank.example', 'eve.example'],
  ['mailto:eve@eve.example', 'ada@bank.example', 'eve.example'],
  ['https://bank.example/a?b', 'bank.example', null],
  ['https://www.bank.example/', 'https://bank.example', null],
  ['https://login.bank.example/', 'bank.example', null],
  ['mailto:ada@bank.example', 'Ada', null],
  ['https://eve.example/', 'Read more', null],
  ['https://eve.example/', 'Chairs and tables, e.g. ours', null],
])('of a link to %s that reads %j the reader sees: %s', (href, words, host) => {
  expect(realHost(href, words)).toBe(host)
})

test('a link that leads elsewhere than it says is marked, and no mail can take the mark away or make one', () => {
  const link = '<a href="https://eve.example/a" data-real-host="bank.example"><b>https://</b>bank.example/a</a>'
  expect(clean(`<style>a::after{display:none !important}a:hover{color:red}</style>${link}`)).toBe(
    '<style>\na:hover{color:red}\na[data-real-host]::after{content:" [" attr(data-real-host) "]" !important;font-size:smaller;font-weight:bold}\n</style>' +
      '<a href="https://eve.example/a" target="_blank" rel="noopener noreferrer nofollow" data-real-host="eve.example"><b>https://</b>bank.example/a</a>',
  )
  expect(clean('<a href="https://x.example/" data-real-host="y">More</a>')).not.toContain('data-real-host')
})

const attribute = fc.constantFrom(
  ...[
    ' style="color:red;background:url(//x.example/a)"',
    ' style="font-family:\'A b\',serif"',
    ' class=a',
    ' onclick=x()',
    ' href="https://x.example/?a=1&b=2"',
  ],
  ...[
    ' src="https://x.example/a.png"',
    ' src="cid:logo@x"',
    ' bgcolor="#fff"',
    ' background="//x.example"',
    ' title="&quot;<>"',
    ' id="a"',
    '',
  ],
)
const tag = fc.constantFrom(
  'p',
  'div',
  'a',
  'img',
  'table',
  'tr',
  'td',
  'b',
  'font',
  'body',
  'style',
  'script',
  'svg',
  'li',
  'ul',
  'h1',
  'blockquote',
  'pre',
  'select',
  'br',
  'form',
)
const piece = fc.oneof(
  fc.tuple(tag, attribute, attribute).map(([name, one, two]) => `<${name}${one}${two}>`),
  tag.map((name) => `</${name}>`),
  fc.constantFrom(
    'p{color:red}',
    '@media print{a{color:blue}}',
    '<!--',
    '-->',
    '&amp;',
    '&lt;b&gt;',
    '<',
    '>',
    '"',
    '\u0000',
    'text',
    'www.bank.example',
    '</sty',
    '\\',
  ),
  fc.string(),
)

test.each([
  ['', clean],
  [', nor what is loaded from elsewhere', withRemote],
])('sanitising what was sanitised changes nothing%s', (_, sanitize) => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const once = sanitize(pieces.join(''))
      expect(sanitize(once)).toBe(once)
    }),
    { numRuns: 1500 },
  )
})

test('whatever comes in, nothing that runs comes out', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      expect(clean(pieces.join(''))).not.toMatch(
        /<(?:script|svg|form|select|iframe)|<[a-z][^>]*\son\w+=|<[a-z][^>]*javascript:/i,
      )
    }),
  )
})
