import { bool, index, int, primaryKey, table, text } from '../columns.ts'
import { FOLLOW_REASONS, FOLLOWINGS, STATUSES, TAG_COLOURS } from '../vocabulary.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'
import { issues, notes } from './issues.ts'

// How a team keeps order among its issues: tags, who follows what, who was mentioned, and the lists that people keep.

export const tags = table('tags', {
  id: id(),
  name: text().notNull(),
  /** The name in lower case: no two tags differ by that alone. */
  folded: text().notNull().unique(),
  colour: text({ enum: TAG_COLOURS }).notNull(),
  createdAt: at(),
})
export type Tag = typeof tags.$inferSelect

/** The tags of issues, with what their lists go by, so that a list of one tag is one range of one index. */
export const issueTags = table(
  'issue_tags',
  {
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    tagId: text()
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
    /** As in the issue. */
    status: text({ enum: STATUSES }).notNull(),
    listedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.issueId, t.tagId] }),
    index('issue_tags_list').on(t.tagId, t.status, t.listedAt, t.issueId),
  ],
)

/** Who hears of an issue though it is not theirs, and who does not though it is. */
export const followers = table(
  'followers',
  {
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    state: text({ enum: FOLLOWINGS }).notNull(),
    reason: text({ enum: FOLLOW_REASONS }).notNull(),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.issueId, t.memberId] }), index('followers_member').on(t.memberId, t.issueId)],
)
export type Follower = typeof followers.$inferSelect

/** Who was named in a note with an @: each member once, also where a team was named that they are in. */
export const mentions = table(
  'mentions',
  {
    noteId: text()
      .notNull()
      .references(() => notes.id, { onDelete: 'cascade' }),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    /** The team that was named, where not they themselves were. */
    teamId: text().references(() => teams.id, { onDelete: 'set null' }),
    at: at(),
  },
  (t) => [
    primaryKey({ columns: [t.noteId, t.memberId] }),
    index('mentions_member').on(t.memberId, t.at),
    index('mentions_issue').on(t.issueId),
  ],
)

/** A search that people keep as a list. */
export const views = table(
  'views',
  {
    id: id(),
    name: text().notNull(),
    /** In the syntax of the search field. */
    query: text().notNull(),
    oldestFirst: bool().notNull().default(false),
    /** Whose it is; none: everybody's. */
    ownerId: text().references(() => members.id, { onDelete: 'cascade' }),
    position: int().notNull(),
    createdAt: at(),
  },
  (t) => [index('views_owner').on(t.ownerId, t.position)],
)
export type SavedView = typeof views.$inferSelect
