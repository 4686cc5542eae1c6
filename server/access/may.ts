import { and, eq, exists, or, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Mailbox, type Member, mailboxes, mailboxTeams, teamMembers } from '../../db/schema.ts'
import { ROLES, type Role } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'

// The one place that says what a member may do and see. Every route names one right (server/api/rule.ts); what a role
// may do with the rest of the mailboxes is a question of visibility, below.

const ADMIN: readonly Role[] = ['admin']
const MANAGERS: readonly Role[] = ['admin', 'manager']
const WRITERS: readonly Role[] = ['admin', 'manager', 'member']

/** Which roles have a right. `anyone` asks for no sign-in at all. */
export const RIGHTS = {
  anyone: ROLES,
  /** What is one's own: who am I. */
  self: ROLES,
  /** One's password, sessions and tokens: in a session only, so that a lost token can't make itself at home. */
  account: ROLES,
  /** The issues and mail of the mailboxes that the member sees. */
  read: ROLES,
  /** The names of members and teams. */
  'read directory': ROLES,
  /** Who takes care, and how it stands. */
  triage: WRITERS,
  note: WRITERS,
  reply: WRITERS,
  /** What is kept for all to insert. */
  'manage saved replies': MANAGERS,
  /** Stages, reasons, fields, rates and goals. */
  'manage pipeline': MANAGERS,
  /** Many proposals at once, from a file of another system. */
  'import proposals': MANAGERS,
  /** Tags, shared views and working hours. */
  'manage desk': ['admin', 'manager'],
  'manage members': ADMIN,
  'manage mailboxes': ADMIN,
  /** How the installation itself is doing. */
  operate: ADMIN,
} as const satisfies Record<string, readonly Role[]>
export type Right = keyof typeof RIGHTS

/** Whether the member's role has the right. */
export function may(member: Pick<Member, 'role'>, right: Right): boolean {
  const roles: readonly Role[] = RIGHTS[right]
  return roles.includes(member.role)
}

/** The mailboxes that a member sees; 'all' for admins. One query over indexes, asked anew each time: never stale. */
export async function visibleMailboxIds(read: Reader, member: Pick<Member, 'id' | 'role'>): Promise<string[] | 'all'> {
  if (member.role === 'admin') return 'all'
  const rows = await visibleTo(read).execute({ memberId: member.id })
  return rows.map(({ id }) => id)
}

const visibleTo = prepared((read) =>
  read
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(or(eq(mailboxes.openToAll, true), sharesTeam(read, sql.placeholder('memberId'))))
    .prepare(UNNAMED),
)

/**
 * The mailbox, if the member sees it.
 * @throws NotFound where there is none and where it is not for this member: that it exists is not told
 */
export async function mailboxForMember(
  read: Reader,
  member: Pick<Member, 'id' | 'role'>,
  mailboxId: string,
): Promise<Mailbox> {
  const seen = member.role === 'admin' ? undefined : or(eq(mailboxes.openToAll, true), sharesTeam(read, member.id))
  const [mailbox] = await read
    .select()
    .from(mailboxes)
    .where(and(eq(mailboxes.id, mailboxId), seen))
  if (!mailbox) throw new NotFound('There is no such mailbox.')
  return mailbox
}

/** The member is in one of the teams that the mailbox is open to. */
function sharesTeam(read: Reader, memberId: string | Placeholder): SQL {
  const shared = read
    .select({ id: mailboxTeams.teamId })
    .from(mailboxTeams)
    .innerJoin(teamMembers, eq(teamMembers.teamId, mailboxTeams.teamId))
    .where(and(eq(mailboxTeams.mailboxId, mailboxes.id), eq(teamMembers.memberId, memberId)))
  return exists(shared)
}
