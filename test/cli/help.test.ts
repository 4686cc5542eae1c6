import { expect, test } from 'vitest'
import { commands } from '../../server/cli/commands.ts'
import { openMachine } from './terminal.ts'

test('the help lists every command with what it does', async () => {
  const { run } = await openMachine()

  const { status, out, err } = await run(['help'])

  expect({ status, err }).toEqual({ status: 0, err: '' })
  for (const [name, { summary }] of Object.entries(commands)) {
    expect(out).toContain(name)
    expect(out).toContain(summary)
  }
})

test.each(Object.keys(commands))('downfield %s --help says what it takes', async (name) => {
  const { run } = await openMachine()

  const { status, out, err } = await run([...name.split(' '), '--help'])

  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toContain(`Usage: downfield ${name}`)
  const { options = {} } = (await commands[name]?.load()) ?? {}
  for (const option of Object.keys(options)) expect(out).toContain(`--${option}`)
})

test.each([
  [['nonsense'], 'There is no command "nonsense". "downfield help" lists those there are.\n'],
  [
    ['mailbox'],
    'Say which one: downfield mailbox add, downfield mailbox list, downfield mailbox check, downfield mailbox test, downfield mailbox send-test.\n',
  ],
  [['inspect'], 'Something is missing: downfield inspect FILE…. "downfield inspect --help" says what it takes.\n'],
  [
    ['mailbox', 'list', 'all'],
    '"all" is one argument too many. Put text with spaces in quotes. "downfield mailbox list --help" says what it takes.\n',
  ],
  [
    ['member', 'add', 'ada@example.org', '--password', 'x'],
    `Unknown option '--password'. "downfield member add --help" says what it takes.\n`,
  ],
  [['inspect', '/no/such.eml'], 'There is no /no/such.eml. Check how it is written.\n'],
  [['constructor'], 'There is no command "constructor". "downfield help" lists those there are.\n'],
])('downfield %j ends with status 1 and words', async (argv, err) => {
  const { run } = await openMachine()

  expect(await run(argv)).toEqual({ status: 1, out: '', err })
})

test('a setting that can not be used is named, and nothing is made', async () => {
  const { run } = await openMachine({ DOWNFIELD_PORT: 'many' })

  expect(await run(['mailbox', 'list'])).toEqual({
    status: 1,
    out: '',
    err: 'DOWNFIELD_PORT must be a port number from 0 to 65535, for example 3000.\n',
  })
})
