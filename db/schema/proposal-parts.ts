import { bool, index, int, primaryKey, table, text, unique } from '../columns.ts'
import {
  COMPETITOR_ROLES,
  CONTACT_ROLES,
  DUE_CHOICES,
  DUE_PRECISIONS,
  LINK_KINDS,
  LINK_SOURCES,
  MILESTONE_KINDS,
  MILESTONE_RESULTS,
  PROPOSAL_ROLES,
} from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { threads } from './messages.ts'
import { contacts, organizations } from './organizations.ts'
import { customFields, outcomeReasons } from './pipelines.ts'
import { proposals } from './proposals.ts'

// What belongs to a proposal.

const proposalId = () =>
  text()
    .notNull()
    .references(() => proposals.id, { onDelete: 'cascade' })

/** Why it ended as it did: one primary reason, and further ones. */
export const proposalReasons = table(
  'proposal_reasons',
  {
    proposalId: proposalId(),
    reasonId: text()
      .notNull()
      .references(() => outcomeReasons.id),
    isPrimary: bool().notNull(),
    note: text().notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.reasonId] }), index('proposal_reasons_reason').on(t.reasonId)],
)

export const proposalCompetitors = table(
  'proposal_competitors',
  {
    proposalId: proposalId(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id),
    role: text({ enum: COMPETITOR_ROLES }).notNull(),
    /** In minor units of the proposal's currency. */
    priceMinor: int(),
    note: text().notNull().default(''),
  },
  (t) => [
    primaryKey({ columns: [t.proposalId, t.organizationId] }),
    index('proposal_competitors_organization').on(t.organizationId),
  ],
)

export const proposalMilestones = table(
  'proposal_milestones',
  {
    id: id(),
    proposalId: proposalId(),
    kind: text({ enum: MILESTONE_KINDS }).notNull(),
    /** For a kind of one's own; empty for the others. */
    label: text().notNull().default(''),
    /** Wall time and IANA zone, as of a proposal's deadline; `at` follows from them. */
    local: text().notNull(),
    zone: text().notNull(),
    precision: text({ enum: DUE_PRECISIONS }).notNull(),
    choice: text({ enum: DUE_CHOICES }).notNull().default('earlier'),
    at: at(),
    doneAt: int(),
    result: text({ enum: MILESTONE_RESULTS }),
    decidedById: text().references(() => members.id),
    note: text().notNull().default(''),
  },
  (t) => [index('proposal_milestones_proposal').on(t.proposalId, t.at), index('proposal_milestones_at').on(t.at)],
)
export type Milestone = typeof proposalMilestones.$inferSelect

/** What the customer changed about what they asked for. */
export const proposalAmendments = table(
  'proposal_amendments',
  {
    id: id(),
    proposalId: proposalId(),
    number: int().notNull(),
    receivedAt: at(),
    threadId: text().references(() => threads.id, { onDelete: 'set null' }),
    summary: text().notNull(),
    /** Where it moves the deadline: from when to when. */
    oldDueAt: int(),
    newDueAt: int(),
    newDueLocal: text(),
    newDueZone: text(),
    acknowledgedById: text().references(() => members.id),
    acknowledgedAt: int(),
    createdAt: at(),
  },
  (t) => [unique('proposal_amendments_number').on(t.proposalId, t.number)],
)
export type Amendment = typeof proposalAmendments.$inferSelect

export const proposalMembers = table(
  'proposal_members',
  {
    proposalId: proposalId(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    role: text({ enum: PROPOSAL_ROLES }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.memberId, t.role] }), index('proposal_members_member').on(t.memberId)],
)

export const proposalContacts = table(
  'proposal_contacts',
  {
    proposalId: proposalId(),
    contactId: text()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    role: text({ enum: CONTACT_ROLES }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.contactId] }), index('proposal_contacts_contact').on(t.contactId)],
)

/** Which mail belongs to it. One thread may belong to several proposals. What was taken away stays known as that. */
export const proposalThreads = table(
  'proposal_threads',
  {
    proposalId: proposalId(),
    threadId: text()
      .notNull()
      .references(() => threads.id, { onDelete: 'cascade' }),
    kind: text({ enum: LINK_KINDS }).notNull(),
    source: text({ enum: LINK_SOURCES }).notNull(),
    /** Percent: how sure the rule is; 100 where a person said so. */
    confidence: int().notNull(),
    /** What the rule found, in words. */
    why: text().notNull().default(''),
    linkedById: text().references(() => members.id),
    linkedAt: at(),
    unlinkedById: text().references(() => members.id),
    unlinkedAt: int(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.threadId] }), index('proposal_threads_thread').on(t.threadId)],
)
export type ProposalThread = typeof proposalThreads.$inferSelect

export const proposalNotes = table(
  'proposal_notes',
  {
    id: id(),
    proposalId: proposalId(),
    memberId: text()
      .notNull()
      .references(() => members.id),
    text: text().notNull(),
    at: at(),
  },
  (t) => [index('proposal_notes_proposal').on(t.proposalId, t.at)],
)
export type ProposalNote = typeof proposalNotes.$inferSelect

/** What fields of one's own say: numbers and days as text too. */
export const proposalFields = table(
  'proposal_fields',
  {
    proposalId: proposalId(),
    fieldId: text()
      .notNull()
      .references(() => customFields.id),
    value: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.proposalId, t.fieldId] }), index('proposal_fields_value').on(t.fieldId, t.value)],
)
