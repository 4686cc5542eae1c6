import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Event,
  events,
  type Issue,
  issues,
  type Member,
  messages,
  notes,
  outbox,
  threads,
} from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { Refused } from '../errors.ts'
import { change, findIssue } from './issue.ts'
import { standing } from './late.ts'
import { mailboxSet } from './mailbox-set.ts'
import { statusAfter } from './message.ts'
import { refuse } from './refusal.ts'
import { sendingOf } from './sending.ts'
import { statusAfterSnooze } from './snooze.ts'
import { shownOf, unitedStatus } from './unite.ts'

// One matter, one issue: a member brings an issue into another, and takes it out again whenever they like. Nothing is
// destroyed: threads and notes get another issue, and the event of it names them.

/** Mails that came since are looked at, up to so many, to say where an issue stands. */
const MAX_MAILS_SINCE = 200
/** An issue may be in one that is in another itself. */
const MAX_STEPS = 20

type Standing = Pick<
  Issue,
  | 'status'
  | 'doneReason'
  | 'assigneeId'
  | 'teamId'
  | 'waitingSince'
  | 'listedAt'
  | 'snoozedUntil'
  | 'wakesOnReply'
  | 'snoozedFrom'
>

/** What the event of a merge keeps, on the side of the issue that was brought in. */
type Kept = {
  intoIssueId: string
  threadIds: string[]
  noteIds: string[]
  /** How both were, and what the other one became by it. */
  before: Standing
  intoBefore: Standing
  intoAfter: Standing
}

/** A merge may also be what takes a split back (split.ts). */
export type MergeAs = {
  action: Extract<Action, 'merged' | 'unsplit'>
  /** Only mail came out and goes back: the status of the other issue stays. */
  keepsStatus?: boolean
}

/**
 * Brings an issue into another: its mails and notes move there, and later mail follows them. What was ours to move stays
 * so, and the other issue is taken care of by who took care of this one, where nobody did.
 * @returns the issue that has it all now
 * @throws Refused where one of them is in another already, out of sight, or not open to the same people
 */
export async function merge(
  tx: Tx,
  from: Issue,
  into: Issue,
  by: Member,
  now: number,
  as: MergeAs = { action: 'merged' },
): Promise<Issue> {
  if (from.id === into.id) throw new Refused('An issue can not be brought into itself. Choose another one.')
  for (const issue of [from, into]) checkIsThere(issue)
  if (into.status === 'spam' || into.status === 'trash')
    throw new Refused(`Issue ${into.number} is out of sight. Bring it back first, or choose another one.`)
  const { ids } = await mailboxSet(tx, into.mailboxId)
  if (!ids.has(from.mailboxId))
    throw new Refused('These two are in mailboxes that are open to different people, so they stay apart.')

  const threadIds = await idsOf(tx.select({ id: threads.id }).from(threads).where(eq(threads.issueId, from.id)))
  const noteIds = await idsOf(tx.select({ id: notes.id }).from(notes).where(eq(notes.issueId, from.id)))
  await tx.update(threads).set({ issueId: into.id }).where(eq(threads.issueId, from.id))
  await tx.update(notes).set({ issueId: into.id }).where(eq(notes.issueId, from.id))
  await tx.update(outbox).set({ issueId: into.id }).where(eq(outbox.issueId, from.id))

  const status = as.keepsStatus ? into.status : unitedStatus(into.status, from.status)
  const unassigned = into.assigneeId === null && into.teamId === null
  const since = [into.waitingSince, from.waitingSince].filter((at) => at !== null)
  const isOurs = status === 'new' || status === 'open'
  const intoAfter: Standing = {
    status,
    doneReason: status === 'done' ? into.doneReason : null,
    assigneeId: unassigned ? from.assigneeId : into.assigneeId,
    teamId: unassigned ? from.teamId : into.teamId,
    waitingSince: isOurs ? (since.length > 0 ? Math.min(...since) : now) : null,
    listedAt: Math.max(into.listedAt, from.listedAt),
    snoozedUntil: status === 'snoozed' ? into.snoozedUntil : null,
    wakesOnReply: status === 'snoozed' && into.wakesOnReply,
    snoozedFrom: status === 'snoozed' ? into.snoozedFrom : null,
  }
  const kept: Kept = {
    intoIssueId: into.id,
    threadIds,
    noteIds,
    before: standingOf(from),
    intoBefore: standingOf(into),
    intoAfter,
  }
  const detail = { ...kept, intoNumber: into.number, intoSubject: into.subject }
  await change(tx, from, { ...EMPTY, mergedIntoId: into.id }, { action: as.action, memberId: by.id, detail }, now)
  const shown = await shownOf(tx, into.id)
  return await change(
    tx,
    into,
    { ...shown, ...intoAfter, sending: await sendingOf(tx, into.id) },
    { action: as.action, memberId: by.id, detail: aboutFrom(from) },
    now,
  )
}

const EMPTY = {
  status: 'merged',
  doneReason: null,
  assigneeId: null,
  teamId: null,
  waitingSince: null,
  messageCount: 0,
  hasAttachments: false,
  sending: null,
} as const

const aboutFrom = ({ id, number, subject }: Issue) => ({ fromIssueId: id, fromNumber: number, fromSubject: subject })

/** @throws Refused where the issue has nothing left */
export function checkIsThere(issue: Issue): void {
  if (issue.status === 'merged')
    throw new Refused(`Issue ${issue.number} is part of another issue. Open that one, or take it out first.`)
}

/**
 * Takes an issue out of the one that it was brought into: its threads, with all that came into them since, and its notes.
 * Both are as they were, as far as nobody has moved them on; the mails that came since count.
 * @returns the issue that is on its own again, and the one that it was in
 */
