import { and, between, eq, inArray, isNull, ne } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader } from '../../db/index.ts'
import {
  members,
  notifications,
  type Proposal,
  proposalMembers,
  proposalMilestones,
  proposals,
  teamMembers,
} from '../../db/schema.ts'
import type { MilestoneKind, NotificationReason } from '../../db/vocabulary.ts'
import { MAX_DAYS_OFF, type WorkingHours, workingDayBefore } from '../../time/working-hours.ts'
import { DAY_MS, timeAt } from '../../time/zone.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { readHours } from '../issues/hours.ts'
import { dayIn } from '../proposals/deadline.ts'
import { MILESTONE_WORDS } from '../proposals/milestone-words.ts'
import { outOfQuiet } from './mail-time.ts'
import { keepTold, type ToldOf } from './notify.ts'
import { chosenBy, sendingMailbox } from './settings.ts'

/** On the working day before, in minutes after midnight: what comes later is read too late (FAR 15.208). */
const WARN_AT_MINUTES = 17 * 60
/** After an outage that was longer, a deadline that went by is no news. */
const LATE_MS = DAY_MS
const MAX_DEADLINES = 2_000

/** One deadline of a proposal: that of its submission, or of a milestone. */
export type Deadline = {
  /** Of the proposal, or of the milestone. */
  id: string
  what: 'submission' | MilestoneKind
  label: string
  at: number
  /** As people say it: YYYY-MM-DDTHH:MM, or YYYY-MM-DD, and where (IANA). */
  local: string
  zone: string
}

/**
 * What somebody is to be warned of now: at 17:00 of the working day before (in the zone of the deadline), and when it is
 * reached; null: nothing.
 */
export function warningOf(
  { at, zone }: Pick<Deadline, 'at' | 'zone'>,
  days: Pick<WorkingHours, 'days' | 'holidays'>,
  now: number,
): 'due_soon' | 'due_now' | null {
  if (now >= at) return now < at + LATE_MS ? 'due_now' : null
  const [year = 0, month = 0, day = 0] = workingDayBefore(days, dayIn(zone, at)).split('-').map(Number)
  return now >= timeAt({ year, month, day, minutes: WARN_AT_MINUTES }, zone) ? 'due_soon' : null
}

/**
 * Warns owners and teams of deadlines of open proposals. A member is warned of each deadline once, however often this is
 * asked and wherever: the row is keyed by what is due and when, so that a deadline that moves is warned of anew.
 * @returns how many notifications are new
 */
export async function warnOfDeadlines(db: Db, now: number): Promise<number> {
  const { read } = db
  const found = await deadlinesAround(read, now)
  if (found.length === 0) return 0
  const { everybody } = await readHours(read)
  const due = found.flatMap(({ deadline, proposal }) => {
    const kind = warningOf(deadline, everybody, now)
    return kind ? [{ kind, deadline, proposal, eventId: `${kind}:${deadline.id}:${deadline.at}` }] : []
  })
  if (due.length === 0) return 0
  const concerned = await concernedBy(
    read,
    due.map(({ proposal }) => proposal),
  )
  const known = await read
    .select({ eventId: notifications.eventId, memberId: notifications.memberId })
    .from(notifications)
    .where(
      and(
        inArray(notifications.memberId, [...concerned.members.keys()]),
        inArray(
          notifications.eventId,
          due.map(({ eventId }) => eventId),
        ),
      ),
    )
  const done = new Set(known.map(({ eventId, memberId }) => `${memberId} ${eventId}`))
  const chosen = await chosenBy(read, [...concerned.members.keys()])
  const mails = (await sendingMailbox(read)) !== null
  const told: ToldOf[] = []
  for (const { kind, deadline, proposal, eventId } of due)
    for (const [memberId, reason] of concerned.of(proposal)) {
      const visible = concerned.members.get(memberId)
      if (!visible || done.has(`${memberId} ${eventId}`)) continue
      if (visible !== 'all' && proposal.mailboxId !== null && !visible.includes(proposal.mailboxId)) continue
      const { choices, quiet, zone } = chosen.get(memberId)!
      const { app, mail, push } = choices[kind]
      // At once, however news is gathered: a warning that comes with tomorrow's is none.
      const outAt = outOfQuiet(now, quiet, zone)
      const row = {
        id: uuidv7(),
        memberId,
        eventId,
        issueId: null,
        proposalId: proposal.id,
        kind,
        reason,
        actorId: null,
        actor: '',
        said: wordsOf(deadline),
        at: now,
        shown: app,
        readAt: null,
        mailAt: mail && mails ? outAt : null,
        mailId: null,
      }
      if (app || row.mailAt !== null || push) told.push({ row, pushAt: push ? outAt : null })
    }
  return await keepTold(db, told, now)
}

