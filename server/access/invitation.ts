import { and, eq, gt, isNotNull, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { type Invitation, invitations, type Member, members } from '../../db/schema.ts'
import type { Role } from '../../db/vocabulary.ts'
import { NotFound, Refused } from '../errors.ts'
import { createMember } from './member.ts'
import { findTeam } from './team.ts'
import { hashToken } from './token.ts'

/** How long a link is good. */
export const INVITATION_MS = 7 * 24 * 60 * 60_000

/** Who is invited, and as what. */
export type NewInvitation = { email: string; name: string; role: Role; teamIds: string[] }
/** An invitation to a person, which the one at first start is not. */
export type PersonalInvitation = Omit<Invitation, 'tokenHash' | 'email'> & { email: string }

/**
 * Invites somebody. The link carries `token`, made before the transaction; an older link of the same person is void.
 * @throws Refused where the address has an account
 */
export async function invite(
  tx: Tx,
  { email, name, role, teamIds }: NewInvitation,
  token: string,
  by: Pick<Member, 'id'> | null,
  now: number,
): Promise<PersonalInvitation> {
  const [taken] = await tx.select({ id: members.id }).from(members).where(eq(members.email, email))
  if (taken) throw new Refused(`${email} has an account already.`)
  for (const teamId of teamIds) await findTeam(tx, teamId)
  await tx.delete(invitations).where(and(eq(invitations.email, email), isNull(invitations.acceptedAt)))
  const [invitation] = await tx
    .insert(invitations)
    .values({
      id: uuidv7(),
      tokenHash: hashToken(token),
      email,
      name,
      role,
      teamIds,
      invitedById: by?.id ?? null,
      createdAt: now,
      expiresAt: now + INVITATION_MS,
    })
    .returning()
  return { ...shown(invitation!), email }
}

/** The invitations that nobody has accepted, the newest first; some may have expired. */
export async function listInvitations(read: Reader): Promise<PersonalInvitation[]> {
  const rows = await read
    .select()
    .from(invitations)
    .where(and(isNull(invitations.acceptedAt), isNotNull(invitations.email)))
    .orderBy(invitations.id)
  return rows.toReversed().map(personal)
}

/** @throws NotFound where the link is unknown, used, revoked or too old; which of them is not told */
export async function findInvitation(read: Reader, token: string, now: number): Promise<PersonalInvitation> {
  const good = and(
    eq(invitations.tokenHash, hashToken(token)),
    isNull(invitations.acceptedAt),
    isNotNull(invitations.email),
    gt(invitations.expiresAt, now),
  )
  const [invitation] = await read.select().from(invitations).where(good)
  if (!invitation) throw new NotFound('This invitation is no longer good. Ask for a new one.')
  return personal(invitation)
}

/** Makes the account that the invitation is for, once. */
export async function acceptInvitation(
  tx: Tx,
  token: string,
  { name, passwordHash }: { name: string; passwordHash: string },
  now: number,
): Promise<Member> {
  const { id, email, role, teamIds, invitedById } = await findInvitation(tx, token, now)
  await tx.update(invitations).set({ acceptedAt: now }).where(eq(invitations.id, id))
  return await createMember(
    tx,
    { email, name, role, passwordHash, teamIds },
    invitedById ? { id: invitedById } : null,
    now,
  )
}

/** @throws NotFound where it is not waiting for anybody */
export async function revokeInvitation(tx: Tx, invitationId: string): Promise<void> {
  const waiting = and(eq(invitations.id, invitationId), isNull(invitations.acceptedAt), isNotNull(invitations.email))
  const revoked = await tx.delete(invitations).where(waiting).returning({ id: invitations.id })
  if (revoked.length === 0) throw new NotFound('There is no such invitation.')
}

function shown({ tokenHash: _, ...rest }: Invitation) {
  return rest
}

function personal(invitation: Invitation): PersonalInvitation {
  return { ...shown(invitation), email: invitation.email ?? '' }
}
