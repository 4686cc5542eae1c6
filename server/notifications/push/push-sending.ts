import { createHash } from 'node:crypto'
import { and, asc, eq, gt, inArray, lt, ne } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db, Tx } from '../../../db/index.ts'
import {
  type Issue,
  issues,
  type Member,
  mailboxes,
  members,
  type Notification,
  notifications,
  type Proposal,
  type Push,
  type PushDevice,
  presence,
  proposals,
  pushDevices,
  pushes,
} from '../../../db/schema.ts'
import { visibleMailboxIds } from '../../access/may.ts'
import type { Secrets } from '../../access/secrets.ts'
import { attempt, isDue, type Outcome, type Patience } from '../../dispatch/attempt.ts'
import type { Outside } from '../../net/outside.ts'
import { isToTell } from '../mail.ts'
import { outOfQuiet } from '../mail-time.ts'
import { type Chosen, chosenBy } from '../settings.ts'
import { happened, type Subject, subjectFor } from '../words.ts'
import { removeDevice, subscriptionOf } from './device.ts'
import { encryptPush, MAX_PUSH_BYTES } from './encrypt.ts'
import { vapidAuthorization } from './vapid.ts'

const MAX_A_ROUND = 50
const PATIENCE: Patience = { attemptMs: 60_000, retryAfterMs: [30_000, 5 * 60_000, 30 * 60_000] }
/** So long a push service keeps what it can not deliver; later it is no news. */
const KEPT_BY_SERVICE_S = 12 * 3_600
const KEEP_MS = 7 * 86_400_000
const MAX_SAID = 140
/** The browser gave the address up: there is nobody any more (RFC 8030, section 7.3). */
const GONE = [404, 410]

type Deps = { db: Db; secrets: Secrets; outside: Pick<Outside, 'post'>; log: Logger; url: string }

/** What a browser is told; it shows title and body, opens `path`, and one with the same tag takes the place of the one before. */
export type PushMessage = { title: string; body: string; tag: string; path: string }

/**
 * Pushes what is due to the browsers of members: not what they have read meanwhile, nor about the issue that they look at,
 * and nothing within their quiet hours.
 * @returns how many were tried
 */
export async function sendPushes(deps: Deps, clock: () => number): Promise<number> {
  const { db, log } = deps
  const due = await db.read
    .select({
      push: pushes,
      device: pushDevices,
      row: notifications,
      issue: issues,
      proposal: proposals,
      member: members,
    })
    .from(pushes)
    .innerJoin(pushDevices, eq(pushDevices.id, pushes.deviceId))
    .innerJoin(notifications, eq(notifications.id, pushes.notificationId))
    .leftJoin(issues, eq(issues.id, notifications.issueId))
    .leftJoin(proposals, eq(proposals.id, notifications.proposalId))
    .innerJoin(members, eq(members.id, pushDevices.memberId))
    .where(isDue(pushes, clock()))
    .orderBy(asc(pushes.dueAt), asc(pushes.id))
    .limit(MAX_A_ROUND)
  const chosen = await chosenBy(db.read, [...new Set(due.map(({ member }) => member.id))])
  for (const one of due) {
    if (await isQuiet(db, one.push, chosen.get(one.member.id)!, clock())) continue
    const result = await attempt(db, pushes, one.push, PATIENCE, () => push(deps, one, clock()), clock)
    if (result) log.info({ push: one.push.id, ...result }, 'tried to push')
  }
  return due.length
}

/** Whether it is to wait until the quiet hours of its member end; then it does. */
async function isQuiet(db: Db, { id }: Push, { quiet, zone }: Chosen, now: number): Promise<boolean> {
  const dueAt = outOfQuiet(now, quiet, zone)
  if (dueAt <= now) return false
  await db.write((tx) => tx.update(pushes).set({ dueAt }).where(eq(pushes.id, id)))
  return true
}

