import { expect, test } from 'vitest'
import {
  ago,
  bytes,
  COLOURS,
  colourOf,
  dayAndTime,
  fullTime,
  initials,
  listed,
  plural,
  shortTime,
  until,
} from '../../web/format.ts'

const now = new Date(2026, 10, 20, 14, 30).getTime() // a Friday

test.each([
  [new Date(2026, 10, 20, 9, 41), '9:41', 'Today 9:41'],
  [new Date(2026, 10, 20, 0, 0), '0:00', 'Today 0:00'],
  [new Date(2026, 10, 19, 23, 59), 'Thu', 'Yesterday 23:59'],
  [new Date(2026, 10, 14, 8, 5), 'Sat', 'Sat 8:05'],
  [new Date(2026, 10, 13, 8, 5), '13 Nov', '13 Nov 8:05'],
  [new Date(2026, 0, 2, 8, 5), '2 Jan', '2 Jan 8:05'],
  [new Date(2025, 10, 12, 8, 5), '12 Nov 2025', '12 Nov 2025 8:05'],
  [new Date(2026, 10, 22, 8, 5), '22 Nov', '22 Nov 8:05'],
])('%s is as short as it can be understood: %s, %s', (date, short, long) => {
  expect([shortTime(date.getTime(), now), dayAndTime(date.getTime(), now)]).toEqual([short, long])
})

test('the full time has the weekday, the date and the year', () => {
  expect(fullTime(new Date(2026, 10, 12, 9, 41).getTime())).toBe('Thursday 12 November 2026 at 9:41')
})

test.each([
  [400, 'just now', 'in 1 s'],
  [4_000, '4 s ago', 'in 4 s'],
  [119_000, '1 min ago', 'in 1 min'],
  [3 * 3_600_000, '3 h ago', 'in 3 h'],
  [86_400_000, '1 day ago', 'in 1 day'],
  [5 * 86_400_000, '5 days ago', 'in 5 days'],
])('%i ms are %s, or %s', (ms, past, future) => {
  expect([ago(now - ms, now), until(now + ms, now)]).toEqual([past, future])
})

test('what is due is due now', () => {
  expect(until(now - 5, now)).toBe('now')
})

test.each([
  [0, '0 bytes'],
  [812, '812 bytes'],
  [999, '999 bytes'],
  [1000, '1 KB'],
  [184_320, '184 KB'],
  [999_700, '1.0 MB'],
  [3_240_000, '3.2 MB'],
  [25_000_000, '25 MB'],
  [2_500_000_000_000, '2500 GB'],
])('%i bytes are %s', (n, words) => {
  expect(bytes(n)).toBe(words)
})

test.each([
  ['Dana Whitfield', 'DW'],
  ['Ángela de la Cruz', 'ÁC'],
  ['proposals@northwind.example', 'P'],
  ['李明', '李'],
  ['O’Brien', 'OB'],
  ['', '?'],
])('the initials of "%s" are %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

test('a colour stays with its owner, and is one of those there are', () => {
  const keys = Array.from({ length: 500 }, (_, i) => `member-${i}@northwind.example`)
  const colours = keys.map(colourOf)
  expect(keys.map(colourOf)).toEqual(colours)
  expect(new Set(colours)).toEqual(new Set(Array.from({ length: COLOURS }, (_, i) => i)))
})

test('one thing is not called many', () => {
  expect([plural(0, 'email'), plural(1, 'email'), plural(4120, 'email'), plural(2, 'person', 'people')]).toEqual([
    '0 emails',
    '1 email',
    '4,120 emails',
    '2 people',
  ])
})

test('names are listed as a sentence has them', () => {
  expect([listed([]), listed(['Ada']), listed(['Ada', 'Ben']), listed(['Ada', 'Ben', 'Cleo'])]).toEqual([
    '',
    'Ada',
    'Ada and Ben',
    'Ada, Ben and Cleo',
  ])
})
