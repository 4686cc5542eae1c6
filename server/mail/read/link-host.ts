// Links that lead elsewhere than they say: "https://bank.example" that opens eve.example. The reader is shown the real one.

import { Parser } from 'htmlparser2'

/** Set on a link by us alone; what a mail brings of it is taken away before. */
export const REAL_HOST = 'data-real-host'
/** Shows the mark whatever the mail's own styles say. They can't answer: the sanitiser leaves them no pseudo-elements. */
export const REAL_HOST_STYLE = `a[${REAL_HOST}]::after{content:" [" attr(${REAL_HOST}) "]" !important;font-size:smaller;font-weight:bold}\n`

/** An address within the words of a link: with its protocol or www, or alone. */
const SHOWN_URL = /(?:https?:\/\/|\bwww\.)([^\s/:?#<>"')\]]+)/iu
const SHOWN_HOST = /^\s*((?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24})(?:[/:?#]\S*)?\s*$/iu
const SHOWN_ADDRESS = /^\s*[^\s@]+@((?:[\p{L}\p{N}-]{1,63}\.)+\p{L}{2,24})\s*$/iu
const MAX_WORDS = 2_000

/** Sanitised HTML with every such link marked, and how many there are. */
export function markLinks(html: string): { html: string; marked: number } {
  if (!/<a [^>]*href=/.test(html)) return { html, marked: 0 }
  const marks: { at: number; host: string }[] = []
  let link: { href: string; at: number; words: string } | null = null
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === 'a' && attributes.href) link = { href: attributes.href, at: parser.endIndex, words: '' }
    },
    ontext(text) {
      if (link && link.words.length < MAX_WORDS) link.words += text
    },
    onclosetag(tag) {
      if (tag !== 'a' || !link) return
      const host = realHost(link.href, link.words)
      if (host !== null) marks.push({ at: link.at, host })
      link = null
    },
  })
  parser.write(html)
  parser.end()
  let out = ''
  let from = 0
  for (const { at, host } of marks) {
    out += `${html.slice(from, at)} ${REAL_HOST}="${host}"`
    from = at
  }
  return { html: out + html.slice(from), marked: marks.length }
}

/** The host that a link leads to where its words name another; null where they don't. */
export function realHost(href: string, words: string): string | null {
  const shown = (SHOWN_URL.exec(words) ?? SHOWN_HOST.exec(words) ?? SHOWN_ADDRESS.exec(words))?.[1]
  if (!shown) return null
  const real = hostOf(href)
  const named = hostOf(`https://${shown}`)
  if (real === null || named === null) return null
  const bare = (host: string) => host.replace(/^www\./, '')
  return bare(real) === bare(named) || bare(real).endsWith(`.${bare(named)}`) ? null : real
}

/** As the browser will read it: names beyond ASCII in Punycode, so that look-alikes show. */
function hostOf(href: string): string | null {
  const address = /^mailto:[^?]*@([^?,;]+)/i.exec(href)?.[1]
  try {
    const { hostname, protocol } = new URL(address ? `https://${address}` : href)
    return /^https?:$/.test(protocol) && /^[\w.[\]:-]+$/.test(hostname) ? hostname : null
  } catch {
    return null
  }
}
