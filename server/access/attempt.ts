import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { eq, inArray, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../db/index.ts'
import { attempts } from '../../db/schema.ts'
import { TooOften } from '../errors.ts'

const WINDOW_MS = 15 * 60_000
/** How often a password may be tried for one account in a window, whether the account exists or not. */
export const PER_ACCOUNT = 10
/** How often from one address: an office behind one address has many people. */
export const PER_ADDRESS = 60

/** What is being tried, and from where. */
export type Attempt = { email: string; address: string }

/**
 * Counts an attempt, over all nodes, before the password is looked at.
 * @throws TooOften where the account or the address has had its share for now
 */
export async function countAttempt(db: Db, attempt: Attempt, now: number): Promise<void> {
  const counted = await db.write(async (tx) => ({
    account: await count(tx, accountKey(attempt), now),
    address: await count(tx, addressKey(attempt), now),
  }))
  const over = [
    { ...counted.account, limit: PER_ACCOUNT },
    { ...counted.address, limit: PER_ADDRESS },
  ].filter(({ n, limit }) => n > limit)
  if (over.length === 0) return
  const waitMs = Math.max(...over.map(({ resetAt }) => resetAt)) - now
  const minutes = Math.ceil(waitMs / 60_000)
  throw new TooOften(`Too many attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`, waitMs)
}

/**
 * Clears the account after a success, and gives the address this one attempt back. Not all of them: whoever has one
 * account could go on trying others for ever.
 */
export async function clearAttempts(tx: Tx, attempt: Attempt): Promise<void> {
  await tx.delete(attempts).where(eq(attempts.key, accountKey(attempt)))
  await tx
    .update(attempts)
    .set({ n: sql`case when ${attempts.n} > 0 then ${attempts.n} - 1 else 0 end` })
    .where(eq(attempts.key, addressKey(attempt)))
}

/**
 * Counts a request that needs no sign-in, over all nodes.
 * @param of what is asked for, or from where
 * @throws TooOften where there were more than `limit` in a window
 */
export async function countRequest(
  db: Db,
  of: string | { address: string; to: string },
  limit: number,
  now: number,
): Promise<void> {
  const key = typeof of === 'string' ? of : `${of.to}:${networkOf(of.address)}`
  const { n, resetAt } = await db.write((tx) => count(tx, key, now))
  if (n > limit) throw new TooOften('Too many requests. Try again in a quarter of an hour.', resetAt - now)
}

/** Forgets the windows that are over. */
export async function pruneAttempts(tx: Tx, now: number): Promise<void> {
  const over = await tx.select({ key: attempts.key }).from(attempts).where(lte(attempts.resetAt, now)).limit(500)
  if (over.length === 0) return
  await tx.delete(attempts).where(
    inArray(
      attempts.key,
      over.map(({ key }) => key),
    ),
  )
}

async function count(tx: Tx, key: string, now: number): Promise<{ n: number; resetAt: number }> {
  const isOver = sql`${attempts.resetAt} <= ${now}`
  const [row] = await tx
    .insert(attempts)
    .values({ key, n: 1, resetAt: now + WINDOW_MS })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        n: sql`case when ${isOver} then 1 else ${attempts.n} + 1 end`,
        resetAt: sql`case when ${isOver} then ${now + WINDOW_MS} else ${attempts.resetAt} end`,
      },
    })
    .returning({ n: attempts.n, resetAt: attempts.resetAt })
  return row!
}

/** Hashed: what somebody types into the form may be long, or a password typed into the wrong field. */
const accountKey = ({ email }: Attempt) => `account:${createHash('sha256').update(email).digest('base64url')}`
const addressKey = ({ address }: Attempt) => `address:${networkOf(address)}`

/** Whoever has one IPv6 address has 2^64 of them: the first 64 bits count (RFC 4291, section 2.5.1). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0')
  return `${[...groups, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
