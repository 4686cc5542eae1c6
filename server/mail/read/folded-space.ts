/** What takes no room or stands in the middle of words: zero-width marks, joiners, word joiner, byte order mark, grapheme joiner. */
const INVISIBLE = '\\u200b-\\u200f\\u2060\\ufeff\\u034f'
const SOFT_HYPHENS = /\u00ad+/gu
const SPACE = new RegExp(`[${INVISIBLE}]*\\s[\\s${INVISIBLE}]*|[${INVISIBLE}]{2,}|[\\u200b\\u2060\\ufeff\\u034f]`, 'gu')
const EDGES = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, 'gu')

/**
 * White space folded to single spaces, and what newsletters fill up with to none. A joiner on its own stays: it is part of
 * how Persian and emoji are written (U+200C, U+200D; Unicode, section 23.2).
 */
export function foldSpace(text: string): string {
  return text.replace(SOFT_HYPHENS, '').replace(SPACE, ' ').replace(/ {2,}/g, ' ').replace(EDGES, '')
}
