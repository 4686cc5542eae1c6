import { BadConfig } from '../config.ts'
import { Changed, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooOften } from '../errors.ts'
import { BadUsage } from './command.ts'

/** What people caused and can mend: its message is meant for them. */
const EXPECTED = [BadUsage, BadConfig, Changed, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooOften]

type Fault = { code?: string; path?: string; port?: number; address?: string; message?: string; stack?: string }

/**
 * What is said on stderr about an error, with its line break: words for what people can mend, a short line for a fault
 * of ours, and its trace only where DOWNFIELD_LOG asks for it.
 */
export function explain(error: unknown, env: Record<string, string | undefined>): string {
  if (EXPECTED.some((kind) => error instanceof kind)) return `${(error as Error).message}\n`
  const fault = (typeof error === 'object' && error !== null ? error : { message: String(error) }) as Fault
  const words = mendable(fault)
  if (words) return `${words}\n`
  const traced = /^(debug|trace)$/.test(env.DOWNFIELD_LOG ?? '')
  if (traced) return `${fault.stack ?? fault.message}\n`
  return `Something went wrong in Downfield itself: ${fault.message}\nSet DOWNFIELD_LOG=debug to see where.\n`
}

/** Errors of the system that somebody at the keyboard understands better with other words. */
function mendable({ code, path, port, address, message = '' }: Fault): string | undefined {
  const file = path ?? 'a file'
  switch (code) {
    case 'ENOENT':
      return path ? `There is no ${file}. Check how it is written.` : undefined
    case 'EACCES':
    case 'EPERM':
      if (port) return `Port ${port} may not be used by this user. Choose one above 1023 with DOWNFIELD_PORT.`
      return `${file} may not be read or written by this user. Change its rights or its owner.`
    case 'EISDIR':
      return `${file} is a folder; a file is needed here.`
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop it, or choose another port with DOWNFIELD_PORT.`
    case 'EADDRNOTAVAIL':
      return `${address ?? 'DOWNFIELD_HOST'} is not an address of this machine. Set DOWNFIELD_HOST to one that is.`
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return 'The disk is full. Make room, then try again.'
    case 'ECONNREFUSED':
      return `Nothing answers at ${address ?? 'the server'}${port ? `, port ${port}` : ''}. Check the address, and that the server runs.`
    case 'ENOTFOUND':
      return `The name of the server is not known (${message}). Check how it is written.`
    case 'SQLITE_BUSY':
      return 'Another program holds the database for longer than we wait. Try again in a moment.'
    case 'SQLITE_CANTOPEN':
      return 'The database file can not be opened. Check DOWNFIELD_DATA, and the rights of that folder.'
    case 'NEWER_DATABASE':
      return message
    case 'SQLITE_NOTADB':
      return 'The database file is damaged, or is no SQLite database. Check DOWNFIELD_DATA.'
    case '28P01':
    case '28000':
      return 'PostgreSQL refuses the user or the password. Check DATABASE_URL.'
    case '3D000':
      return `PostgreSQL has no such database (${message}). Create it, or check DATABASE_URL.`
    default:
      return undefined
  }
}
