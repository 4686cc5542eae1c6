import { index, int, json, primaryKey, table, text } from '../columns.ts'
import { type ClosedOutcome, IMPORT_ACTS, IMPORT_STATES, type KnownChoice } from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { type HistoryRow, proposals } from './proposals.ts'

// Proposals that come from a file of another system.

/** What a word for a stage in the file means here: a stage, with an outcome where the proposal ended in it. */
export type StageMeaning = { stageId: string; outcome: ClosedOutcome | null }

/** How a file is to be read: as it was proposed, or as a manager chose. */
export type ImportPlan = {
  /** What each column is, by the names of server/proposals/import/fields.ts; null: left out. */
  columns: (string | null)[]
  /** The order of day and month where a date is written in numbers; null: not known. */
  dateOrder: 'dmy' | 'mdy' | null
  /** The sign before the decimals of amounts; null: not known. */
  decimal: '.' | ',' | null
  /** The currency of amounts that name none. */
  currency: string
  /** By the words of the file; null: not chosen yet. */
  stages: Record<string, StageMeaning | null>
  /** The ids of members by the words of the file; null: nobody. */
  people: Record<string, string | null>
  onKnown: KnownChoice
}

/** What an updated proposal was before. */
export type ImportBefore = {
  said: Partial<HistoryRow>
  rest: Record<string, string | number | null>
}

export const imports = table(
  'imports',
  {
    /** Chosen by the page, so that sending the file twice is one import. */
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id),
    filename: text().notNull(),
    /** The file as it came; gone some time after the import is over. */
    fileBlobHash: text(),
    /** The system that it comes from (server/proposals/import/sources.ts); what is known by ids of its own is known by this name. */
    source: text().notNull(),
    state: text({ enum: IMPORT_STATES }).notNull(),
    plan: json<ImportPlan>().notNull(),
    /** The rows of the file, and how many of them were looked at. While it is taken back: the proposals. */
    total: int().notNull(),
    done: int().notNull().default(0),
    created: int().notNull().default(0),
    updated: int().notNull().default(0),
    /** Known from an import before, and left as they are. */
    same: int().notNull().default(0),
    /** Could not be read. */
    broken: int().notNull().default(0),
    /** Kept when it was taken back, since somebody had changed them. */
    kept: int().notNull().default(0),
    error: text(),
    createdAt: at(),
    finishedAt: int(),
  },
  (t) => [index('imports_state').on(t.state, t.createdAt), index('imports_time').on(t.createdAt)],
)
export type Import = typeof imports.$inferSelect

/** What an import did to each proposal: what is needed to take it back. */
export const importRows = table(
  'import_rows',
  {
    importId: text()
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    /** The line of the file on which it stands, from 1. */
    line: int().notNull(),
    proposalId: text()
      .notNull()
      .references(() => proposals.id, { onDelete: 'cascade' }),
    act: text({ enum: IMPORT_ACTS }).notNull(),
    /** The version that the import made: what was changed since is left alone. */
    version: int().notNull(),
    before: json<ImportBefore>(),
    takenBackAt: int(),
    /** It was changed since, and stays although the import was taken back. */
    keptAt: int(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.line] }), index('import_rows_proposal').on(t.proposalId)],
)
export type ImportRow = typeof importRows.$inferSelect

/** What proposals are called in the systems that they come from. */
export const proposalOrigins = table(
  'proposal_origins',
  {
    source: text().notNull(),
    externalId: text().notNull(),
    proposalId: text()
      .notNull()
      .references(() => proposals.id, { onDelete: 'cascade' }),
    createdAt: at(),
  },
  (t) => [primaryKey({ columns: [t.source, t.externalId] }), index('proposal_origins_proposal').on(t.proposalId)],
)
export type ProposalOrigin = typeof proposalOrigins.$inferSelect
