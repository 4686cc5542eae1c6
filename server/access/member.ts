import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, members, teamMembers, teams } from '../../db/schema.ts'
import type { Role } from '../../db/vocabulary.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { deleteApiTokens } from './api-token.ts'
import { endSessions } from './session.ts'

/** A member as others see them: without the password. */
export type ListedMember = Omit<Member, 'passwordHash'> & { teamIds: string[] }

/** What makes a member. `passwordHash` is made before the transaction (password.ts). */
export type NewMember = { email: string; name: string; role: Role; passwordHash: string | null; teamIds?: string[] }

/** Everybody, also who is disabled, by name. */
export async function listMembers(read: Reader): Promise<ListedMember[]> {
  const all = await read.select().from(members).orderBy(members.name, members.id)
  const belongings = await read.select().from(teamMembers).orderBy(teamMembers.teamId)
  const teamsOf = Map.groupBy(belongings, ({ memberId }) => memberId)
  return all.map((member) => listed(member, teamsOf.get(member.id) ?? []))
}

/** A member with their teams. */
export async function listedMember(read: Reader, member: Member): Promise<ListedMember> {
  const own = await read
    .select()
    .from(teamMembers)
    .where(eq(teamMembers.memberId, member.id))
    .orderBy(teamMembers.teamId)
  return listed(member, own)
}

function listed({ passwordHash: _, ...seen }: Member, belongings: { teamId: string }[]): ListedMember {
  return { ...seen, teamIds: belongings.map(({ teamId }) => teamId) }
}

/** @throws NotFound */
export async function findMember(read: Reader, memberId: string): Promise<Member> {
  const [member] = await read.select().from(members).where(eq(members.id, memberId))
  if (!member) throw new NotFound('There is no such member.')
  return member
}

/**
 * Makes an account. `by` is who did it; none for the command line and for who set Downfield up.
 * @throws Refused where the address has one already
 */
export async function createMember(
  tx: Tx,
  { email, name, role, passwordHash, teamIds = [] }: NewMember,
  by: Pick<Member, 'id'> | null,
  now: number,
): Promise<Member> {
  const [taken] = await tx.select({ id: members.id }).from(members).where(eq(members.email, email))
  if (taken) throw new Refused(`${email} has an account already.`)
  const [member] = await tx
    .insert(members)
    .values({ id: uuidv7(), email, name, role, passwordHash, createdAt: now })
    .returning()
  // A team may be gone since the invitation.
  const there = teamIds.length ? await tx.select({ id: teams.id }).from(teams).where(inArray(teams.id, teamIds)) : []
  if (there.length) {
    await tx.insert(teamMembers).values(there.map(({ id }) => ({ teamId: id, memberId: member!.id })))
  }
  const detail = { change: 'member added', member: member!.id, name, role }
  await record(tx, { action: 'directory_changed', at: now, memberId: by?.id ?? null, detail })
  return member!
}

/** Makes an account that may do everything. */
export async function createAdmin(tx: Tx, admin: Omit<NewMember, 'role'>, now: number): Promise<Member> {
  return await createMember(tx, { ...admin, role: 'admin' }, null, now)
}

/**
 * Changes what is given. Who is disabled is signed out everywhere, and their tokens are gone.
 * @throws Refused where nobody would be left to manage members
 */
export async function changeMember(
  tx: Tx,
  memberId: string,
  { name, role, disabled }: { name?: string | undefined; role?: Role | undefined; disabled?: boolean | undefined },
  by: Pick<Member, 'id'> | null,
  now: number,
): Promise<Member> {
  const before = await findMember(tx, memberId)
  const disabledAt = disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now) : null
  const after = { ...before, name: name ?? before.name, role: role ?? before.role, disabledAt }
  if (isActiveAdmin(before) && !isActiveAdmin(after) && !(await hasOtherAdmin(tx, memberId))) {
    throw new Refused(`${before.name} is the only admin. Make somebody else an admin first.`)
  }
  await tx.update(members).set({ name: after.name, role: after.role, disabledAt }).where(eq(members.id, memberId))
  if (disabledAt !== null) {
    await endSessions(tx, before)
    await deleteApiTokens(tx, before)
  }
  const isDisabled = disabledAt !== null
  const detail = {
    change: 'member changed',
    member: memberId,
    name: after.name,
    role: after.role,
    disabled: isDisabled,
  }
  await record(tx, { action: 'directory_changed', at: now, memberId: by?.id ?? null, detail })
  return after
}

/** Whether anybody can manage members. */
export async function hasAdmin(read: Reader): Promise<boolean> {
  const active = and(eq(members.role, 'admin'), isNull(members.disabledAt))
  return (await read.select({ id: members.id }).from(members).where(active).limit(1)).length > 0
}

const isActiveAdmin = ({ role, disabledAt }: Member) => role === 'admin' && disabledAt === null

async function hasOtherAdmin(read: Reader, memberId: string): Promise<boolean> {
  const others = and(eq(members.role, 'admin'), isNull(members.disabledAt), ne(members.id, memberId))
  return (await read.select({ id: members.id }).from(members).where(others).limit(1)).length > 0
}

/** Sets for how long, in ms, what a member sends can be taken back; null: as usual. */
export async function setHeldMs(tx: Tx, member: Pick<Member, 'id'>, heldMs: number | null): Promise<void> {
  await tx.update(members).set({ heldMs }).where(eq(members.id, member.id))
}
