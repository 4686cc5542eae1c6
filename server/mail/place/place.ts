import { and, desc, eq, sql } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import { insertInto, prepared, UNNAMED } from '../../../db/prepared.ts'
import {
  type Address,
  type Issue,
  issues,
  type Message,
  type MessageExtras,
  messages,
  type Thread,
  threads,
} from '../../../db/schema.ts'
import type { Direction } from '../../../db/vocabulary.ts'
import type { Secrets } from '../../access/secrets.ts'
import { continueIssue, isOver, latestPart, link } from '../../issues/continued.ts'
import { openIssue } from '../../issues/issue.ts'
import type { MailboxSet } from '../../issues/mailbox-set.ts'
import { issueOfThread } from '../../issues/message.ts'
import { uniteThreads } from '../../issues/unite.ts'
import type { ParsedMail } from '../read/parse.ts'
import { normalizedSubject } from '../read/subject.ts'
import { parentIds } from '../read/thread.ts'
import { verifyOwnMessageId } from '../send/own-id.ts'
import { relatedThreads } from './related.ts'
import { type Child, findChildren, findParent, type Parent, type Says, wouldAnswer } from './relatives.ts'

/** Where mails are put: among these mailboxes, by these people's secrets. */
export type Placing = MailboxSet & { secrets: Pick<Secrets, 'sign'> }

/** A mail that is to be put somewhere. */
export type Coming = {
  mail: ParsedMail
  direction: Direction
  at: number
  /** Found where our own mail lies: its own Message-ID may name its issue. */
  sent: boolean
  /** Whom and what a new issue is about. */
  contact: Address
  subject: string
}

export type Place = {
  thread: Thread
  issue: Issue
  /** What the page is to say about how it got here. */
  flags: Pick<MessageExtras, 'subjectChanged' | 'newParticipant'>
  /** It began an issue of its own. */
  opened: boolean
  /** Mails that came before and answer this one. */
  children: Child[]
}

/**
 * The thread and issue of a mail (mail.md 5.3): that of the mail it answers, else that of a mail that came before and
 * answers it, or answers the same; else the issue that an id of ours names, else a new one. A mail that ties issues
 * together makes them one.
 */
export async function placeFor(tx: Tx, placing: Placing, coming: Coming, now: number): Promise<Place> {
  const { mail, direction } = coming
  const says: Says = { ...mail, fromAddress: mail.from.address }
  // From anybody else than one of us a forwarded mail is what it is: mail of its sender.
  const passedOn = mail.forwarded?.from.address === coming.contact.address ? mail.forwarded.internetMessageId : null
  const further = [mail.bounce?.messageId, passedOn].filter((id) => typeof id === 'string')
  const parent = await findParent(tx, placing.ids, says, { further })
  const children = await findChildren(tx, placing.ids, mail.internetMessageId)
  if (parent && isToMany(parent) && direction === 'in' && mail.writer === 'person')
    return await answerToMany(tx, placing, coming, parent, children, now)
  const alone = isToMany({ ...mail, direction }) || (children.length === 0 && parentIds(mail).length === 0)
  const tied = alone ? [] : await tiedThreads(tx, placing, mail, children, parent?.threadId)
  const related = alone ? [] : await relatedThreads(tx, placing, mail, isToMany)
  const [first, ...others] = [...(parent ? [parent.threadId] : []), ...tied, ...related]
  if (first === undefined) return { ...(await withoutRelatives(tx, placing, coming, now)), children }

  const home = await issueOfThread(tx, await uniteThreads(tx, [first, ...others], now))
  const late = await lateAnswer(tx, placing, coming, home.issue, now)
  if (late) return { ...late, children }
  const flags = parent ? await flagsOf(tx, mail, direction, parent) : {}
  return { ...home, flags, opened: false, children }
}

