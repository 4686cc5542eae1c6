import type { Db } from '../../db/index.ts'
import type { Mailbox, Member } from '../../db/schema.ts'
import { createMember } from '../access/member.ts'
import type { Secrets } from '../access/secrets.ts'
import { createTeam, joinTeam } from '../access/team.ts'
import { addMailbox } from '../mail/mailbox.ts'
import type { DemoMailbox } from './mailbox.ts'
import { people } from './sample/people.ts'

/** The team that takes what belongs to nobody in particular. */
export const TRIAGE_TEAM = 'Bid desk'

/** Who works at Northwind, in the order of the demo's sign-in page; nobody has a password. */
const STAFF = [
  { person: people.jane, role: 'admin', teams: [TRIAGE_TEAM] },
  { person: people.omar, role: 'member', teams: ['Solutions'] },
  { person: people.mia, role: 'member', teams: [TRIAGE_TEAM, 'Pricing'] },
] as const

/** Puts Northwind's people, teams and shared mailbox into an empty database. */
export async function addNorthwind(
  db: Db,
  secrets: Secrets,
  { address, user, password, imap, smtp }: DemoMailbox,
  now: number,
): Promise<{ members: Member[]; row: Mailbox }> {
  return await db.write(async (tx) => {
    const members: Member[] = []
    const teams = new Map<string, string>()
    for (const { person, role, teams: names } of STAFF) {
      const { name, address } = person
      const member = await createMember(tx, { email: address, name, role, passwordHash: null }, null, now)
      members.push(member)
      for (const name of names) {
        const id = teams.get(name) ?? (await createTeam(tx, name, null, now)).id
        teams.set(name, id)
        await joinTeam(tx, id, member.id, member, now)
      }
    }
    const settings = {
      address,
      name: 'Northwind Proposals',
      aliases: [],
      openToAll: true,
      teamIds: [],
      imapHost: imap.host,
      imapPort: imap.port,
      imapSecurity: 'none' as const,
      imapUser: user,
      imapPassword: password,
      smtpHost: smtp.host,
      smtpPort: smtp.port,
      smtpSecurity: 'none' as const,
      smtpUser: user,
      smtpPassword: password,
      sentCopy: 'append' as const,
      sinceAt: null,
      paused: false,
    }
    return { members, row: await addMailbox(tx, secrets, settings, null, now) }
  })
}
