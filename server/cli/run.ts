import { parseArgs } from 'node:util'
import { version } from '../version.ts'
import { BadUsage, type Command, type Terminal } from './command.ts'
import { commands, type Listed } from './commands.ts'
import { explain } from './explain.ts'
import { helpOf, helpOfAll } from './help.ts'

/**
 * Runs `downfield ARGV…`.
 * @returns the exit status: 0 where all went well, 1 where something went wrong, which has been said on stderr
 */
export async function runCommand(argv: string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(argv, terminal)
  } catch (error) {
    terminal.err(explain(error, terminal.env))
    return 1
  }
}

async function dispatch(argv: string[], terminal: Terminal): Promise<number> {
  const [first] = argv
  if (first === '--version' || first === '-v' || first === 'version') {
    terminal.out(`${version()}\n`)
    return 0
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const asked = argv.slice(1).filter((word) => !word.startsWith('-'))
    terminal.out(asked.length === 0 ? helpOfAll(commands) : await help(find(asked)))
    return 0
  }
  const found = find(argv)
  const { name, rest } = found
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(await help(found))
    return 0
  }
  const command = await found.listed.load()
  const { args, values } = read(name, command, rest)
  return (await command.run(terminal, args, values)) ?? 0
}

type Found = { name: string; listed: Listed; rest: string[] }

async function help({ name, listed }: Found): Promise<string> {
  return helpOf(name, listed.summary, await listed.load())
}

/** The command that the words begin with: of one word or of two. */
function find(words: string[]): Found {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const listed = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (listed) return { name, listed, rest: words.slice(length) }
  }
  const word = words[0] ?? ''
  const near = Object.keys(commands).filter((name) => name.startsWith(`${word} `))
  if (near.length > 0) throw new BadUsage(`Say which one: ${near.map((name) => `downfield ${name}`).join(', ')}.`)
  throw new BadUsage(`There is no command "${word}". "downfield help" lists those there are.`)
}

function read(name: string, { options = {}, takes = [0, 0], usage = '' }: Command, rest: string[]) {
  const help = `"downfield ${name} --help" says what it takes.`
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    const known = Object.fromEntries(
      Object.entries(options).map(([key, { type, multiple = false }]) => [key, { type, multiple }]),
    )
    parsed = parseArgs({ args: rest, options: known, allowPositionals: true, strict: true })
  } catch (error) {
    // parseArgs says which option, in a sentence with hints for programmers behind it.
    const [sentence = ''] = (error as Error).message.split(/\. |\n/)
    throw new BadUsage(`${sentence.replace(/\.$/, '')}. ${help}`)
  }
  const { positionals, values } = parsed
  const [least, most] = takes
  if (positionals.length < least) throw new BadUsage(`Something is missing: downfield ${name} ${usage}. ${help}`)
  if (positionals.length > most) {
    throw new BadUsage(`"${positionals[most]}" is one argument too many. Put text with spaces in quotes. ${help}`)
  }
  return { args: positionals, values }
}
