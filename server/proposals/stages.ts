import { asc, eq } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Proposal, type Stage, stages } from '../../db/schema.ts'
import type { ForecastCategory } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'

const allStages = prepared((read) =>
  read.select().from(stages).orderBy(asc(stages.pipelineId), asc(stages.position)).prepare(UNNAMED),
)

/** All stages of all pipelines by id, in their order, those that are no longer used among them. */
export async function stagesById(read: Reader): Promise<Map<string, Stage>> {
  const rows = await allStages(read).execute()
  return new Map(rows.map((stage) => [stage.id, stage]))
}

/** The stage, if a proposal can move to it. */
export async function findStage(read: Reader, id: string): Promise<Stage> {
  const [stage] = await read.select().from(stages).where(eq(stages.id, id))
  if (!stage || stage.archivedAt !== null)
    throw new Invalid([{ field: 'stageId', message: 'stageId must name a stage in use. There is none like it.' }])
  return stage
}

/** What a proposal is as likely as: in percent, and in the words of forecasts. */
export type Likelihood = Pick<Proposal, 'probability' | 'isOverride' | 'category' | 'isCategoryOverride'>

/**
 * The effective probability and category: one's own, or else that of the stage. 0 and 100 are probabilities of open
 * proposals like any other; only an outcome closes.
 */
export function likelihood(
  stage: Pick<Stage, 'probability' | 'category'>,
  override: number | null,
  category: ForecastCategory | null,
): Likelihood {
  return {
    probability: override ?? stage.probability,
    isOverride: override !== null,
    category: category ?? stage.category,
    isCategoryOverride: category !== null,
  }
}

/** The override that a likelihood has; null where it is that of the stage. */
export const overrideOf = ({ probability, isOverride }: Likelihood): number | null => (isOverride ? probability : null)
export const categoryOverrideOf = ({ category, isCategoryOverride }: Likelihood): ForecastCategory | null =>
  isCategoryOverride ? category : null
