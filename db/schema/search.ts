import { eq, sql } from 'drizzle-orm'
import { bool, index, int, primaryKey, table, text } from '../columns.ts'
import { FILE_TEXT_STATES } from '../vocabulary.ts'
import { at } from './common.ts'
import { messages } from './messages.ts'

// What search looks at.

/**
 * A message in the search index (db/search-index.ts), which is kept by number. Numbers follow the time of the messages,
 * so that the index gives the newest first.
 */
export const searchDocs = table('search_docs', {
  n: int().primaryKey(),
  messageId: text()
    .notNull()
    .unique()
    .references(() => messages.id, { onDelete: 'cascade' }),
})

/** Messages whose words are to be indexed. A trigger on `bodies` puts them here, with the text itself. */
export const searchQueue = table('search_queue', {
  messageId: text()
    .primaryKey()
    .references(() => messages.id, { onDelete: 'cascade' }),
  /** Counts up when the text changes again before it was indexed. */
  times: int().notNull().default(1),
})

/** What files say, kept once for each content. It follows from the raw mails, so it is in no backup. */
export const fileTexts = table(
  'file_texts',
  {
    /** SHA-256 of the bytes, as attachments have it. */
    contentHash: text().primaryKey(),
    state: text({ enum: FILE_TEXT_STATES }).notNull(),
    text: text().notNull().default(''),
    /** Only its beginning was read: it is longer than is looked at. */
    cut: bool().notNull().default(false),
    /** Why it could not be read, in a sentence. */
    reason: text().notNull().default(''),
    /** Which version of the reader tried last: what an older one could not read is tried again. */
    readerVersion: int().notNull(),
    at: at(),
  },
  (t) => [index('file_texts_failed').on(t.readerVersion).where(eq(t.state, sql`'failed'`))],
)
export type FileText = typeof fileTexts.$inferSelect

/** Attachments whose text is to be read, behind the mail that brought them. */
export const textQueue = table(
  'text_queue',
  {
    messageId: text()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    position: int().notNull(),
    /** Counts the attempts that ended with their process: a file that does that again and again is left alone. */
    tries: int().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.position] })],
)