/** A mail that could not be read is read at last: now it says which mails it belongs to. */
export async function placeAgain(tx: Tx, placing: Placing, message: Message, mail: ParsedMail, now: number) {
  const { ids } = placing
  const parent = await findParent(tx, ids, { ...mail, fromAddress: mail.from.address })
  if (parent && isToMany(parent)) return
  const children = await findChildren(tx, ids, mail.internetMessageId)
  const alone = isToMany({ ...mail, direction: message.direction })
  const tied = alone ? [] : await tiedThreads(tx, placing, mail, children)
  const related = alone ? [] : await relatedThreads(tx, placing, mail, isToMany)
  await uniteThreads(tx, [message.threadId, ...(parent ? [parent.threadId] : []), ...tied, ...related], now)
}

/** The threads of the mails that came before this one and answer it, once each, without its own. */
async function tiedThreads(
  tx: Tx,
  placing: Placing,
  mail: ParsedMail,
  children: Child[],
  own?: string,
): Promise<string[]> {
  const late = { ...mail, fromAddress: mail.from.address }
  const tied = new Set<string>()
  for (const child of children) {
    if (child.threadId === own || tied.has(child.threadId)) continue
    if (await wouldAnswer(tx, placing.ids, child, late)) tied.add(child.threadId)
  }
  return [...tied]
}

/** An answer to what is long done becomes a new issue, or goes to the one that an answer before it has begun. */
async function lateAnswer(tx: Tx, { mailbox }: Placing, coming: Coming, old: Issue, now: number) {
  const answer = { direction: coming.direction, writer: coming.mail.writer, at: coming.at }
  if (!(await isOver(tx, old, answer))) return null
  const latest = await latestPart(tx, old, 'continued')
  const threadId = latest.id === old.id ? null : await newestThread(tx, latest.id)
  if (threadId && !(await isOver(tx, latest, answer)))
    return { ...(await issueOfThread(tx, threadId)), flags: {}, opened: false }
  const issue = await continueIssue(tx, latest, mailbox, coming, now)
  return { ...(await threadFor(tx, issue, now, true)), flags: {}, opened: true }
}

/** Answers to a mail to many are matters of their own: one for each who answers. */
async function answerToMany(
  tx: Tx,
  placing: Placing,
  coming: Coming,
  parent: Parent,
  children: Child[],
  now: number,
): Promise<Place> {
  const siblings = await findChildren(tx, placing.ids, parent.internetMessageId)
  const before = siblings.find(
    ({ direction, fromAddress, threadId }) =>
      direction === 'in' && fromAddress === coming.mail.from.address && threadId !== parent.threadId,
  )
  if (before) {
    const home = await issueOfThread(tx, before.threadId)
    const late = await lateAnswer(tx, placing, coming, home.issue, now)
    return { ...(late ?? { ...home, flags: {}, opened: false }), children }
  }
  const { issue: asked } = await issueOfThread(tx, parent.threadId)
  const opened = await openNew(tx, placing, coming, now)
  await link(tx, asked, opened.issue, now)
  return { ...opened, children }
}

/** A mail of ours that begins a thread and goes to more than this is a mailing, not a conversation. */
const MANY = 5

/** Whether a mail of ours is a mailing, of which each answer is a matter of its own. */
export function isToMany(
  message: Pick<Message, 'direction' | 'writer' | 'inReplyTo'> & Record<'to' | 'cc' | 'bcc', Address[]>,
): boolean {
  if (message.direction !== 'out' || message.inReplyTo !== null) return false
  const recipients = new Set([...message.to, ...message.cc, ...message.bcc].map(({ address }) => address))
  return recipients.size > MANY || message.writer === 'list'
}

/** A mail whose relatives we do not know: an id of ours may still name its issue. */
async function withoutRelatives(
  tx: Tx,
  placing: Placing,
  coming: Coming,
  now: number,
): Promise<Omit<Place, 'children'>> {
  const named = await issueNamed(tx, placing, coming)
  const threadId = named && (await newestThread(tx, named.id))
  if (!named || !threadId) return await openNew(tx, placing, coming, now)
  const late = await lateAnswer(tx, placing, coming, named, now)
  return late ?? { ...(await issueOfThread(tx, threadId)), flags: {}, opened: false }
}

