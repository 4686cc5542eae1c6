import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { bringSqliteUpToDate } from '../../db/portable/sqlite-file.ts'
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import { copyBlobs } from './copy-blobs.ts'
import { loadIntoPostgres, type OnProgress } from './load.ts'
import { BLOBS, DATABASE, readManifest } from './manifest.ts'
import { namedBlobs } from './named-blobs.ts'
import { isPostgres, withSnapshot } from './snapshot.ts'
import { verifyBackup } from './verify.ts'

export type Restored = { takenAt: number; rows: number; messages: number; blobs: number }

/**
 * Brings a backup back into an installation that has no data yet, on either engine. An older backup gets the schema of
 * this version.
 * @throws Refused where there is data already, or where the backup is damaged: then nothing was changed
 */
export async function restore(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  backup: string,
  on: OnProgress = () => {},
): Promise<Restored> {
  if (!isPostgres(databaseUrl) && (await stat(databaseUrl).catch(() => undefined))) {
    throw new Refused(`${databaseUrl} exists. Move it away first: a restore never writes over data.`)
  }
  const { takenAt } = await readManifest(backup)
  const verified = await verifyBackup(backup)
  if (verified.troubles.length > 0) {
    throw new Refused(`The backup is damaged, and nothing was restored. ${verified.troubles.join(' ')}`)
  }
  await mkdir(dataDir, { recursive: true })
  const blobs = await withSnapshot(path.join(backup, DATABASE), (snapshot) =>
    copyBlobs(path.join(backup, '..', BLOBS), path.join(dataDir, BLOBS), namedBlobs(snapshot)),
  )
  const beside = await mkdtemp(path.join(dataDir, '.restore-'))
  try {
    const file = path.join(beside, DATABASE)
    await copyFile(path.join(backup, DATABASE), file)
    bringSqliteUpToDate(file)
    if (isPostgres(databaseUrl)) await loadIntoPostgres(file, databaseUrl, on)
    else await rename(file, databaseUrl)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
  return { takenAt, rows: verified.rows, messages: verified.messages, blobs: blobs.count }
}
