import { index, int, primaryKey, table, text } from '../columns.ts'
import { at } from './common.ts'
import { mailboxes } from './mailboxes.ts'
import { messages } from './messages.ts'

// What was removed for good, as far as that must be known.

/**
 * Mails that came to a mailbox and are not in it any more: should the server give one again, it is not taken for new.
 * Nothing of the mail is kept but a digest.
 */
export const departures = table(
  'departures',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** Of its Message-ID and content (server/mail/place/departed.ts). */
    fingerprint: text().notNull(),
    /** The message that it is in another mailbox by now; none: it was removed for good. */
    messageId: text().references(() => messages.id, { onDelete: 'set null' }),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.fingerprint, t.mailboxId] }), index('departures_message').on(t.messageId)],
)
export type Departure = typeof departures.$inferSelect

/**
 * Blobs that nothing may need any more. They are deleted a while later, where nothing needs them then: a backup that is
 * under way may still name them.
 */
export const spareBlobs = table(
  'spare_blobs',
  {
    /** The name of the blob. Not called a blob hash: what names a blob is kept in backups. */
    name: text().primaryKey(),
    dueAt: int().notNull(),
  },
  (t) => [index('spare_blobs_due').on(t.dueAt)],
)
