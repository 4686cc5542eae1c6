import { eq, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { insertInto, prepared, UNNAMED, updateOf } from '../../db/prepared.ts'
import { type Address, type Issue, issues, type Mailbox, type Member, mailboxes, type Team } from '../../db/schema.ts'
import type { Action, DoneReason, Status } from '../../db/vocabulary.ts'
import { NotFound, Refused } from '../errors.ts'
import { countMove, recount } from './count.ts'
import { record } from './event.ts'
import { relistTags } from './tags.ts'

/** The issue, or NotFound. Whether a member may see it is asked by the caller (access/may.ts). */
export async function findIssue(read: Reader, id: string): Promise<Issue> {
  const [issue] = await read.select().from(issues).where(eq(issues.id, id))
  if (!issue) throw new NotFound('There is no such issue.')
  return issue
}

const nextNumber = prepared((tx: Tx) =>
  tx
    .update(mailboxes)
    .set({ lastNumber: sql`${mailboxes.lastNumber} + 1` })
    .where(eq(mailboxes.id, sql.placeholder('id')))
    .returning({ number: mailboxes.lastNumber })
    .prepare(UNNAMED),
)
const insertIssue = insertInto(issues)

const updateIssue = updateOf(issues)

/** Opens an issue for a mail that answers nothing we know; it needs triage. */
export async function openIssue(
  tx: Tx,
  mailbox: Pick<Mailbox, 'id'>,
  about: { id?: string; subject: string; contact: Address; at: number; status?: Status },
  now: number,
): Promise<Issue> {
  const [counted] = await nextNumber(tx).execute({ id: mailbox.id })
  if (!counted) throw new NotFound('The mailbox is gone.')
  const issue: Issue = {
    id: about.id ?? uuidv7(),
    mailboxId: mailbox.id,
    number: counted.number,
    subject: about.subject,
    status: about.status ?? 'new',
    doneReason: null,
    assigneeId: null,
    teamId: null,
    contactName: about.contact.name,
    contactAddress: about.contact.address,
    lastFrom: about.contact.name || about.contact.address,
    snippet: '',
    lastDirection: 'in',
    messageCount: 0,
    hasAttachments: false,
    sending: null,
    lastMessageAt: about.at,
    listedAt: about.at,
    waitingSince: (about.status ?? 'new') === 'new' ? about.at : null,
    ...AWAKE,
    tagIds: [],
    createdAt: now,
    updatedAt: now,
    version: 1,
    statusVersion: 1,
    assigneeVersion: 0,
    mergedIntoId: null,
    discardedAt: null,
  }
  await insertIssue(tx, issue)
  await recount(tx, null, issue)
  await record(tx, { action: 'opened', at: now, mailboxId: mailbox.id, issueId: issue.id })
  return issue
}

type Change = Partial<
  Omit<
    Issue,
    | 'id'
    | 'mailboxId'
    | 'number'
    | 'createdAt'
    | 'updatedAt'
    | 'version'
    | 'statusVersion'
    | 'assigneeVersion'
    | 'discardedAt'
  >
>
/** What an issue has that is not put off. */
const AWAKE = { snoozedUntil: null, wakesOnReply: false, snoozedFrom: null } as const

type Cause = { action: Action; memberId?: string | null; detail?: Record<string, unknown> }

/** Changes an issue and records why, keeping counts and version in step. Every change of an issue goes through here. */
export async function change(tx: Tx, issue: Issue, to: Change, cause: Cause, now: number): Promise<Issue> {
  const changed: Issue = { ...issue, ...to, updatedAt: now, version: issue.version + 1 }
  // Nothing stays put off without an end: where none is given, as when an answer is taken back, it is ours to move.
  if (changed.status === 'snoozed' && changed.snoozedUntil === null) changed.status = 'open'
  if (changed.status !== 'snoozed') Object.assign(changed, AWAKE)
  changed.waitingSince = waitingSince(issue, changed, to, now)
  changed.listedAt = to.listedAt ?? listedAt(issue, changed)
  if (changed.status !== 'done') changed.doneReason = null
  changed.discardedAt = discardedAt(issue, changed, now)
  if (changed.status !== issue.status || changed.doneReason !== issue.doneReason)
    changed.statusVersion = changed.version
  if (changed.assigneeId !== issue.assigneeId || changed.teamId !== issue.teamId)
    changed.assigneeVersion = changed.version
  if (!(await updateIssue(tx, issue, changed))) throw new Error(`issue ${issue.id} changed under a transaction`)
  await recount(tx, issue, changed)
  if (cause.memberId && issue.status !== changed.status) await countMove(tx, issue, changed, now)
  await relistTags(tx, issue, changed)
  await record(tx, { ...cause, at: now, mailboxId: issue.mailboxId, issueId: issue.id })
  return changed
}

/** Since when it is ours to move: unchanged while it stays ours, from now or the mail that made it ours. */
function waitingSince(before: Issue, after: Issue, to: Change, now: number): number | null {
  if (after.status !== 'new' && after.status !== 'open') return null
  if (to.waitingSince !== undefined) return to.waitingSince ?? after.lastMessageAt
  return before.waitingSince ?? now
}

/** A mail brings an issue to the top; what came back by itself stays there, unless a newer mail comes. */
function listedAt(before: Issue, after: Issue): number {
  if (after.lastMessageAt === before.lastMessageAt) return before.listedAt
  if (after.lastMessageAt < before.lastMessageAt) return after.lastMessageAt
  return Math.max(before.listedAt, after.lastMessageAt)
}

/** Since when it is out of sight. What comes into it there stays as long as if it had come first. */
function discardedAt(before: Issue, after: Issue, now: number): number | null {
  if (after.status !== 'spam' && after.status !== 'trash') return null
  const isAsBefore = before.status === after.status && before.messageCount >= after.messageCount
  return isAsBefore ? (before.discardedAt ?? now) : now
}

/** Whom an issue is given to: a member, a team, or nobody. */
export type Assignee = { member: Member } | { team: Team } | null

/** Gives an issue to somebody. An issue that needed triage is ours to move from then on. */
export async function assign(tx: Tx, issue: Issue, assignee: Assignee, by: Member, now: number): Promise<Issue> {
  if (issue.status === 'done') throw new Refused('Reopen the issue before assigning it.')
  if (issue.status === 'merged') throw new Refused('It is part of another issue by now. Open that one.')
  const assigneeId = assignee && 'member' in assignee ? assignee.member.id : null
  const teamId = assignee && 'team' in assignee ? assignee.team.id : null
  if (assignee && 'member' in assignee && assignee.member.disabledAt)
    throw new Refused(`${assignee.member.name} no longer has access. Choose somebody else.`)
  if (issue.assigneeId === assigneeId && issue.teamId === teamId) return issue
  const name = assignee && ('member' in assignee ? assignee.member.name : assignee.team.name)
  return await change(
    tx,
    issue,
    { assigneeId, teamId, ...(issue.status === 'new' && assignee ? { status: 'open' as const } : {}) },
    {
      action: 'assigned',
      memberId: by.id,
      detail: { assigneeId, teamId, name, fromAssigneeId: issue.assigneeId, fromTeamId: issue.teamId },
    },
    now,
  )
}

/** Moves an issue to a status. Done takes a reason; without one it was answered. */
export async function setStatus(
  tx: Tx,
  issue: Issue,
  status: Status,
  reason: DoneReason | null,
  by: Member,
  now: number,
): Promise<Issue> {
  const doneReason = status === 'done' ? (reason ?? 'answered') : null
  if (issue.status === status && issue.doneReason === doneReason) return issue
  if (issue.status === 'merged') throw new Refused('It is part of another issue by now. Open that one.')
  return await change(
    tx,
    issue,
    { status, doneReason },
    { action: 'status_changed', memberId: by.id, detail: { from: issue.status, to: status, reason: doneReason } },
    now,
  )
}
