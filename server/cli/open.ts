import path from 'node:path'
import { destination, type Logger, pino } from 'pino'
import { type Blobs, openBlobs } from '../../db/blobs.ts'
import { type Db, openDb } from '../../db/index.ts'
import { openSecrets, type Secrets } from '../access/secrets.ts'
import { type Config, readConfig } from '../config.ts'
import type { Terminal } from './command.ts'

export type Opened = { config: Config; db: Db; secrets: Secrets; log: Logger }

/** Opens the database that the settings name for as long as `use` takes. A server may run on it at the same time. */
export async function withDb<T>({ env }: Terminal, use: (opened: Opened) => Promise<T>): Promise<T> {
  const config = readConfig(env)
  const secrets = openSecrets(config)
  // What goes well is said by the command itself.
  const log: Logger = pino(
    { level: config.logLevel === 'info' ? 'warn' : config.logLevel },
    destination({ dest: 2, sync: true }),
  )
  const db = await openDb(config.databaseUrl)
  try {
    return await use({ config, db, secrets, log })
  } finally {
    await db.close()
  }
}

/** The raw mails of this installation. */
export async function openMails({ dataDir }: Pick<Config, 'dataDir'>): Promise<Blobs> {
  return await openBlobs(path.join(dataDir, 'blobs'))
}
