import type { Stage } from '../../../db/schema.ts'
import type { Later, NewProposal } from '../proposal.ts'
import type { Imported } from './line.ts'

/**
 * A row as a proposal with its past, as far as the file has dates: it begins when it was created, in the first stage
 * where a date says when it came into its present one, enters stages when the file says so, and ends when it was decided.
 * @param stages all stages, by id
 */
export function withPast(
  row: Imported,
  id: string,
  organizationId: string | null,
  stages: ReadonlyMap<string, Stage>,
  now: number,
): NewProposal {
  const { stageId, entered, submittedAt, stageSince, decidedAt } = row
  const known = [row.createdAt, submittedAt, stageSince, decidedAt, ...entered.map(({ at }) => at)]
  const createdAt = Math.min(now, ...known.filter((at) => at !== null))
  const stage = stages.get(stageId)
  const moves = entered.toSorted((a, b) => a.at - b.at)
  if (submittedAt !== null && stage?.submitted && moves.length === 0) moves.push({ stageId, at: submittedAt })
  else if (stageSince !== null && moves.at(-1)?.stageId !== stageId) moves.push({ stageId, at: stageSince })
  const lastMoveAt = moves.at(-1)?.at
  // The stage that it is in counts, also where the dates of stages end with another one.
  if (lastMoveAt !== undefined && moves.at(-1)?.stageId !== stageId)
    moves.push({ stageId, at: Math.min(now, lastMoveAt + 1) })
  const first = moves[0]
  const isLaterThere = first !== undefined && first.at > createdAt
  const beginsIn = !first ? stageId : isLaterThere ? firstOf(stages, stage) : first.stageId
  const later = isLaterThere ? moves : moves.slice(1)
  const history: Later[] = later.map((move) => ({ at: move.at, stageId: move.stageId }))
  const override = row.override
  const last = history.at(-1)
  if (last) last.override = override
  if (row.outcome !== 'open') {
    const at = Math.max(decidedAt ?? now, last?.at ?? createdAt)
    history.push({
      at,
      outcome: row.outcome,
      ...(row.awardMinor === null ? {} : { awardMinor: row.awardMinor }),
      ...(row.reason ? { note: row.reason } : {}),
    })
  }
  return {
    id,
    title: row.title,
    organizationId,
    source: row.source,
    solicitationNumber: row.solicitation,
    due: row.due,
    nextStep: row.nextStep,
    nextStepOn: row.nextStepOn,
    stageId: beginsIn,
    override: last ? null : override,
    valueMinor: row.valueMinor,
    currency: row.currency,
    expectedDecision: row.expectedDecision,
    ownerId: row.ownerId,
    createdAt,
    history,
  }
}

/** The first stage in use of the pipeline of a stage. */
function firstOf(stages: ReadonlyMap<string, Stage>, stage: Stage | undefined): string {
  const all = [...stages.values()].filter((one) => one.pipelineId === stage?.pipelineId && one.archivedAt === null)
  return all.toSorted((a, b) => a.position - b.position)[0]?.id ?? stage?.id ?? ''
}
