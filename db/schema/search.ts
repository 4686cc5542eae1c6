import { int, table, text } from '../columns.ts'
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
