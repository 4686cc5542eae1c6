import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MARK } from '../../db/search-index.ts'
import { excerpt, marked } from '../../server/issues/search/marked.ts'
import { fold, tokens, words } from '../../server/issues/search/words.ts'

test.each([
  ['Price sheet, v2.pdf', ['price', 'sheet', 'v2', 'pdf']],
  ['RFP-2026-114', ['rfp', '2026', '114']],
  ['dana@port-of-tacoma.example', ['dana', 'port', 'of', 'tacoma', 'example']],
  ['Größe ÜBER Straße', ['grosse', 'uber', 'strasse']],
  ['Ça va été', ['ca', 'va', 'ete']],
  ['e\u0301te\u0301', ['ete']],
  ['smørrebrød Łódź', ['smorrebrod', 'lodz']],
  ['İstanbul ISPARTA ısı', ['istanbul', 'isparta', 'isi']],
  ['ΣΊΣΥΦΟΣ σίσυφος', ['σισυφοσ', 'σισυφοσ']],
  ['ﬁnance ① ½ Ｆｕｌｌ', ['finance', '1', '1', '2', 'full']],
  ['soft\u00adhyphen zero\u200bwidth', ['softhyphen', 'zerowidth']],
  ['東京タワー', ['東', '京', 'タ', 'ワ', 'ー']],
  ['ภาษาไทย', ['ภ', 'า', 'ษ', 'า', 'ไ', 'ท', 'ย']],
  ['हिन्दी', ['हिन्दी']],
  ['한국어 텍스트', ['한국어', '텍스트']],
  ['שָׁלוֹם', ['שלום']],
  ["don't 'quote' \"it\" \\ ; : & | ! * ( ) < >", ['don', 't', 'quote', 'it']],
  ['', []],
])('%s has its words', (text, expected) => {
  expect(words(text)).toEqual(expected)
})

test('what is marked are the words that are indexed, in any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const found = [...tokens(text)]
      expect(found.map(({ word }) => word)).toEqual(words(text))
      for (const { start, end } of found) expect(start < end && end <= text.length).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('no word has anything in it that a query could be made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      for (const word of words(text)) {
        expect(word).toMatch(/^[\p{L}\p{N}\p{M}]{1,64}$/u)
        expect(word).not.toContain(MARK)
      }
    }),
    { numRuns: 500 },
  )
})

test('words that are folded stay as they are when folded again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      expect(words(words(text).join(' '))).toEqual(words(text))
      expect(fold(fold(text))).toBe(fold(text))
    }),
    { numRuns: 300 },
  )
})

test('a word that is far too long is cut, and found by its beginning', () => {
  expect(words('x'.repeat(5_000))).toEqual(['x'.repeat(64)])
})

test('phrases and beginnings are marked as one, with what stands between their words', () => {
  const terms = [
    { phrase: ['price', 'sheet'], prefix: false },
    { phrase: ['gro'], prefix: true },
  ]
  expect(marked('The Price-Sheet: price, GRÖSSE', terms)).toEqual([
    { text: 'The ', marked: false },
    { text: 'Price-Sheet', marked: true },
    { text: ': price, ', marked: false },
    { text: 'GRÖSSE', marked: true },
  ])
})

test('an excerpt is the part of a long text around the first hit', () => {
  const text = `${'before '.repeat(500)}\n\nthe walnut   table\n${'after '.repeat(500)}`
  const pieces = excerpt(text, [{ phrase: ['walnut'], prefix: false }])!
  const whole = pieces.map((piece) => piece.text).join('')
  expect(pieces.filter((piece) => piece.marked)).toEqual([{ text: 'walnut', marked: true }])
  expect(whole).toMatch(/^… before the walnut table after .* …$/)
  expect(whole.length).toBeLessThan(180)
  expect(excerpt(text, [{ phrase: ['birch'], prefix: false }])).toBeNull()
})
