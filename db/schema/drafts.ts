import { index, int, json, table, text } from '../columns.ts'
import { DOINGS } from '../vocabulary.ts'
import { members } from './access.ts'
import { type Address, at, id } from './common.ts'
import { issues } from './issues.ts'
import { mailboxes } from './mailboxes.ts'

// What is being written, and by whom.

/** Whom a mail goes to. */
export type DraftRecipients = { to: Address[]; cc: Address[]; bcc: Address[] }

/** A mail, and a note beside it, as far as somebody has written them. */
export type DraftContent = {
  /** Which of them is shown: an answer, a mail passed on, a new mail, or the note. */
  kind: 'reply' | 'forward' | 'new' | 'note'
  /** The message that is answered or passed on; none: the newest that a person sent. */
  messageId: string | null
  /** None: whom the server proposes, of all or of the sender alone. */
  recipients: DraftRecipients | null
  all: boolean
  /** The address of ours that it comes from; none: the one that was written to. */
  from: string | null
  /** Of a new mail; the others have that of what they answer. */
  subject: string
  /** Written as text alone: `text` counts, else `html`. */
  plain: boolean
  text: string
  /** As the editor gives it; made harmless wherever it goes. Pictures within are /api/uploads/ID. */
  html: string
  /** Whether what is answered goes below. */
  quote: boolean
  /** What stands below, as HTML; none: the writer's or the mailbox's; empty: nothing. */
  signature?: string | null
  /** The language that it is written in, where its writer chose one: as RFC 5646 has it, empty for none in particular. */
  language?: string | null
  /** So long after it goes out, in ms, the issue comes back where nobody answered. */
  remindAfterMs?: number | null
  attachments: { id: string; filename: string; size: number }[]
  /** Of a mail that is passed on: its files were taken along, as these. */
  copies: { of: string; ids: string[] } | null
  noteId: string
  note: string
  /** The newest event of the issue that the writer had seen; none: not known yet. */
  seen: string | null
}

/** What somebody is writing: theirs until it is sent, discarded or handed over, and for colleagues to see. */
export const drafts = table(
  'drafts',
  {
    /** Chosen by the page, and the id of the message to come: sending it twice sends it once. */
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** None for a new mail. */
    issueId: text().references(() => issues.id, { onDelete: 'cascade' }),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    content: json<DraftContent>().notNull(),
    /** How it begins, for lists. */
    snippet: text().notNull(),
    /** Counts every change: who goes on from an old version is told. */
    version: int().notNull(),
    /** Thrown away, and kept a while so that it can be had back. */
    discardedAt: int(),
    createdAt: at(),
    updatedAt: at(),
  },
  (t) => [
    index('drafts_issue').on(t.issueId),
    index('drafts_mailbox').on(t.mailboxId, t.discardedAt, t.updatedAt),
    index('drafts_age').on(t.updatedAt),
  ],
)
export type Draft = typeof drafts.$inferSelect

/** Who looks at an issue or writes in it now: a row for each open page, good until it expires. */
export const presence = table(
  'presence',
  {
    /** The page's own, chosen by it. */
    pageId: text().primaryKey(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    doing: text({ enum: DOINGS }).notNull(),
    until: at(),
  },
  (t) => [index('presence_until').on(t.until)],
)
export type Presence = typeof presence.$inferSelect
