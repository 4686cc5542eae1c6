import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { findApiToken } from '../../server/access/api-token.ts'
import { listMembers } from '../../server/access/member.ts'
import { signIn } from '../../server/access/sign-in.ts'
import { listTeams } from '../../server/access/team.ts'
import { runCommand } from '../../server/cli/run.ts'
import { readConfig } from '../../server/config.ts'
import { openMachine } from './terminal.ts'

const PASSWORD = 'tall trees in the wind'

/** Looks into the database that the commands of a machine wrote. */
async function look<T>(env: Record<string, string>, use: (db: Awaited<ReturnType<typeof openDb>>) => Promise<T>) {
  const db = await openDb(readConfig(env).databaseUrl)
  try {
    return await use(db)
  } finally {
    await db.close()
  }
}

test('admin create makes an account that can sign in', async () => {
  const { run, env } = await openMachine()

  const said = await run(['admin', 'create', 'Ada@Example.org', '--name', 'Ada', '--password-stdin'], `${PASSWORD}\n`)

  expect(said).toEqual({ status: 0, out: '', err: 'Ada <ada@example.org> is an admin now and can sign in.\n' })
  const origin = { address: '192.0.2.1', userAgent: 'test' }
  const secrets = { decrypt: (sealed: string) => sealed }
  const { member } = await look(env, (db) =>
    signIn({ db, secrets }, { email: 'ada@example.org', password: PASSWORD, code: '' }, origin, Date.now()),
  )
  expect(member).toMatchObject({ email: 'ada@example.org', name: 'Ada', role: 'admin' })
})

test('member add makes a member with teams, which are made where they are missing', async () => {
  const { run, env } = await openMachine()
  const options = ['--role', 'viewer', '--team', 'Desk', '--team', 'Pricing', '--password-stdin']

  await run(['member', 'add', 'bo@example.org', ...options], PASSWORD)
  await run(['member', 'add', 'mia@example.org', '--team', 'Desk', '--password-stdin'], PASSWORD)

  const { members, teams } = await look(env, async (db) => ({
    members: await listMembers(db.read),
    teams: await listTeams(db.read),
  }))
  const [bo, mia] = members
  expect([bo, mia]).toMatchObject([
    { email: 'bo@example.org', name: 'bo', role: 'viewer' },
    { email: 'mia@example.org', name: 'mia', role: 'member' },
  ])
  expect(teams.map(({ name, memberIds }) => ({ name, memberIds }))).toEqual([
    { name: 'Desk', memberIds: [bo?.id, mia?.id].toSorted() },
    { name: 'Pricing', memberIds: [bo?.id] },
  ])
})

test.each([
  ['a weak password', 'short', /^password must have at least 10 characters/],
  ['no password', '', /^Nothing came in on stdin/],
])('%s makes no account', async (_, stdin, words) => {
  const { run, env } = await openMachine()

  const { status, err } = await run(['member', 'add', 'bo@example.org', '--password-stdin'], stdin)

  expect(status).toBe(1)
  expect(err).toMatch(words)
  expect(await look(env, (db) => listMembers(db.read))).toEqual([])
})

test('without a terminal a password is not waited for', async () => {
  const { run } = await openMachine()

  expect(await run(['member', 'add', 'bo@example.org'])).toEqual({
    status: 1,
    out: '',
    err: 'There is no terminal to ask for the password. Pipe it in with --password-stdin.\n',
  })
})

test('an address has one account', async () => {
  const { run } = await openMachine()
  await run(['member', 'add', 'bo@example.org', '--password-stdin'], PASSWORD)

  expect(await run(['admin', 'create', 'bo@example.org', '--password-stdin'], PASSWORD)).toEqual({
    status: 1,
    out: '',
    err: 'bo@example.org has an account already.\n',
  })
})

test('token create prints a token alone on stdout, and it is the member', async () => {
  const { run, env } = await openMachine()
  await run(['member', 'add', 'bo@example.org', '--password-stdin'], PASSWORD)

  const { status, out } = await run([
    'token',
    'create',
    'bo@example.org',
    '--name',
    'report',
    '--read-only',
    '--days',
    '2',
  ])

  expect(status).toBe(0)
  const found = await look(env, (db) => findApiToken(db, out.trim(), Date.now()))
  expect(found).toMatchObject({ member: { email: 'bo@example.org' }, token: { name: 'report', readOnly: true } })
  expect(await look(env, (db) => findApiToken(db, out.trim(), Date.now() + 3 * 24 * 60 * 60_000))).toBeUndefined()
})

/** A terminal on which somebody types; what is shown while they do is nothing. */
function openKeyboard() {
  const keys = new PassThrough()
  const modes: boolean[] = []
  const stdin = Object.assign(keys, { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) })
  return { stdin, modes, type: (text: string) => keys.write(text) }
}

test('on a terminal the password is asked for twice and not shown, and what was mistyped can be taken back', async () => {
  const { env } = await openMachine()
  const { stdin, modes, type } = openKeyboard()
  let shown = ''
  const err = (text: string) => {
    shown += text
    if (text.startsWith('Password')) type(`tall treesx\u007f in the wind\r`)
    if (text.startsWith('The same')) type('tall trees in the wind\r')
  }

  const status = await runCommand(['admin', 'create', 'ada@example.org'], {
    stdin,
    out: () => {},
    err,
    isTTY: true,
    env,
  })

  expect(status).toBe(0)
  expect(shown).toBe(
    'Password for ada@example.org: \nThe same again: \nada <ada@example.org> is an admin now and can sign in.\n',
  )
  expect(modes).toEqual([true, false, true, false])
})

test('Ctrl+C at the question changes nothing, and the terminal is as it was', async () => {
  const { env } = await openMachine()
  const { stdin, modes, type } = openKeyboard()
  let shown = ''
  const err = (text: string) => {
    shown += text
    if (text.startsWith('Password')) type('tall\u0003')
  }

  const status = await runCommand(['admin', 'create', 'ada@example.org'], {
    stdin,
    out: () => {},
    err,
    isTTY: true,
    env,
  })

  expect({ status, shown }).toEqual({
    status: 1,
    shown: 'Password for ada@example.org: \nStopped. Nothing was changed.\n',
  })
  expect(modes).toEqual([true, false])
  expect(await look(env, (db) => listMembers(db.read))).toEqual([])
})