type Due = {
  push: Push
  device: PushDevice
  row: Notification
  issue: Issue | null
  proposal: Proposal | null
  member: Member
}

async function push(deps: Deps, { device, row, issue, proposal, member }: Due, now: number): Promise<Outcome> {
  const left = (response: string): Outcome => ({ outcome: 'done', response })
  if (row.readAt !== null) return left('They have read it.')
  if (member.disabledAt !== null || device.memberId !== row.memberId) return left('It is not for them any more.')
  const visible = await visibleMailboxIds(deps.db.read, member)
  if (!isToTell({ issue, proposal }, visible)) return left('It is out of sight, or they do not see it.')
  const looking =
    issue && and(eq(presence.memberId, member.id), eq(presence.issueId, issue.id), gt(presence.until, now))
  if (looking && (await deps.db.read.select().from(presence).where(looking).limit(1)).length > 0)
    return left('They look at it.')
  return await pushTo(deps, device, messageOf(row, subjectFor(issue, proposal)), now)
}

/** Tells one device one thing. A device that its push service does not know any more is let go of. */
export async function pushTo(
  { db, secrets, outside, url }: Omit<Deps, 'log'>,
  device: PushDevice,
  message: PushMessage,
  now: number,
): Promise<Outcome> {
  const { endpoint, keys } = subscriptionOf(secrets, device)
  const body = encryptPush(fitting(message), keys)
  const { status } = await outside.post(endpoint, body, {
    authorization: vapidAuthorization(secrets, endpoint, await contactOf(db, url), now),
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    ttl: String(KEPT_BY_SERVICE_S),
    urgency: 'normal',
    // Of what can not be delivered yet, only the newest about an issue is kept (RFC 8030, section 5.4).
    topic: createHash('sha256').update(message.tag).digest('base64url').slice(0, 32),
  })
  const response = `It answered ${status}.`
  if (status >= 200 && status < 300) {
    await db.write((tx) => tx.update(pushDevices).set({ reachedAt: now }).where(eq(pushDevices.id, device.id)))
    return { outcome: 'done', response }
  }
  if (GONE.includes(status)) {
    await db.write((tx) => removeDevice(tx, device.id))
    return { outcome: 'failed', response: 'This browser is not told any more.' }
  }
  return { outcome: status === 429 || status >= 500 ? 'again' : 'failed', response }
}

/** What a browser is told of something that happened. */
function messageOf(row: Notification, about: Subject): PushMessage {
  const said = row.said.replace(/\s+/g, ' ')
  const begins = said.length > MAX_SAID ? `${said.slice(0, MAX_SAID - 1).toWellFormed()}…` : said
  const body = begins ? `${about.title}\n${begins}` : about.title
  return { title: happened(row), body, tag: about.id, path: about.path }
}

/** As JSON that fits into a push. */
function fitting(message: PushMessage): string {
  const whole = JSON.stringify(message)
  if (Buffer.byteLength(whole) <= MAX_PUSH_BYTES) return whole
  return JSON.stringify({ ...message, title: message.title.slice(0, 200), body: message.body.slice(0, 300) })
}

/** Where a push service finds whose this is: our own address, else that of a mailbox. */
async function contactOf({ read }: Pick<Db, 'read'>, url: string): Promise<string> {
  if (url.startsWith('https:')) return url
  const [mailbox] = await read.select({ address: mailboxes.address }).from(mailboxes).limit(1)
  return `mailto:${mailbox?.address ?? 'postmaster@localhost'}`
}

/** Lets go of pushes that are long over. */
export async function prunePushes(tx: Tx, now: number): Promise<void> {
  const over = and(ne(pushes.state, 'queued'), lt(pushes.createdAt, now - KEEP_MS))
  const ids = tx.select({ id: pushes.id }).from(pushes).where(over).limit(1_000)
  await tx.delete(pushes).where(inArray(pushes.id, ids))
}
