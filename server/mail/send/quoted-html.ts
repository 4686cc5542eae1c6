import sanitize from 'sanitize-html'
import type { Address } from '../../../db/schema.ts'

/** Longer HTML is quoted as its text: an answer need not carry a whole newsletter. */
export const MAX_QUOTED_HTML = 300_000
/** As mail programs draw it, and find it again to fold it. */
const INDENT = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex'

/** The mail that is answered or passed on, with its introduction, below what was written. */
export type Quotable = {
  introduction: string
  text: string
  /** Made harmless (mail/read/sanitize.ts); none: it has none, or too much. */
  html: string | null
  /** Where the HTML has pictures of its own, and the Content-IDs under which they go along. */
  pictures?: Record<string, string>
}

/** The answered mail, indented below its introduction. */
export function quotedHtml(quotable: Quotable): string {
  const { introduction } = quotable
  return `<div class="gmail_quote"><div>${escaped(introduction)}</div><blockquote class="gmail_quote" style="${INDENT}">${bodyOf(quotable)}</blockquote></div>`
}

/** The mail that is passed on, whole, below what its head said. */
export function passedOnHtml(quotable: Quotable): string {
  const head = quotable.introduction.split('\n').map(escaped).join('<br />')
  return `<div class="gmail_quote"><div>${head}</div><br />${bodyOf(quotable)}</div>`
}

/** What stands above a mail that is passed on; programs read it back (mail/read/forward.ts). */
export function passedOnHead(message: {
  fromName: string
  fromAddress: string
  at: number
  subject: string
  to: Address[]
  cc: Address[]
}): string {
  const people = (list: Address[]) => list.map(named).join(', ')
  return [
    '---------- Forwarded message ---------',
    `From: ${named({ name: message.fromName, address: message.fromAddress })}`,
    `Date: ${new Date(message.at).toUTCString().replace(' GMT', ' UTC')}`,
    `Subject: ${message.subject}`,
    `To: ${people(message.to)}`,
    ...(message.cc.length > 0 ? [`Cc: ${people(message.cc)}`] : []),
  ].join('\n')
}

const named = ({ name, address }: Address) => (name ? `${name} <${address}>` : address)

function bodyOf({ text, html, pictures = {} }: Quotable): string {
  if (html === null || html.length > MAX_QUOTED_HTML) return textAsHtml(text)
  // The style sheet is made for a page of its own: among other mails it would style them too.
  const bare = html.replace(/^<style>[^<]*<\/style>/, '')
  return sanitize(bare, {
    allowedTags: false,
    allowedAttributes: false,
    transformTags: {
      img(tagName, { src = '', 'data-remote-src': remote, ...attribs }) {
        const cid = pictures[src]
        const found = cid ? `cid:${cid}` : (remote ?? (src.startsWith('data:') ? src : ''))
        return { tagName, attribs: found ? { ...attribs, src: found } : attribs }
      },
      a(tagName, { target, rel, ...attribs }) {
        return { tagName, attribs }
      },
    },
    allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src,
  })
}

/** Text with its lines, and with the depths of what it quotes. */
function textAsHtml(text: string): string {
  return escaped(text.trim()).replaceAll('\n', '<br />')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
