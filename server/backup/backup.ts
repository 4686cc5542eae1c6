import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Config } from '../config.ts'
import { Refused } from '../errors.ts'
import { copyBlobs, removeBlob, storedBlobs } from './copy-blobs.ts'
import { BLOBS, DATABASE, listBackups, MANIFEST, type Manifest } from './manifest.ts'
import { dropTakenBack, namedBlobs } from './named-blobs.ts'
import { isPostgres, takeSnapshot, withSnapshot } from './snapshot.ts'

export type Backup = Manifest & {
  /** Where it is. */
  folder: string
  /** How many blobs were not in the folder before. */
  added: number
  /** Backups that were let go, by name. */
  removed: string[]
}

/** A backup under way is written here, beside the complete ones; one that was cut short is cleared by the next. */
const UNDER_WAY = '.under-way'

/**
 * Backs up everything but the key: the rows as they are at one moment, and the blobs they name, of which only new ones
 * are copied. A server may be running.
 * @param keep how many backups stay; undefined: all
 * @throws Refused where blobs are missing or damaged: what there is was backed up, and they are named
 */
export async function backUp(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  folder: string,
  { version, keep, now }: { version: string; keep?: number | undefined; now: number },
): Promise<Backup> {
  const underWay = path.join(folder, UNDER_WAY)
  await rm(underWay, { recursive: true, force: true })
  await mkdir(underWay, { recursive: true, mode: 0o700 })
  const file = path.join(underWay, DATABASE)
  await takeSnapshot(databaseUrl, file)
  const { manifest, added, lost } = await withSnapshot(file, async (snapshot) => {
    const copied = await copyBlobs(path.join(dataDir, BLOBS), path.join(folder, BLOBS), namedBlobs(snapshot))
    const lost = [...dropTakenBack(snapshot, copied.missing), ...copied.damaged]
    const manifest: Manifest = {
      format: 1,
      version,
      takenAt: now,
      engine: isPostgres(databaseUrl) ? 'postgres' : 'sqlite',
      tables: Object.fromEntries(snapshot.tables.map((table) => [table.name, snapshot.digest(table)])),
      blobs: { count: copied.count - copied.missing.length - copied.damaged.length, bytes: copied.bytes },
    }
    return { manifest, added: copied.added, lost }
  })
  await writeFile(path.join(underWay, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true })
  const place = path.join(folder, new Date(now).toISOString().replaceAll(':', '-'))
  await rename(underWay, place)
  const removed = keep === undefined ? [] : await letGo(folder, keep)
  if (lost.length > 0) throw new Refused(lostWords(lost, place))
  return { ...manifest, folder: place, added, removed }
}

/** Removes all but the newest backups, and the blobs that only those needed. */
async function letGo(folder: string, keep: number): Promise<string[]> {
  const all = await listBackups(folder)
  const removed = all.slice(0, Math.max(0, all.length - keep))
  if (removed.length === 0) return []
  for (const name of removed) await rm(path.join(folder, name), { recursive: true, force: true })
  const needed = new Set<string>()
  for (const name of all.slice(removed.length)) {
    await withSnapshot(path.join(folder, name, DATABASE), async (snapshot) => {
      for (const hash of namedBlobs(snapshot)) needed.add(hash)
    })
  }
  for await (const hash of storedBlobs(path.join(folder, BLOBS))) {
    if (!needed.has(hash)) await removeBlob(path.join(folder, BLOBS), hash)
  }
  return removed
}

function lostWords(lost: string[], place: string): string {
  const which = lost.length === 1 ? 'A raw mail or file is' : `${lost.length} raw mails or files are`
  return `${which} missing or damaged, and not in the backup ${place}: ${lost.slice(0, 5).join(', ')}. Run "downfield verify" to see which.`
}
