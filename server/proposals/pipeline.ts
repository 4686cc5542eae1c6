import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type Pipeline, pipelines, proposals, type Stage, stages } from '../../db/schema.ts'
import type { ForecastCategory } from '../../db/vocabulary.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { changeProposal } from './change.ts'
import { categoryOverrideOf, likelihood, overrideOf, stagesById } from './stages.ts'

const MAX_STAGES = 20

export type StageInput = {
  id: string
  label: string
  probability: number
  category: ForecastCategory
  idleAfterDays: number | null
  submitted: boolean
  idleFromExpected: boolean
}

export type PipelineWithStages = Pipeline & { stages: Stage[] }

/** The pipelines with their stages, in their order; those no longer used at the end. */
export async function listPipelines(read: Reader): Promise<PipelineWithStages[]> {
  const rows = await read.select().from(pipelines).orderBy(asc(pipelines.position), asc(pipelines.name))
  const all = [...(await stagesById(read)).values()]
  return rows.map((pipeline) => ({ ...pipeline, stages: all.filter(({ pipelineId }) => pipelineId === pipeline.id) }))
}

/**
 * Makes a pipeline, or writes it anew, with its stages in their order. A stage that is left out is no longer used, which
 * is refused while an open proposal stands in it. A new probability or category counts for all that stand in a stage
 * from now on, except those with one of their own; what was said before stays in their history.
 */
export async function savePipeline(
  tx: Tx,
  id: string,
  { name, stages: wanted }: { name: string; stages: StageInput[] },
  by: Member,
  now: number,
): Promise<void> {
  if (wanted.length === 0) throw new Refused('A pipeline needs at least one stage.')
  if (wanted.length > MAX_STAGES) throw new Refused(`A pipeline has at most ${MAX_STAGES} stages.`)
  const all = await tx.select().from(pipelines)
  const same = all.find((pipeline) => pipeline.name === name && pipeline.id !== id)
  if (same) throw new Refused(`There is a pipeline named ${name} already.`)
  if (all.some((pipeline) => pipeline.id === id)) await tx.update(pipelines).set({ name }).where(eq(pipelines.id, id))
  else await tx.insert(pipelines).values({ id, name, position: all.length })

  const known = await stagesById(tx)
  for (const stage of known.values()) {
    if (stage.pipelineId !== id || stage.archivedAt !== null || wanted.some((one) => one.id === stage.id)) continue
    await refuseUsed(tx, stage)
    await tx.update(stages).set({ archivedAt: now }).where(eq(stages.id, stage.id))
  }
  for (const [position, input] of wanted.entries()) {
    const before = known.get(input.id)
    if (before && before.pipelineId !== id) throw new Refused(`The stage ${input.label} belongs to another pipeline.`)
    const stage: Stage = { ...input, pipelineId: id, position, archivedAt: null }
    if (before) await tx.update(stages).set(stage).where(eq(stages.id, stage.id))
    else await tx.insert(stages).values(stage)
    if (before && (before.probability !== stage.probability || before.category !== stage.category))
      await reweigh(tx, stage, by, now)
  }
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'pipeline', id, name } })
}

/** Puts a pipeline out of use, or back into it. */
export async function archivePipeline(tx: Tx, id: string, archived: boolean, by: Member, now: number): Promise<void> {
  const [pipeline] = await tx.select().from(pipelines).where(eq(pipelines.id, id))
  if (!pipeline) throw new NotFound('There is no such pipeline.')
  if (archived) {
    const others = await tx.$count(pipelines, isNull(pipelines.archivedAt))
    if (others <= 1) throw new Refused('This is the only pipeline in use. Make another one first.')
    const open = await tx.$count(
      proposals,
      and(eq(proposals.pipelineId, id), eq(proposals.outcome, 'open'), isNull(proposals.deletedAt)),
    )
    if (open > 0) throw new Refused(`${open} open proposals are in this pipeline. Move or close them first.`)
  }
  await tx
    .update(pipelines)
    .set({ archivedAt: archived ? now : null })
    .where(eq(pipelines.id, id))
  await record(tx, { action: 'pipeline_changed', at: now, memberId: by.id, detail: { what: 'pipeline', id, archived } })
}

async function refuseUsed(tx: Tx, stage: Stage): Promise<void> {
  const open = await tx.$count(
    proposals,
    and(
      eq(proposals.outcome, 'open'),
      eq(proposals.pipelineId, stage.pipelineId),
      eq(proposals.stageId, stage.id),
      isNull(proposals.deletedAt),
    ),
  )
  if (open > 0) throw new Refused(`${open} open proposals are in ${stage.label}. Move them before you remove it.`)
}

/** Gives the open proposals of a stage what it says now. Each gets a state in its history, as by any other change. */
async function reweigh(tx: Tx, stage: Stage, by: Member, now: number): Promise<void> {
  const standing = await tx
    .select()
    .from(proposals)
    .where(
      and(eq(proposals.outcome, 'open'), eq(proposals.pipelineId, stage.pipelineId), eq(proposals.stageId, stage.id)),
    )
  const cause = { action: 'proposal_changed', by, cause: 'settings', detail: { stage: stage.label } } as const
  for (const proposal of standing) {
    const said = likelihood(stage, overrideOf(proposal), categoryOverrideOf(proposal))
    if (said.probability === proposal.probability && said.category === proposal.category) continue
    await changeProposal(tx, proposal, { said }, cause, now)
  }
}
