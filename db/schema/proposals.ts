import { sql } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import {
  DUE_CHOICES,
  DUE_PRECISIONS,
  FORECAST_CATEGORIES,
  HISTORY_CAUSES,
  OUTCOMES,
  PRIORITIES,
  SOLICITATION_KINDS,
  TOUCH_KINDS,
  VALUE_BASES,
} from '../vocabulary.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'
import { issues } from './issues.ts'
import { mailboxes } from './mailboxes.ts'
import { organizations } from './organizations.ts'
import { pipelines, stages } from './pipelines.ts'

// What we offer, and every state it ever was in. Money is a whole number of minor units beside its currency (ISO 4217).
// Days are text, YYYY-MM-DD; instants are ms.

/**
 * What reports are made of: the state of a proposal, whole. The row of a proposal has the newest, its history each one.
 * Both are written by server/proposals/write-history.ts and by nothing else.
 */
const state = () => ({
  pipelineId: text()
    .notNull()
    .references(() => pipelines.id),
  stageId: text()
    .notNull()
    .references(() => stages.id),
  outcome: text({ enum: OUTCOMES }).notNull(),
  /** Percent, 0 to 100, as it counts: its own, or else that of the stage. */
  probability: int().notNull(),
  /** The probability is its own. */
  isOverride: bool().notNull(),
  /** As it counts: its own, or else that of the stage. */
  category: text({ enum: FORECAST_CATEGORIES }).notNull(),
  isCategoryOverride: bool().notNull(),
  /** Null is unknown, which is not 0. */
  valueMinor: int(),
  currency: text().notNull(),
  awardMinor: int(),
  /** What a unit of the currency was worth in the reporting currency at the decision; none where nobody knew. */
  fxAtDecision: text(),
  /** The day on which a decision is expected. */
  expectedDecision: text(),
  dueAt: int(),
  ownerId: text().references(() => members.id),
  teamId: text().references(() => teams.id),
  // What follows from the states before, so that no report has to look back.
  /** Since when it is in this stage with this outcome. */
  stageSince: at(),
  /** When it was first submitted. */
  submittedAt: int(),
  /** What was bid, as it stood at the first submission; else the value at the decision. */
  bidMinor: int(),
  bidCurrency: text().notNull(),
  decidedAt: int(),
  /** How often the expected decision moved to a later month, and how many days it moved in all. */
  pushCount: int().notNull(),
  pushDays: int().notNull(),
  /** When somebody last changed something about it. */
  changedAt: at(),
})

export const proposals = table(
  'proposals',
  {
    id: id(),
    /** Shown as PRP-42. */
    number: int().notNull().unique(),
    title: text().notNull(),
    ...state(),
    valueBasis: text({ enum: VALUE_BASES }).notNull().default('total'),
    /** How many years, months or hours `valueMinor` is made of; told, not computed with. */
    valueUnits: int(),
    organizationId: text().references(() => organizations.id, { onDelete: 'set null' }),
    /** Where it came from, in the words of the team: a mailbox, a referral, a portal. */
    source: text().notNull().default(''),
    priority: text({ enum: PRIORITIES }).notNull().default('normal'),
    solicitationNumber: text().notNull().default(''),
    solicitationKind: text({ enum: SOLICITATION_KINDS }),
    portalUrl: text().notNull().default(''),
    setAside: text().notNull().default(''),
    /** The wall time of the deadline, YYYY-MM-DDTHH:MM, and its IANA zone: the truth that `dueAt` follows from. */
    dueLocal: text(),
    dueZone: text(),
    duePrecision: text({ enum: DUE_PRECISIONS }).notNull().default('time'),
    dueChoice: text({ enum: DUE_CHOICES }).notNull().default('earlier'),
    /** When the request came to us. */
    receivedAt: int(),
    /** When it became a proposal: the beginning of its history. */
    createdAt: at(),
    /** When it was decided to bid. */
    bidDecidedAt: int(),
    reopenedCount: int().notNull().default(0),
    nextStep: text().notNull().default(''),
    /** The day of the next step. */
    nextStepOn: text(),
    /** When something last moved: a change, a note, a mail by a person. */
    touchedAt: at(),
    /** The issue it was made from, and the mailbox that decides who sees it; none: everybody does. */
    issueId: text().references(() => issues.id, { onDelete: 'set null' }),
    mailboxId: text().references(() => mailboxes.id),
    /** Counts every change: who acts on an old version is told. */
    version: int().notNull().default(1),
    updatedAt: at(),
    /** Taken out of every list and report, of the past too; it can come back. */
    deletedAt: int(),
  },
  (t) => [
    // Lists: one index range for each way to sort.
    index('proposals_open').on(t.outcome, t.pipelineId, t.stageId),
    index('proposals_due').on(t.outcome, t.dueAt),
    index('proposals_updated').on(t.updatedAt, t.id),
    index('proposals_owner').on(t.ownerId, t.outcome),
    index('proposals_organization').on(t.organizationId),
    index('proposals_solicitation').on(t.solicitationNumber).where(sql`${t.solicitationNumber} <> ''`),
    unique('proposals_issue').on(t.issueId),
  ],
)
export type Proposal = typeof proposals.$inferSelect

/** Each state of each proposal and when it held: from `validFrom` to before `validTo`. The newest holds for ever. */
export const proposalHistory = table(
  'proposal_history',
  {
    id: id(),
    proposalId: text()
      .notNull()
      .references(() => proposals.id, { onDelete: 'cascade' }),
    validFrom: at(),
    /** FOREVER (server/proposals/history.ts) for the newest. */
    validTo: at(),
    ...state(),
    /** It is in another stage than before, or its outcome is another. The first state is such a move. */
    isMove: bool().notNull(),
    /** What is another than in the state before, by the names above; those that follow from others left out. */
    changed: json<string[]>().notNull(),
    byId: text(),
    cause: text({ enum: HISTORY_CAUSES }).notNull(),
    note: text().notNull().default(''),
    /** When it was written down, which for what is entered later is later. */
    recordedAt: at(),
  },
  (t) => [
    unique('proposal_history_once').on(t.proposalId, t.validFrom),
    index('proposal_history_time').on(t.validTo, t.validFrom),
    index('proposal_history_moves').on(t.isMove, t.validFrom),
  ],
)
export type HistoryRow = typeof proposalHistory.$inferSelect

/** When a proposal was touched by what is no change of it. */
export const proposalTouches = table(
  'proposal_touches',
  {
    proposalId: text()
      .notNull()
      .references(() => proposals.id, { onDelete: 'cascade' }),
    at: at(),
    kind: text({ enum: TOUCH_KINDS }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.at, t.kind] })],
)
