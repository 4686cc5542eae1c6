import type { Outcome } from '../db/vocabulary.ts'
import { OUTCOME_WORDS } from './proposal-words.ts'

/** The status in words: how it ended, or its own probability, or its stage with that of the stage. */
export function statusOf(
  { outcome, isOverride, probability }: { outcome: Outcome; isOverride: boolean; probability: number },
  stage: string,
): string {
  if (outcome !== 'open') return OUTCOME_WORDS[outcome]
  return isOverride ? `${probability} %` : `${stage} · ${probability} %`
}

/** A probability that was typed: "80", "80%", "80 %"; undefined where it is none. */
export function readPercent(typed: string): number | undefined {
  const found = /^\s*(\d{1,3})\s*%?\s*$/.exec(typed)
  const percent = found ? Number(found[1]) : Number.NaN
  return percent <= 100 ? percent : undefined
}
