import { and, asc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Follower, followers, type Issue, type Member } from '../../db/schema.ts'
import type { Following, FollowReason } from '../../db/vocabulary.ts'
import { record } from './event.ts'

/** Who follows an issue, and who asked not to hear of it. */
export async function followersOf(read: Reader, issueId: string): Promise<Omit<Follower, 'issueId'>[]> {
  return await read
    .select({ memberId: followers.memberId, state: followers.state, reason: followers.reason, at: followers.at })
    .from(followers)
    .where(eq(followers.issueId, issueId))
    .orderBy(asc(followers.at), asc(followers.memberId))
}

/**
 * Says whether a member hears of an issue: `following`, `muted`, or as it comes (null): as assignee, and not otherwise.
 * Who was mentioned begins to follow, unless they muted it: then they hear of the mention alone.
 */
export async function follow(
  tx: Tx,
  issue: Pick<Issue, 'id' | 'mailboxId'>,
  member: Pick<Member, 'id'>,
  state: Following | null,
  reason: FollowReason,
  by: Pick<Member, 'id'>,
  now: number,
): Promise<void> {
  const which = and(eq(followers.issueId, issue.id), eq(followers.memberId, member.id))
  const [known] = await tx.select().from(followers).where(which)
  if ((known?.state ?? null) === state || (known?.state === 'muted' && reason === 'mentioned')) return
  if (state === null) await tx.delete(followers).where(which)
  else {
    const row = { issueId: issue.id, memberId: member.id, state, reason, at: now }
    await tx
      .insert(followers)
      .values(row)
      .onConflictDoUpdate({ target: [followers.issueId, followers.memberId], set: { state, reason, at: now } })
  }
  const detail = { memberId: member.id, state, reason }
  await record(tx, {
    action: 'followed',
    at: now,
    memberId: by.id,
    mailboxId: issue.mailboxId,
    issueId: issue.id,
    detail,
  })
}
