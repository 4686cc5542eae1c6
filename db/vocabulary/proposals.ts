// Words about proposals. Values without imports, as in db/vocabulary.ts, through which they are read.

/** How a proposal ended. Apart from its stage and its probability: nothing but this closes one. */
export const OUTCOMES = ['open', 'won', 'lost', 'no_bid', 'withdrawn', 'cancelled'] as const
export type Outcome = (typeof OUTCOMES)[number]
/** Every outcome but `open`. `cancelled`: by the customer. */
export const CLOSED_OUTCOMES = ['won', 'lost', 'no_bid', 'withdrawn', 'cancelled'] as const
export type ClosedOutcome = (typeof CLOSED_OUTCOMES)[number]

/** How sure an open proposal is, in four words that forecasts add up by. `omitted` never counts in a forecast. */
export const FORECAST_CATEGORIES = ['pipeline', 'best_case', 'commit', 'omitted'] as const
export type ForecastCategory = (typeof FORECAST_CATEGORIES)[number]

/** What the customer asks for. */
export const SOLICITATION_KINDS = [
  'rfp',
  'rfq',
  'rfi',
  'itt',
  'sources_sought',
  'tender',
  'unsolicited',
  'renewal',
] as const
export type SolicitationKind = (typeof SOLICITATION_KINDS)[number]

/** What the value stands for: all of it, or a price for each year, month or hour, times `valueUnits`. */
export const VALUE_BASES = ['total', 'annual', 'monthly', 'hourly'] as const
export type ValueBasis = (typeof VALUE_BASES)[number]

export const PRIORITIES = ['low', 'normal', 'high'] as const
export type Priority = (typeof PRIORITIES)[number]

/** Whether a deadline names an hour. A deadline of a day alone ends with that day. */
export const DUE_PRECISIONS = ['time', 'date'] as const
export type DuePrecision = (typeof DUE_PRECISIONS)[number]

/** Which of the two instants is meant by a wall time that clocks show twice. */
export const DUE_CHOICES = ['earlier', 'later'] as const
export type DueChoice = (typeof DUE_CHOICES)[number]

export const MILESTONE_KINDS = [
  'bid_decision',
  'questions_due',
  'intent_due',
  'site_visit',
  'pink',
  'red',
  'gold',
  'submission',
  'orals',
  'award_expected',
  'custom',
] as const
export type MilestoneKind = (typeof MILESTONE_KINDS)[number]

export const MILESTONE_RESULTS = ['go', 'no_go', 'conditional', 'pass', 'fail'] as const
export type MilestoneResult = (typeof MILESTONE_RESULTS)[number]

/** What one of us does for a proposal. */
export const PROPOSAL_ROLES = ['capture', 'proposal_manager', 'writer', 'pricing', 'reviewer', 'approver'] as const
export type ProposalRole = (typeof PROPOSAL_ROLES)[number]

/** What somebody at the customer, or beside us, is to a proposal. */
export const CONTACT_ROLES = ['contracting_officer', 'technical', 'decision_maker', 'teaming', 'other'] as const
export type ContactRole = (typeof CONTACT_ROLES)[number]

export const COMPETITOR_ROLES = ['incumbent', 'bidder', 'winner'] as const
export type CompetitorRole = (typeof COMPETITOR_ROLES)[number]

export const ORGANIZATION_KINDS = ['customer', 'prime', 'partner', 'competitor', 'agency'] as const
export type OrganizationKind = (typeof ORGANIZATION_KINDS)[number]

/** What a thread is to its proposal. */
export const LINK_KINDS = ['intake', 'question', 'amendment', 'award', 'internal', 'other'] as const
export type LinkKind = (typeof LINK_KINDS)[number]

/** Why a thread belongs to a proposal: somebody said so, or which rule found it (server/proposals/auto-link.ts). */
export const LINK_SOURCES = ['manual', 'promoted', 'reply', 'token', 'solicitation_number', 'single_open'] as const
export type LinkSource = (typeof LINK_SOURCES)[number]

export const FIELD_KINDS = ['text', 'number', 'date', 'choice'] as const
export type FieldKind = (typeof FIELD_KINDS)[number]

/** What made a change of history. `settings`: a manager changed a stage, and all that stand in it with it. */
export const HISTORY_CAUSES = ['user', 'rule', 'import', 'amendment', 'mail', 'settings'] as const
export type HistoryCause = (typeof HISTORY_CAUSES)[number]

/** What counts as touching a proposal beside a change of it. Automatic answers and bounces do not. */
export const TOUCH_KINDS = ['note', 'mail', 'task'] as const
export type TouchKind = (typeof TOUCH_KINDS)[number]
