import { createHash } from 'node:crypto'
import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../../db/ids.ts'
import type { Reader, Tx } from '../../../db/index.ts'
import { type Member, type PushDevice, pushDevices, pushes, type Session, sessions } from '../../../db/schema.ts'
import type { Secrets } from '../../access/secrets.ts'
import { IDLE_MS } from '../../access/session.ts'
import { Invalid, NotFound } from '../../errors.ts'
import { areBrowserKeys, type BrowserKeys } from './encrypt.ts'

/** A member who has more loses the one that heard of nothing for the longest. */
const MAX_DEVICES = 20
const MAX_USER_AGENT = 300

/** Where a browser is reached, as it says itself (Push API, PushSubscription). */
export type Subscription = { endpoint: string; keys: BrowserKeys }

/** A device as its member sees it; `endpointHash` lets a browser know itself. */
export type ListedDevice = Pick<PushDevice, 'id' | 'endpointHash' | 'userAgent' | 'createdAt' | 'reachedAt'>

/**
 * Lets a browser be told what its member wants to hear, for as long as the session lasts. Asked again it changes nothing but
 * whose it is: a browser tells one member.
 */
export async function addDevice(
  tx: Tx,
  secrets: Pick<Secrets, 'encrypt'>,
  subscription: Subscription,
  { member, session, userAgent }: { member: Pick<Member, 'id'>; session: Pick<Session, 'id'>; userAgent: string },
  now: number,
): Promise<void> {
  if (!areBrowserKeys(subscription.keys))
    throw new Invalid([{ field: 'keys', message: 'keys must be those that the browser gave.' }])
  const row = {
    memberId: member.id,
    sessionId: session.id,
    sealed: secrets.encrypt(JSON.stringify(subscription)),
    userAgent: userAgent.slice(0, MAX_USER_AGENT),
  }
  const endpointHash = hashOf(subscription.endpoint)
  await tx
    .insert(pushDevices)
    .values({ id: uuidv7(), endpointHash, ...row, createdAt: now })
    .onConflictDoUpdate({ target: pushDevices.endpointHash, set: row })
  const [, ...over] = (await devicesOf(tx, member.id)).slice(MAX_DEVICES - 1)
  const ids = over.map(({ id }) => id)
  if (ids.length > 0) await tx.delete(pushDevices).where(inArray(pushDevices.id, ids))
}

/** The devices on which a member is told, the last that heard of something first. */
export async function listDevices(read: Reader, memberId: string): Promise<ListedDevice[]> {
  return (await devicesOf(read, memberId)).map(({ id, endpointHash, userAgent, createdAt, reachedAt }) => ({
    id,
    endpointHash,
    userAgent,
    createdAt,
    reachedAt,
  }))
}

async function devicesOf(read: Reader, memberId: string): Promise<PushDevice[]> {
  const rows = await read
    .select()
    .from(pushDevices)
    .where(eq(pushDevices.memberId, memberId))
    .orderBy(desc(pushDevices.createdAt), desc(pushDevices.id))
  return rows.toSorted((a, b) => (b.reachedAt ?? b.createdAt) - (a.reachedAt ?? a.createdAt))
}

/** A device of the member's own, or NotFound. */
export async function findDevice(read: Reader, id: string, member: Pick<Member, 'id'>): Promise<PushDevice> {
  const [device] = await read
    .select()
    .from(pushDevices)
    .where(and(eq(pushDevices.id, id), eq(pushDevices.memberId, member.id)))
  if (!device) throw new NotFound('There is no such device.')
  return device
}

/** Tells a device nothing more; what waits for it goes with it. */
export async function removeDevice(tx: Tx, id: string): Promise<void> {
  await tx.delete(pushDevices).where(eq(pushDevices.id, id))
}

/** Where a device is reached. @throws where it was sealed with another key of the installation */
export function subscriptionOf(secrets: Pick<Secrets, 'decrypt'>, { sealed }: Pick<PushDevice, 'sealed'>) {
  // The cast: addDevice wrote it.
  return JSON.parse(secrets.decrypt(sealed)) as Subscription
}

/** Writes down what the devices of members are to be told, and when. */
export async function queuePushes(
  tx: Tx,
  told: { notificationId: string; memberId: string; dueAt: number }[],
  now: number,
): Promise<void> {
  if (told.length === 0) return
  const memberIds = [...new Set(told.map(({ memberId }) => memberId))]
  const devices = await tx
    .select({ id: pushDevices.id, memberId: pushDevices.memberId })
    .from(pushDevices)
    .innerJoin(sessions, eq(sessions.id, pushDevices.sessionId))
    .where(
      and(
        inArray(pushDevices.memberId, memberIds),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, now - IDLE_MS),
      ),
    )
  const rows = told.flatMap(({ notificationId, memberId, dueAt }) =>
    devices
      .filter((device) => device.memberId === memberId)
      .map((device) => ({
        id: uuidv7(),
        deviceId: device.id,
        notificationId,
        state: 'queued' as const,
        dueAt,
        createdAt: now,
      })),
  )
  if (rows.length > 0) await tx.insert(pushes).values(rows)
}

function hashOf(endpoint: string): string {
  return createHash('sha256').update(endpoint).digest('hex')
}
