// Styles of foreign mail, by allow-list: what comes out is written anew from pieces that were recognised, so that what a
// browser might read differently never gets there.

export type CssContext = {
  /** Where an address is served by us; null when it is not. Counts what is elsewhere. */
  served: (url: string) => string | null
  /** Called for each address that would have been loaded. */
  blocked: () => void
}

const PROPERTIES = new RegExp(
  `^(?:${[
    'color|background(?:-(?:color|image|position|repeat|size|clip|origin))?',
    'border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-(?:collapse|spacing|radius)|border-(?:top|bottom)-(?:left|right)-radius',
    'box-sizing|box-shadow|caption-side|clear|direction|display|empty-cells|float',
    'font|font-(?:family|size|stretch|style|variant|weight)|height|letter-spacing|line-height',
    'list-style(?:-(?:type|position))?|(?:margin|padding)(?:-(?:top|right|bottom|left))?',
    '(?:max|min)-(?:width|height)|opacity|outline(?:-(?:color|style|width))?|overflow(?:-[xy]|-wrap)?',
    'table-layout|text-(?:align|align-last|decoration(?:-(?:color|line|style))?|indent|overflow|transform)',
    'unicode-bidi|vertical-align|visibility|white-space|width|word-(?:break|spacing|wrap)|hyphens|object-fit',
    'flex(?:-(?:basis|direction|flow|grow|shrink|wrap))?|justify-content|align-(?:items|content|self)|(?:row-|column-)?gap|order',
  ].join('|')})$`,
)
const FUNCTIONS = /^(?:rgba?|hsla?|calc|min|max|clamp|(?:repeating-)?(?:linear|radial)-gradient)$/
/** A mail's style sheets are read up to this many characters; real ones have a tenth. */
const MAX_STYLESHEET = 400_000
const MAX_VALUE = 100_000
const MAX_NESTING = 4

/** The declarations of a style attribute that are harmless, written anew. */
export function safeDeclarations(css: string, context: CssContext): string {
  const kept: string[] = []
  for (const declaration of split(stripComments(css), ';')) {
    const colon = declaration.indexOf(':')
    const property = declaration.slice(0, colon).trim().toLowerCase()
    const raw = declaration.slice(colon + 1)
    if (colon <= 0 || !PROPERTIES.test(property)) {
      countRemote(raw, context)
      continue
    }
    const value = safeValue(raw, context)
    if (value) kept.push(`${property}:${value}`)
  }
  return kept.join(';')
}

/** The rules of a style sheet that are harmless, written anew; `@media` is kept, `@import` and `@font-face` are not. */
export function safeStylesheet(css: string, context: CssContext): string {
  return rules(stripComments(css.slice(0, MAX_STYLESHEET)).replace(/<!--|-->/g, ' '), context, 0)
}

function rules(css: string, context: CssContext, depth: number): string {
  let out = ''
  let at = 0
  while (at < css.length) {
    const stop = indexOutsideStrings(css, at, '{;}')
    if (stop < 0) break
    const prelude = css.slice(at, stop).replace(/\s+/g, ' ').trim()
    at = stop + 1
    if (css[stop] !== '{') {
      if (/^@import/i.test(prelude)) context.blocked()
      continue
    }
    const end = blockEnd(css, at)
    const body = css.slice(at, end)
    at = end + 1
    if (/^@media\b/i.test(prelude)) {
      const inner =
        /^@media[\w\s:(),.<>=/-]+$/i.test(prelude) && !prelude.includes('</') && depth < MAX_NESTING
          ? rules(body, context, depth + 1)
          : ''
      if (inner && !prelude.includes('<')) out += `${prelude}{${inner}}\n`
    } else if (
      prelude.startsWith('@') ||
      prelude === '' ||
      // Without content, which is not allowed, they show nothing; and they could hide what we put there.
      /:(?:before|after)\b/i.test(prelude) ||
      !/^[\w\s.#*:,>+~\-[\]="'()|^$\u00a0-\uffff]+$/.test(prelude)
    ) {
      countRemote(body, context)
    } else {
      const declarations = safeDeclarations(body, context)
      if (declarations) out += `${prelude}{${declarations}}\n`
    }
  }
  return out
}

/** The value with its own images linked and remote ones taken out; null when anything in it is not known as harmless. */
function safeValue(raw: string, context: CssContext): string | null {
  if (raw.length > MAX_VALUE) return null
  let dropped = false
  const urls: string[] = []
  const withoutUrls = raw.replace(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^()"']*))\s*\)/gi, (_, double, single, bare) => {
    const url = String(double ?? single ?? bare ?? '').trim()
    const safe = safeUrl(url, context)
    if (safe === null) return 'none'
    urls.push(safe)
    return `\u0001${urls.length - 1}\u0001`
  })
  const value = withoutUrls.replace(/\s+/g, ' ').trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: U+0001 holds the place of an address taken out above.
  const unquoted = value.replace(/"[^"<>\\]*"|'[^'<>\\]*'|\u0001\d+\u0001/g, '')
  if (!/^[\w\s.#%,()+*/!\-\u00a0-\uffff]*$/.test(unquoted)) dropped = true
  if (unquoted.split('(').length !== unquoted.split(')').length) dropped = true
  for (const [, name] of unquoted.matchAll(/([\w-]*)\s*\(/g))
    if (name && !FUNCTIONS.test(name.toLowerCase())) dropped = true
  if (dropped || value === '') {
    if (dropped) countRemote(withoutUrls, context)
    return null
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  return value.replace(/\u0001(\d+)\u0001/g, (_, index) => `url("${urls[Number(index)]}")`)
}

function safeUrl(url: string, { served }: CssContext): string | null {
  const known = served(url)?.replace(/\s+/g, '') ?? null
  return known !== null && /^[^\s"'<>\\()]+$/.test(known) ? known : null
}

function countRemote(css: string, context: CssContext) {
  for (const _ of css.matchAll(/(?:url\(\s*["']?|["'])\s*(?:https?:)?\/\//gi)) context.blocked()
}

const stripComments = (css: string): string => css.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, ' ')

function split(css: string, separator: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (;;) {
    const at = indexOutsideStrings(css, from, separator)
    if (at < 0) return [...pieces, css.slice(from)]
    pieces.push(css.slice(from, at))
    from = at + 1
  }
}

/** The next of `wanted` that is in no string and in no bracket. */
function indexOutsideStrings(css: string, from: number, wanted: string): number {
  let quote = ''
  let depth = 0
  for (let at = from; at < css.length; at++) {
    const char = css[at]!
    if (quote) {
      if (char === quote || char === '\n') quote = ''
      else if (char === '\\') at++
    } else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (wanted.includes(char) && (depth === 0 || char === '{' || char === '}')) return at
  }
  return -1
}

function blockEnd(css: string, from: number): number {
  let depth = 1
  for (let at = from; ; ) {
    const next = indexOutsideStrings(css, at, '{}')
    if (next < 0) return css.length
    depth += css[next] === '{' ? 1 : -1
    if (depth === 0) return next
    at = next + 1
  }
}
