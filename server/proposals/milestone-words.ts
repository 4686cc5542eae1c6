import type { MilestoneKind } from '../../db/vocabulary.ts'

/** What a milestone is called where it is told of. */
export const MILESTONE_WORDS: Record<MilestoneKind, string> = {
  bid_decision: 'Bid decision',
  questions_due: 'Questions due',
  intent_due: 'Intent to bid due',
  site_visit: 'Site visit',
  pink: 'Pink review',
  red: 'Red review',
  gold: 'Gold review',
  submission: 'Submission',
  orals: 'Oral presentation',
  award_expected: 'Award expected',
  custom: 'Milestone',
}
