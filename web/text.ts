/** A piece of text, or an address in it that can be followed. */
export type Piece = { text: string; href?: string }

// Web addresses with their scheme or www., and mail addresses. No lookbehind over long runs, so that it stays linear.
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'`]{2,2000}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b/gi

/** Cuts text at the links in it. Only web and mail addresses become links, nothing that could run. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const link = trimEnd(match[0])
    const href = hrefOf(link)
    if (!href) continue
    if (match.index > from) found.push({ text: text.slice(from, match.index) })
    found.push({ text: link, href })
    from = match.index + link.length
  }
  if (from < text.length) found.push({ text: text.slice(from) })
  return found
}

/** Punctuation behind an address belongs to the sentence; a closing bracket too, unless it was opened within. */
function trimEnd(link: string): string {
  let end = link.replace(/[.,;:!?…*_~]+$/, '')
  while (/[)\]}]$/.test(end) && !/[([{]/.test(end)) end = end.slice(0, -1).replace(/[.,;:!?]+$/, '')
  return end
}

function hrefOf(link: string): string | undefined {
  if (!/^(https?:|www\.)/i.test(link)) return `mailto:${link}`
  const url = /^www\./i.test(link) ? `https://${link}` : link
  return URL.canParse(url) ? url : undefined
}

/** The paragraphs of a text: parted by empty lines, without empty ones. */
export function paragraphs(text: string): string[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n(?:[^\S\n]*\n)+/)
    .map((part) => part.replace(/^\n+|\s+$/g, ''))
    .filter((part) => part.trim() !== '')
}

/** Between these widths the longest line of a text shows that a mail program broke its lines; beyond, nobody did. */
const LEAST_WIDTH = 62
const MOST_WIDTH = 84

/** The width at which a mail program broke the lines of a text; none where it did not. */
export function brokenAt(text: string): number | undefined {
  let width = 0
  for (const line of text.split('\n')) width = Math.max(width, line.trimEnd().length)
  return width >= LEAST_WIDTH && width <= MOST_WIDTH ? width : undefined
}

/** Joins the lines of a paragraph that were broken at a width: those behind which the next word did not fit. */
export function unbroken(paragraph: string, width: number | undefined): string {
  if (width === undefined) return paragraph
  const lines = paragraph.split('\n')
  return lines.reduce((joined, line, index) => {
    const before = lines[index - 1]?.trimEnd() ?? ''
    const word = /^\S+/.exec(line)?.[0] ?? ''
    const didNotFit = before.length + 1 + word.length > width
    const isItem = /^([-*•>|]|\d+[.)])\s/.test(line)
    return `${joined}${didNotFit && word && !isItem ? ' ' : '\n'}${line}`
  })
}

/** A text without its signature, and the signature (RFC 3676, section 4.3: a line of "-- " and what follows). */
export function signed(text: string): { body: string; signature: string } {
  const found = /(?:^|\n)-- ?\n(?=[^\n])/.exec(text)
  const signature = found ? text.slice(found.index + found[0].length).trim() : ''
  // What is longer than a card is no signature.
  if (!found || signature.split('\n').length > MAX_SIGNATURE_LINES) return { body: text, signature: '' }
  return { body: text.slice(0, found.index), signature }
}
const MAX_SIGNATURE_LINES = 12

/** A message's own text, and the quoted text that follows it. */
export function parts(message: { text: string; quotedFrom: number | null }): { own: string; quoted: string } {
  if (message.quotedFrom === null) return { own: message.text, quoted: '' }
  const own = message.text.slice(0, message.quotedFrom)
  const quoted = message.text.slice(message.quotedFrom)
  // Nothing but quoted text: then it is what the writer sent, and folding it would hide the mail.
  return own.trim() ? { own, quoted } : { own: quoted, quoted: '' }
}

/** Quoted text without its marks, for reading. */
export function unmarked(quoted: string): string {
  return quoted.replace(/^(?:> ?)+/gm, '')
}
