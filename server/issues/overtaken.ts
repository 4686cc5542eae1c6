import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { events, type Issue, type Member, members } from '../../db/schema.ts'
import type { Action, Status } from '../../db/vocabulary.ts'
import { Changed } from '../errors.ts'
import { listedIssue } from './list.ts'

/** Events that may change where an issue stands, or who takes care of it. */
const CHANGERS = {
  status: [
    'status_changed',
    'snoozed',
    'snooze_taken_back',
    'woken',
    'assigned',
    'received',
    'reopened',
    'replied',
    'taken_back',
    'united',
    'merged',
    'unmerged',
    'unsplit',
    'send_failed',
    'send_uncertain',
  ],
  assignee: ['assigned', 'replied', 'taken_back', 'united', 'merged', 'unmerged', 'unsplit'],
} as const satisfies Record<string, readonly Action[]>

const STATUS_WORDS: Record<Status, string> = {
  new: 'put it back to triage',
  open: 'set it to ours to move',
  snoozed: 'put it off',
  waiting: 'set it to waiting on them',
  done: 'finished it',
  spam: 'marked it as spam',
  trash: 'moved it to the trash',
  merged: 'brought it into another issue',
}

/**
 * Refuses a change by somebody whose page did not show yet what another one did to the same. What another one did to
 * something else is in nobody's way, and neither is what one did oneself.
 * @param seen the version of the issue that the page showed; none: not asked
 * @throws Changed with the issue as it is now, and who changed it
 */
export async function checkNotOvertaken(
  read: Reader,
  issue: Issue,
  what: keyof typeof CHANGERS,
  seen: number | undefined,
  by: Member,
): Promise<void> {
  const changedIn = what === 'status' ? issue.statusVersion : issue.assigneeVersion
  if (seen === undefined || changedIn <= seen) return
  const [last] = await read
    .select({ event: events, name: members.name })
    .from(events)
    .leftJoin(members, eq(members.id, events.memberId))
    .where(and(eq(events.issueId, issue.id), inArray(events.action, [...CHANGERS[what]])))
    .orderBy(desc(events.id))
    .limit(1)
  if (!last || last.event.memberId === by.id) return
  const { event, name } = last
  const did = didWhat(issue, what, event.action, event.detail)
  throw new Changed(
    name
      ? `${name} ${did} in the meantime. Nothing was changed: look, and do it again if you still want to.`
      : 'An email changed where it stands in the meantime. Look at it, and do it again if you still want to.',
    {
      issue: await listedIssue(read, by.id, issue.id),
      changed: { by: event.memberId, name, at: event.at, action: event.action },
    },
  )
}

function didWhat(issue: Issue, what: 'status' | 'assignee', action: Action, detail: Record<string, unknown>): string {
  if (action === 'assigned') {
    if (typeof detail.name !== 'string') return 'assigned it to nobody'
    return `assigned it to ${detail.name}`
  }
  if (action === 'replied') return 'answered it'
  if (action === 'taken_back') return 'took an answer back'
  if (action === 'merged') return 'brought another issue into it'
  if (action === 'unmerged' || action === 'unsplit') return 'took issues apart'
  return what === 'status' ? STATUS_WORDS[issue.status] : 'assigned it'
}
