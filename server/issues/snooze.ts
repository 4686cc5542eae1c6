import type { Tx } from '../../db/index.ts'
import type { Issue, Member, Message } from '../../db/schema.ts'
import { NO_DATE, type Status } from '../../db/vocabulary.ts'
import { Invalid, Refused } from '../errors.ts'
import { change } from './issue.ts'

const MAX_AHEAD_MS = 5 * 366 * 24 * 60 * 60_000

/** Until when an issue is put off: a time in ms, until they write, or whichever comes first. */
export type Until = { at: number | null; onReply: boolean }

/** Puts an issue off. It keeps its assignee, and comes back to them (wake.ts, message.ts). */
export async function snooze(tx: Tx, issue: Issue, until: Until, by: Member, now: number): Promise<Issue> {
  check(until, now)
  if (issue.status === 'done' || issue.status === 'spam' || issue.status === 'trash')
    throw new Refused('Only what is still to be done can be snoozed. Reopen the issue first.')
  const snoozedUntil = until.at ?? NO_DATE
  if (issue.snoozedUntil === snoozedUntil && issue.wakesOnReply === until.onReply) return issue
  const snoozedFrom = issue.snoozedFrom ?? { status: issue.status, waitingSince: issue.waitingSince }
  return await change(
    tx,
    issue,
    { status: 'snoozed', snoozedUntil, wakesOnReply: until.onReply, snoozedFrom },
    { action: 'snoozed', memberId: by.id, detail: { until: until.at, onReply: until.onReply } },
    now,
  )
}

function check({ at, onReply }: Until, now: number): void {
  const wrong = (message: string) => new Invalid([{ field: 'until', message }])
  if (at === null && !onReply) throw wrong('until must be a time where onReply is not set.')
  if (at !== null && at <= now) throw wrong('until must be in the future.')
  if (at !== null && at > now + MAX_AHEAD_MS) throw wrong('until must be within five years.')
}

/** Makes an issue what it was before it was put off, waiting time and all. */
export async function takeSnoozeBack(tx: Tx, issue: Issue, by: Member, now: number): Promise<Issue> {
  if (issue.status !== 'snoozed') return issue
  const { status, waitingSince } = issue.snoozedFrom ?? { status: 'open', waitingSince: null }
  return await change(
    tx,
    issue,
    { status, ...(waitingSince === null ? {} : { waitingSince }) },
    { action: 'snooze_taken_back', memberId: by.id },
    now,
  )
}

/** Brings an issue back at its time: to the top of what is ours to move, as if it had come now. */
export async function wake(tx: Tx, issue: Issue, now: number): Promise<Issue> {
  return await change(
    tx,
    issue,
    { status: 'open', listedAt: now, waitingSince: now },
    { action: 'woken', detail: { by: 'time', assigneeId: issue.assigneeId, teamId: issue.teamId } },
    now,
  )
}

/** Where a snoozed issue stands after a mail came into it: people wake it where that was chosen, machines never do. */
export function statusAfterSnooze(
  { wakesOnReply }: Pick<Issue, 'wakesOnReply'>,
  { direction, writer }: Pick<Message, 'direction' | 'writer'>,
): Status {
  if (direction === 'out') return 'waiting'
  return wakesOnReply && writer === 'person' ? 'open' : 'snoozed'
}
