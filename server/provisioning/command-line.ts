import { CONTROL } from './one-line.ts'
import {
  BadCall,
  type CmdletName,
  type CmdletValue,
  checkCall,
  type Delta,
  type Kind,
  type Params,
} from './registry.ts'

/** PowerShell takes all of these for a single quote, wherever they stand. */
const SINGLE_QUOTES = /['\u2018\u2019\u201a\u201b]/g

/**
 * A value as PowerShell reads it literally: within single quotes nothing has a meaning but the quotes themselves, and
 * two of the same stand for one.
 * @throws BadCall for control characters: they have no place in a name, and a line break would end the command
 */
export function quoted(text: string): string {
  if (CONTROL.test(text)) throw new BadCall(`There is a control character in ${JSON.stringify(text)}.`)
  return `'${text.replace(SINGLE_QUOTES, '$&$&')}'`
}

/**
 * The command as an admin would type it.
 * @throws BadCall where the registry refuses it
 */
export function commandLine(cmdlet: CmdletName, params: Params): string {
  const written = checkCall(cmdlet, params).flatMap(({ name, kind, value }) => {
    if (kind === 'confirm') return [`-${name}:${value ? '$true' : '$false'}`]
    if (kind === 'switch') return value ? [`-${name}`] : []
    return [`-${name} ${literal(kind, value)}`]
  })
  return [cmdlet, ...written].join(' ')
}

function literal(kind: Kind, value: CmdletValue): string {
  if (value === null) return '$null'
  if (typeof value === 'boolean') return value ? '$true' : '$false'
  if (typeof value === 'number') return String(value)
  // Members of an enumeration are words of the registry itself, so they need no quotes.
  if (typeof kind === 'object') return Array.isArray(value) ? value.join(',') : String(value)
  if (kind === 'hashtable' && Array.isArray(value)) return `@{${value[0]}=${quoted(value[1] ?? '')}}`
  if (Array.isArray(value)) return value.map(quoted).join(',')
  if (typeof value === 'object') return delta(value)
  return quoted(value)
}

function delta({ add, remove }: Delta): string {
  const parts = [
    ...(add ? [`Add=${add.map(quoted).join(',')}`] : []),
    ...(remove ? [`Remove=${remove.map(quoted).join(',')}`] : []),
  ]
  return `@{${parts.join('; ')}}`
}
