import { index, int, table, text } from '../columns.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'
import { mailboxes } from './mailboxes.ts'

// What is written once and sent often.

/** A reply that is kept to be inserted. For its member, for its team, or, where it has neither, for all. */
export const savedReplies = table(
  'saved_replies',
  {
    id: id(),
    name: text().notNull(),
    memberId: text().references(() => members.id, { onDelete: 'cascade' }),
    teamId: text().references(() => teams.id, { onDelete: 'cascade' }),
    /** As RFC 5646 has it, such as en or de; empty: for any. */
    language: text().notNull().default(''),
    /** Sanitised HTML, and the same as text; variables stand in both as {{name}}. */
    html: text().notNull(),
    text: text().notNull(),
    uses: int().notNull().default(0),
    usedAt: int(),
    changedById: text().references(() => members.id),
    createdAt: at(),
    changedAt: at(),
  },
  (t) => [index('saved_replies_member').on(t.memberId), index('saved_replies_team').on(t.teamId)],
)
export type SavedReply = typeof savedReplies.$inferSelect

/** A file that goes along with a saved reply; its blob is its own, as that of an upload. */
export const savedReplyFiles = table(
  'saved_reply_files',
  {
    id: id(),
    savedReplyId: text()
      .notNull()
      .references(() => savedReplies.id, { onDelete: 'cascade' }),
    position: int().notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    size: int().notNull(),
    blobHash: text().notNull(),
  },
  (t) => [index('saved_reply_files_reply').on(t.savedReplyId, t.position)],
)
export type SavedReplyFile = typeof savedReplyFiles.$inferSelect

/**
 * What stands below what a member writes. Of a mailbox for everybody, of a member in every mailbox, or of a member in one:
 * what is said most closely holds.
 */
export const signatures = table(
  'signatures',
  {
    id: id(),
    mailboxId: text().references(() => mailboxes.id, { onDelete: 'cascade' }),
    memberId: text().references(() => members.id, { onDelete: 'cascade' }),
    /** Empty: for any language. */
    language: text().notNull().default(''),
    /** Sanitised HTML, and the same as text. */
    html: text().notNull(),
    text: text().notNull(),
    changedAt: at(),
  },
  (t) => [index('signatures_mailbox').on(t.mailboxId), index('signatures_member').on(t.memberId)],
)
export type Signature = typeof signatures.$inferSelect
