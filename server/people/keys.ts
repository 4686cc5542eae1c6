import { domainOf, registrableDomain } from '../issues/domain.ts'
import { fold, words } from '../issues/search/words.ts'

// What somebody is found by while one types.

const MAX_KEY = 80
/** A name is found by each of its first words. */
const MAX_WORDS = 6
const MAX_LABELS = 5
/** Stands behind every character: what begins with a text lies before the text and this. */
const LAST_CHARACTER = '\u{10ffff}'

/** A name from each of its words on: ada lovelace, lovelace. */
function nameKeys(name: string): string[] {
  const all = words(name)
  return all.slice(0, MAX_WORDS).map((_, i) => all.slice(i).join(' '))
}

/** A domain from each of its labels on, up to what is registered: mail.tacoma.example, tacoma.example. */
function domainKeys(domain: string): string[] {
  const labels = domain.split('.').slice(-MAX_LABELS)
  const least = registrableDomain(domain).split('.').length
  return labels.flatMap((_, i) => (labels.length - i >= least ? [labels.slice(i).join('.')] : []))
}

/** All that a person or organization is found by. */
export function keysOf(names: readonly string[], addresses: readonly string[], domains: readonly string[]): string[] {
  const all = [
    ...names.flatMap(nameKeys),
    ...addresses.flatMap((address) => [fold(address), ...domainKeys(domainOf(address))]),
    ...domains.flatMap(domainKeys),
  ]
  return [...new Set(all.map((key) => [...key].slice(0, MAX_KEY).join('')).filter(Boolean))]
}

/** The range of keys that begin with what was typed; null where nothing was. */
export function keyRange(typed: string): { from: string; below: string } | null {
  const text = fold(typed.trim().replace(/^@/, ''))
  // With a dot or an @, and no space, it is an address or a domain.
  const isAddress = !/\s/.test(text) && /[@.]/.test(text)
  const from = [...(isAddress ? text : words(text).join(' '))].slice(0, MAX_KEY).join('')
  return from ? { from, below: from + LAST_CHARACTER } : null
}

/** In which order the database has two keys: by code points, not by the halves of surrogate pairs. */
export const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
