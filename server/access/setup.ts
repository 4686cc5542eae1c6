import { and, eq, gt, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { invitations, type Member } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { INVITATION_MS } from './invitation.ts'
import { createAdmin, hasAdmin } from './member.ts'
import { hashToken, newToken } from './token.ts'

/**
 * The link with which the first admin makes their account; none where there is an admin. Only who reads the terminal
 * gets it, and each start makes a new one: older ones are void.
 */
export async function ensureSetupLink(db: Db, baseUrl: string, now: number): Promise<string | undefined> {
  const token = newToken()
  const isNeeded = await db.write(async (tx) => {
    if (await hasAdmin(tx)) return false
    await voidSetupLinks(tx)
    await tx.insert(invitations).values({
      id: uuidv7(),
      tokenHash: hashToken(token),
      role: 'admin',
      teamIds: [],
      createdAt: now,
      expiresAt: now + INVITATION_MS,
    })
    return true
  })
  return isNeeded ? `${baseUrl}/setup/${token}` : undefined
}

/** @throws NotFound where the link is not the newest, Refused where there is an admin already */
export async function checkSetupLink(read: Reader, token: string, now: number) {
  if (await hasAdmin(read)) throw new Refused('Downfield is set up already. Sign in, or ask an admin to invite you.')
  const good = and(
    eq(invitations.tokenHash, hashToken(token)),
    isNull(invitations.email),
    gt(invitations.expiresAt, now),
  )
  const [link] = await read.select({ id: invitations.id }).from(invitations).where(good)
  if (!link) throw new NotFound('This link is no longer good. Start Downfield again: it prints a new one.')
}

/** Makes the first admin; the link is used up. */
export async function setUp(
  tx: Tx,
  token: string,
  admin: { email: string; name: string; passwordHash: string },
  now: number,
): Promise<Member> {
  await checkSetupLink(tx, token, now)
  await voidSetupLinks(tx)
  return await createAdmin(tx, admin, now)
}

async function voidSetupLinks(tx: Tx): Promise<void> {
  await tx.delete(invitations).where(isNull(invitations.email))
}
