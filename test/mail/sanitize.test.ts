import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMail } from '../../server/mail/parse.ts'
import { sanitizeHtml } from '../../server/mail/sanitize.ts'

const cidUrls = { 'logo@x': '/files/1/0' }
const clean = (html: string) => sanitizeHtml(html, { cidUrls }).html

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
    '</sty',
    '\\',
  ),
  fc.string(),
)

test('sanitising what was sanitised changes nothing', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const once = clean(pieces.join(''))
      expect(clean(once)).toBe(once)
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
