import type { Stage, StageMeaning } from '../../../db/schema.ts'
import type { ClosedOutcome, Outcome } from '../../../db/vocabulary.ts'
import { headKey } from './fields.ts'

/** What words for an end mean, in the systems that proposals come from. */
const OUTCOME_WORDS: Record<Outcome, string[]> = {
  open: ['open', 'pending', 'in progress', 'active', 'new', 'on hold', 'false', 'offen', 'abierto', 'ouvert'],
  won: ['won', 'closed won', 'win', 'awarded', 'gewonnen', 'gagne', 'ganado', 'sale', 'closed as won', 'deal won'],
  lost: ['lost', 'closed lost', 'loss', 'out sold', 'closed as lost', 'verloren', 'perdu', 'perdido', 'deal lost'],
  no_bid: ['no bid', 'nobid', 'not bid', 'declined', 'disqualified', 'unqualified'],
  withdrawn: ['withdrawn', 'abandoned', 'zuruckgezogen', 'retire', 'retirado'],
  cancelled: [
    'cancelled',
    'canceled',
    'cancelled by customer',
    'abgebrochen',
    'annule',
    'cancelado',
    'closed cancelled',
    'deleted',
  ],
}
const OUTCOME_OF = new Map(
  // The cast: the keys of the object are outcomes.
  (Object.entries(OUTCOME_WORDS) as [Outcome, string[]][]).flatMap(([outcome, words]) =>
    words.map((word): [string, Outcome] => [word, outcome]),
  ),
)

/** The outcome that a word for a status names. */
export const outcomeNamed = (word: string): Outcome | undefined => OUTCOME_OF.get(headKey(word))

/**
 * What a stage of another system most likely is here: the one of that name; where it names an end, that end, in the
 * last stage; else the one whose probability is nearest to what the file has for it. It is shown to a person before
 * anything is done.
 * @param stages those in use of one pipeline, in their order
 * @param percent the probability that most rows of that stage have; null: none
 */
export function meaningOf(word: string, stages: readonly Stage[], percent: number | null): StageMeaning | null {
  const key = headKey(word)
  const same = stages.find(({ label }) => headKey(label) === key)
  if (same) return { stageId: same.id, outcome: null }
  const last = stages.findLast(({ submitted }) => submitted) ?? stages.at(-1)
  if (!last) return null
  const outcome = outcomeNamed(word)
  // The cast: open was ruled out.
  if (outcome && outcome !== 'open') return { stageId: last.id, outcome: outcome as ClosedOutcome }
  if (percent === null || percent === 0 || percent === 100) return null
  const near = stages.toSorted((a, b) => Math.abs(a.probability - percent) - Math.abs(b.probability - percent))
  return near[0] ? { stageId: near[0].id, outcome: null } : null
}
