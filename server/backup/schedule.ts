import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Db } from '../../db/index.ts'
import { nodeName, releaseLease, takeLease } from '../../db/lease.ts'
import type { Config } from '../config.ts'
import { backUp } from './backup.ts'
import { listBackups } from './manifest.ts'

/** The hour of the day, UTC, at which a backup is made. */
const HOUR = 2
const DAY_MS = 86_400_000
/** How often it is looked whether one is due. */
const LOOK_EVERY_MS = 5 * 60_000
const LEASE = 'backup'

/** When the newest backup that should be there by now was due, ms since the epoch. */
export function lastDueAt(now: number): number {
  const today = now - (now % DAY_MS) + HOUR * 3_600_000
  return today <= now ? today : today - DAY_MS
}

/** Whether a backup is due: none was begun since the last time one should have been. */
export function isDue(newest: number | undefined, now: number): boolean {
  return newest === undefined || newest < lastDueAt(now)
}

/**
 * Makes a backup each night while the server runs; one that was missed, since the server did not run, is made up for.
 * One node does it.
 */
export function runBackups(
  deps: { db: Db; log: Logger },
  config: Pick<Config, 'databaseUrl' | 'dataDir'> & { folder: string; keep: number },
  version: string,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const me = nodeName()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await backUpIfDue()
      } catch (error) {
        // One backup that fails must not stop the next; the log and the status page say so.
        deps.log.error({ err: error }, 'the backup failed')
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()

  async function backUpIfDue() {
    const now = Date.now()
    if (!isDue(await newestBackup(config.folder), now)) return
    if (!(await takeLease(deps.db, LEASE, me, now))) return
    try {
      const made = await backUp(config, config.folder, { version, keep: config.keep, now })
      deps.log.info({ folder: made.folder, added: made.added, removed: made.removed }, 'backed up')
    } finally {
      await releaseLease(deps.db, LEASE, me)
    }
  }

  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** When the newest complete backup of a folder was taken, ms since the epoch. */
export async function newestBackup(folder: string): Promise<number | undefined> {
  const name = (await listBackups(folder)).at(-1)
  return name === undefined ? undefined : takenAt(name)
}

/** The time that is the name of a backup: colons do not stand in file names everywhere. */
function takenAt(name: string): number {
  return Date.parse(name.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'))
}
