import { uuidv7 } from '../../db/ids.ts'
import type { HistoryRow, Stage } from '../../db/schema.ts'
import type { HistoryCause } from '../../db/vocabulary.ts'
import { daysBetween } from './deadline.ts'

// The history of one proposal as a list of states. All of it computes; server/proposals/change.ts writes.

/** The end of a state that still holds: the last moment that a Date can name. */
export const FOREVER = 8_640_000_000_000_000

/** What a change may say of a proposal's state. The rest of a state follows from these. */
export const SAID = [
  'pipelineId',
  'stageId',
  'outcome',
  'probability',
  'isOverride',
  'category',
  'isCategoryOverride',
  'valueMinor',
  'currency',
  'awardMinor',
  'fxAtDecision',
  'expectedDecision',
  'dueAt',
  'ownerId',
  'teamId',
] as const satisfies readonly (keyof HistoryRow)[]
type SaidKey = (typeof SAID)[number]
export type Said = Pick<HistoryRow, SaidKey>

/** Who changed something, why, and when it was written down. */
export type Because = { byId: string | null; cause: HistoryCause; note?: string | undefined; recordedAt: number }

/** What a stage brings along: who enters it later does not keep what an earlier change said. */
const OF_STAGE: readonly SaidKey[] = ['pipelineId', 'probability', 'isOverride', 'category', 'isCategoryOverride']

/**
 * A history in which something changed at a moment. Later than everything, it closes the newest state and opens one.
 * Backdated, it parts the state of then in two, and holds on until a later state says something else about the same.
 * @param rows the history so far, in order; may be empty, where `said` must be whole
 * @param stages all stages, by id
 */
export function withChange(
  proposalId: string,
  rows: readonly HistoryRow[],
  at: number,
  said: Partial<Said>,
  because: Because,
  stages: ReadonlyMap<string, Stage>,
): HistoryRow[] {
  const next = rows.map((row) => ({ ...row }))
  const made = (base: Said): HistoryRow =>
    ({
      ...base,
      ...said,
      id: uuidv7(),
      proposalId,
      validFrom: at,
      validTo: FOREVER,
      changed: [],
      byId: because.byId,
      cause: because.cause,
      note: because.note ?? '',
      recordedAt: because.recordedAt,
      // The cast: what follows from the states before is filled in by `derived`.
    }) as unknown as HistoryRow
  const i = next.findLastIndex(({ validFrom }) => validFrom <= at)
  const current = next[i]
  if (current?.validFrom === at) {
    Object.assign(current, said, { byId: because.byId, cause: because.cause, recordedAt: because.recordedAt })
    if (because.note) current.note = because.note
    carryOn(next.slice(i + 1), said)
  } else {
    // Before the beginning, what was then is taken to have been as at the beginning.
    // The cast: an empty history is begun by a change that says everything.
    next.splice(i + 1, 0, made(current ?? next[0] ?? (said as Said)))
    carryOn(next.slice(i + 2), said)
  }
  return derived(next, stages)
}

/** Takes what was said along into later states, until one of them says something else about it. */
function carryOn(later: HistoryRow[], said: Partial<Said>): void {
  const left = new Set(Object.keys(said) as SaidKey[])
  for (const row of later) {
    for (const key of row.changed) left.delete(key as SaidKey)
    if (row.changed.includes('stageId')) for (const key of OF_STAGE) left.delete(key)
    if (left.size === 0) return
    Object.assign(row, Object.fromEntries([...left].map((key) => [key, said[key]])))
  }
}

/** Fills in all that follows, and leaves out states that say nothing new. */
function derived(rows: HistoryRow[], stages: ReadonlyMap<string, Stage>): HistoryRow[] {
  const kept: HistoryRow[] = []
  for (const row of rows) {
    const before = kept.at(-1)
    const changed = before ? SAID.filter((key) => row[key] !== before[key]) : []
    if (before && changed.length === 0) continue
    kept.push({ ...row, changed, ...following(before, row, stages) })
  }
  for (const [i, row] of kept.entries()) row.validTo = kept[i + 1]?.validFrom ?? FOREVER
  return kept
}

function following(before: HistoryRow | undefined, row: HistoryRow, stages: ReadonlyMap<string, Stage>) {
  const isMove = !before || before.stageId !== row.stageId || before.outcome !== row.outcome
  const submittedAt = before?.submittedAt ?? (stages.get(row.stageId)?.submitted ? row.validFrom : null)
  const hasBid = before?.submittedAt != null && before.bidMinor !== null
  const pushed =
    row.outcome === 'open' && before?.expectedDecision && row.expectedDecision
      ? daysBetween(before.expectedDecision, row.expectedDecision)
      : 0
  const laterMonth =
    pushed > 0 && (row.expectedDecision ?? '').slice(0, 7) > (before?.expectedDecision ?? '').slice(0, 7)
  const byUs = row.cause !== 'settings'
  return {
    isMove,
    stageSince: isMove ? row.validFrom : before.stageSince,
    submittedAt,
    bidMinor: hasBid ? before.bidMinor : row.valueMinor,
    bidCurrency: hasBid ? before.bidCurrency : row.currency,
    decidedAt: decidedAt(before, row),
    pushCount: (before?.pushCount ?? 0) + (laterMonth ? 1 : 0),
    pushDays: (before?.pushDays ?? 0) + pushed,
    changedAt: before && !byUs ? before.changedAt : row.validFrom,
  }
}

function decidedAt(before: HistoryRow | undefined, row: HistoryRow): number | null {
  if (row.outcome === 'open') return null
  return before?.outcome === row.outcome ? before.decidedAt : row.validFrom
}
