// Foreign HTML made harmless: an allow-list of elements, attributes and styles. Nothing runs and nothing is loaded from
// elsewhere until somebody asks for it. The page shows the result in a sandboxed frame under a policy of its own.

import { Parser } from 'htmlparser2'
import sanitize from 'sanitize-html'
import { type CssContext, safeDeclarations, safeStylesheet } from './css.ts'
import { limitDepth } from './html-depth.ts'
import { htmlText } from './html-text.ts'
import { markLinks, REAL_HOST_STYLE } from './link-host.ts'

/** Counts up when the rules change, so that HTML kept from before is made anew. */
export const SANITIZER_VERSION = 2

export type HtmlOptions = {
  /** Where the mail's own images are served, by content id without angle brackets. */
  cidUrls: Record<string, string>
  /**
   * What is put before an encoded address elsewhere to load it through our own proxy, such as
   * `/api/messages/1/remote?url=`; once somebody asks for it. Without it nothing from elsewhere is loaded. It is a word
   * and no function, since options go to another thread.
   */
  remotePrefix?: string
}

export type SanitizedHtml = {
  html: string
  /** How many images and styles would have been loaded from elsewhere. */
  remoteCount: number
}

/** More HTML than this, in characters, is cut; the mail itself stays as it came. */
export const MAX_HTML = 2_000_000
/** Links beyond this lose their target. */
const MAX_LINKS = 5_000
const MAX_NESTING = 200

const TAGS =
  'a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub summary details sup table tbody td tfoot th thead time tr tt u ul var wbr'
/** Elements that go with all that is in them. */
const WITH_CONTENT =
  'script style title head textarea select option optgroup datalist noscript noframes noembed xmp plaintext template svg math object iframe frame frameset applet embed audio video canvas map'
const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|bmp|avif);base64,[a-z\d+/=\s]*$/i

/** Broken markup may need this often until it means the same to every reader; what does not is shown as text. */
const MAX_ROUNDS = 6

/**
 * The HTML as it may be shown. Sanitising the result again changes nothing: leaving an element out may close or open
 * others, so it is done until nothing changes, which is also what keeps markup from turning into other markup.
 */
