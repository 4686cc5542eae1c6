import { index, int, json, primaryKey, table, text } from '../columns.ts'
import { type ChosenStatus, type DoneReason, JOB_ITEM_STATES, JOB_STATES } from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { type Issue, issues } from './issues.ts'

// What is done to many issues at once, by and by, whatever ends in between.

/** What is done to each issue. */
export type JobAct =
  | { do: 'status'; status: ChosenStatus; reason: DoneReason | null }
  | { do: 'assign'; memberId: string | null; teamId: string | null }
  /** By their names; a tag that is put on and does not exist is made. */
  | { do: 'tag'; add: string[]; remove: string[] }
  | { do: 'snooze'; until: number | null; onReply: boolean }
  | { do: 'unread'; unread: boolean }
  | { do: 'merge'; intoId: string }
  /** Takes another job back. */
  | { do: 'undo'; jobId: string }

/** How an issue was before, and what the act made of it: what is needed to take it back. */
export type JobUndo = {
  before: Partial<
    Pick<
      Issue,
      | 'status'
      | 'doneReason'
      | 'assigneeId'
      | 'teamId'
      | 'waitingSince'
      | 'snoozedUntil'
      | 'wakesOnReply'
      | 'snoozedFrom'
    >
  >
  /** The version that the act made, or while it waits, the one that was seen: what was changed since is left alone. */
  version: number
  /** The ids of the tags that were put on and taken off. */
  tags?: { added: string[]; removed: string[] }
  /** When the member had seen the issue; none: never. */
  seenAt?: number | null
}

export const jobs = table(
  'jobs',
  {
    /** Chosen by the page, so that asking twice is one job. */
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    act: json<JobAct>().notNull(),
    state: text({ enum: JOB_STATES }).notNull(),
    total: int().notNull(),
    /** How many items were looked at, and how many of them were left as they are. */
    done: int().notNull().default(0),
    skipped: int().notNull().default(0),
    /** The job that takes this one back. */
    undoneById: text(),
    error: text(),
    createdAt: at(),
    finishedAt: int(),
  },
  (t) => [index('jobs_state').on(t.state, t.createdAt), index('jobs_member').on(t.memberId, t.createdAt)],
)
export type Job = typeof jobs.$inferSelect

/** The issues of a job, chosen when it was asked for. What is not waiting is never done again. */
export const jobItems = table(
  'job_items',
  {
    jobId: text()
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    position: int().notNull(),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    state: text({ enum: JOB_ITEM_STATES }).notNull(),
    undo: json<JobUndo>(),
  },
  (t) => [
    primaryKey({ columns: [t.jobId, t.position] }),
    index('job_items_waiting').on(t.jobId, t.state, t.position),
    index('job_items_issue').on(t.issueId),
  ],
)
export type JobItem = typeof jobItems.$inferSelect
