/** The text of a file, and how it was written. */
export type Decoded = { text: string; charset: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' }

const LOOKED_AT_BYTES = 4_000

/**
 * Reads the text of a file: by its mark, or as UTF-16 where every other byte is zero, as UTF-8 where it is valid, and
 * else as windows-1252, which spreadsheets in western Europe and America write.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  const charset = charsetOf(bytes)
  return { text: new TextDecoder(charset).decode(bytes), charset }
}

function charsetOf(bytes: Uint8Array): Decoded['charset'] {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  const looked = bytes.subarray(0, LOOKED_AT_BYTES)
  for (const [i, byte] of looked.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (odd > looked.length / 5 && even === 0) return 'utf-16le'
  if (even > looked.length / 5 && odd === 0) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}
