import { z } from 'zod'
import type { ProvisioningStep } from '../../../db/schema.ts'
import type { Plan } from '../plan/plan.ts'

const MAX_CHARACTERS = 1_000_000

const line = z.looseObject({
  step: z.coerce.string(),
  ok: z.boolean(),
  message: z.string().nullish(),
  at: z.string().nullish(),
})

export type TranscriptLine = {
  number: number
  state: ProvisioningStep['state']
  message: string | null
  at: number | null
}

/**
 * What the script wrote while an admin ran it: for each step of the plan what came of it last. A step that is not in it
 * was not run.
 */
export function readTranscript(text: string, { steps }: Pick<Plan, 'steps'>): TranscriptLine[] {
  const last = new Map<number, z.output<typeof line>>()
  for (const one of text.slice(0, MAX_CHARACTERS).replaceAll('\ufeff', '').split(/\r?\n/)) {
    const read = line.safeParse(parsed(one))
    if (read.success) last.set(Number(read.data.step), read.data)
  }
  return steps.map((_step, i) => {
    const said = last.get(i + 1)
    const at = said?.at ? Date.parse(said.at) : Number.NaN
    return {
      number: i + 1,
      state: said === undefined ? 'skipped' : said.ok ? 'done' : 'failed',
      message: said?.message || null,
      at: Number.isNaN(at) ? null : at,
    }
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
