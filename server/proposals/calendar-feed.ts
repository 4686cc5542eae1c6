import { and, asc, eq, gt, isNull, type SQL } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import {
  type CalendarFeed,
  calendarFeeds,
  type Member,
  members,
  organizations,
  type Proposal,
  proposalMembers,
  proposalMilestones,
  proposals,
  teamMembers,
} from '../../db/schema.ts'
import type { FeedScope } from '../../db/vocabulary.ts'
import { countRequest } from '../access/attempt.ts'
import { hashToken } from '../access/token.ts'
import { NotFound } from '../errors.ts'
import { record } from '../issues/event.ts'
import { type CalendarEntry, calendarOf } from './icalendar.ts'
import { MILESTONE_WORDS } from './milestone-words.ts'
import { scopeOf, within } from './visible.ts'

const DAY_MS = 86_400_000
/** What was due longer ago is of no use in a calendar. */
const PAST_MS = 30 * DAY_MS
const MAX_ENTRIES = 2_000
/** How often a calendar may be read in a quarter of an hour, and how often somebody may ask for one that is not there. */
export const MAX_READS = 60
const SEEN_EVERY_MS = 60_000

/** A member's calendar link as they see it; the secret in it is known to nobody here. */
export type ShownFeed = Pick<CalendarFeed, 'shows' | 'createdAt' | 'readAt'>

export async function feedOf(read: Reader, member: Pick<Member, 'id'>): Promise<ShownFeed | null> {
  const [feed] = await read.select().from(calendarFeeds).where(eq(calendarFeeds.memberId, member.id))
  return feed ? { shows: feed.shows, createdAt: feed.createdAt, readAt: feed.readAt } : null
}

/** Makes a member's calendar link; one that they had is good for nothing any more. */
export async function makeFeed(tx: Tx, member: Member, shows: FeedScope, token: string, now: number): Promise<void> {
  const row = { tokenHash: hashToken(token), shows, createdAt: now, readAt: null }
  await tx
    .insert(calendarFeeds)
    .values({ memberId: member.id, ...row })
    .onConflictDoUpdate({ target: calendarFeeds.memberId, set: row })
  await record(tx, { action: 'settings_changed', at: now, memberId: member.id, detail: { change: 'calendarFeed' } })
}

/** Says which proposals a member's calendar shows; its link stays. */
export async function changeFeed(tx: Tx, member: Pick<Member, 'id'>, shows: FeedScope): Promise<void> {
  const mine = eq(calendarFeeds.memberId, member.id)
  const changed = await tx.update(calendarFeeds).set({ shows }).where(mine).returning({ id: calendarFeeds.memberId })
  if (changed.length === 0) throw new NotFound('You have no calendar link. Make one first.')
}

export async function removeFeed(tx: Tx, member: Pick<Member, 'id'>): Promise<void> {
  await tx.delete(calendarFeeds).where(eq(calendarFeeds.memberId, member.id))
}

/**
 * The calendar behind a link.
 * @param address who asks
 * @throws NotFound where the link is not good, or its member left; TooOften
 */
export async function readFeed(
  db: Db,
  { token, address, url }: { token: string; address: string; url: string },
  now: number,
): Promise<string> {
  const [found] = await db.read
    .select({ feed: calendarFeeds, member: members })
    .from(calendarFeeds)
    .innerJoin(members, eq(members.id, calendarFeeds.memberId))
    .where(and(eq(calendarFeeds.tokenHash, hashToken(token)), isNull(members.disabledAt)))
  await countRequest(db, found ? `feed:${found.member.id}` : { address, to: 'feed' }, MAX_READS, now)
  if (!found) throw new NotFound('This calendar link is not good any more. Make a new one under your account.')
  const { feed, member } = found
  if (now - (feed.readAt ?? 0) > SEEN_EVERY_MS)
    await db.write(async (tx) => {
      await tx.update(calendarFeeds).set({ readAt: now }).where(eq(calendarFeeds.memberId, member.id))
    })
  return calendarOf('Downfield deadlines', await entriesFor(db.read, member, feed.shows, url, now))
}

