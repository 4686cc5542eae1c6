import path from 'node:path'
import { backUp } from '../backup/backup.ts'
import { findBackup } from '../backup/manifest.ts'
import { moveToPostgres } from '../backup/move.ts'
import { restore as restoreBackup } from '../backup/restore.ts'
import { type Verified, verifyBackup, verifyInstallation } from '../backup/verify.ts'
import { readConfig } from '../config.ts'
import { version } from '../version.ts'
import { BadUsage, command, type Terminal } from './command.ts'

const KEY_WORDS = (keyFile: string) =>
  `The key that opens stored passwords is not in it. Keep ${keyFile} in another safe place.`

export const backup = command({
  usage: 'DIR',
  about: `
Copies the rows as they are at one moment, and the raw mails and files they name, of which only new ones are copied. A
server may be running. Works the same for SQLite and PostgreSQL.`,
  takes: [1, 1],
  options: {
    keep: { type: 'string', value: 'N', help: 'Removes all but the newest N backups of DIR afterwards.' },
  },
  async run(terminal, [folder], values) {
    const config = readConfig(terminal.env)
    const keep = values.keep === undefined ? undefined : Number(values.keep)
    if (keep !== undefined && !(Number.isSafeInteger(keep) && keep > 0)) {
      throw new BadUsage('--keep must be a number of backups, at least 1.')
    }
    const made = await backUp(config, path.resolve(folder!), { version: version(), keep, now: Date.now() })
    const rows = Object.values(made.tables).reduce((sum, table) => sum + table.rows, 0)
    terminal.out(`${made.folder}\n`)
    terminal.err(
      `${rows} rows and ${made.blobs.count} raw mails and files (${megabytes(made.blobs.bytes)}), ${made.added} of them new.\n`,
    )
    if (made.removed.length > 0) terminal.err(`Removed: ${made.removed.join(', ')}.\n`)
    if (config.key === undefined) terminal.err(`${KEY_WORDS(config.keyFile)}\n`)
    return undefined
  },
})

const which = {
  backup: { type: 'string', value: 'NAME', help: 'Which backup of DIR. Without it: the newest.' },
} as const

export const restore = command({
  usage: 'DIR',
  about: `
Checks the backup, then brings it back into the data folder and the database that the settings name. Both must be empty:
nothing is written over. The key has to be put back by hand, as DOWNFIELD_KEY or as the file that it was.`,
  takes: [1, 1],
  options: which,
  async run(terminal, [folder], values) {
    const config = readConfig(terminal.env)
    const found = await findBackup(path.resolve(folder!), values.backup)
    const restored = await restoreBackup(config, found, progress(terminal))
    terminal.err(
      `Restored as of ${new Date(restored.takenAt).toISOString()}: ${restored.messages} messages, ${restored.rows} rows, ${restored.blobs} raw mails and files.\n`,
    )
    terminal.err('Search is made anew while the server runs, or at once with "downfield reindex".\n')
    return undefined
  },
})

export const verify = command({
  usage: '[DIR]',
  about: `
Looks at every row, every reference, and every raw mail through its hash: of this installation while it runs, or of a
backup. Ends with status 1 where anything is not as it must be.`,
  takes: [0, 1],
  options: which,
  async run(terminal, [folder], values) {
    const verified = folder
      ? await verifyBackup(await findBackup(path.resolve(folder), values.backup))
      : await verifyInstallation(readConfig(terminal.env))
    terminal.out(summary(verified))
    return verified.troubles.length > 0 ? 1 : 0
  },
})

export const move = command({
  about: `
Copies everything from SQLite to an empty PostgreSQL database, and compares both by hash. The server must be stopped. The
SQLite file stays as it is. If it is cut short, the same command goes on.`,
  takes: [0, 0],
  options: { to: { type: 'string', value: 'URL', help: 'The database, as postgres://user:password@host:5432/name.' } },
  async run(terminal, _, values) {
    if (!values.to || !/^postgres(ql)?:\/\//.test(values.to)) {
      throw new BadUsage('Say where to: --to postgres://user:password@host:5432/downfield.')
    }
    const { rows } = await moveToPostgres(readConfig(terminal.env), values.to, {
      now: Date.now(),
      on: progress(terminal),
    })
    terminal.err(`${rows} rows are on PostgreSQL, and equal by hash. Set DATABASE_URL to that address and start.\n`)
    return undefined
  },
})

/** A line that is written over, or one for each table where nobody watches. */
function progress({ err, isTTY }: Terminal) {
  let last = ''
  return (table: string, done: number, total: number) => {
    if (isTTY) err(`\r${table}: ${done} of ${total}\u001b[K${done === total ? '\n' : ''}`)
    else if (table !== last && done === total) err(`${table}: ${total}\n`)
    if (done === total) last = table
  }
}

function summary({ rows, messages, blobs, bytes, troubles }: Verified): string {
  const looked = `${rows} rows, ${messages} messages, ${blobs} raw mails and files (${megabytes(bytes)}).\n`
  if (troubles.length === 0) return `${looked}Everything is as it must be.\n`
  return `${looked}${troubles.map((trouble) => `- ${trouble}\n`).join('')}`
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`
