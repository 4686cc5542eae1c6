import type { Tx } from '../../db/index.ts'
import type { Member, Proposal } from '../../db/schema.ts'
import type { ForecastCategory } from '../../db/vocabulary.ts'
import { changeProposal } from './change.ts'
import { checkOpen, groundOf } from './proposal.ts'
import { findStage, overrideOf } from './stages.ts'
import { saidBy } from './state.ts'

export type Move = {
  stageId: string
  /** Keep the probability of one's own; left out: as the settings say. */
  keepOverride?: boolean | undefined
  /** When it moved, where that was not now. */
  at?: number | undefined
  note?: string | undefined
}

/** Moves an open proposal to a stage. The event keeps the override that it cleared, so that it can be undone. */
export async function moveToStage(
  tx: Tx,
  proposal: Proposal,
  { stageId, keepOverride, at, note }: Move,
  by: Member,
  now: number,
): Promise<Proposal> {
  checkOpen(proposal)
  const stage = await findStage(tx, stageId)
  const ground = await groundOf(tx)
  const onStageChange = keepOverride === undefined ? ground.settings.onStageChange : keepOverride ? 'keep' : 'clear'
  const settings = { ...ground.settings, onStageChange } as const
  const said = saidBy({ stageId: stage.id }, proposal, { ...ground, settings }, at ?? now)
  const detail = { fromStageId: proposal.stageId, stageId: stage.id, fromOverride: overrideOf(proposal) }
  return await changeProposal(tx, proposal, { said, at }, { action: 'proposal_changed', by, note, detail }, now)
}

/** Gives an open proposal a probability of its own, in percent; null gives it back that of its stage. */
export async function setOverride(
  tx: Tx,
  proposal: Proposal,
  asked: {
    override?: number | null | undefined
    categoryOverride?: ForecastCategory | null | undefined
    at?: number | undefined
    note?: string | undefined
  },
  by: Member,
  now: number,
): Promise<Proposal> {
  checkOpen(proposal)
  const said = saidBy(asked, proposal, await groundOf(tx), asked.at ?? now)
  const detail = { fromOverride: overrideOf(proposal), override: asked.override }
  const cause = { action: 'proposal_changed', by, note: asked.note, detail } as const
  return await changeProposal(tx, proposal, { said, at: asked.at }, cause, now)
}
