import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader } from '../../db/index.ts'
import {
  bodies,
  type Event,
  followers,
  issues,
  members,
  messages,
  type Notification,
  notes,
  notifications,
  teamMembers,
} from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { audience } from '../issues/audience.ts'
import { record } from '../issues/event.ts'
import { mailTime, outOfQuiet } from './mail-time.ts'
import { queuePushes } from './push/device.ts'
import { chosenBy, sendingMailbox } from './settings.ts'
import { type About, isOldMail, tellingsOf } from './telling.ts'

const MAX_SAID = 300

/**
 * Writes down who is told of these events. Asked again for the same event, also by another node, it adds nothing: a member
 * has one row for each.
 * @returns how many rows are new
 */
export async function notify(db: Db, events: Event[], now: number): Promise<number> {
  const told: ToldOf[] = []
  const news = events.filter((event) => !isOldMail(event))
  if (news.length === 0) return 0
  const mails = (await sendingMailbox(db.read)) !== null
  for (const event of news) told.push(...(await toldOf(db.read, event, mails, now)))
  return await keepTold(db, told, now)
}

/**
 * Writes down what members are told, what their devices are, and that they have something new.
 * @returns how many rows are new
 */
export async function keepTold(db: Db, told: ToldOf[], now: number): Promise<number> {
  if (told.length === 0) return 0
  return await db.write(async (tx) => {
    const fresh = await tx
      .insert(notifications)
      .values(told.map(({ row }) => row))
      .onConflictDoNothing()
      .returning({ id: notifications.id, memberId: notifications.memberId, shown: notifications.shown })
    const isNew = new Set(fresh.map(({ id }) => id))
    const pushed = told.flatMap(({ row: { id, memberId }, pushAt }) =>
      pushAt !== null && isNew.has(id) ? [{ notificationId: id, memberId, dueAt: pushAt }] : [],
    )
    await queuePushes(tx, pushed, now)
    const memberIds = [...new Set(fresh.flatMap(({ memberId, shown }) => (shown ? [memberId] : [])))]
    if (memberIds.length > 0) await record(tx, { action: 'notified', at: now, detail: { memberIds } })
    return fresh.length
  })
}

/** What a member is told, and when their devices are; null: they are not. */
export type ToldOf = { row: Notification; pushAt: number | null }

async function toldOf(read: Reader, event: Event, mails: boolean, now: number): Promise<ToldOf[]> {
  if (!event.issueId) return []
  const [issue] = await read.select().from(issues).where(eq(issues.id, event.issueId))
  if (!issue || issue.status === 'spam' || issue.status === 'trash') return []
  const messageId = typeof event.detail.messageId === 'string' ? event.detail.messageId : null
  const [message] = messageId ? await read.select().from(messages).where(eq(messages.id, messageId)) : []
  const teamIds = [event.detail.teamId].filter((id) => typeof id === 'string')
  const inTeams = teamIds.length
    ? await read.select().from(teamMembers).where(inArray(teamMembers.teamId, teamIds))
    : []
  const about: About = {
    audience: await audienceAt(read, issue.id, event.at),
    message: message ?? null,
    membersOf: (teamId) => inTeams.flatMap((row) => (row.teamId === teamId ? [row.memberId] : [])),
  }
  const tellings = tellingsOf(event, about)
  if (tellings.length === 0) return []
  const ids = tellings.map(({ memberId }) => memberId)
  const active = await read
    .select()
    .from(members)
    .where(and(inArray(members.id, ids), isNull(members.disabledAt)))
  const chosen = await chosenBy(read, ids)
  const actor = await actorOf(read, event, message)
  const said = await saidIn(read, event, message)
  const told: ToldOf[] = []
  for (const { memberId, kind, reason } of tellings) {
    const member = active.find(({ id }) => id === memberId)
    const visible = member && (await visibleMailboxIds(read, member))
    // Whoever does not see the issue is not told that it is there.
    if (!visible || (visible !== 'all' && !visible.includes(issue.mailboxId))) continue
    const choice = chosen.get(memberId)!
    const { app, mail, push } = choice.choices[kind]
    const mailAt = mail && mails ? mailTime(choice, now) : null
    const pushAt = push ? outOfQuiet(now, choice.quiet, choice.zone) : null
    if (!app && mailAt === null && pushAt === null) continue
    const row: Notification = {
      id: uuidv7(),
      memberId,
      eventId: event.id,
      issueId: issue.id,
      proposalId: null,
      kind,
      reason,
      ...actor,
      said,
      at: event.at,
      shown: app,
      readAt: null,
      mailAt,
      mailId: null,
    }
    told.push({ row, pushAt })
  }
  return told
}

/** Who hears of an issue; who began to follow it since then did not do so at that time. */
async function audienceAt(read: Reader, issueId: string, at: number): Promise<About['audience']> {
  const since = await read
    .select({ memberId: followers.memberId })
    .from(followers)
    .where(and(eq(followers.issueId, issueId), gt(followers.at, at)))
  const late = new Set(since.map(({ memberId }) => memberId))
  const now = await audience(read, issueId)
  return new Map([...now].filter(([id, because]) => because !== 'follower' || !late.has(id)))
}

type Sender = Pick<typeof messages.$inferSelect, 'fromName' | 'fromAddress' | 'authorId' | 'snippet' | 'direction'>

async function actorOf(read: Reader, event: Event, message: Sender | undefined) {
  const outside = event.action === 'received' || event.action === 'reopened'
  const actorId = event.memberId ?? (outside && message?.direction === 'out' ? message.authorId : null)
  if (actorId) {
    const [member] = await read.select({ name: members.name }).from(members).where(eq(members.id, actorId))
    if (member) return { actorId, actor: member.name }
  }
  if (typeof event.detail.rule === 'string') return { actorId: null, actor: event.detail.rule }
  return { actorId: null, actor: outside && message ? message.fromName || message.fromAddress : '' }
}

/** How what was written begins. */
async function saidIn(read: Reader, event: Event, message: Sender | undefined): Promise<string> {
  if (event.action === 'noted') {
    const [note] = await read
      .select()
      .from(notes)
      .where(eq(notes.id, String(event.detail.noteId)))
    return brief(note?.text ?? '')
  }
  if (!message) return ''
  if (event.action === 'bounced' || event.action.startsWith('send_')) return ''
  if (message.snippet) return brief(message.snippet)
  const [body] = await read
    .select({ text: bodies.text })
    .from(bodies)
    .where(eq(bodies.messageId, String(event.detail.messageId)))
  return brief(body?.text ?? '')
}

const brief = (text: string): string => text.replace(/\s+/gu, ' ').trim().slice(0, MAX_SAID)
