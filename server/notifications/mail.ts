import { and, asc, eq, inArray, isNotNull, isNull, lt, lte, type SQL } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader } from '../../db/index.ts'
import {
  type Issue,
  issues,
  type Mailbox,
  type Member,
  mailboxes,
  members,
  type Notification,
  type NotificationMail,
  notificationMails,
  notifications,
  type Proposal,
  proposals,
} from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import type { Secrets } from '../access/secrets.ts'
import { domainOf, notificationMessageId } from '../mail/send/own-id.ts'
import { chosenBy, sendingMailbox } from './settings.ts'
import { subjectFor, subjectOf, type ToTell, textOf } from './words.ts'

const MAX_A_ROUND = 500
const MAX_IN_A_MAIL = 50
const KEEP_MS = 90 * 86_400_000

/**
 * Makes mails of what is due: for each member one for each issue, or one of all where they want a summary. Rows alone: they
 * are sent after (mail-sending.ts).
 * @returns how many mails were made
 */
export async function makeMails(
  { db, secrets, url }: { db: Db; secrets: Pick<Secrets, 'sign'>; url: string },
  now: number,
): Promise<number> {
  const due = await dueRows(db.read, lte(notifications.mailAt, now))
  if (due.length === 0) return 0
  const mailboxId = await sendingMailbox(db.read)
  const [mailbox] = mailboxId ? await db.read.select().from(mailboxes).where(eq(mailboxes.id, mailboxId)) : []
  const ours = new Set(
    (await db.read.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes)).flatMap(
      ({ address, aliases }) => [address, ...aliases],
    ),
  )
  const made: { mail: NotificationMail; rows: Notification[] }[] = []
  const chosen = await chosenBy(db.read, [...new Set(due.map(({ member }) => member.id))])
  for (const theirs of Map.groupBy(due, ({ member }) => member.id).values()) {
    const { member } = theirs[0]!
    // To a mailbox of ours it would come back as mail.
    if (!mailbox || member.disabledAt !== null || ours.has(member.email)) continue
    const visible = await visibleMailboxIds(db.read, member)
    const seen = theirs.filter((one) => isToTell(one, visible))
    const gathered = chosen.get(member.id)!.pace !== 'at_once'
    // A deadline is told by itself: gathered with other news it would be lost in them.
    const [news, deadlines] = [seen.filter(({ issue }) => issue), seen.filter(({ issue }) => !issue)]
    const parts: { part: Due[]; summary: boolean }[] = []
    if (gathered && news.length > 0) parts.push({ part: news, summary: true })
    for (const alone of gathered ? [deadlines] : [news, deadlines])
      for (const part of Map.groupBy(alone, ({ row }) => row.issueId ?? row.proposalId).values())
        parts.push({ part, summary: false })
    for (const { part, summary } of parts)
      made.push({ mail: mailOf(secrets, mailbox, member, part, summary, url, now), rows: part.map(({ row }) => row) })
  }
  await db.write(async (tx) => {
    // Another node may have been first: what it took is not in this mail's way, since each row says which mail has it.
    const ids = due.map(({ row }) => row.id)
    const free = await tx
      .update(notifications)
      .set({ mailAt: null })
      .where(and(inArray(notifications.id, ids), isNotNull(notifications.mailAt)))
      .returning({ id: notifications.id })
    const mine = new Set(free.map(({ id }) => id))
    for (const { mail, rows } of made) {
      if (!rows.every(({ id }) => mine.has(id))) continue
      await tx.insert(notificationMails).values(mail)
      await tx
        .update(notifications)
        .set({ mailId: mail.id })
        .where(
          inArray(
            notifications.id,
            rows.map(({ id }) => id),
          ),
        )
    }
    await tx.delete(notificationMails).where(lt(notificationMails.createdAt, now - KEEP_MS))
  })
  return made.length
}

type Due = { row: Notification; member: Member; issue: Issue | null; proposal: Proposal | null }

async function dueRows(read: Reader, when: SQL): Promise<Due[]> {
  return await read
    .select({ row: notifications, member: members, issue: issues, proposal: proposals })
    .from(notifications)
    .innerJoin(members, eq(members.id, notifications.memberId))
    .leftJoin(issues, eq(issues.id, notifications.issueId))
    .leftJoin(proposals, eq(proposals.id, notifications.proposalId))
    .where(and(isNotNull(notifications.mailAt), when, isNull(notifications.readAt)))
    .orderBy(asc(notifications.mailAt), asc(notifications.id))
    .limit(MAX_A_ROUND)
}

/** Whether what it is about is still there, and seen by who is told. */
export function isToTell({ issue, proposal }: Pick<Due, 'issue' | 'proposal'>, visible: string[] | 'all'): boolean {
  if (issue && (issue.status === 'spam' || issue.status === 'trash' || issue.status === 'merged')) return false
  if (!issue && (!proposal || proposal.deletedAt !== null)) return false
  const mailboxId = issue ? issue.mailboxId : proposal?.mailboxId
  return visible === 'all' || mailboxId == null || visible.includes(mailboxId)
}

function mailOf(
  secrets: Pick<Secrets, 'sign'>,
  mailbox: Mailbox,
  member: Member,
  part: Due[],
  summary: boolean,
  url: string,
  now: number,
): NotificationMail {
  const id = uuidv7()
  const told = part
    .slice(0, MAX_IN_A_MAIL)
    .map(({ row, issue, proposal }): ToTell => ({ ...row, about: subjectFor(issue, proposal) }))
  return {
    id,
    memberId: member.id,
    mailboxId: mailbox.id,
    issueId: summary ? null : part[0]!.row.issueId,
    internetMessageId: notificationMessageId(secrets, id, domainOf(mailbox.address)),
    subject: subjectOf(told, summary),
    text: textOf(told, { summary, url, left: part.length - told.length }),
    html: '',
    state: 'queued',
    dueAt: now,
    attempts: 0,
    response: '',
    createdAt: now,
  }
}
