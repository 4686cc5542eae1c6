// Regular expressions for words: \b knows ASCII letters only.

const BEFORE = '(?<![\\p{L}\\p{N}])'
const AFTER = '(?![\\p{L}\\p{N}])'

/** Finds one of some words, each an expression, standing by itself; without case. */
export const anyOf = (words: string): RegExp => new RegExp(`${BEFORE}(?:${words})${AFTER}`, 'giu')

/** Likewise with case: short forms such as ET are other words in small letters. */
export const exactly = (words: string): RegExp => new RegExp(`${BEFORE}(?:${words})${AFTER}`, 'gu')

/** Whether a text holds a pattern. The patterns are global, and `test` would go on where it stopped. */
export const has = (text: string, pattern: RegExp): boolean => text.search(pattern) >= 0

/** Where the last match ends; -1: there is none. */
export function lastEnd(text: string, pattern: RegExp): number {
  let end = -1
  for (const match of text.matchAll(pattern)) end = match.index + match[0].length
  return end
}
