import type { Proposal, Stage } from '../../db/schema.ts'
import type { ForecastCategory, Outcome } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { dayIn } from './deadline.ts'
import type { Rates } from './fx.ts'
import type { Said } from './history.ts'
import type { ProposalSettings } from './settings.ts'
import { categoryOverrideOf, likelihood, overrideOf } from './stages.ts'

/** What somebody says about the state of a proposal; what is left out stays. */
export type Asked = {
  stageId?: string | undefined
  /** Percent; null: that of the stage. */
  override?: number | null | undefined
  categoryOverride?: ForecastCategory | null | undefined
  outcome?: Outcome | undefined
  valueMinor?: number | null | undefined
  currency?: string | undefined
  awardMinor?: number | null | undefined
  expectedDecision?: string | null | undefined
  dueAt?: number | null | undefined
  ownerId?: string | null | undefined
  teamId?: string | null | undefined
}

/** What states are worked out with. */
export type Ground = {
  stages: ReadonlyMap<string, Stage>
  settings: ProposalSettings
  rates: Rates
}

/**
 * What follows from what somebody says: the likelihood from stage and override, the frozen rate from the decision.
 * @param at when it is said of
 */
export function saidBy(asked: Asked, current: Said, { stages, settings, rates }: Ground, at: number): Partial<Said> {
  const said: Partial<Said> = { ...likelihoodOf(asked, current, { stages, settings }) }
  for (const key of ['valueMinor', 'currency', 'expectedDecision', 'dueAt', 'ownerId', 'teamId'] as const)
    if (asked[key] !== undefined) Object.assign(said, { [key]: asked[key] })
  // At most one of the two has it.
  if (asked.ownerId) said.teamId = null
  else if (asked.teamId) said.ownerId = null
  const outcome = asked.outcome ?? current.outcome
  if (asked.outcome !== undefined) said.outcome = asked.outcome
  if (asked.awardMinor !== undefined) said.awardMinor = asked.awardMinor
  if (outcome === 'open' && asked.outcome !== undefined) Object.assign(said, { awardMinor: null, fxAtDecision: null })
  if (outcome !== 'open' && (asked.outcome !== undefined || asked.currency !== undefined))
    said.fxAtDecision = rates.on(asked.currency ?? current.currency, dayIn(settings.zone, at)) ?? null
  if (outcome === 'won' && current.outcome !== 'won' && asked.awardMinor === undefined)
    said.awardMinor = asked.valueMinor === undefined ? current.valueMinor : asked.valueMinor
  return said
}

/** The likelihood after a change of stage or override; a new stage clears an override where the settings say so. */
function likelihoodOf(asked: Asked, current: Said, { stages, settings }: Pick<Ground, 'stages' | 'settings'>) {
  const { stageId, override, categoryOverride } = asked
  if (stageId === undefined && override === undefined && categoryOverride === undefined) return {}
  const stage = stages.get(stageId ?? current.stageId)
  if (!stage) throw new Invalid([{ field: 'stageId', message: 'stageId must name a stage. There is none like it.' }])
  const isMove = stage.id !== current.stageId
  const keep = !isMove || settings.onStageChange === 'keep'
  const own = override === undefined ? (keep ? overrideOf(current) : null) : override
  const category = categoryOverride === undefined ? (keep ? categoryOverrideOf(current) : null) : categoryOverride
  // A stage whose probability was changed since keeps, for who stays in it, what was said then.
  if (!isMove && override === undefined && categoryOverride === undefined) return {}
  return { pipelineId: stage.pipelineId, stageId: stage.id, ...likelihood(stage, own, category) }
}

const LABELS: Record<Exclude<Outcome, 'open'>, string> = {
  won: 'Won',
  lost: 'Lost',
  no_bid: 'No bid',
  withdrawn: 'Withdrawn',
  cancelled: 'Cancelled',
}

/** The status in words: how it ended, or its own probability, or its stage with that of the stage. */
export function statusWords(
  { outcome, isOverride, probability }: Pick<Proposal, 'outcome' | 'isOverride' | 'probability'>,
  stage: Pick<Stage, 'label'> | undefined,
): string {
  if (outcome !== 'open') return LABELS[outcome]
  return isOverride ? `${probability} %` : `${stage?.label ?? ''} · ${probability} %`
}
