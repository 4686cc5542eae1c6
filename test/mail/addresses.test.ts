import { expect, test } from 'vitest'
import { addressesOf, writerOf } from '../../server/mail/read/addresses.ts'

test.each([
  ['"Doe, Jane" <jane@x.example>', [['Doe, Jane', 'jane@x.example']]],
  [
    'Doe, Jane <jane@x.example>, Roe, Rick <rick@x.example>',
    [
      ['Doe, Jane', 'jane@x.example'],
      ['Roe, Rick', 'rick@x.example'],
    ],
  ],
  [
    'jane@x.example, Roe Rick <rick@x.example>',
    [
      ['', 'jane@x.example'],
      ['Roe Rick', 'rick@x.example'],
    ],
  ],
  [
    'Jane <jane@x.example> Rick <rick@x.example>',
    [
      ['Jane', 'jane@x.example'],
      ['Rick', 'rick@x.example'],
    ],
  ],
  ['Jane (of the shop \\) by day) <jane(her desk)@x.example(the shop)>', [['Jane', 'jane@x.example']]],
  [
    'The shop (all):Jane <jane@x.example>,\r\n rick@x.example; (the end)',
    [
      ['Jane', 'jane@x.example'],
      ['', 'rick@x.example'],
    ],
  ],
  ['Jane Doe [mailto:jane@x.example]', [['Jane Doe', 'jane@x.example']]],
  ['Jane Doe <mailto:jane@x.example>', [['Jane Doe', 'jane@x.example']]],
  ['"jane doe"@x.example', [['', '"jane doe"@x.example']]],
  ['=?utf-8?Q?M=C3=BCller=2C_J=C3=BCrgen?= <j@x.example>', [['Müller, Jürgen', 'j@x.example']]],
  ['undisclosed-recipients:;', []],
])('%s', (value, expected) => {
  const found = addressesOf([{ name: 'to', value }], 'to')
  expect(found.map(({ name, address }) => [name, address])).toEqual(expected)
})

test.each([
  ['Moderator <moderator>', 'Moderator'],
  ['"Printer, hall" <>', 'Printer, hall'],
  ['<moderator>', 'moderator'],
  ['<>', ''],
])('a writer without an address is named all the same: %s', (value, name) => {
  expect(writerOf([{ name: 'from', value }])).toEqual({ name, address: '' })
})

test('a field of hostile length takes no time to speak of', () => {
  for (const piece of ['<@', '(\\(', '<a@b> ', '[mailto:', '"', ',', 'a, '])
    addressesOf([{ name: 'to', value: piece.repeat(65_536 / piece.length) }], 'to')
})