/** The issue that one of our own Message-IDs names, though the mail itself is not here. It proves nothing else. */
async function issueNamed(tx: Tx, { ids, secrets }: Placing, { mail, sent }: Coming): Promise<Issue | null> {
  const named = [
    mail.inReplyTo,
    ...mail.references.toReversed(),
    mail.bounce?.messageId,
    ...(sent ? [mail.internetMessageId, ...mail.originalIds] : []),
  ]
  for (const id of named) {
    const issueId = id ? verifyOwnMessageId(secrets, id) : null
    if (!issueId) continue
    const [issue] = await tx.select().from(issues).where(eq(issues.id, issueId))
    const found = issue && (await latestPart(tx, issue, 'united'))
    if (found && ids.has(found.mailboxId)) return found
  }
  return null
}

async function newestThread(tx: Tx, issueId: string): Promise<string | null> {
  const [thread] = await tx
    .select({ id: threads.id })
    .from(threads)
    .where(eq(threads.issueId, issueId))
    .orderBy(desc(threads.createdAt), desc(threads.id))
    .limit(1)
  return thread?.id ?? null
}

async function openNew(tx: Tx, { mailbox }: Placing, coming: Coming, now: number) {
  const { subject, contact, at, direction } = coming
  const about = { subject, contact, at, status: direction === 'out' ? ('waiting' as const) : ('new' as const) }
  const issue = await openIssue(tx, mailbox, about, now)
  return { ...(await threadFor(tx, issue, now)), flags: {}, opened: true }
}

const insertThread = insertInto(threads)

async function threadFor(tx: Tx, issue: Issue, now: number, apart = false): Promise<{ thread: Thread; issue: Issue }> {
  const { mailboxId, subject } = issue
  const thread: Thread = { id: uuidv7(), mailboxId, issueId: issue.id, subject, apart, language: null, createdAt: now }
  await insertThread(tx, thread)
  return { thread, issue }
}

async function flagsOf(tx: Tx, mail: ParsedMail, direction: Direction, parent: Parent): Promise<Place['flags']> {
  if (direction === 'out' || mail.writer !== 'person') return {}
  const subject = normalizedSubject(mail.subject).toLowerCase()
  const changed = subject !== '' && subject !== normalizedSubject(parent.subject).toLowerCase()
  return {
    ...(changed && parent.by === 'in-reply-to' ? { subjectChanged: true } : {}),
    ...((await takesPart(tx, mail.from.address, parent)) ? {} : { newParticipant: true }),
  }
}

/** So many of the newest mails of a thread tell who takes part in it. */
const PARTICIPANTS_FROM = 50

/** Whether somebody wrote in the thread, or was written to. The answered mail itself nearly always tells. */
async function takesPart(tx: Tx, address: string, parent: Parent): Promise<boolean> {
  const has = ({ fromAddress, to, cc }: Pick<Message, 'fromAddress' | 'to' | 'cc'>) =>
    fromAddress === address || [...to, ...cc].some((person) => person.address === address)
  if (has(parent)) return true
  const { threadId } = parent
  if ((await wrote(tx).execute({ threadId, address })).length > 0) return true
  const newest = await inThread(tx).execute({ threadId })
  return newest.some(has)
}

const wrote = prepared((tx: Tx) =>
  tx
    .select({ id: messages.id })
    .from(messages)
    .where(
      and(eq(messages.threadId, sql.placeholder('threadId')), eq(messages.fromAddress, sql.placeholder('address'))),
    )
    .limit(1)
    .prepare(UNNAMED),
)
const inThread = prepared((tx: Tx) =>
  tx
    .select({ fromAddress: messages.fromAddress, to: messages.to, cc: messages.cc })
    .from(messages)
    .where(eq(messages.threadId, sql.placeholder('threadId')))
    .orderBy(desc(messages.at))
    .limit(PARTICIPANTS_FROM)
    .prepare(UNNAMED),
)
