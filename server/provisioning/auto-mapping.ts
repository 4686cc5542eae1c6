import type { Directory } from './directory.ts'
import type { Snapshot } from './snapshot.ts'

export type AutoMapping = { state: 'on' | 'off' | 'unknown'; source: string; at: string | null }

/** Whom we believe first: the directory itself, then what Outlook is told, then our own memory. */
const TRUST: Record<string, number> = {
  ad: 3,
  'autodiscover-soap': 2,
  'autodiscover-pox': 2,
  'pasted-xml': 2,
  ledger: 1,
}
const UNKNOWN: AutoMapping = { state: 'unknown', source: 'none', at: null }

/** Autodiscover tells of a new mark only after a while; until then its silence means nothing. */
const SILENCE_MS = 24 * 60 * 60_000
const AUTODISCOVER = /^(autodiscover|pasted)/

/** Whether the mailbox maps for each user, by the best evidence there is. A failed reading is no evidence for "off". */
export function openAutoMapping(snapshot: Snapshot, directory: Directory): (key: string) => AutoMapping {
  const keyOf = (user: string) => {
    const resolved = directory.resolve(user)
    return resolved.is === 'found' ? resolved.key : user.toLowerCase()
  }
  const changes = changesIn(snapshot, keyOf)
  const best = new Map<string, AutoMapping>()
  for (const { user, state, source, at } of snapshot.autoMapping) {
    if (state === 'unknown') continue
    const key = keyOf(user)
    const evidence = { state, source: source ?? 'none', at: at ?? null }
    const there = best.get(key)
    if (!isOutdated(evidence, changes(key)) && (!there || isBetter(evidence, there))) best.set(key, evidence)
  }
  return (key) => {
    const change = changes(key)
    const remembered: AutoMapping = change
      ? { state: change.marks ? 'on' : 'off', source: 'ledger', at: new Date(change.at).toISOString() }
      : UNKNOWN
    return best.get(key) ?? remembered
  }
}

/** What we did last about somebody: whether that left a mark, and when. */
type Change = { marks: boolean; at: number }

function changesIn({ ledger }: Snapshot, keyOf: (user: string) => string): (key: string) => Change | undefined {
  const changes = ledger
    .map(({ user, did, autoMapping, at }) => ({
      // Clearing is about everybody.
      key: did === 'cleared automapping' || !user ? null : keyOf(user),
      marks: did === 'granted' && autoMapping !== false,
      at: Date.parse(at),
    }))
    .sort((a, b) => a.at - b.at)
  return (key) => changes.findLast((change) => change.key === null || change.key === key)
}

/** What was seen before our last change tells nothing about now. */
function isOutdated({ state, source, at }: AutoMapping, change: Change | undefined): boolean {
  if (!change || at === null) return false
  const seenAt = Date.parse(at)
  if (seenAt < change.at) return true
  // It tells of a mark late, and goes on to tell of one that is gone.
  return AUTODISCOVER.test(source) && (state === 'on') !== change.marks && seenAt - change.at < SILENCE_MS
}

function isBetter(a: AutoMapping, b: AutoMapping): boolean {
  const trust = (TRUST[a.source] ?? 0) - (TRUST[b.source] ?? 0)
  return trust === 0 ? Date.parse(a.at ?? '') > Date.parse(b.at ?? '') : trust > 0
}

/** What Exchange holds for a delegate: whether there is a direct FullAccess entry, and the link that Autodiscover reads. */
export type Mark = { ace: boolean; link: boolean }
export type MarkAction =
  | { do: 'add'; autoMapping?: boolean; to: 'user' | 'group' | 'mail user' }
  | { do: 'remove' }
  | { do: 'clear' }

/**
 * What Exchange makes of an action: the one rule that the plan counts on, as the articles and the reference tell it.
 * A grant that exists is marked by a second Add with AutoMapping true; a mark is never taken away by an Add.
 */
export function afterAction({ ace, link }: Mark, action: MarkAction): Mark {
  if (action.do === 'remove') return { ace: false, link: false }
  if (action.do === 'clear') return { ace, link: false }
  const marks = action.to === 'user' && action.autoMapping !== false
  if (!ace) return { ace: true, link: marks }
  // Without saying so, an Add on a grant that exists changes nothing.
  return { ace, link: link || (marks && action.autoMapping === true) }
}