export async function unmerge(tx: Tx, from: Issue, by: Member, now: number): Promise<{ from: Issue; into: Issue }> {
  const event = await mergeOf(tx, from)
  if (from.status !== 'merged' || !event) throw new Refused(`Issue ${from.number} is on its own already.`)
  // The cast: only merge() writes such an event.
  const kept = event.detail as Kept
  const into = await homeOf(tx, await findIssue(tx, kept.intoIssueId))
  const threadIds = await idsOf(
    tx
      .select({ id: threads.id })
      .from(threads)
      .where(and(eq(threads.issueId, into.id), inArray(threads.id, kept.threadIds))),
  )
  if (threadIds.length === 0 && kept.threadIds.length > 0)
    throw new Refused('Its emails are in other threads by now. Split them out of the issue instead.')
  await tx.update(threads).set({ issueId: from.id }).where(inArray(threads.id, threadIds))
  const movedMail = tx.select({ id: messages.id }).from(messages).where(inArray(messages.threadId, threadIds))
  await tx.update(outbox).set({ issueId: from.id }).where(inArray(outbox.messageId, movedMail))
  await tx
    .update(notes)
    .set({ issueId: from.id })
    .where(and(eq(notes.issueId, into.id), inArray(notes.id, kept.noteIds)))

  const alone = await change(
    tx,
    from,
    {
      ...(await shownOf(tx, from.id)),
      ...afterMailSince(kept.before, await mailSince(tx, from.id, event.at)),
      sending: await sendingOf(tx, from.id),
      mergedIntoId: null,
    },
    { action: 'unmerged', memberId: by.id, detail: { ...aboutInto(into), eventId: event.id } },
    now,
  )
  const back = into.id === kept.intoIssueId ? await asBefore(tx, into, kept, event.at) : {}
  const left = await change(
    tx,
    into,
    { ...(await shownOf(tx, into.id)), ...back, sending: await sendingOf(tx, into.id) },
    { action: 'unmerged', memberId: by.id, detail: { ...aboutFrom(from), eventId: event.id } },
    now,
  )
  await refuse(tx, from, into, by, now)
  return { from: alone, into: left }
}

const aboutInto = ({ id, number, subject }: Issue) => ({ intoIssueId: id, intoNumber: number, intoSubject: subject })

/** What the merge changed of the other issue and nobody has changed since. */
async function asBefore(tx: Tx, into: Issue, { intoBefore, intoAfter }: Kept, at: number): Promise<Partial<Issue>> {
  const hasStatus = into.status === intoAfter.status && into.doneReason === intoAfter.doneReason
  const hasAssignee = into.assigneeId === intoAfter.assigneeId && into.teamId === intoAfter.teamId
  const { assigneeId, teamId, listedAt, ...stands } = afterMailSince(intoBefore, await mailSince(tx, into.id, at))
  return {
    ...(into.listedAt === intoAfter.listedAt || listedAt > intoBefore.listedAt ? { listedAt } : {}),
    ...(hasStatus ? stands : {}),
    ...(hasAssignee ? { assigneeId, teamId } : {}),
  }
}

type Mail = Pick<typeof messages.$inferSelect, 'direction' | 'writer' | 'at'>

/** The mails that came into an issue since, oldest first. */
async function mailSince(tx: Tx, issueId: string, since: number): Promise<Mail[]> {
  return await tx
    .select({ direction: messages.direction, writer: messages.writer, at: messages.at })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issueId), gt(messages.createdAt, since)))
    .orderBy(messages.at, messages.id)
    .limit(MAX_MAILS_SINCE)
}

function afterMailSince(before: Standing, mails: Mail[]): Standing {
  if (mails.length === 0) return before
  const status = mails.reduce(
    (now, mail) => (now === 'snoozed' ? statusAfterSnooze(before, mail) : statusAfter(now, mail)),
    before.status,
  )
  const isOurs = status === 'new' || status === 'open'
  const first = mails.find(({ direction }) => direction === 'in')
  return {
    ...before,
    status,
    listedAt: Math.max(before.listedAt, mails.at(-1)!.at),
    doneReason: status === 'done' ? before.doneReason : null,
    waitingSince: isOurs
      ? (before.waitingSince ?? first?.at ?? standing(before, mails, statusAfter).waitingSince)
      : null,
  }
}

const standingOf = (issue: Issue): Standing => {
  const { status, doneReason, assigneeId, teamId, waitingSince, listedAt } = issue
  const { snoozedUntil, wakesOnReply, snoozedFrom } = issue
  return { status, doneReason, assigneeId, teamId, waitingSince, listedAt, snoozedUntil, wakesOnReply, snoozedFrom }
}

/** The merge that an issue is in by now. */
async function mergeOf(read: Reader, { id }: Issue): Promise<Event | undefined> {
  const [event] = await read
    .select()
    .from(events)
    .where(and(eq(events.issueId, id), inArray(events.action, ['merged', 'unsplit'])))
    .orderBy(desc(events.id))
    .limit(1)
  return event
}

/** Where the mails of an issue are: in itself, or in the one that it was brought into. */
export async function homeOf(read: Reader, issue: Issue): Promise<Issue> {
  let home = issue
  for (let step = 0; step < MAX_STEPS && home.mergedIntoId !== null; step++) {
    const [next] = await read.select().from(issues).where(eq(issues.id, home.mergedIntoId))
    if (!next) return home
    home = next
  }
  return home
}

async function idsOf(rows: PromiseLike<{ id: string }[]>): Promise<string[]> {
  return (await rows).map(({ id }) => id)
}
