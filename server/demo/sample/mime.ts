import { type Charset, encode } from './charset.ts'

/** A leaf of the MIME tree has `content`, a branch has `parts`. Header values are written as they are. */
export type Part = { headers: Header[]; content: Buffer } | { headers: Header[]; parts: Part[]; boundary: string }
export type Header = [name: string, value: string]

const LINE_LIMIT = 76

/** The bytes of a mail, with CRLF line ends (RFC 5322, RFC 2046). */
export function writeMime(part: Part): Buffer {
  const head = Buffer.from(`${part.headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n`, 'latin1')
  if ('content' in part) return Buffer.concat([head, part.content])
  const delimiter = `--${part.boundary}`
  const written = part.parts.flatMap((each) => [Buffer.from(`${delimiter}\r\n`), writeMime(each), Buffer.from('\r\n')])
  return Buffer.concat([head, ...written, Buffer.from(`${delimiter}--\r\n`)])
}

/** A multipart; a multipart of one is that one. The content type comes last among the headers given. */
export function multipart(subtype: string, boundary: string, parts: Part[]): Part {
  const [only] = parts
  if (only && parts.length === 1) return only
  const type = `multipart/${subtype};\r\n boundary="${boundary}"`
  return { headers: [['Content-Type', type]], parts, boundary }
}

/**
 * A text part in `charset`, or in UTF-8 where the charset lacks a character. Written as 8bit if told so, else as the
 * least that carries it: 7bit or quoted-printable.
 */
export function textPart(
  subtype: string,
  text: string,
  charset: Charset,
  options: { flowed?: boolean; eightBit?: boolean } = {},
): Part {
  const crlf = `${text.trimEnd().replaceAll(/\r?\n/g, '\r\n')}\r\n`
  const encoded = encode(crlf, charset)
  const content = encoded ?? Buffer.from(crlf)
  const ascii = !content.some((byte) => byte > 0x7e) && !/[^\r\n]{990}/.test(crlf)
  const way = ascii ? '7bit' : options.eightBit ? '8bit' : 'quoted-printable'
  return {
    headers: [
      [
        'Content-Type',
        `text/${subtype}; charset="${encoded ? charset : 'utf-8'}"${options.flowed ? '; format=flowed' : ''}`,
      ],
      ['Content-Transfer-Encoding', way],
    ],
    content: way === 'quoted-printable' ? quotedPrintable(content) : content,
  }
}

/** A file: attached by its name, or inline under a Content-ID. */
export function filePart(file: { name: string; type: string; content: Buffer }, contentId?: string): Part {
  const name = file.name.replaceAll('"', "'")
  return {
    headers: [
      ['Content-Type', `${file.type}; name="${headerText(name, 'utf-8')}"`],
      ['Content-Disposition', `${contentId ? 'inline' : 'attachment'}; filename="${headerText(name, 'utf-8')}"`],
      ...(contentId ? [['Content-ID', `<${contentId}>`] satisfies Header] : []),
      ['Content-Transfer-Encoding', 'base64'],
    ],
    content: base64(file.content),
  }
}

function base64(content: Buffer) {
  return Buffer.from((content.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n'))
}

/** RFC 2045 section 6.7. The line ends of `content` are CRLF and stay so. */
function quotedPrintable(content: Buffer): Buffer {
  const lines = content
    .toString('latin1')
    .split('\r\n')
    .map((line) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped.
      const escaped = line.replace(/[\x00-\x08\x0a-\x1f=\x7f-\xff]|[ \t]$/g, hex)
      return softBreaks(escaped)
    })
  return Buffer.from(lines.join('\r\n'), 'latin1')
}

/** Breaks a line so that no part is longer than the limit; a break must not fall within an escape. */
function softBreaks(line: string) {
  const parts: string[] = []
  let from = 0
  while (line.length - from > LINE_LIMIT) {
    let to = from + LINE_LIMIT - 1
    const start = line.lastIndexOf('=', to - 1)
    if (start > to - 3 && start > from) to = start
    parts.push(line.slice(from, to))
    from = to
  }
  return [...parts, line.slice(from)].join('=\r\n')
}

const hex = (char: string) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** A header's text: as it is when ASCII, else as encoded words of at most 75 characters (RFC 2047 section 2). */
export function headerText(text: string, charset: Charset): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins at 0.
  if (/^[\x00-\x7e]*$/.test(text)) return text
  const used = encode(text, charset) ? charset : 'utf-8'
  const words: string[] = []
  let word = ''
  const written = (part: string) => `=?${used}?B?${(encode(part, used) ?? Buffer.alloc(0)).toString('base64')}?=`
  for (const char of text) {
    if (written(word + char).length > 75) {
      words.push(written(word))
      word = ''
    }
    word += char
  }
  return [...words, written(word)].join('\r\n ')
}

/** A name and an address as they stand in From, To and Cc. */
export function mailboxText(name: string, address: string, charset: Charset) {
  const safe = /^[\w .'-]*$/.test(name)
  const ascii = /^[ -~]*$/.test(name)
  return name
    ? `${safe ? name : ascii ? `"${name.replaceAll('"', '\\"')}"` : headerText(name, charset)} <${address}>`
    : address
}

/** Values that are folded one to a line when the line would grow too long: References, To, Cc. */
export function folded(values: string[], separator: string) {
  const line = values.join(`${separator} `)
  return line.length <= LINE_LIMIT ? line : values.join(`${separator}\r\n `)
}
