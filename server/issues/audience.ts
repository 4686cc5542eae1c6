import { and, eq, isNull } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { followers, issues, members, teamMembers } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'

/** Why somebody hears of what happens in an issue. */
export type Because = 'assignee' | 'team' | 'follower'

/** What decides who hears of an issue. */
export type Interested = {
  assigneeId: string | null
  /** Who is in the team that the issue is assigned to. */
  teamMemberIds: string[]
  followers: { memberId: string; state: 'following' | 'muted' }[]
}

/**
 * Who hears of what happens in an issue: its assignee, or the members of its team, and who follows it; not who muted it.
 * Each once, by the strongest reason. Who is mentioned hears of that besides, by the event's `mentioned`.
 */
export function audienceOf({ assigneeId, teamMemberIds, followers }: Interested): Map<string, Because> {
  const audience = new Map<string, Because>()
  for (const { memberId, state } of followers) if (state === 'following') audience.set(memberId, 'follower')
  for (const id of teamMemberIds) audience.set(id, 'team')
  if (assigneeId) audience.set(assigneeId, 'assignee')
  for (const { memberId, state } of followers) if (state === 'muted') audience.delete(memberId)
  return audience
}

/** The same for an issue as it is now. Members who are disabled hear nothing. */
export async function audience(read: Reader, issueId: string): Promise<Map<string, Because>> {
  const [issue] = await read
    .select({ assigneeId: issues.assigneeId, teamId: issues.teamId })
    .from(issues)
    .where(eq(issues.id, issueId))
  if (!issue) throw new NotFound('There is no such issue.')
  const team = issue.teamId
    ? await read.select({ id: teamMembers.memberId }).from(teamMembers).where(eq(teamMembers.teamId, issue.teamId))
    : []
  const following = await read
    .select({ memberId: followers.memberId, state: followers.state })
    .from(followers)
    .where(eq(followers.issueId, issueId))
  const found = audienceOf({
    assigneeId: issue.assigneeId,
    teamMemberIds: team.map(({ id }) => id),
    followers: following,
  })
  const active = await read
    .select({ id: members.id })
    .from(members)
    .where(and(isNull(members.disabledAt)))
  const there = new Set(active.map(({ id }) => id))
  return new Map([...found].filter(([id]) => there.has(id)))
}
