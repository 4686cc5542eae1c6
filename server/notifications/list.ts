import { and, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { issues, type Member, type Notification, notifications, proposals } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'

const A_PAGE = 30
/** More than so many are not counted: "99+" says enough. */
const MAX_COUNTED = 100
const KEEP_MS = 90 * 86_400_000

/** A notification with what its issue, or its proposal, is called now. */
export type Told = Pick<
  Notification,
  'id' | 'kind' | 'reason' | 'actorId' | 'actor' | 'said' | 'at' | 'issueId' | 'proposalId'
> & {
  read: boolean
  subject: string
  number: number
}

/** What a member is told, the newest first, page after page; of issues that they see now. */
export async function listNotifications(
  read: Reader,
  member: Pick<Member, 'id' | 'role'>,
  before: { at: number; id: string } | null,
): Promise<{ notifications: Told[]; next: string | null }> {
  const visible = await visibleMailboxIds(read, member)
  const rows = await read
    .select({ row: notifications, issue: issues, proposal: proposals })
    .from(notifications)
    .leftJoin(issues, eq(issues.id, notifications.issueId))
    .leftJoin(proposals, eq(proposals.id, notifications.proposalId))
    .where(
      and(
        eq(notifications.memberId, member.id),
        eq(notifications.shown, true),
        before
          ? or(lt(notifications.at, before.at), and(eq(notifications.at, before.at), lt(notifications.id, before.id)))
          : undefined,
      ),
    )
    .orderBy(desc(notifications.at), desc(notifications.id))
    .limit(A_PAGE)
  const last = rows.length === A_PAGE ? rows.at(-1)?.row : undefined
  return {
    notifications: rows
      .filter(({ issue, proposal }) => {
        const mailboxId = issue ? issue.mailboxId : proposal?.mailboxId
        return visible === 'all' || mailboxId == null || visible.includes(mailboxId)
      })
      .map(({ row: { id, kind, reason, actorId, actor, said, at, issueId, proposalId, readAt }, issue, proposal }) => ({
        id,
        kind,
        reason,
        actorId,
        actor,
        said,
        at,
        issueId,
        proposalId,
        read: readAt !== null,
        subject: issue?.subject ?? proposal?.title ?? '',
        number: issue?.number ?? proposal?.number ?? 0,
      })),
    next: last ? `${last.at}.${last.id}` : null,
  }
}

/** How many a member has not read, and whether there are more than were counted. */
export async function unreadCount(read: Reader, memberId: string): Promise<{ n: number; more: boolean }> {
  const rows = await read
    .select({ id: notifications.id })
    .from(notifications)
    .where(and(eq(notifications.memberId, memberId), isNull(notifications.readAt), eq(notifications.shown, true)))
    .limit(MAX_COUNTED)
  return { n: Math.min(rows.length, MAX_COUNTED - 1), more: rows.length === MAX_COUNTED }
}

/** Marks as read, or as unread again: these, those of an issue, or all. What is read goes out by no mail. */
export async function markRead(
  tx: Tx,
  memberId: string,
  which: { ids?: string[] | undefined; issueId?: string | undefined },
  isRead: boolean,
  now: number,
): Promise<number> {
  const changed = await tx
    .update(notifications)
    .set(isRead ? { readAt: now, mailAt: null } : { readAt: null })
    .where(
      and(
        eq(notifications.memberId, memberId),
        which.ids ? inArray(notifications.id, which.ids) : undefined,
        which.issueId ? eq(notifications.issueId, which.issueId) : undefined,
        isRead ? isNull(notifications.readAt) : sql`${notifications.readAt} is not null`,
      ),
    )
    .returning({ id: notifications.id })
  return changed.length
}

/** Lets go of what was told long ago. */
export async function pruneNotifications(tx: Tx, now: number): Promise<void> {
  await tx.delete(notifications).where(lt(notifications.at, now - KEEP_MS))
}
