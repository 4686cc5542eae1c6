import type { Reader } from '../../../db/index.ts'
import { parseQuery } from './query.ts'
import { resolveNames } from './query-names.ts'
import { type Counted, countThatMeet } from './search-issues.ts'
import { hitsOf, type Searcher } from './search-messages.ts'
import { planSearch } from './search-plan.ts'

/** Nobody reads more than this off a navigation. */
export const MOST_COUNTED = 99
/** So many issues, or messages that match, are looked at for one count: it costs the same whatever the archive. */
const LOOKED_AT = 1_000

/** How many issues a search finds, up to 99: cheap enough to be asked for with every change. */
export async function countSearch(
  read: Reader,
  searcher: Searcher,
  q: string,
  { now, zone }: { now: number; zone?: string | undefined },
): Promise<Counted> {
  const parsed = parseQuery(q, { now, ...(zone && { zone }) })
  const { query } = await resolveNames(read, searcher.memberId, searcher.visible, parsed.query, now)
  const plan = query && searcher.visible.length > 0 ? planSearch(query, searcher.visible) : null
  if (!plan) return { n: 0, more: false }
  if (plan.of === 'issues')
    return await countThatMeet(read, searcher, plan.alternatives, { most: MOST_COUNTED, lookedAt: LOOKED_AT })
  const found = new Set<string>()
  for (const alternative of plan.alternatives)
    for await (const hit of hitsOf(read, searcher, alternative, null, LOOKED_AT)) {
      if ('stopped' in hit) return { n: found.size, more: true }
      found.add(hit.issueId)
      if (found.size > MOST_COUNTED) return { n: MOST_COUNTED, more: true }
    }
  return { n: found.size, more: false }
}
