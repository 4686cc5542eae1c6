import { z } from 'zod'
import { ROLES, type Role } from '../../db/vocabulary.ts'
import { createMember } from '../access/member.ts'
import { hashPassword } from '../access/password.ts'
import { refuseWeak } from '../access/sign-in.ts'
import { createTeam, joinTeam, listTeams } from '../access/team.ts'
import { askSecrets } from './ask.ts'
import { BadUsage, command, type Terminal } from './command.ts'
import { withDb } from './open.ts'
import { address, check } from './words.ts'

const options = {
  name: { type: 'string', value: 'NAME', help: 'The name that others see.' },
  'password-stdin': { type: 'boolean', help: 'Reads the password from stdin instead of asking for it.' },
} as const

const ABOUT = `
The password is asked for and not shown; with --password-stdin it is the first line of stdin.
A server may be running: the account is good at once.`

export const adminCreate = command({
  usage: 'EMAIL',
  about: ABOUT,
  takes: [1, 1],
  options,
  run: async (terminal, [email], values) =>
    await add(terminal, { email: email!, name: values.name, role: 'admin', teams: [] }, values['password-stdin']),
})

export const memberAdd = command({
  usage: 'EMAIL',
  about: ABOUT,
  takes: [1, 1],
  options: {
    ...options,
    role: { type: 'string', value: 'ROLE', help: `What they may do: ${ROLES.join(', ')}. Without it: member.` },
    team: {
      type: 'string',
      value: 'TEAM',
      multiple: true,
      help: 'A team they belong to, made if missing. May be repeated.',
    },
  },
  run: async (terminal, [email], values) =>
    await add(
      terminal,
      {
        email: email!,
        name: values.name,
        role: check(role, '--role', values.role ?? 'member'),
        teams: values.team ?? [],
      },
      values['password-stdin'],
    ),
})

const role = z.enum(ROLES)
const name = z.string().trim().min(1).max(200)

type Wanted = { email: string; name: string | undefined; role: Role; teams: string[] }

async function add(terminal: Terminal, wanted: Wanted, fromStdin = false): Promise<undefined> {
  const person = {
    email: check(address, 'EMAIL', wanted.email),
    // What comes before the @ will do until somebody says more.
    name: check(name, '--name', wanted.name ?? wanted.email.split('@')[0]),
  }
  const teamNames = wanted.teams.map((team) => check(name, '--team', team))
  const [password = ''] = await askSecrets(terminal, [`Password for ${person.email}`], fromStdin)
  refuseWeak(password, person)
  if (!fromStdin) {
    const [again] = await askSecrets(terminal, ['The same again'], false)
    if (again !== password) throw new BadUsage('The two differ. Nothing was changed; start again.')
  }
  const passwordHash = await hashPassword(password)
  const now = Date.now()
  await withDb(terminal, async ({ db }) => {
    await db.write(async (tx) => {
      const member = await createMember(tx, { ...person, role: wanted.role, passwordHash }, null, now)
      const known = await listTeams(tx)
      for (const teamName of teamNames) {
        const team = known.find(({ name }) => name === teamName) ?? (await createTeam(tx, teamName, null, now))
        await joinTeam(tx, team.id, member.id, member, now)
      }
    })
  })
  const may = wanted.role === 'admin' ? 'an admin' : `a ${wanted.role}`
  terminal.err(`${person.name} <${person.email}> is ${may} now and can sign in.\n`)
}
