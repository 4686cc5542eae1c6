import { and, inArray, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { placeholdersOf, prepared, UNNAMED } from '../../db/prepared.ts'
import { counts, type Issue, mailboxes, traffic } from '../../db/schema.ts'
import type { Direction } from '../../db/vocabulary.ts'

type Place = Pick<Issue, 'mailboxId' | 'status' | 'assigneeId' | 'teamId'>

/** The key under which an assignee is counted: '' for nobody. */
function assigneeKey({ assigneeId, teamId }: Pick<Place, 'assigneeId' | 'teamId'>): string {
  if (assigneeId) return `m:${assigneeId}`
  return teamId ? `t:${teamId}` : ''
}

/** Takes an issue out of the count it was in (none if it is new) and adds it to the one it is in now. */
export async function recount(tx: Tx, before: Place | null, after: Place): Promise<void> {
  const same =
    before?.mailboxId === after.mailboxId &&
    before.status === after.status &&
    assigneeKey(before) === assigneeKey(after)
  if (same) return
  if (before) await add(tx, before, -1)
  await add(tx, after, 1)
}

/** Takes an issue that is no more out of the count. */
export async function uncount(tx: Tx, issue: Place): Promise<void> {
  await add(tx, issue, -1)
}

const addToCount = prepared((tx: Tx) =>
  tx
    .insert(counts)
    .values(placeholdersOf(counts))
    .onConflictDoUpdate({
      target: [counts.mailboxId, counts.status, counts.assignee],
      set: { n: sql`${counts.n} + excluded.n` },
    })
    .prepare(UNNAMED),
)

async function add(tx: Tx, { mailboxId, status, ...who }: Place, n: number): Promise<void> {
  await addToCount(tx).execute({ mailboxId, status, assignee: assigneeKey(who), n })
}

/** How many issues each list has, for one member. */
export type Counts = {
  new: number
  open: number
  mine: number
  teams: Record<string, number>
  unassigned: number
  snoozed: number
  waiting: number
  /** What each member has to move. */
  load: Record<string, number>
  /** Mails received in the last seven days. */
  emailsThisWeek: number
}

const WEEK_DAYS = 7
const DAY_MS = 86_400_000

/** Counts for the lists of a member, from rows that were kept up: no issue is looked at. */
export async function countIssues(
  read: Reader,
  memberId: string,
  mailboxIds: string[] | 'all',
  now: number,
): Promise<Counts> {
  const within = mailboxIds === 'all' ? undefined : inArray(counts.mailboxId, mailboxIds)
  const rows = await read
    .select({ status: counts.status, assignee: counts.assignee, n: sql<number>`sum(${counts.n})`.mapWith(Number) })
    .from(counts)
    .where(and(within, inArray(counts.status, ['new', 'open', 'snoozed', 'waiting'])))
    .groupBy(counts.status, counts.assignee)
  const days = Array.from({ length: WEEK_DAYS }, (_, i) => dayOf(now - i * DAY_MS))
  const [mail] = await read
    .select({ n: sql<number>`coalesce(sum(${traffic.received}), 0)`.mapWith(Number) })
    .from(traffic)
    // Mailbox by mailbox, which is how the index knows a day.
    .where(
      and(
        inArray(
          traffic.mailboxId,
          mailboxIds === 'all' ? read.select({ id: mailboxes.id }).from(mailboxes) : mailboxIds,
        ),
        inArray(traffic.day, days),
      ),
    )

  const result: Counts = {
    new: 0,
    open: 0,
    mine: 0,
    teams: {},
    unassigned: 0,
    snoozed: 0,
    waiting: 0,
    load: {},
    emailsThisWeek: mail?.n ?? 0,
  }
  for (const { status, assignee, n } of rows) {
    if (status === 'waiting' || status === 'snoozed') {
      result[status] += n
      continue
    }
    if (status === 'new' || status === 'open') result[status] += n
    if (assignee.startsWith('m:')) result.load[assignee.slice(2)] = (result.load[assignee.slice(2)] ?? 0) + n
    if (assignee === '') result.unassigned += n
    else if (assignee === `m:${memberId}`) result.mine += n
    else if (assignee.startsWith('t:')) result.teams[assignee.slice(2)] = (result.teams[assignee.slice(2)] ?? 0) + n
  }
  return result
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** Counts a mail on the day it came or went; `n` is -1 for one that turned out not to. */
export async function countMail(tx: Tx, mailboxId: string, direction: Direction, at: number, n: 1 | -1 = 1) {
  const one = direction === 'in' ? { received: n, sent: 0 } : { received: 0, sent: n }
  await addToTraffic(tx).execute({ mailboxId, day: dayOf(at), ...one, moved: 0, closed: 0 })
}

/** Counts that somebody moved an issue on, on the day when they did. */
export async function countMove(tx: Tx, before: Place, after: Place, now: number): Promise<void> {
  const closed = Number(after.status === 'done') - Number(before.status === 'done')
  await addToTraffic(tx).execute({
    mailboxId: after.mailboxId,
    day: dayOf(now),
    received: 0,
    sent: 0,
    moved: closed < 0 ? -1 : 1,
    closed,
  })
}

const addToTraffic = prepared((tx: Tx) =>
  tx
    .insert(traffic)
    .values(placeholdersOf(traffic))
    .onConflictDoUpdate({
      target: [traffic.mailboxId, traffic.day],
      set: {
        received: sql`${traffic.received} + excluded.received`,
        sent: sql`${traffic.sent} + excluded.sent`,
        moved: sql`${traffic.moved} + excluded.moved`,
        closed: sql`${traffic.closed} + excluded.closed`,
      },
    })
    .prepare(UNNAMED),
)
