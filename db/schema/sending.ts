import { index, int, json, table, text } from '../columns.ts'
import { SEND_TEST_STATES, TROUBLES } from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { issues } from './issues.ts'
import { mailboxes } from './mailboxes.ts'
import { messages } from './messages.ts'

// What is sent without anybody writing it, and what is to happen where nobody answers.

/** A mail that nobody wrote, by whom it went to: what the limits of automatic sending count. */
export const automaticSends = table(
  'automatic_sends',
  {
    /** The message that went out. */
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    recipient: text().notNull(),
    at: at(),
  },
  (t) => [index('automatic_sends_recipient').on(t.recipient, t.at), index('automatic_sends_at').on(t.at)],
)

/** Brings an issue back at a time, where nobody has answered until then. */
export const reminders = table(
  'reminders',
  {
    id: id(),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    /** The answer it was set with: taken back, it takes the reminder along. */
    messageId: text().references(() => messages.id, { onDelete: 'cascade' }),
    dueAt: at(),
    createdAt: at(),
    /** When it was due, dropped, or not needed any more. */
    overAt: int(),
  },
  (t) => [
    index('reminders_due').on(t.overAt, t.dueAt),
    index('reminders_issue').on(t.issueId, t.overAt),
    index('reminders_message').on(t.messageId),
  ],
)
export type Reminder = typeof reminders.$inferSelect

/** What one check of a mail that came back says: pass, fail, or another word of RFC 8601, section 2.7. */
export type AuthenticationResult = { method: 'spf' | 'dkim' | 'dmarc'; result: string; detail: string }

/** A mail that a mailbox sends to itself, to see whether the whole way works. */
export const sendTests = table(
  'send_tests',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    state: text({ enum: SEND_TEST_STATES }).notNull(),
    startedAt: at(),
    /** When the server took it, and in how many ms it was back. */
    sentAt: int(),
    backAfterMs: int(),
    /** The folder it came into. */
    folder: text(),
    results: json<AuthenticationResult[]>().notNull(),
    trouble: text({ enum: TROUBLES }),
    /** What the server said, word for word. */
    detail: text(),
  },
  (t) => [index('send_tests_mailbox').on(t.mailboxId, t.startedAt)],
)
export type SendTest = typeof sendTests.$inferSelect
