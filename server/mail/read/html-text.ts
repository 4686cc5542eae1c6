// HTML to the text that a reader of it sees, with the place where the mail program put the quoted mail.

import { Parser } from 'htmlparser2'
import { limitDepth } from './html-depth.ts'

export type HtmlText = {
  text: string
  /** Where the text of the element begins that the writer's mail program keeps the answered mail in. */
  quotedFrom: number | null
}

/** The most HTML that is read, in characters. */
const MAX_HTML = 4_000_000

const HIDDEN = new Set([
  'script',
  'style',
  'head',
  'title',
  'template',
  'noscript',
  'object',
  'svg',
  'math',
  'select',
  'textarea',
])
const PARAGRAPHS = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'ul',
  'ol',
  'pre',
  'table',
  'hr',
  'dl',
])
const LINES = new Set([
  ...[
    'div',
    'tr',
    'li',
    'br',
    'section',
    'article',
    'header',
    'footer',
    'address',
    'center',
    'form',
    'fieldset',
    'dt',
    'dd',
  ],
  ...['body', 'figure', 'figcaption', 'caption', 'main', 'nav', 'aside', 'tbody', 'thead'],
])
const VOID = new Set(['br', 'hr', 'img', 'meta', 'link', 'input', 'col', 'area', 'base', 'wbr'])

/** Elements that hold the answered mail, by class, id or name: Gmail, Yahoo, Proton, Tuta, GMX, Spark, QQ, Zoho. */
const QUOTE_CONTAINER =
  /(?:^|[\s_])(?:gmail_quote(?:_container)?|yahoo_quoted\w*|protonmail_quote|tutanota_quote|zmail_extra|isreplycontent|messagereplysection|quoted_message|qtdsep\w*|moz-cite-prefix|ms-outlook-mobile-reference-message|mail-editor-reference-message-container)(?:$|\s)/i
/** Elements after which everything is the answered mail: Outlook and its kin. */
const QUOTE_STARTS =
  /(?:^|\s)(?:x_)?(?:divrplyfwdmsg|appendonsend|olk_src_body_section|outlookmessageheader|replyforwardmessage|stopspelling)(?:$|\s)/i
const OUTLOOK_RULE = /border:\s*none;\s*border-top:\s*solid\s+#?(?:e1e1e1|b5c4df)\s+1\.0pt/i

/** Deeper quoting is marked no further. */
const MAX_MARKS = 10
const marks = (depth: number): string => '> '.repeat(Math.min(depth, MAX_MARKS))

export function htmlText(html: string): HtmlText {
  const pieces: string[] = []
  let length = 0
  let last = ''
  let breaks = 0
  let space = false
  let hidden = 0
  let pre = 0
  let cited = 0
  let citedBefore = 0
  let quotedFrom: number | null = null
  /** Depth of the container that the quote began with; 0 when everything after belongs to it. */
  let container = 0
  let waiting = false
  let ended = false
  const stack: { tag: string; cites: boolean; hides: boolean }[] = []

  const lineBreak = (count: number) => {
    breaks = Math.max(breaks, count)
    space = false
  }
  // Looking at the end of a long string that is being built copies it each time, so its end is kept apart.
  const append = (text: string) => {
    pieces.push(text)
    length += text.length
    last = text.at(-1) ?? last
  }
  const put = (text: string) => {
    if (text === '') return
    // What follows the old mail is the writer's again.
    if (ended && text.trim() !== '') quotedFrom = null
    if (length === 0) append(marks(cited))
    else if (breaks > 0) {
      // A line between two cited paragraphs is cited too; the one above the first is not.
      const between = citedBefore > 0 ? marks(Math.min(cited, citedBefore)).trimEnd() : ''
      append(breaks > 1 ? `\n${between}\n${marks(cited)}` : `\n${marks(cited)}`)
    } else if (space && !/\s/.test(last)) append(' ')
    if (waiting) {
      quotedFrom = length
      waiting = false
    }
    breaks = 0
    space = false
    citedBefore = cited
    append(text)
  }

  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        if (tag === 'br') {
          breaks = Math.min(2, breaks + 1)
          space = false
        } else if (PARAGRAPHS.has(tag)) lineBreak(2)
        else if (LINES.has(tag)) lineBreak(1)
        else if ((tag === 'td' || tag === 'th') && length > 0 && breaks === 0) space = true
        if (VOID.has(tag)) return
        const names = `${attributes.class ?? ''} ${attributes.id ?? ''} ${attributes.name ?? ''}`
        // Programs style what they indent; a bare one below somebody's words holds another's.
        const cites =
          tag === 'blockquote' &&
          (/^cite$/i.test(attributes.type ?? '') ||
            /quote|cite/i.test(names) ||
            (length > 0 && Object.keys(attributes).length === 0))
        const hides = HIDDEN.has(tag) || /display:\s*none/i.test(attributes.style ?? '')
        if (quotedFrom === null && !waiting && !cites && hidden === 0) {
          const starts = QUOTE_STARTS.test(names) || OUTLOOK_RULE.test(attributes.style ?? '')
          if (starts || QUOTE_CONTAINER.test(names)) {
            waiting = true
            // A line above the quote (Thunderbird) is followed by it, not around it.
            container = starts || /moz-cite-prefix/i.test(names) ? 0 : stack.length + 1
          }
        }
        stack.push({ tag, cites, hides })
        if (cites) cited++
        if (hides) hidden++
        if (tag === 'pre') pre++
        if (tag === 'li') put('- ')
      },
      ontext(text) {
        if (hidden > 0) return
        if (pre > 0) {
          for (const [at, line] of text.split('\n').entries()) {
            if (at > 0) breaks = Math.min(2, breaks + 1)
            put(line)
          }
          return
        }
        const folded = text.replace(/[\s\u00ad\u200b\ufeff]+/g, ' ')
        if (folded === ' ' || folded === '') {
          space ||= folded === ' '
          return
        }
        if (folded.startsWith(' ')) space = true
        put(folded.trim())
        if (folded.endsWith(' ')) space = true
      },
      onclosetag(tag) {
        if (PARAGRAPHS.has(tag)) lineBreak(2)
        else if (LINES.has(tag) && tag !== 'br') lineBreak(1)
        const closed = VOID.has(tag) ? undefined : stack.pop()
        if (!closed) return
        if (quotedFrom !== null && stack.length < container) ended = true
        if (closed.cites) cited--
        if (closed.hides) hidden--
        if (closed.tag === 'pre') pre--
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  parser.write(limitDepth(html.slice(0, MAX_HTML)))
  parser.end()
  return {
    text: pieces
      .join('')
      .replace(/\u00a0/g, ' ')
      .trimEnd(),
    quotedFrom,
  }
}
