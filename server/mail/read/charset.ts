// Bytes to text. Mail names its charset wrongly, in old spellings or not at all; whatever comes, text comes out.

import { isAscii } from 'node:buffer'
import { guessCharset } from './charset-guess.ts'

/**
 * Labels that TextDecoder does not know, or knows as a smaller set than what is sent under that name: the keys are lower
 * case and without `x-`, `cs` and separators.
 */
const ALIASES: Record<string, string> = {
  gb2312: 'gb18030',
  gb231280: 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  hzgb2312: 'gb18030',
  euccn: 'gb18030',
  ksc56011987: 'euc-kr',
  ksc56011989: 'euc-kr',
  ksc5601: 'euc-kr',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  euckr: 'euc-kr',
  iso2022jp: 'iso-2022-jp',
  iso2022jp1: 'iso-2022-jp',
  iso2022jp2: 'iso-2022-jp',
  iso2022jp3: 'iso-2022-jp',
  iso2022jp2004: 'iso-2022-jp',
  iso2022jpms: 'iso-2022-jp',
  iso2022jpkddi: 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  junet: 'iso-2022-jp',
  cp932: 'shift_jis',
  windows31j: 'shift_jis',
  mskanji: 'shift_jis',
  sjis: 'shift_jis',
  shiftjis: 'shift_jis',
  eucjp: 'euc-jp',
  cp51932: 'euc-jp',
  cp950: 'big5',
  big5hkscs: 'big5',
  big5eten: 'big5',
  tis620: 'windows-874',
  cp874: 'windows-874',
  iso88598i: 'iso-8859-8-i',
  iso88598e: 'iso-8859-8',
  iso885911: 'windows-874',
  latin1: 'windows-1252',
  latin9: 'iso-8859-15',
  ansi: 'windows-1252',
  cp1252: 'windows-1252',
  macintosh: 'macintosh',
  macroman: 'macintosh',
  koi8ru: 'koi8-u',
  utf8mb4: 'utf-8',
  utf8: 'utf-8',
  unicode11utf8: 'utf-8',
  utf7: 'utf-7',
  unicode11utf7: 'utf-7',
  unicode20utf7: 'utf-7',
}

/** Names that say nothing: the bytes decide. */
const UNSAID = new Set([
  '',
  'ascii',
  'usascii',
  'ansix341968',
  'unknown',
  'unknown8bit',
  '8bit',
  'default',
  'none',
  'utf8',
])

type Decoder = InstanceType<typeof TextDecoder>

const decoders = new Map<string, Decoder>()

/** Decoders are kept only for labels the runtime accepts, so a mail can't fill the memory with names. */
function decoderFor(label: string): Decoder | null {
  const plain = label
    .trim()
    .toLowerCase()
    .replace(/^["']+|["']+$/g, '')
  const folded = plain.replace(/^(?:x-|cs)/, '').replace(/[\s._:-]+/g, '')
  if (UNSAID.has(folded)) return null
  const name = ALIASES[folded] ?? plain.replace(/^x-(?!mac|user)/, '')
  const kept = decoders.get(name)
  if (kept) return kept
  for (const spelling of [name, folded, folded.replace(/^cp(?=12\d\d$)/, 'windows-')]) {
    try {
      const decoder = new TextDecoder(spelling)
      decoders.set(name, decoder)
      return decoder
    } catch {
      // Not a label of the Encoding Standard: the next spelling, then the bytes themselves.
    }
  }
  return null
}

/** What charsets that shift begin a shift with. */
export const ESCAPE = 0x1b

const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const utf8 = new TextDecoder('utf-8')
const utf16 = new TextDecoder('utf-16be')

/** UTF-16 and UTF-7 apart, and those that shift by escapes, ASCII is itself in every charset. */
const isPlainAscii = (bytes: Uint8Array, label: string): boolean =>
  isAscii(bytes) && !bytes.includes(ESCAPE) && !/utf-?(?:16|7)|ucs|unicode|hz/i.test(label)

/** Text from bytes in the named charset; where the name is missing, unknown or wrong: UTF-8, else a guess, else windows-1252. */
export function decodeText(bytes: Uint8Array, label = ''): string {
  if (isPlainAscii(bytes, label)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  if (isUtf7(label)) return decodeUtf7(Buffer.from(bytes).toString('latin1'))
  const decoder = decoderFor(label)
  if (decoder && decoder.encoding !== 'utf-8') return decoder.decode(bytes)
  if (!decoder && hasJisEscapes(bytes)) return new TextDecoder('iso-2022-jp').decode(bytes)
  try {
    return strictUtf8.decode(bytes)
  } catch {
    // Mostly UTF-8 with a broken byte here and there stays UTF-8, or one cut character would garble the whole mail.
    const lossy = utf8.decode(bytes)
    let broken = 0
    let right = 0
    for (const char of lossy) {
      if (char === '\ufffd') broken++
      else if (char > '\u007f') right++
    }
    return right > broken ? lossy : new TextDecoder(guessCharset(bytes) ?? 'windows-1252').decode(bytes)
  }
}

/** Whether a charset can only be Latin: what is said so often by mistake that the bytes have a say too. */
export const isLatin = (label: string): boolean =>
  !isUtf7(label) && /^(?:utf-8|windows-1252|iso-8859-15)$/.test(decoderFor(label)?.encoding ?? 'utf-8')

/** ESC $ or ESC ( at the start of a shift: ISO-2022-JP is 7-bit, so nothing else would tell it from ASCII. */
function hasJisEscapes(bytes: Uint8Array): boolean {
  let at = bytes.indexOf(ESCAPE)
  for (let tries = 0; at >= 0 && tries < 4; tries++) {
    if (bytes[at + 1] === 0x24 && (bytes[at + 2] === 0x42 || bytes[at + 2] === 0x40)) return true
    at = bytes.indexOf(ESCAPE, at + 1)
  }
  return false
}

const isUtf7 = (label: string) => /^(?:x-|unicode-\d-\d-)?utf-?7$/i.test(label.trim())

/** RFC 2152: runs of base64 of UTF-16BE between `+` and `-`. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z0-9+/]*)-?/g, (_, run: string) => {
    if (run === '') return '+'
    const bytes = Buffer.from(run, 'base64')
    return utf16.decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g

/** Takes out what no database and no screen can hold: NUL and other control characters, lone surrogates, CR. */
export const cleanText = (text: string): string => withoutReturns(text).replace(CONTROLS, '').toWellFormed()

function withoutReturns(text: string): string {
  if (!text.includes('\r')) return text
  const plain = text.replaceAll('\r\n', '\n')
  return plain.includes('\r') ? plain.replaceAll('\r', '\n') : plain
}
