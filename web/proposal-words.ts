import type {
  CompetitorRole,
  ForecastCategory,
  MilestoneKind,
  MilestoneResult,
  Outcome,
  Priority,
  ProposalRole,
  SolicitationKind,
} from '../db/vocabulary.ts'
import { day } from './format.ts'
import type { Card } from './proposals.ts'

// The words for what is said about proposals, on every screen the same.

export const OUTCOME_WORDS: Record<Outcome, string> = {
  open: 'Open',
  won: 'Won',
  lost: 'Lost',
  no_bid: 'No bid',
  withdrawn: 'Withdrawn',
  cancelled: 'Cancelled',
}

/** What one does to end a proposal so. */
export const CLOSE_WORDS: Record<Exclude<Outcome, 'open'>, string> = {
  won: 'Won…',
  lost: 'Lost…',
  no_bid: 'No bid…',
  withdrawn: 'Withdrawn by us…',
  cancelled: 'Cancelled by the customer…',
}

export const KIND_WORDS: Record<SolicitationKind, string> = {
  rfp: 'Request for proposal (RFP)',
  rfq: 'Request for quotation (RFQ)',
  rfi: 'Request for information (RFI)',
  itt: 'Invitation to tender (ITT)',
  sources_sought: 'Sources sought',
  tender: 'Tender',
  unsolicited: 'Unsolicited',
  renewal: 'Renewal',
}

export const MILESTONE_WORDS: Record<MilestoneKind, string> = {
  bid_decision: 'Go or no-go',
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

export const RESULT_WORDS: Record<MilestoneResult, string> = {
  go: 'Go',
  no_go: 'No go',
  conditional: 'Go, with conditions',
  pass: 'Passed',
  fail: 'Not passed',
}

export const ROLE_IN_PROPOSAL: Record<ProposalRole, string> = {
  capture: 'Capture',
  proposal_manager: 'Proposal manager',
  writer: 'Writer',
  pricing: 'Pricing',
  reviewer: 'Reviewer',
  approver: 'Approver',
}

export const COMPETITOR_WORDS: Record<CompetitorRole, string> = {
  incumbent: 'Incumbent',
  bidder: 'Bidder',
  winner: 'Winner',
}

export const CATEGORY_WORDS: Record<ForecastCategory, string> = {
  pipeline: 'Pipeline',
  best_case: 'Best case',
  commit: 'Commit',
  omitted: 'Left out of forecasts',
}

export const PRIORITY_WORDS: Record<Priority, string> = { low: 'Low', normal: 'Normal', high: 'High' }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** So near a deadline is red. */
const CLOSE_MS = 2 * DAY_MS
/** From so far on a deadline is told by its day. */
const FAR_MS = 21 * DAY_MS

export type Chip = { words: string; tone: 'plain' | 'warn' | 'bad' | 'info' | 'good' }

const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayMonthUtc = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** What comes next for a proposal: the deadline while we write, the decision once it is with the customer. */
export function nextChip(card: Card, now: number): Chip | undefined {
  if (card.outcome !== 'open') return undefined
  if (card.submittedAt !== null || card.dueAt === null) {
    if (card.expectedDecision === null) return undefined
    const at = Date.parse(card.expectedDecision)
    const words = `decision ${dayMonthUtc.format(at)}`
    return { words, tone: at + DAY_MS < now ? 'warn' : 'info' }
  }
  const left = card.dueAt - now
  if (left < 0) return { words: -left < DAY_MS ? 'late' : `${Math.floor(-left / DAY_MS)}d late`, tone: 'bad' }
  if (left < DAY_MS) return { words: `due ${Math.max(1, Math.floor(left / HOUR_MS))}h`, tone: 'bad' }
  if (left < FAR_MS) return { words: `due ${Math.floor(left / DAY_MS)}d`, tone: left < CLOSE_MS ? 'bad' : 'warn' }
  return { words: `due ${dayMonth.format(card.dueAt)}`, tone: 'plain' }
}

/** How long nothing has moved, where that is too long. */
export const quietChip = (card: Card): Chip | undefined =>
  card.outcome === 'open' && card.stale ? { words: `${card.idleDays}d quiet`, tone: 'plain' } : undefined

/** How a proposal ended, as a chip. */
export function outcomeTone(outcome: Outcome): Chip['tone'] {
  return outcome === 'won' ? 'good' : outcome === 'lost' ? 'bad' : 'plain'
}

/** "in 4 days 3 h", "in 5 h 20 min", "2 days ago". */
export function countdown(at: number, now: number): string {
  const ms = Math.abs(at - now)
  const [days, hours] = [Math.floor(ms / DAY_MS), Math.floor((ms % DAY_MS) / HOUR_MS)]
  const minutes = Math.floor((ms % HOUR_MS) / 60_000)
  const far = `${days} ${days === 1 ? 'day' : 'days'}`
  const words =
    days >= 14
      ? far
      : days > 0
        ? `${far}${hours ? ` ${hours} h` : ''}`
        : hours
          ? `${hours} h ${minutes} min`
          : `${minutes} min`
  return at >= now ? `in ${words}` : `${words} ago`
}

/** A day, YYYY-MM-DD, as one reads it: 5 Dec 2026. */
export const dayWords = (iso: string): string => day(Date.parse(`${iso}T12:00`))

const wall = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})

/** A deadline as it was said: "Thu, 3 Dec 2026 at 14:00, America/Denver", or the day alone. */
export function wallWords(local: string, zone: string): string {
  const [date = '', time] = local.split('T')
  const words = wall.format(Date.parse(date)).replace(',', '')
  return `${words}${time ? ` at ${time}` : ''} (${zone.replaceAll('_', ' ')})`
}
