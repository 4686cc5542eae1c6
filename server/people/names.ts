import type { SeenName } from '../../db/schema.ts'
import type { NameSource } from '../../db/vocabulary.ts'

// What somebody is called, by the names that mail gives them.

const MAX_NAME = 100
/** So many names of an address in a mailbox are kept. */
const MAX_NAMES = 5
/** A name as it is compared: without case, accents and extra space. */
export const nameKey = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

/** What turns the direction of text or is not seen at all: in a name it only deceives. Joiners are letters of some scripts. */
const UNSEEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu
/** Quotation marks that some programs put around all of a name. */
const QUOTED = /^(['"‘“«])(.*)(['"’”»])$/su

/** A name as a mail gives it, made fit to be shown; empty where it is none, as when it only repeats the address. */
export function cleanName(name: string): string {
  const plain = name.replace(UNSEEN, '').replace(/\s+/g, ' ').trim()
  const bare = (QUOTED.exec(plain)?.[2] ?? plain).trim()
  return bare.includes('@') ? '' : [...bare].slice(0, MAX_NAME).join('').trim()
}

/** The names of an address with those of another mail: each once, their own before what others call them, the newest first. */
export function withNames(known: readonly SeenName[], more: readonly SeenName[]): SeenName[] {
  const byName = new Map<string, SeenName>()
  for (const { name, own, at } of [...known, ...more]) {
    if (!name) continue
    const same = byName.get(name)
    byName.set(name, same ? { name, own: same.own || own, at: Math.max(same.at, at) } : { name, own, at })
  }
  return [...byName.values()].sort(better).slice(0, MAX_NAMES)
}

function better(a: SeenName, b: SeenName): number {
  return Number(b.own) - Number(a.own) || b.at - a.at || (a.name < b.name ? -1 : 1)
}

type Named = { address: string; names: readonly SeenName[] }

/** What somebody with these addresses is called: as by their main one, and else as by the others. */
export function nameOf(all: readonly Named[], main: string): { name: string; source: NameSource } {
  const byMain = all.filter(({ address }) => address === main).flatMap(({ names }) => names)
  return bestName(byMain.length > 0 ? byMain : all.flatMap(({ names }) => names))
}

/** The best of the names that somebody is seen under. */
export function bestName(names: readonly SeenName[]): { name: string; source: NameSource } {
  const [best] = withNames([], names)
  if (!best) return { name: '', source: 'address' }
  return { name: best.name, source: best.own ? 'own' : 'others' }
}
