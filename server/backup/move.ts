import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import { loadIntoPostgres, type OnProgress } from './load.ts'
import { DATABASE } from './manifest.ts'
import { isPostgres, takeSnapshot, withSnapshot } from './snapshot.ts'

/**
 * Copies the rows of an installation on SQLite to PostgreSQL and compares them. The SQLite file stays as it is; blobs
 * stay where they are. May be cut short and begun again.
 * @throws Refused where Downfield is running, or runs on PostgreSQL already
 */
export async function moveToPostgres(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  url: string,
  { now, on = () => {} }: { now: number; on?: OnProgress },
): Promise<{ rows: number }> {
  if (isPostgres(databaseUrl))
    throw new Refused('This installation is on PostgreSQL already. Unset DATABASE_URL to move from SQLite.')
  const folder = await mkdtemp(path.join(dataDir, '.move-'))
  try {
    const file = path.join(folder, DATABASE)
    await takeSnapshot(databaseUrl, file)
    await withSnapshot(file, async (snapshot) => {
      const running = snapshot.all('select name from leases where until > ?', now)
      if (running.length > 0) {
        throw new Refused(
          'Downfield is running. Stop it first, so that nothing is left behind; it takes half a minute to be forgotten if it was killed.',
        )
      }
    })
    return await loadIntoPostgres(file, url, on)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
