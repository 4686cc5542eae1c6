import { and, eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { issues, type Member, type Team, teamMembers, teams } from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { findMember } from './member.ts'

/** A team and who is in it. */
export type ListedTeam = Team & { memberIds: string[] }

/** All teams, by name. */
export async function listTeams(read: Reader): Promise<ListedTeam[]> {
  const all = await read.select().from(teams).orderBy(teams.name)
  const belongings = await read.select().from(teamMembers).orderBy(teamMembers.memberId)
  const membersOf = Map.groupBy(belongings, ({ teamId }) => teamId)
  return all.map((team) => ({ ...team, memberIds: (membersOf.get(team.id) ?? []).map(({ memberId }) => memberId) }))
}

/** @throws NotFound */
export async function findTeam(read: Reader, teamId: string): Promise<Team> {
  const [team] = await read.select().from(teams).where(eq(teams.id, teamId))
  if (!team) throw new NotFound('There is no such team.')
  return team
}

/** @throws Refused where another team has the name */
export async function createTeam(tx: Tx, name: string, by: Pick<Member, 'id'> | null, now: number): Promise<Team> {
  await refuseTaken(tx, name)
  const [team] = await tx.insert(teams).values({ id: uuidv7(), name, createdAt: now }).returning()
  await tell(tx, 'team added', team!, by, now)
  return team!
}

/** @throws Refused where another team has the name */
export async function renameTeam(tx: Tx, teamId: string, name: string, by: Member, now: number): Promise<Team> {
  const team = await findTeam(tx, teamId)
  if (team.name !== name) await refuseTaken(tx, name)
  await tx.update(teams).set({ name }).where(eq(teams.id, teamId))
  await tell(tx, 'team renamed', { ...team, name }, by, now)
  return { ...team, name }
}

/** @throws Refused while issues are assigned to the team: they would be nobody's */
export async function deleteTeam(tx: Tx, teamId: string, by: Member, now: number): Promise<void> {
  const team = await findTeam(tx, teamId)
  const n = await tx.$count(issues, eq(issues.teamId, teamId))
  if (n > 0) {
    const what = n === 1 ? 'One issue is' : `${n} issues are`
    throw new Refused(`${what} assigned to ${team.name}. Assign them to somebody else first.`)
  }
  await tx.delete(teams).where(eq(teams.id, teamId))
  await tell(tx, 'team deleted', team, by, now)
}

/** Puts a member into a team; nothing changes where they are in it. */
export async function joinTeam(tx: Tx, teamId: string, memberId: string, by: Member, now: number): Promise<void> {
  const team = await findTeam(tx, teamId)
  await findMember(tx, memberId)
  const joined = await tx.insert(teamMembers).values({ teamId, memberId }).onConflictDoNothing().returning()
  if (joined.length > 0) await tell(tx, 'member joined team', team, by, now, memberId)
}

/** Takes a member out of a team; nothing changes where they are not in it. */
export async function leaveTeam(tx: Tx, teamId: string, memberId: string, by: Member, now: number): Promise<void> {
  const team = await findTeam(tx, teamId)
  const which = and(eq(teamMembers.teamId, teamId), eq(teamMembers.memberId, memberId))
  const left = await tx.delete(teamMembers).where(which).returning()
  if (left.length > 0) await tell(tx, 'member left team', team, by, now, memberId)
}

async function refuseTaken(tx: Tx, name: string): Promise<void> {
  const [taken] = await tx.select({ id: teams.id }).from(teams).where(eq(teams.name, name))
  if (taken) throw new Refused(`There is a team named ${name} already.`)
}

async function tell(
  tx: Tx,
  change: string,
  team: Team,
  by: Pick<Member, 'id'> | null,
  at: number,
  member?: string,
): Promise<void> {
  const detail = { change, team: team.id, name: team.name, ...(member && { member }) }
  await record(tx, { action: 'directory_changed', at, memberId: by?.id ?? null, detail })
}
