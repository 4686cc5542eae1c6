import { and, asc, desc, eq, gt, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Event,
  events,
  type Issue,
  issues,
  type Member,
  type Message,
  messages,
  outbox,
  threads,
} from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { change, findIssue, openIssue } from './issue.ts'
import { standing } from './late.ts'
import { checkIsThere, homeOf, merge } from './merge.ts'
import { statusAfter } from './message.ts'
import { refuse } from './refusal.ts'
import { sendingOf } from './sending.ts'
import { shownOf } from './unite.ts'

/** A thread that was taken out: as a whole, or made of some mails of another one. */
type Taken = { threadId: string; apart: boolean } | { threadId: string; ofThreadId: string }

/** What the event of a split keeps, on the side of the new issue. */
type Kept = { fromIssueId: string; taken: Taken[]; status: Issue['status'] }

/** What is to be taken out. */
export type Splitting = {
  /** The new issue, chosen by who asks, so that asking again takes nothing more. */
  id: string
  messageIds: string[]
  subject: string
}

/**
 * Takes mails out of an issue into one of their own. A thread of which all mails are taken moves as a whole; otherwise
 * the mails make a thread of their own. Header fields that tie them to the others do not tie them again, and answers to
 * them follow.
 * @throws Refused where nothing would be left
 */
export async function split(tx: Tx, issue: Issue, { id, ...of }: Splitting, by: Member, now: number): Promise<Issue> {
  const [known] = await tx.select().from(issues).where(eq(issues.id, id))
  if (known) return known
  checkIsThere(issue)
  const mails = await tx
    .select({ message: messages })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issue.id), inArray(messages.id, of.messageIds)))
    .orderBy(asc(messages.at), asc(messages.id))
  const taking = mails.map(({ message }) => message)
  if (taking.length < new Set(of.messageIds).size || taking.length === 0)
    throw new NotFound('Not all of these emails are in this issue.')
  if (taking.length >= issue.messageCount)
    throw new Refused('These are all of its emails: nothing would be left in the issue.')

  const first = taking.find(({ direction }) => direction === 'in') ?? taking[0]!
  const opened = await openIssue(
    tx,
    { id: issue.mailboxId },
    { id, subject: of.subject, contact: contactOf(first), at: first.at },
    now,
  )
  const taken: Taken[] = []
  for (const [threadId, own] of Map.groupBy(taking, (message) => message.threadId))
    taken.push(await takeOut(tx, opened, threadId, own, now))
  await tx.update(outbox).set({ issueId: id }).where(inArray(outbox.messageId, of.messageIds))

  const isNew = issue.status === 'new'
  const stands = standing({ status: isNew ? 'new' : 'open', waitingSince: null }, taking, statusAfter)
  const lastIsOurs = taking.at(-1)!.direction === 'out'
  const status = lastIsOurs ? 'waiting' : stands.status
  const kept: Kept = { fromIssueId: issue.id, taken, status }
  const made = await change(
    tx,
    opened,
    {
      ...(await shownOf(tx, id)),
      status,
      assigneeId: issue.assigneeId,
      teamId: issue.teamId,
      waitingSince: lastIsOurs ? null : (stands.waitingSince ?? first.at),
      sending: await sendingOf(tx, id),
    },
    {
      action: 'split',
      memberId: by.id,
      detail: { ...kept, fromNumber: issue.number, fromSubject: issue.subject, emails: taking.length },
    },
    now,
  )
  await change(
    tx,
    issue,
    { ...(await shownOf(tx, issue.id)), sending: await sendingOf(tx, issue.id) },
    {
      action: 'split',
      memberId: by.id,
      detail: { intoIssueId: id, intoNumber: made.number, intoSubject: made.subject, emails: taking.length },
    },
    now,
  )
  await refuse(tx, issue, made, by, now)
  return made
}

async function takeOut(tx: Tx, into: Issue, threadId: string, mails: Message[], now: number): Promise<Taken> {
  const [thread] = await tx.select().from(threads).where(eq(threads.id, threadId))
  const ids = mails.map(({ id }) => id)
  const inThread = await tx.select({ id: messages.id }).from(messages).where(eq(messages.threadId, threadId))
  if (inThread.length === ids.length) {
    await tx.update(threads).set({ issueId: into.id, apart: true }).where(eq(threads.id, threadId))
    return { threadId, apart: thread!.apart }
  }
  const own = { id: uuidv7(), mailboxId: thread!.mailboxId, issueId: into.id, subject: into.subject }
  await tx.insert(threads).values({ ...own, apart: true, createdAt: now })
  await tx.update(messages).set({ threadId: own.id }).where(inArray(messages.id, ids))
  return { threadId: own.id, ofThreadId: threadId }
}

function contactOf({ direction, extras, fromName, fromAddress, to }: Message) {
  if (direction === 'out') return to[0] ?? { name: '', address: '' }
  return extras.forwarded?.from ?? { name: fromName, address: fromAddress }
}

/**
 * Puts back what a split took out, with all that came to it since. Its number leads to where it went.
 * @param issue the one that the split made
 * @returns the issue that has it all again
 */
export async function unsplit(tx: Tx, issue: Issue, by: Member, now: number): Promise<Issue> {
  const event = await splitOf(tx, issue)
  if (!event) throw new Refused(`Issue ${issue.number} was not taken out of another.`)
  checkIsThere(issue)
  // The cast: only split() writes such an event.
  const kept = event.detail as Kept
  const home = await homeOf(tx, await findIssue(tx, kept.fromIssueId))
  const back = await merge(tx, issue, home, by, now, {
    action: 'unsplit',
    keepsStatus: issue.status === kept.status && !(await hasMailSince(tx, issue.id, event.at)),
  })
  for (const taken of kept.taken) {
    if ('apart' in taken) {
      await tx.update(threads).set({ apart: taken.apart }).where(eq(threads.id, taken.threadId))
      continue
    }
    const [from] = await tx.select().from(threads).where(eq(threads.id, taken.ofThreadId))
    const [own] = await tx.select().from(threads).where(eq(threads.id, taken.threadId))
    if (own?.issueId !== home.id) continue
    if (from?.issueId !== home.id) {
      await tx.update(threads).set({ apart: false }).where(eq(threads.id, taken.threadId))
      continue
    }
    await tx.update(messages).set({ threadId: from.id }).where(eq(messages.threadId, own.id))
    await tx.delete(threads).where(eq(threads.id, own.id))
  }
  return back
}

async function hasMailSince(tx: Tx, issueId: string, since: number): Promise<boolean> {
  const rows = await tx
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issueId), gt(messages.createdAt, since)))
    .limit(1)
  return rows.length > 0
}

/** The split that made an issue. */
async function splitOf(read: Reader, { id }: Issue): Promise<Event | undefined> {
  const found = await read
    .select()
    .from(events)
    .where(and(eq(events.issueId, id), eq(events.action, 'split')))
    .orderBy(desc(events.id))
  return found.find(({ detail }) => typeof detail.fromIssueId === 'string')
}
