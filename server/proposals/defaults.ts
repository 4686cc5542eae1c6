import { uuidv7 } from '../../db/ids.ts'
import type { Db, Tx } from '../../db/index.ts'
import { outcomeReasons, pipelines, stages } from '../../db/schema.ts'
import type { ClosedOutcome, ForecastCategory } from '../../db/vocabulary.ts'

// What an installation begins with, so that a first proposal can be made before anybody set anything up.

type DefaultStage = [
  label: string,
  probability: number,
  category: ForecastCategory,
  idleAfterDays: number,
  more?: { submitted: true; idleFromExpected?: true },
]
const STAGES: DefaultStage[] = [
  ['Lead', 10, 'pipeline', 21],
  ['Qualified', 20, 'pipeline', 21],
  ['Writing', 40, 'best_case', 14],
  ['Pending', 60, 'best_case', 21, { submitted: true, idleFromExpected: true }],
  ['Verbal yes', 80, 'commit', 14, { submitted: true }],
]

/** Each list ends with "Other", which needs a text. */
const REASONS: Record<ClosedOutcome, string[]> = {
  won: ['Price', 'Technical solution', 'Past performance', 'Relationship'],
  lost: ['Price', 'Technical', 'Past performance', 'Incumbent', 'Late or not compliant', 'Nothing was bought'],
  no_bid: ['No capacity', 'Cannot meet the requirements', 'Too small', 'Written for somebody else', 'Too little time'],
  withdrawn: ['Terms not acceptable', 'Costs too high', 'No capacity'],
  cancelled: ['Customer cancelled', 'Budget gone', 'Issued anew'],
}

/** Makes the first pipeline and the reasons where there is no pipeline yet. */
export async function ensurePipeline(db: Db): Promise<void> {
  const known = await db.read.select({ id: pipelines.id }).from(pipelines).limit(1)
  if (known.length === 0) await db.write(addDefaults)
}

async function addDefaults(tx: Tx): Promise<void> {
  const known = await tx.select({ id: pipelines.id }).from(pipelines).limit(1)
  if (known.length > 0) return
  const pipelineId = uuidv7()
  await tx.insert(pipelines).values({ id: pipelineId, name: 'Proposals', position: 0 })
  await tx.insert(stages).values(
    STAGES.map(([label, probability, category, idleAfterDays, more], position) => ({
      id: uuidv7(),
      pipelineId,
      label,
      position,
      probability,
      category,
      idleAfterDays,
      submitted: more?.submitted ?? false,
      idleFromExpected: more?.idleFromExpected ?? false,
    })),
  )
  // The cast: the keys of REASONS are outcomes.
  const outcomes = Object.keys(REASONS) as ClosedOutcome[]
  await tx.insert(outcomeReasons).values(
    outcomes.flatMap((outcome) =>
      [...REASONS[outcome], 'Other'].map((label, position) => ({
        id: uuidv7(),
        outcome,
        label,
        position,
        needsNote: label === 'Other',
      })),
    ),
  )
}
