import { and, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Issue, type JobAct, type JobUndo, type Member, members, seen, tags, teams } from '../../db/schema.ts'
import { NO_DATE } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { type Assignee, assign, findIssue, setStatus } from '../issues/issue.ts'
import { merge } from '../issues/merge.ts'
import { checkNotOvertaken } from '../issues/overtaken.ts'
import { markSeen, markUnseen } from '../issues/seen.ts'
import { snooze } from '../issues/snooze.ts'
import { changeTags } from '../issues/tags.ts'

/** What is done to issues, and not to another job. */
export type Act = Exclude<JobAct, { do: 'undo' }>

/**
 * Does to one issue what a member could do to it alone.
 * @param version the version that was seen; null: not asked
 * @returns what is needed to take it back; null: it was so already
 * @throws as the act does: Refused, Changed, NotFound, Invalid, always before anything is written
 */
export async function apply(
  tx: Tx,
  act: Act,
  issue: Issue,
  version: number | null,
  by: Member,
  now: number,
): Promise<JobUndo | null> {
  const known = version ?? undefined
  const before = standingOf(issue)
  switch (act.do) {
    case 'status': {
      if (issue.status !== act.status) await checkNotOvertaken(tx, issue, 'status', known, by)
      const after = await setStatus(tx, issue, act.status, act.reason, by, now)
      return after === issue ? null : { before, version: after.version }
    }
    case 'assign': {
      if (issue.assigneeId !== act.memberId || issue.teamId !== act.teamId)
        await checkNotOvertaken(tx, issue, 'assignee', known, by)
      const after = await assign(tx, issue, await assigneeOf(tx, act), by, now)
      return after === issue ? null : { before, version: after.version }
    }
    case 'snooze': {
      await checkNotOvertaken(tx, issue, 'status', known, by)
      const after = await snooze(tx, issue, { at: act.until, onReply: act.onReply }, by, now)
      return after === issue ? null : { before, version: after.version }
    }
    case 'tag': {
      const after = await changeTags(tx, issue, act, by, now)
      if (after === issue) return null
      const added = after.tagIds.filter((id) => !issue.tagIds.includes(id))
      const removed = issue.tagIds.filter((id) => !after.tagIds.includes(id))
      return { before: {}, version: after.version, tags: { added, removed } }
    }
    case 'merge': {
      if (issue.mergedIntoId === act.intoId || issue.id === act.intoId) return null
      await checkNotOvertaken(tx, issue, 'status', known, by)
      await merge(tx, issue, await findIssue(tx, act.intoId), by, now)
      return { before: {}, version: issue.version + 1 }
    }
    case 'unread': {
      const [row] = await tx
        .select()
        .from(seen)
        .where(and(eq(seen.memberId, by.id), eq(seen.issueId, issue.id)))
      const isUnread = (row?.at ?? 0) < issue.listedAt
      if (isUnread === act.unread) return null
      if (act.unread) await markUnseen(tx, issue, by)
      else await markSeen(tx, issue, by, now)
      return { before: {}, version: issue.version, seenAt: row?.at ?? null }
    }
  }
}

/** Where an issue stands, and with whom. */
function standingOf(issue: Issue): JobUndo['before'] {
  const { status, doneReason, assigneeId, teamId, waitingSince, snoozedUntil, wakesOnReply, snoozedFrom } = issue
  return { status, doneReason, assigneeId, teamId, waitingSince, snoozedUntil, wakesOnReply, snoozedFrom }
}

/** Whether the issue is still as the act left it. */
export function isAsMade(act: Act, issue: Issue): boolean {
  switch (act.do) {
    case 'status':
      return (
        issue.status === act.status && issue.doneReason === (act.status === 'done' ? (act.reason ?? 'answered') : null)
      )
    case 'assign':
      return issue.assigneeId === act.memberId && issue.teamId === act.teamId
    case 'snooze':
      return issue.status === 'snoozed' && issue.snoozedUntil === (act.until ?? NO_DATE)
    case 'merge':
      return issue.mergedIntoId === act.intoId
    case 'tag':
    case 'unread':
      return true
  }
}

/**
 * The member or team that an act gives issues to; null: nobody.
 * @throws Invalid where there is none like it
 */
export async function assigneeOf(read: Reader, { memberId, teamId }: Who): Promise<Assignee> {
  if (memberId) {
    const [member] = await read.select().from(members).where(eq(members.id, memberId))
    if (!member)
      throw new Invalid([{ field: 'memberId', message: 'memberId must name a member. There is none like it.' }])
    return { member }
  }
  if (teamId) {
    const [team] = await read.select().from(teams).where(eq(teams.id, teamId))
    if (!team) throw new Invalid([{ field: 'teamId', message: 'teamId must name a team. There is none like it.' }])
    return { team }
  }
  return null
}
type Who = { memberId: string | null; teamId: string | null }

/** The names that tags have by now; those that are gone are left out. */
export async function tagNames(read: Reader, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await read.select({ name: tags.name }).from(tags).where(inArray(tags.id, ids))
  return rows.map(({ name }) => name)
}
