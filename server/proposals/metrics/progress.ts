import type { Goal } from '../../../db/schema.ts'
import type { Fact } from '../facts.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { type Figure, figureOf } from './figure.ts'
import { type Weighed, weighedOf } from './forecast.ts'
import { inDays, inTime, type Period } from './period.ts'

/** How far a goal is: what was awarded in its period, and what is open and expected in it. */
export type Progress = Coverage & {
  won: Figure
  open: Weighed
  /** What was won, of the goal; null where the goal is 0. */
  share: number | null
}

/** @param facts all proposals as of a moment, of everybody: those of the goal's member, team and pipeline are counted */
export function progressOf(
  goal: Pick<Goal, 'memberId' | 'teamId' | 'pipelineId' | 'amountMinor'>,
  facts: readonly Fact[],
  period: Period,
): Progress {
  const own = facts.filter(
    ({ ownerId, teamId, pipelineId }) =>
      (goal.memberId === null || ownerId === goal.memberId) &&
      (goal.teamId === null || teamId === goal.teamId) &&
      (goal.pipelineId === null || pipelineId === goal.pipelineId),
  )
  const won = figureOf(
    own.filter(({ outcome, decidedAt }) => outcome === 'won' && inTime(decidedAt, period)),
    ({ award }) => award,
  )
  const open = weighedOf(
    own.filter(
      ({ outcome, category, expectedDecision }) =>
        outcome === 'open' && category !== 'omitted' && inDays(expectedDecision, period),
    ),
  )
  return {
    ...coverageOf(goal.amountMinor, won.minor, open, null),
    won,
    open,
    share: goal.amountMinor === 0 ? null : won.minor / goal.amountMinor,
  }
}
