// Encoded words (RFC 2047) in header fields: =?charset?Q?text?= and =?charset?B?base64?=.

import { decodeText } from './charset.ts'

const WORD = /=\?([^?\s*]{1,60})(?:\*[^?\s]*)?\?([QqBb])\?([^?]*)\?=/g

/** The text of an unstructured header field, with its encoded words read. */
export const decodeWords = (value: string): string => mapWords(value, (text) => text)

/** The same field with every encoded word rewritten in UTF-8, for a parser that must see the structure first. */
export const wordsInUtf8 = (value: string): string =>
  mapWords(value, (text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`)

/**
 * Neighbours of the same charset are joined as bytes before they are decoded, since a character may be split between
 * them (forbidden by RFC 2047 section 5, and common). White space between encoded words is not text (section 6.2).
 */
function mapWords(value: string, show: (text: string) => string): string {
  if (!value.includes('=?')) return value
  let out = ''
  let end = 0
  let run: { charset: string; bytes: Buffer[] } | null = null
  const flush = () => {
    if (run) out += show(joined(run.bytes, run.charset))
    run = null
  }
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(end, match.index)
    // A word with characters beyond ASCII (forbidden, and common) was decoded with the field: only =XX is still encoded.
    const raw = isAscii(match[3]!)
    const charset = raw ? match[1]!.toLowerCase() : 'utf-8'
    const bytes = raw ? wordBytes(match[2]!, match[3]!) : Buffer.from(mixedText(match[1]!, match[3]!))
    const joins: boolean = run !== null && /^[ \t\r\n]*$/.test(between)
    if (!joins || run!.charset !== charset) {
      flush()
      if (!joins) out += between
      run = { charset, bytes: [] }
    }
    run!.bytes.push(bytes)
    end = match.index + match[0].length
  }
  flush()
  return out + value.slice(end)
}

/** Words that each begin and end in ASCII, as those in ISO-2022-JP do, may not fit together as bytes. */
function joined(pieces: Buffer[], charset: string): string {
  const whole = decodeText(Buffer.concat(pieces), charset)
  return whole.includes('\ufffd') ? pieces.map((bytes) => decodeText(bytes, charset)).join('') : whole
}

const isAscii = (text: string): boolean => /^\p{ASCII}*$/u.test(text)

const mixedText = (charset: string, text: string): string =>
  text
    .replaceAll('_', ' ')
    .replace(/(?:=[0-9a-f]{2})+/gi, (run) => decodeText(Buffer.from(run.replaceAll('=', ''), 'hex'), charset))

function wordBytes(encoding: string, text: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64')
  const spaced = text.replaceAll('_', ' ').replace(/=\s+(?=[0-9a-f])/gi, '=')
  return Buffer.concat(
    spaced
      .split(/((?:=[0-9a-f]{2})+)/i)
      .map((piece, at) => (at % 2 ? Buffer.from(piece.replaceAll('=', ''), 'hex') : Buffer.from(piece))),
  )
}
