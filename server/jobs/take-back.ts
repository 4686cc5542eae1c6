import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Issue, type JobUndo, type Member, seen } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { change } from '../issues/issue.ts'
import { unmerge } from '../issues/merge.ts'
import { checkNotOvertaken } from '../issues/overtaken.ts'
import { changeTags } from '../issues/tags.ts'
import { type Act, assigneeOf, isAsMade, tagNames } from './act.ts'

/**
 * Makes one issue what it was before an act, unless somebody else, or mail, changed the same since.
 * @returns false: it is left as it is
 * @throws Changed or Refused in the same cases, before anything is written
 */
export async function takeBack(
  tx: Tx,
  act: Act,
  issue: Issue,
  undo: JobUndo,
  by: Member,
  now: number,
): Promise<boolean> {
  if (!isAsMade(act, issue)) return false
  const { before, version } = undo
  switch (act.do) {
    case 'status':
    case 'snooze': {
      await checkNotOvertaken(tx, issue, 'status', version, by)
      const { assigneeId: _, teamId: __, ...standing } = before
      await change(tx, issue, standing, { ...causeOf(issue, before), memberId: by.id }, now)
      return true
    }
    case 'assign': {
      await checkNotOvertaken(tx, issue, 'assignee', version, by)
      const { assigneeId = null, teamId = null, status, waitingSince = null } = before
      const to = await assigneeOf(tx, { memberId: assigneeId, teamId }).catch(() => null)
      const name = to && ('member' in to ? to.member.name : to.team.name)
      // Assigning moved it out of triage.
      const back = status === 'new' && issue.status === 'open' ? { status, waitingSince } : {}
      const detail = { assigneeId, teamId, name, fromAssigneeId: issue.assigneeId, fromTeamId: issue.teamId }
      await change(tx, issue, { assigneeId, teamId, ...back }, { action: 'assigned', memberId: by.id, detail }, now)
      return true
    }
    case 'tag': {
      const { added = [], removed = [] } = undo.tags ?? {}
      const names = { add: await tagNames(tx, removed), remove: await tagNames(tx, added) }
      return (await changeTags(tx, issue, names, by, now)) !== issue
    }
    case 'merge':
      await unmerge(tx, issue, by, now)
      return true
    case 'unread': {
      const mine = and(eq(seen.memberId, by.id), eq(seen.issueId, issue.id))
      await tx.delete(seen).where(mine)
      if (typeof undo.seenAt === 'number')
        await tx.insert(seen).values({ memberId: by.id, issueId: issue.id, at: undo.seenAt })
      return true
    }
  }
}

/** How the timeline tells it: in the words of what a member could have done. */
function causeOf(issue: Issue, before: JobUndo['before']): { action: Action; detail: Record<string, unknown> } {
  if (before.status === 'snoozed')
    return { action: 'snoozed', detail: { until: before.snoozedUntil ?? null, onReply: before.wakesOnReply ?? false } }
  if (issue.status === 'snoozed') return { action: 'snooze_taken_back', detail: {} }
  return {
    action: 'status_changed',
    detail: { from: issue.status, to: before.status, reason: before.doneReason ?? null },
  }
}
