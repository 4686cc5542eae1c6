import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import { CLOSED_OUTCOMES, FIELD_KINDS, FORECAST_CATEGORIES } from '../vocabulary.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'

// What proposals move through and are measured by: pipelines and their stages, reasons, fields of one's own, exchange
// rates and goals. Managers edit these.

export const pipelines = table('pipelines', {
  id: id(),
  name: text().notNull().unique(),
  position: int().notNull(),
  archivedAt: int(),
})
export type Pipeline = typeof pipelines.$inferSelect

export const stages = table(
  'stages',
  {
    id: id(),
    pipelineId: text()
      .notNull()
      .references(() => pipelines.id),
    label: text().notNull(),
    /** Its place in the pipeline, from 0. */
    position: int().notNull(),
    /** Percent, 0 to 100: that of a proposal in it which has none of its own. */
    probability: int().notNull(),
    category: text({ enum: FORECAST_CATEGORIES }).notNull(),
    /** After so many days without a touch a proposal in it is stale; none: never. */
    idleAfterDays: int(),
    /** The bid is with the customer: who enters it for the first time has submitted. */
    submitted: bool().notNull().default(false),
    /** It is for the customer to move: idle days count from the expected decision on. */
    idleFromExpected: bool().notNull().default(false),
    archivedAt: int(),
  },
  (t) => [index('stages_pipeline').on(t.pipelineId, t.position)],
)
export type Stage = typeof stages.$inferSelect

/** Why proposals end as they do, to choose from. */
export const outcomeReasons = table(
  'outcome_reasons',
  {
    id: id(),
    outcome: text({ enum: CLOSED_OUTCOMES }).notNull(),
    label: text().notNull(),
    position: int().notNull(),
    /** It says nothing without a text beside it, as "Other" does. */
    needsNote: bool().notNull().default(false),
    archivedAt: int(),
  },
  (t) => [unique('outcome_reasons_label').on(t.outcome, t.label)],
)
export type OutcomeReason = typeof outcomeReasons.$inferSelect

export const customFields = table('custom_fields', {
  id: id(),
  label: text().notNull().unique(),
  kind: text({ enum: FIELD_KINDS }).notNull(),
  /** What a choice may be; empty for the other kinds. */
  choices: json<string[]>().notNull(),
  position: int().notNull(),
  archivedAt: int(),
})
export type CustomField = typeof customFields.$inferSelect

/** What one unit of a currency is worth in the reporting currency from a day on, as a decimal number: never a float. */
export const fxRates = table(
  'fx_rates',
  {
    currency: text().notNull(),
    /** YYYY-MM-DD. */
    day: text().notNull(),
    rate: text().notNull(),
    setById: text().references(() => members.id),
    setAt: at(),
  },
  (t) => [primaryKey({ columns: [t.currency, t.day] })],
)
export type FxRate = typeof fxRates.$inferSelect

/** What is to be won in a period, by all, a team or a member. */
export const goals = table(
  'goals',
  {
    id: id(),
    /** Days, YYYY-MM-DD: from this one to before that one. */
    periodStart: text().notNull(),
    periodEnd: text().notNull(),
    /** At most one of the two is set. */
    memberId: text().references(() => members.id, { onDelete: 'cascade' }),
    teamId: text().references(() => teams.id, { onDelete: 'cascade' }),
    pipelineId: text().references(() => pipelines.id),
    /** In minor units of the reporting currency. */
    amountMinor: int().notNull(),
    createdAt: at(),
  },
  (t) => [index('goals_period').on(t.periodStart)],
)
export type Goal = typeof goals.$inferSelect

/** Numbers that are given once, each to one thing. */
export const sequences = table('sequences', { name: text().primaryKey(), n: int().notNull() })