/** The deadlines and milestones of open proposals that a member sees, as entries of a calendar. */
async function entriesFor(
  read: Reader,
  member: Member,
  shows: FeedScope,
  url: string,
  now: number,
): Promise<CalendarEntry[]> {
  const scope = await scopeOf(read, member)
  const own = shows === 'mine' ? await mineOf(read, member) : undefined
  const open = and(eq(proposals.outcome, 'open'), isNull(proposals.deletedAt), within(scope))
  const rows = async (more: SQL | undefined) =>
    await read
      .select({ proposal: proposals, organization: organizations.name })
      .from(proposals)
      .leftJoin(organizations, eq(organizations.id, proposals.organizationId))
      .where(and(open, more))
      .orderBy(asc(proposals.dueAt), asc(proposals.id))
      .limit(MAX_ENTRIES)
  const since = now - PAST_MS
  const due = await rows(and(gt(proposals.dueAt, since), isNull(proposals.submittedAt)))
  const milestones = await read
    .select({ milestone: proposalMilestones, proposal: proposals, organization: organizations.name })
    .from(proposalMilestones)
    .innerJoin(proposals, eq(proposals.id, proposalMilestones.proposalId))
    .leftJoin(organizations, eq(organizations.id, proposals.organizationId))
    .where(and(open, isNull(proposalMilestones.doneAt), gt(proposalMilestones.at, since)))
    .orderBy(asc(proposalMilestones.at), asc(proposalMilestones.id))
    .limit(MAX_ENTRIES)
  const isShown = (proposal: Proposal) => own === undefined || own(proposal)
  const common = (
    { proposal, organization }: { proposal: Proposal; organization: string | null },
    local: string,
    zone: string,
  ) => ({
    description: [`${local.replace('T', ', ')} (${zone})`, organization, `${url}/proposals/${proposal.id}`]
      .filter(Boolean)
      .join('\n'),
    url: `${url}/proposals/${proposal.id}`,
    changedAt: proposal.updatedAt,
  })
  const startOf = (at: number, local: string) => (local.includes('T') ? at : local)
  return [
    ...due
      .filter(({ proposal }) => isShown(proposal))
      .flatMap((row): CalendarEntry[] => {
        const { id, dueAt, dueLocal, dueZone, title, number } = row.proposal
        if (dueAt === null || dueLocal === null || dueZone === null) return []
        const summary = `Proposal due: ${title} (PRP-${number})`
        return [
          { uid: `${id}@downfield`, starts: startOf(dueAt, dueLocal), summary, ...common(row, dueLocal, dueZone) },
        ]
      }),
    ...milestones
      .filter(
        ({ proposal, milestone }) =>
          isShown(proposal) && !(milestone.kind === 'submission' && milestone.at === proposal.dueAt),
      )
      .map((row): CalendarEntry => {
        const { id, kind, label, at, local, zone } = row.milestone
        const summary = `${label || MILESTONE_WORDS[kind]}: ${row.proposal.title} (PRP-${row.proposal.number})`
        return { uid: `${id}@downfield`, starts: startOf(at, local), summary, ...common(row, local, zone) }
      }),
  ].slice(0, MAX_ENTRIES)
}

/** Whether a proposal is a member's: they own it, their team does, or they have a part in it. */
async function mineOf(read: Reader, { id }: Pick<Member, 'id'>): Promise<(proposal: Proposal) => boolean> {
  const parts = await read
    .select({ id: proposalMembers.proposalId })
    .from(proposalMembers)
    .where(eq(proposalMembers.memberId, id))
  const teams = await read.select({ id: teamMembers.teamId }).from(teamMembers).where(eq(teamMembers.memberId, id))
  const [ids, teamIds] = [new Set(parts.map((row) => row.id)), new Set(teams.map((row) => row.id))]
  return (proposal) =>
    proposal.ownerId === id || ids.has(proposal.id) || (proposal.teamId !== null && teamIds.has(proposal.teamId))
}
