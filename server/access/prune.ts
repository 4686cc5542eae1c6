import { inArray, lte, or } from 'drizzle-orm'
import type { Db } from '../../db/index.ts'
import { sessions } from '../../db/schema.ts'
import { pruneAttempts } from './attempt.ts'
import { IDLE_MS } from './session.ts'

const MAX_SESSIONS_A_ROUND = 500

/** Forgets the sessions and the counted attempts that are over. They count for nothing; this only saves space. */
export async function pruneAccess(db: Db, now: number): Promise<void> {
  await db.write(async (tx) => {
    const over = await tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(or(lte(sessions.expiresAt, now), lte(sessions.lastSeenAt, now - IDLE_MS)))
      .limit(MAX_SESSIONS_A_ROUND)
    const ids = over.map(({ id }) => id)
    if (ids.length > 0) await tx.delete(sessions).where(inArray(sessions.id, ids))
    await pruneAttempts(tx, now)
  })
}