type Found = { deadline: Deadline; proposal: Proposal }

/** The deadlines that are close enough to be warned of, of open proposals; what was submitted, or done, is not due. */
async function deadlinesAround(read: Reader, now: number): Promise<Found[]> {
  const [from, to] = [now - LATE_MS, now + (MAX_DAYS_OFF + 2) * DAY_MS]
  const open = and(eq(proposals.outcome, 'open'), isNull(proposals.deletedAt))
  const submissions = await read
    .select()
    .from(proposals)
    .where(and(open, between(proposals.dueAt, from, to), isNull(proposals.submittedAt)))
    .limit(MAX_DEADLINES)
  const milestones = await read
    .select({ milestone: proposalMilestones, proposal: proposals })
    .from(proposalMilestones)
    .innerJoin(proposals, eq(proposals.id, proposalMilestones.proposalId))
    // An award is for the customer to give: nobody here can be late with it.
    .where(
      and(
        open,
        between(proposalMilestones.at, from, to),
        isNull(proposalMilestones.doneAt),
        ne(proposalMilestones.kind, 'award_expected'),
      ),
    )
    .limit(MAX_DEADLINES)
  return [
    ...submissions.flatMap((proposal): Found[] => {
      const { id, dueAt, dueLocal, dueZone } = proposal
      if (dueAt === null || dueLocal === null || dueZone === null) return []
      return [{ proposal, deadline: { id, what: 'submission', label: '', at: dueAt, local: dueLocal, zone: dueZone } }]
    }),
    ...milestones
      // The submission may stand among the milestones too: it is due once.
      .filter(({ milestone, proposal }) => milestone.kind !== 'submission' || milestone.at !== proposal.dueAt)
      .map(({ milestone: { kind, ...rest }, proposal }): Found => ({ proposal, deadline: { ...rest, what: kind } })),
  ]
}

/** Whom proposals concern: their owners, the members of their teams, and who has a part in them. */
async function concernedBy(read: Reader, about: Proposal[]) {
  const ids = [...new Set(about.map(({ id }) => id))]
  const teamIds = [...new Set(about.flatMap(({ teamId }) => (teamId ? [teamId] : [])))]
  const parts = await read.select().from(proposalMembers).where(inArray(proposalMembers.proposalId, ids))
  const inTeams =
    teamIds.length > 0 ? await read.select().from(teamMembers).where(inArray(teamMembers.teamId, teamIds)) : []
  const of = (proposal: Proposal): Map<string, NotificationReason> =>
    new Map([
      ...parts
        .filter(({ proposalId }) => proposalId === proposal.id)
        .map(({ memberId }) => [memberId, 'team'] as const),
      ...inTeams.filter(({ teamId }) => teamId === proposal.teamId).map(({ memberId }) => [memberId, 'team'] as const),
      ...(proposal.ownerId ? [[proposal.ownerId, 'assignee'] as const] : []),
    ])
  const memberIds = [...new Set(about.flatMap((proposal) => [...of(proposal).keys()]))]
  const active =
    memberIds.length === 0
      ? []
      : await read
          .select()
          .from(members)
          .where(and(inArray(members.id, memberIds), isNull(members.disabledAt)))
  const seen = new Map<string, string[] | 'all'>()
  for (const member of active) seen.set(member.id, await visibleMailboxIds(read, member))
  return { of, members: seen }
}

/** What is due when and where: "Questions due: Wednesday 15 July 2026, 14:00 (America/Denver)". */
export function wordsOf({ what, label, local, zone }: Deadline): string {
  const [day = '', clock] = local.split('T')
  const name = label || (what === 'submission' ? 'Proposal due' : MILESTONE_WORDS[what])
  return `${name}: ${DAY.format(Date.parse(day)).replaceAll(',', '')}${clock ? `, ${clock}` : ''} (${zone})`
}
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' })
