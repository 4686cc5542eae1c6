import { expect, test } from 'vitest'
import { money, plainAmount, readAmount, shortMoney, signedMoney } from '../../web/money.ts'

test.each([
  [42_000_000, 'USD', '$420k'],
  [342_000_000, 'USD', '$3.42M'],
  [99_999_900, 'USD', '$1M'],
  [5_400_000, 'EUR', '€54k'],
  [80_000, 'USD', '$800'],
  [0, 'USD', '$0'],
  [8_400_000, 'JPY', '¥8.4M'],
  [1_234_000, 'KWD', 'KWD 1k'],
])('%i minor units of %s are in short %s', (minor, currency, words) => {
  expect(shortMoney(minor, currency).replace('\u00a0', ' ')).toBe(words)
})

test('cents are shown only where there are any', () => {
  expect([money(42_000_000, 'USD'), money(42_000_050, 'USD'), money(8_400_000, 'JPY')]).toEqual([
    '$420,000',
    '$420,000.50',
    '¥8,400,000',
  ])
  expect([signedMoney(24_000_000, 'USD'), signedMoney(-1_200_000, 'USD')]).toEqual(['+$240k', '−$12k'])
})

test.each([
  ['420000', 'USD', 42_000_000],
  ['$420,000.50', 'USD', 42_000_050],
  ['420k', 'USD', 42_000_000],
  ['1.25m', 'EUR', 125_000_000],
  ['8400000', 'JPY', 8_400_000],
  ['12.345', 'KWD', 12_345],
  ['', 'USD', null],
  // Not certain what is meant: nothing is entered silently.
  ['1,5', 'EUR', undefined],
  ['1.234', 'USD', undefined],
  ['12.5', 'JPY', undefined],
  ['-5', 'USD', undefined],
  ['lots', 'USD', undefined],
])('%j in %s is %j', (typed, currency, minor) => {
  expect(readAmount(typed, currency)).toBe(minor)
})

test.each([
  [42_000_050, 'USD', '420000.50'],
  [8_400_000, 'JPY', '8400000'],
  [null, 'USD', ''],
])('a field shows %j of %s so that it reads back the same', (minor, currency, text) => {
  expect(plainAmount(minor, currency)).toBe(text)
  expect(readAmount(text, currency)).toBe(minor)
})
