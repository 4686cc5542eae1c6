import { and, eq, gt, ne, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Member, members, type Session, sessions } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'
import type { Secrets } from './secrets.ts'
import { hashToken } from './token.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** A session ends when nobody used it for so long… */
export const IDLE_MS = 14 * DAY
/** …and after this in any case. */
export const LIFETIME_MS = 90 * DAY
/** How old a token gets before the next request is given a new one. */
export const ROTATE_MS = 60 * MINUTE
/** How long the token before stays good, for the requests that were under way. */
export const GRACE_MS = MINUTE
/** `lastSeenAt` is written no more often than this. */
const SEEN_MS = 10 * MINUTE
const MAX_USER_AGENT = 300

/** Where a sign-in comes from, as the list of sessions shows it. */
export type Origin = { address: string; userAgent: string }

/** Signs the member in. The caller makes the token before the transaction, and sets the cookie after it. */
export async function startSession(
  tx: Tx,
  member: Pick<Member, 'id'>,
  token: string,
  origin: Origin,
  now: number,
): Promise<Session> {
  const [session] = await tx
    .insert(sessions)
    .values({
      id: uuidv7(),
      tokenHash: hashToken(token),
      rotatedAt: now,
      memberId: member.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + LIFETIME_MS,
      address: origin.address,
      userAgent: origin.userAgent.slice(0, MAX_USER_AGENT),
    })
    .returning()
  return session!
}

export type SignedIn = {
  member: Member
  session: Session
  /** The token that the cookie must carry from now on; none where it stays as it is. */
  token?: string
}

/**
 * Who holds this token. Each hour the token is followed by a new one, derived from it with our key: when the answer
 * that carried the new one is lost, the old one brings it again, as long as it is good.
 */
export async function findSession(db: Db, secrets: Secrets, token: string, now: number): Promise<SignedIn | undefined> {
  const hash = hashToken(token)
  const next = () => secrets.sign('session', token).toString('base64url')
  const current = living(await byToken(db.read).execute({ hash }), now)
  if (!current) {
    const previous = living(await byPreviousToken(db.read).execute({ hash }), now)
    if (!previous || previous.session.rotatedAt <= now - GRACE_MS) return undefined
    return { ...previous, token: next() }
  }
  const { member, session } = current
  if (session.rotatedAt <= now - ROTATE_MS) {
    const rotated = { tokenHash: hashToken(next()), previousTokenHash: hash, rotatedAt: now, lastSeenAt: now }
    const unchanged = and(eq(sessions.id, session.id), eq(sessions.tokenHash, hash))
    await db.write((tx) => tx.update(sessions).set(rotated).where(unchanged))
    return { member, session: { ...session, ...rotated }, token: next() }
  }
  if (session.lastSeenAt <= now - SEEN_MS) {
    await db.write((tx) => tx.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, session.id)))
  }
  return current
}

const holdersBy = (column: typeof sessions.tokenHash | typeof sessions.previousTokenHash) =>
  prepared((read) =>
    read
      .select({ session: sessions, member: members })
      .from(sessions)
      .innerJoin(members, eq(members.id, sessions.memberId))
      .where(eq(column, sql.placeholder('hash')))
      .prepare(UNNAMED),
  )
const byToken = holdersBy(sessions.tokenHash)
const byPreviousToken = holdersBy(sessions.previousTokenHash)

/** Of what was found for a token, the session that is not over. */
function living(found: { session: Session; member: Member }[], now: number) {
  return found.find(({ session, member }) => {
    const isOver = session.expiresAt <= now || session.lastSeenAt <= now - IDLE_MS || member.disabledAt !== null
    return !isOver
  })
}

/** The member's sessions that are not over, the last used first. */
export async function listSessions(read: Reader, member: Pick<Member, 'id'>, now: number): Promise<Session[]> {
  const rows = await read
    .select()
    .from(sessions)
    .where(and(eq(sessions.memberId, member.id), gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, now - IDLE_MS)))
  return rows.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)
}

/** Ends one session of the member's own. */
export async function endSession(tx: Tx, member: Pick<Member, 'id'>, sessionId: string): Promise<void> {
  const ended = await tx
    .delete(sessions)
    .where(and(eq(sessions.id, sessionId), eq(sessions.memberId, member.id)))
    .returning({ id: sessions.id })
  if (ended.length === 0) throw new NotFound('There is no such session.')
}

/** Ends the session that a token belongs to, if any. */
export async function endSessionOf(tx: Tx, token: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.tokenHash, hashToken(token)))
}

/** Ends all sessions of the member, or all but one. */
export async function endSessions(tx: Tx, member: Pick<Member, 'id'>, except?: Pick<Session, 'id'>): Promise<void> {
  const own = eq(sessions.memberId, member.id)
  await tx.delete(sessions).where(except ? and(own, ne(sessions.id, except.id)) : own)
}
