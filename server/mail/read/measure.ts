// How large a part is when decoded, and a digest of what it holds, without keeping it decoded.

import { createHash, type Hash } from 'node:crypto'
import { bytesOf, type Part } from './mime.ts'

/** So much is looked at in one go; strings of this size cost next to nothing. */
const CHUNK = 32 * 1024
/** A line of base64 has no more than 76 letters (RFC 2045 section 6.8); some programs write a few more. */
const MAX_LINE = 1024

/** The exact size in bytes, and a digest that is the same however the lines were broken on the way. */
export function measure(raw: Buffer, part: Part): { size: number; digest: string } {
  const hash = createHash('sha256')
  if (part.encoding === 'base64') return { size: measureBase64(raw, part, hash), digest: hash.digest('base64') }
  const bytes = bytesOf(raw, part)
  for (let at = 0; at < bytes.length; at += CHUNK) {
    hash.update(bytes.toString('latin1', at, Math.min(bytes.length, at + CHUNK)).replaceAll('\r', ''), 'latin1')
  }
  return { size: bytes.length, digest: hash.digest('base64') }
}

/** The letters are digested rather than what they stand for, without padding. */
function measureBase64(raw: Buffer, part: Part, hash: Hash): number {
  const even = evenLines(raw, part.start, part.end, hash)
  let { letters } = even
  let padded = false
  for (let at = even.end; at < part.end; at += CHUNK) {
    const text = raw.toString('latin1', at, Math.min(part.end, at + CHUNK)).replace(/[^A-Za-z0-9+/_=-]+/g, '')
    padded ||= /=[^=]/.test(text)
    const bare = text.replace(/=+/g, '').replaceAll('-', '+').replaceAll('_', '/')
    letters += bare.length
    hash.update(bare, 'latin1')
  }
  return padded ? bytesOf(raw, part).length : Math.floor((letters * 3) / 4)
}

const decoded = Buffer.allocUnsafe(CHUNK)

/**
 * Base64 as nearly every program writes it, in lines of one length: decoding and encoding again drops the line breaks,
 * several times as fast as looking for them. Ends before lines that are different, which the number of letters tells,
 * and the last line, since a letter too many would vanish in decoding.
 */
function evenLines(raw: Buffer, start: number, end: number, hash: Hash): { letters: number; end: number } {
  const lineBreak = raw.subarray(start, Math.min(end, start + MAX_LINE)).indexOf(10)
  const line = lineBreak + 1
  const inLine = raw[start + lineBreak - 1] === 13 ? lineBreak - 1 : lineBreak
  let letters = 0
  let at = start
  while (inLine > 0 && inLine % 4 === 0) {
    const lines = Math.min(Math.floor(CHUNK / line), Math.floor((end - at) / line))
    const written = raw.toString('latin1', at, at + lines * line)
    const text = decoded.toString('base64', 0, decoded.write(written, 'base64'))
    const last = text.slice(-inLine)
    if (lines === 0 || text.length !== lines * inLine || last.endsWith('=')) break
    if (!written.startsWith(last, (lines - 1) * line) || written.at(-1) !== '\n') break
    hash.update(text, 'latin1')
    letters += text.length
    at += lines * line
  }
  return { letters, end: at }
}
