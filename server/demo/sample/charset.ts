/** The charsets that the sample mail is written in. */
export type Charset = 'utf-8' | 'iso-8859-1' | 'windows-1252' | 'iso-2022-jp'

/** The text in that charset, or undefined if it has a character that the charset lacks. */
export function encode(text: string, charset: Charset): Buffer | undefined {
  if (charset === 'utf-8') return Buffer.from(text)
  if (charset === 'iso-8859-1') {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 is all 256 of them.
    return /^[\x00-\xff]*$/.test(text) ? Buffer.from(text, 'latin1') : undefined
  }
  return charset === 'windows-1252' ? encodeWindows1252(text) : encodeIso2022Jp(text)
}

const windows1252 = lazy(() => {
  const decoder = new TextDecoder('windows-1252')
  return new Map(Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]))
})

function encodeWindows1252(text: string) {
  const bytes = Array.from(text, (char) => windows1252().get(char))
  return bytes.every((byte) => byte !== undefined) ? Buffer.from(bytes) : undefined
}

// JIS X 0208 has 94 rows of 94 characters. Node can decode it in its EUC-JP form, which is enough to turn it round.
const jis = lazy(() => {
  const decoder = new TextDecoder('euc-jp')
  const codes = new Map<string, [number, number]>()
  for (let row = 0x21; row <= 0x7e; row++) {
    for (let cell = 0x21; cell <= 0x7e; cell++) {
      const char = decoder.decode(Uint8Array.of(row | 0x80, cell | 0x80))
      if (char.length === 1 && char !== '\ufffd') codes.set(char, [row, cell])
    }
  }
  return codes
})

/** RFC 1468: ASCII, with ESC $ B before Japanese and ESC ( B after it; a line ends in ASCII. */
function encodeIso2022Jp(text: string) {
  const bytes: number[] = []
  let inJapanese = false
  for (const char of text) {
    const ascii = char.charCodeAt(0) < 0x80
    const code = ascii ? [char.charCodeAt(0)] : jis().get(char)
    if (!code) return undefined
    if (inJapanese === ascii) bytes.push(0x1b, ...(ascii ? [0x28, 0x42] : [0x24, 0x42]))
    inJapanese = !ascii
    bytes.push(...code)
  }
  if (inJapanese) bytes.push(0x1b, 0x28, 0x42)
  return Buffer.from(bytes)
}

function lazy<T>(make: () => T) {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
