import type { Command, Option } from './command.ts'
import type { Listed } from './commands.ts'

const WIDTH = 24

const SETTINGS = `Settings come from environment variables, or from a file .env in the current folder: see .env.example.`

/** The list of all commands. */
export function helpOfAll(commands: Record<string, Listed>): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => row(name, summary))
  return [
    'Downfield, the team inbox for people who write proposals',
    '',
    'Usage: downfield COMMAND [ARGUMENTS]',
    '',
    ...lines,
    row('help [COMMAND]', 'Says what a command does and what it takes.'),
    row('--version', 'Prints the version.'),
    '',
    SETTINGS,
    '',
  ].join('\n')
}

/** What one command does and takes. */
export function helpOf(name: string, summary: string, { usage, about, options = {} }: Command): string {
  const names = Object.entries(options)
  const head = ['downfield', name, ...(usage ? [usage] : []), ...(names.length > 0 ? ['[OPTIONS]'] : [])].join(' ')
  const list = [
    ...names.map(([name, option]) => row(written(name, option), option.help)),
    row('--help', 'Prints this.'),
  ]
  return [`Usage: ${head}`, '', summary, ...(about ? ['', about.trim()] : []), '', ...list, ''].join('\n')
}

function written(name: string, { type, value }: Option): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${value ?? 'VALUE'}`
}

function row(left: string, right: string): string {
  const indent = ' '.repeat(WIDTH + 4)
  const text = right.replaceAll('\n', `\n${indent}`)
  return left.length > WIDTH ? `  ${left}\n${indent}${text}` : `  ${left.padEnd(WIDTH)}  ${text}`
}
