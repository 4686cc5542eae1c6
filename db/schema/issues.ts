import { isNotNull, sql } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import { ACTIONS, DIRECTIONS, DONE_REASONS, SENDING_STATES, STATUSES, type Status } from '../vocabulary.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'
import type { DraftContent } from './drafts.ts'
import { mailboxes } from './mailboxes.ts'

// The matters, and everything that happened in them.

export const issues = table(
  'issues',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id),
    number: int().notNull(),
    subject: text().notNull(),
    status: text({ enum: STATUSES }).notNull(),
    doneReason: text({ enum: DONE_REASONS }),
    /** At most one of the two is set. */
    assigneeId: text().references(() => members.id),
    teamId: text().references(() => teams.id),
    /** Who wrote to us: the sender of the first mail. */
    contactName: text().notNull(),
    contactAddress: text().notNull(),
    /** What the list shows, written with each change so that a list is one range of one index. */
    lastFrom: text().notNull().default(''),
    snippet: text().notNull().default(''),
    lastDirection: text({ enum: DIRECTIONS }).notNull(),
    messageCount: int().notNull().default(0),
    hasAttachments: bool().notNull().default(false),
    /** A mail of it is on its way out, or did not get out. */
    sending: text({ enum: SENDING_STATES }),
    lastMessageAt: at(),
    /** Where it stands in lists: by its last mail, or by when it came back after it was put off. */
    listedAt: int().notNull().default(0),
    /** Since when it is ours to move; none while it is theirs or done. */
    waitingSince: int(),
    /** Until when it is put off; NO_DATE where it only waits for them to write. Set exactly while it is snoozed. */
    snoozedUntil: int(),
    /** They may write before: that brings it back. */
    wakesOnReply: bool().notNull().default(false),
    /** What putting it off changed, so that it can be taken back. */
    snoozedFrom: json<{ status: Status; waitingSince: number | null }>(),
    /** Kept in step with issue_tags, for lists. */
    tagIds: json<string[]>().notNull().default([]),
    createdAt: at(),
    updatedAt: at(),
    /** Counts every change: who acts on an old version is told. */
    version: int().notNull().default(1),
    /** The versions that last changed the status, and who takes care: only these stand in the way of the same change. */
    statusVersion: int().notNull().default(0),
    assigneeVersion: int().notNull().default(0),
    /** The issue that this one was brought into: its mails and notes are there, and whoever asks for it is led there. */
    mergedIntoId: text(),
    /** Since when it is out of sight, as spam or in the trash; set exactly while it is. */
    discardedAt: int(),
  },
  (t) => [
    unique('issues_number').on(t.mailboxId, t.number),
    index('issues_status').on(t.status, t.listedAt, t.id),
    index('issues_mailbox').on(t.mailboxId, t.status, t.listedAt, t.id),
    index('issues_assignee').on(t.assigneeId, t.status, t.listedAt, t.id),
    index('issues_team').on(t.teamId, t.status, t.listedAt, t.id),
    // Only what is ours to move, so the archive costs nothing here.
    index('issues_waiting').on(t.status, t.waitingSince, t.id).where(isNotNull(t.waitingSince)),
    index('issues_waiting_mailbox').on(t.mailboxId, t.status, t.waitingSince, t.id).where(isNotNull(t.waitingSince)),
    index('issues_waiting_assignee').on(t.assigneeId, t.status, t.waitingSince, t.id).where(isNotNull(t.waitingSince)),
    index('issues_waiting_team').on(t.teamId, t.status, t.waitingSince, t.id).where(isNotNull(t.waitingSince)),
    index('issues_snoozed').on(t.status, t.snoozedUntil, t.id).where(isNotNull(t.snoozedUntil)),
    index('issues_snoozed_mailbox').on(t.mailboxId, t.status, t.snoozedUntil, t.id).where(isNotNull(t.snoozedUntil)),
    // What is removed for good some day, the longest out of sight first.
    index('issues_discarded').on(t.status, t.discardedAt, t.id).where(isNotNull(t.discardedAt)),
    // An issue that is removed takes along those that were brought into it.
    index('issues_merged').on(t.mergedIntoId).where(isNotNull(t.mergedIntoId)),
  ],
)
export type Issue = typeof issues.$inferSelect

/** How many issues there are, kept up with each change, so that nobody counts. `assignee` is '', 'm:ID' or 't:ID'. */
export const counts = table(
  'counts',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    status: text({ enum: STATUSES }).notNull(),
    assignee: text().notNull(),
    n: int().notNull(),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.status, t.assignee] })],
)

/** What happened on a day (UTC), kept up with each change: mails that came and went are motion, issues are movement. */
export const traffic = table(
  'traffic',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** YYYY-MM-DD. */
    day: text().notNull(),
    received: int().notNull().default(0),
    sent: int().notNull().default(0),
    /** Issues that somebody put into another status, and those of them that were done; one brought back counts back. */
    moved: int().notNull().default(0),
    closed: int().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.day] })],
)

export const notes = table(
  'notes',
  {
    id: id(),
    issueId: text()
      .notNull()
      .references(() => issues.id),
    memberId: text()
      .notNull()
      .references(() => members.id),
    text: text().notNull(),
    at: at(),
  },
  (t) => [index('notes_issue').on(t.issueId, t.at)],
)
export type Note = typeof notes.$inferSelect

/** Up to when a member has seen an issue. */
export const seen = table(
  'seen',
  {
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.issueId] }), index('seen_issue').on(t.issueId)],
)

/** Everything that happened, written with the change itself. Timeline, live updates and reports read nothing else. */
export const events = table(
  'events',
  {
    id: id(),
    at: at(),
    action: text({ enum: ACTIONS }).notNull(),
    /** Who did it; none for the mail server and for Downfield itself. */
    memberId: text(),
    mailboxId: text(),
    issueId: text(),
    proposalId: text(),
    contactId: text(),
    organizationId: text(),
    detail: json<Record<string, unknown>>().notNull(),
  },
  (t) => [
    index('events_issue').on(t.issueId, t.id),
    // Most events are of no proposal, person or organization, and mail should not pay for those that are.
    index('events_proposal').on(t.proposalId, t.id).where(sql`${t.proposalId} is not null`),
    index('events_contact').on(t.contactId, t.id).where(sql`${t.contactId} is not null`),
    index('events_organization').on(t.organizationId, t.id).where(sql`${t.organizationId} is not null`),
  ],
)
export type Event = typeof events.$inferSelect

/** Two issues of which somebody said that they are not about the same matter: they are not suggested again. */
export const refusals = table(
  'refusals',
  {
    /** The lesser of the two ids. */
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    otherId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    memberId: text().notNull(),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.issueId, t.otherId] }), index('refusals_other').on(t.otherId)],
)

/** What an answer that is held for a while changed about its issue, so that it can be changed back. */
export type Held = {
  /** As it was written, to be a draft again; none for what was queued by an older version. */
  draft?: DraftContent
  /** The message that it answers. */
  answeredId: string
  issueId: string
  before: Pick<
    Issue,
    'status' | 'doneReason' | 'assigneeId' | 'lastMessageAt' | 'lastFrom' | 'snippet' | 'lastDirection' | 'waitingSince'
  >
}