export function sanitizeHtml(html: string, options: HtmlOptions): SanitizedHtml {
  const first = sanitizeOnce(html, options)
  let last = first.html
  for (let round = 1; round < MAX_ROUNDS; round++) {
    const next = sanitizeOnce(last, options).html
    if (next === last) return { html: last, remoteCount: first.remoteCount }
    last = next
  }
  return { html: escaped(htmlText(last).text), remoteCount: first.remoteCount }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function sanitizeOnce(html: string, { cidUrls, remotePrefix }: HtmlOptions): SanitizedHtml {
  let remoteCount = 0
  let links = 0
  const own = new Set(Object.values(cidUrls))
  /** Where an address is served by us: in the mail itself, or through the proxy. Null leaves it out. */
  const served = (address: string): string | null => {
    const url = address.trim()
    if (/^cid:/i.test(url)) return cidUrls[decoded(url.slice(4).replace(/^<|>$/g, ''))] ?? null
    if (own.has(url) || DATA_IMAGE.test(url)) return url
    if (remotePrefix !== undefined && url.startsWith(remotePrefix) && ENCODED.test(url.slice(remotePrefix.length)))
      return url
    if (!isRemote(url)) return null
    remoteCount++
    return remotePrefix === undefined ? null : remotePrefix + encoded(absolute(url))
  }
  const context: CssContext = {
    served,
    blocked: () => {
      remoteCount++
    },
  }
  const bounded = limitDepth(html.slice(0, MAX_HTML).toWellFormed())

  const tidy: sanitize.Transformer = (tagName, { style, background, ...attribs }) => {
    const image = background === undefined ? null : served(background)
    const css = `${image === null ? '' : `background-image:url("${image}");`}${style ?? ''}`
    const safe = css === '' ? '' : safeDeclarations(css, context)
    return { tagName, attribs: safe ? { ...attribs, style: safe } : attribs }
  }

  // The transformation of '*' follows those of single elements.
  const image: sanitize.Transformer = (tagName, { src = '', srcset, 'data-remote-src': waiting = '', ...attribs }) => {
    const url = src.trim() === '' ? waiting.trim() : src.trim()
    const found = served(url)
    if (url === '' && isRemote(srcset ?? '')) context.blocked()
    if (found !== null) return { tagName, attribs: { ...attribs, src: found } }
    return { tagName, attribs: isRemote(url) ? { ...attribs, 'data-remote-src': absolute(url) } : attribs }
  }

  // Attributes keep their places, so that sanitising again changes nothing.
  const link: sanitize.Transformer = (tagName, attribs) => {
    const { href = '', ...rest } = attribs
    links++
    if (links > MAX_LINKS || !/^\s*(?:https?:|mailto:|tel:|#)/i.test(href)) return { tagName, attribs: rest }
    if (href.trim().startsWith('#')) return { tagName, attribs }
    return { tagName, attribs: { ...attribs, target: '_blank', rel: 'noopener noreferrer nofollow' } }
  }

  const body = sanitize(bounded, {
    allowedTags: TAGS.split(' '),
    nonTextTags: WITH_CONTENT.split(' '),
    disallowedTagsMode: 'discard',
    nestingLimit: MAX_NESTING,
    parseStyleAttributes: false,
    allowProtocolRelative: false,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    // Where an image may come from is decided above, by whole addresses.
    allowedSchemesByTag: { img: ['http', 'https', 'data'] },
    allowedSchemesAppliedToAttributes: ['href', 'cite'],
    allowedAttributes: {
      '*': [
        'align',
        'valign',
        'dir',
        'lang',
        'title',
        'style',
        'class',
        'id',
        'width',
        'height',
        'bgcolor',
        'color',
        'border',
      ],
      a: ['href', 'name', 'target', 'rel'],
      img: ['src', 'alt', 'hspace', 'vspace', 'data-remote-src'],
      table: ['cellpadding', 'cellspacing', 'rules', 'frame'],
      td: ['colspan', 'rowspan', 'nowrap', 'abbr'],
      th: ['colspan', 'rowspan', 'nowrap', 'scope', 'abbr'],
      col: ['span'],
      colgroup: ['span'],
      font: ['face', 'size'],
      ol: ['start', 'type', 'reversed'],
      ul: ['type'],
      li: ['value', 'type'],
      blockquote: ['type'],
      time: ['datetime'],
      hr: ['size', 'noshade'],
    },
    transformTags: {
      '*': tidy,
      img: image,
      a: link,
      body: 'div',
    },
  })
  const sheet = stylesOf(bounded)
    .map((css) => safeStylesheet(css, context))
    .join('')
  const { html: shown, marked } = markLinks(body)
  const styles = marked > 0 ? sheet + REAL_HOST_STYLE : sheet
  return { html: styles ? `<style>\n${styles}</style>${shown}` : shown, remoteCount }
}

/** The text of the style elements, as a browser would find them. */
function stylesOf(html: string): string[] {
  if (!/<style/i.test(html)) return []
  const styles: string[] = []
  let inside = false
  const parser = new Parser({
    onopentag(tag) {
      inside = tag === 'style'
      if (inside) styles.push('')
    },
    ontext(text) {
      if (inside) styles[styles.length - 1] += text
    },
    onclosetag() {
      inside = false
    },
  })
  parser.write(html)
  parser.end()
  return styles
}

const isRemote = (url: string): boolean => /^\s*(?:https?:)?[\\/]{2}/i.test(url)
/** What `encoded` makes, and nothing that could leave the query it stands in. */
const ENCODED = /^[\w.%-]+$/
const encoded = (url: string): string =>
  encodeURIComponent(url).replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
const absolute = (url: string): string => (/^\s*https?:/i.test(url) ? url.trim() : `https:${url.trim()}`)

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
