import { eq, isNull } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Issue,
  type Member,
  mailboxes,
  mailboxTeams,
  members,
  mentions,
  type Note,
  teamMembers,
  teams,
} from '../../db/schema.ts'
import { follow } from './follow.ts'

/** Who can be named, by the names that they have. */
export type Named = { members: Pick<Member, 'id' | 'name'>[]; teams: { id: string; name: string }[] }

/** A name after an @ in a text, in UTF-16 units, with the @. A first name may be that of several. */
export type Mention = { at: number; length: number; memberIds: string[]; teamId: string | null }

/** What stands before an @ that names somebody: not a letter, as in an address. */
const BEFORE = /[\s([{"'„“,;:–—-]/
/** A name ends here: "@Jane's" names Jane, "@Janet" does not. */
const AFTER = /^[^\p{L}\p{N}_]|^$/u

/**
 * The members and teams that a text names with an @: by the whole name, or by a first name that only one member has.
 * The longest name counts, and letters may be small.
 */
export function mentionsIn(text: string, named: Named): Mention[] {
  const targets = targetsOf(named)
  const found: Mention[] = []
  const lower = text.toLowerCase()
  for (let at = lower.indexOf('@'); at >= 0; at = lower.indexOf('@', at + 1)) {
    if (at > 0 && !BEFORE.test(text[at - 1]!)) continue
    const target = targets.find(({ name }) => {
      return lower.startsWith(name, at + 1) && AFTER.test(text.slice(at + 1 + name.length, at + 2 + name.length))
    })
    if (!target) continue
    const { name, memberIds, teamId } = target
    found.push({ at, length: name.length + 1, memberIds, teamId })
  }
  return found
}

type Target = { name: string; memberIds: string[]; teamId: string | null }

function targetsOf({ members, teams }: Named): Target[] {
  const byName = Map.groupBy(members, ({ name }) => name.toLowerCase())
  const byFirst = Map.groupBy(members, ({ name }) => name.toLowerCase().split(/\s+/)[0]!)
  const people = [...byName].map(
    ([name, same]): Target => ({ name, memberIds: same.map(({ id }) => id), teamId: null }),
  )
  const first = [...byFirst]
    .filter(([name, same]) => same.length === 1 && !byName.has(name))
    .map(([name, same]): Target => ({ name, memberIds: [same[0]!.id], teamId: null }))
  const groups = teams.map(({ id, name }): Target => ({ name: name.toLowerCase(), memberIds: [], teamId: id }))
  return [...people, ...groups, ...first]
    .filter(({ name }) => name !== '')
    .sort((a, b) => b.name.length - a.name.length)
}

/** The members who can be named, and the teams. */
export async function namedPeople(read: Reader): Promise<Named> {
  const [people, groups] = [
    await read.select({ id: members.id, name: members.name }).from(members).where(isNull(members.disabledAt)),
    await read.select({ id: teams.id, name: teams.name }).from(teams),
  ]
  return { members: people, teams: groups }
}

/**
 * Writes down whom a note names: they follow the issue from then on. Nobody is told of an issue whose mailbox they do
 * not see.
 * @returns who was mentioned, and who was named and does not see the issue
 */
export async function mention(
  tx: Tx,
  issue: Issue,
  note: Note,
  by: Member,
  now: number,
): Promise<{ mentioned: string[]; teamIds: string[]; unseen: string[] }> {
  if (!note.text.includes('@')) return { mentioned: [], teamIds: [], unseen: [] }
  const found = mentionsIn(note.text, await namedPeople(tx))
  const named = new Map<string, string | null>()
  const teamIds = [...new Set(found.flatMap(({ teamId }) => teamId ?? []))]
  for (const teamId of teamIds) {
    const rows = await tx
      .select({ id: teamMembers.memberId })
      .from(teamMembers)
      .where(eq(teamMembers.teamId, teamId))
      .orderBy(teamMembers.memberId)
    for (const { id } of rows) named.set(id, teamId)
  }
  for (const { memberIds } of found) for (const id of memberIds) named.set(id, null)
  named.delete(by.id)
  const sees = named.size > 0 ? await whoSees(tx, issue.mailboxId) : new Set<string>()
  const mentioned = [...named.keys()].filter((id) => sees.has(id))
  const rows = mentioned.map((memberId) => ({
    noteId: note.id,
    memberId,
    issueId: issue.id,
    teamId: named.get(memberId) ?? null,
    at: now,
  }))
  if (rows.length > 0) await tx.insert(mentions).values(rows)
  for (const id of mentioned) await follow(tx, issue, { id }, 'following', 'mentioned', by, now)
  return { mentioned, teamIds, unseen: [...named.keys()].filter((id) => !sees.has(id)) }
}

/** The members who see a mailbox, as access/may.ts has it: admins, and who shares a team with it where it is not open to all. */
async function whoSees(tx: Tx, mailboxId: string): Promise<Set<string>> {
  const [mailbox] = await tx.select().from(mailboxes).where(eq(mailboxes.id, mailboxId))
  const active = await tx.select({ id: members.id, role: members.role }).from(members).where(isNull(members.disabledAt))
  if (mailbox?.openToAll) return new Set(active.map(({ id }) => id))
  const shared = await tx
    .select({ id: teamMembers.memberId })
    .from(mailboxTeams)
    .innerJoin(teamMembers, eq(teamMembers.teamId, mailboxTeams.teamId))
    .where(eq(mailboxTeams.mailboxId, mailboxId))
  const within = new Set(shared.map(({ id }) => id))
  return new Set(active.filter(({ id, role }) => role === 'admin' || within.has(id)).map(({ id }) => id))
}
