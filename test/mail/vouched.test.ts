import { expect, test } from 'vitest'
import { isVouchedFor } from '../../server/mail/read/vouched.ts'

const results = (...values: string[]) => values.map((value) => ({ name: 'authentication-results', value }))
const internal = { name: 'x-ms-exchange-organization-authas', value: 'Internal' }
const BEN = 'ben@northwind.example'

test.each([
  ['nothing is said', [], null],
  [
    'DMARC passed',
    results('mx.us.example; dmarc=pass (p=REJECT sp=NONE) header.from=northwind.example; spf=none'),
    true,
  ],
  ['a signature of the domain', results('mx.us.example; dkim=pass header.i=@northwind.example header.s=s1'), true],
  ['a signature of its mail server', results('mx.us.example; dkim=pass header.d=mail.northwind.example'), true],
  ['a signature of somebody else', results('mx.us.example; dkim=pass header.d=mailing.example; spf=softfail'), false],
  ['a domain that only ends alike', results('mx.us.example; dkim=pass header.d=evil-northwind.example'), false],
  ['a whole country', results('mx.us.example; dkim=pass header.d=example'), false],
  ['the server that it was handed in at', results('mx.us.example 1; auth=pass smtp.auth=ben@northwind.example'), true],
  ['SPF of the domain', results('mx.us.example; spf=pass smtp.mailfrom=ben@northwind.example'), true],
  ['SPF of a stranger', results('mx.us.example; spf=pass smtp.mailfrom=eve@evil.example'), false],
  [
    'a signature, and DMARC that failed',
    results('mx.us.example; dkim=pass header.d=northwind.example; dmarc=fail'),
    false,
  ],
  ['none', results('mx.us.example; none'), false],
  [
    'what a stranger wrote below what our server found',
    results('mx.us.example; dkim=none; spf=none', 'mx.evil.example; dmarc=pass header.from=northwind.example'),
    false,
  ],
  [
    'several headers of our server',
    results('mx.us.example; spf=none', 'mx.us.example; dkim=pass header.d=northwind.example'),
    true,
  ],
  [
    'mail within Microsoft 365',
    [
      ...results('dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=northwind.example;'),
      internal,
    ],
    true,
  ],
  [
    'mail that claims to be within it',
    [...results('mx.us.example; spf=fail smtp.mailfrom=northwind.example'), internal],
    false,
  ],
  [
    'Microsoft 365 about mail from outside',
    results(
      'spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=northwind.example; dkim=pass (signature was verified)\r\n header.d=northwind.example;dmarc=pass action=none\r\n header.from=northwind.example;compauth=pass reason=100',
    ),
    true,
  ],
])('%s', (_, fields, expected) => {
  expect(isVouchedFor(fields, BEN)).toBe(expected)
})
