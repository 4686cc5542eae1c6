// Whether the server that took a mail in vouches for its sender (Authentication-Results, RFC 8601; DMARC, RFC 7489).

import { type Field, fieldOf } from './mime-fields.ts'

/**
 * True: our server found that the mail comes from the domain of this address. False: it looked and did not find that.
 * Null: no server says anything, as within a company's own server that checks nothing.
 *
 * Servers put what they found above what was there, and take out what pretends to be theirs (RFC 8601 section 5), so only
 * the uppermost header counts, with those of the same server below it. Where our server writes none, a forger could
 * write one: that proves no more than no header at all, which is why null is no better than true to whoever asks.
 */
export function isVouchedFor(fields: Field[], address: string): boolean | null {
  const domain = address.split('@').at(-1)!.toLowerCase()
  const written = fields.filter(({ name }) => name === 'authentication-results').map(({ value }) => resultsIn(value))
  if (written.length === 0) return null
  const results = written.filter(({ server }) => server === written[0]!.server).flatMap(({ results }) => results)
  if (results.some(({ method, result }) => method === 'dmarc' && /^(?:perm)?(?:fail|reject)/.test(result))) return false
  const passes = results.some(({ method, result, properties }) => {
    if (result !== 'pass') return false
    const named = DOMAIN_OF[method]?.map((property) => properties[property]).find((value) => value !== undefined)
    return named !== undefined && isAligned(domain, named.split('@').at(-1)!)
  })
  if (passes) return true
  const failed = results.some(({ result }) => /fail/.test(result))
  // Microsoft 365 signs nothing on the way between its own mailboxes, and removes this field from all other mail.
  return !failed && fieldOf(fields, 'x-ms-exchange-organization-authas').toLowerCase() === 'internal'
}

/** Where each method names the domain that it is about. */
const DOMAIN_OF: Record<string, string[]> = {
  dmarc: ['header.from'],
  dkim: ['header.d', 'header.i'],
  spf: ['smtp.mailfrom', 'smtp.mail'],
  auth: ['smtp.auth', 'smtp.mailfrom'],
}

type Result = { method: string; result: string; properties: Record<string, string> }

function resultsIn(value: string): { server: string; results: Result[] } {
  const pieces = value
    .toLowerCase()
    .replace(/\([^()]*\)/g, ' ')
    .split(';')
    .map((piece) => piece.trim().split(/\s+/))
  const results = pieces.flatMap(([first = '', ...more]) => {
    const [, method, result] = /^([a-z-]+)(?:\/\d+)?=([a-z]+)$/.exec(first) ?? []
    if (!method || !result) return []
    const properties: Record<string, string> = {}
    for (const word of more) {
      const [, name, said] = /^([a-z]+\.[a-z-]+)="?([^"\s]*)"?$/.exec(word) ?? []
      if (name && said !== undefined) properties[name] ??= said
    }
    return [{ method, result, properties }]
  })
  const [server = ''] = pieces[0] ?? []
  return { server: server.includes('=') ? '' : server, results }
}

/** The same domain, or one within the other: mail of northwind.example may be signed by mail.northwind.example. */
const isAligned = (domain: string, named: string): boolean =>
  named.includes('.') && (domain === named || domain.endsWith(`.${named}`) || named.endsWith(`.${domain}`))
