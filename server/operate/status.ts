import { stat, statfs } from 'node:fs/promises'
import { and, asc, count, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { deliveries, fileTexts, mailboxes, outbox, searchQueue, textQueue, watches } from '../../db/schema.ts'
import type { SendingState, WatchState } from '../../db/vocabulary.ts'
import { lastDueAt, newestBackup } from '../backup/schedule.ts'
import type { Config } from '../config.ts'
import { version } from '../version.ts'

/** How everything goes that runs by itself. Times are ms since the epoch, sizes bytes. */
export type Status = {
  version: string
  engine: 'sqlite' | 'postgres'
  /** The size of the SQLite file. */
  databaseBytes: number | null
  disk: { freeBytes: number; totalBytes: number }
  backups: { on: boolean; newestAt: number | null; dueAt: number }
  mailboxes: {
    id: string
    address: string
    paused: boolean
    state: WatchState | null
    since: number | null
    syncedAt: number | null
    /** Mails that are stored and not understood yet, and mails that could not be. */
    waiting: number
    failed: number
  }[]
  outbox: Record<Extract<SendingState, 'queued' | 'sending' | 'uncertain'>, number> & {
    /** Since when the oldest message that is due has been due. */
    oldestDueAt: number | null
  }
  /** Messages that search does not find yet, counted up to a limit. */
  unindexed: number
  /** Files whose text is still to be read for the search, counted up to a limit, and those where it could not be. */
  files: { waiting: number; failed: number }
}

/** Nobody needs to know by how much a queue is longer than this. */
const MAX_COUNTED = 10_000

/** Looks at everything. Each number comes from the end of an index. */
export async function readStatus(
  read: Reader,
  config: Pick<Config, 'databaseUrl' | 'dataDir' | 'backups'>,
  now: number,
): Promise<Status> {
  const engine = /^postgres(ql)?:/.test(config.databaseUrl) ? 'postgres' : 'sqlite'
  const disk = await statfs(config.dataDir)
  const numberOf = async (some: Parameters<ReturnType<Reader['select']>['from']>[0]) => {
    const [counted] = await read.select({ n: count() }).from(some)
    return counted?.n ?? 0
  }
  return {
    version: version(),
    engine,
    databaseBytes: engine === 'sqlite' ? (await stat(config.databaseUrl)).size : null,
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
    backups: {
      on: config.backups !== undefined,
      newestAt: (config.backups && (await newestBackup(config.backups.folder))) ?? null,
      dueAt: lastDueAt(now),
    },
    mailboxes: await mailboxStates(read),
    outbox: await outboxState(read, now),
    unindexed: await numberOf(
      read.select({ id: searchQueue.messageId }).from(searchQueue).limit(MAX_COUNTED).as('some'),
    ),
    files: {
      waiting: await numberOf(read.select({ id: textQueue.messageId }).from(textQueue).limit(MAX_COUNTED).as('some')),
      failed: await read.$count(fileTexts, eq(fileTexts.state, sql`'failed'`)),
    },
  }
}

async function mailboxStates(read: Reader): Promise<Status['mailboxes']> {
  const rows = await read
    .select({
      id: mailboxes.id,
      address: mailboxes.address,
      paused: mailboxes.paused,
      state: watches.state,
      since: watches.since,
      syncedAt: watches.syncedAt,
    })
    .from(mailboxes)
    .leftJoin(watches, eq(watches.mailboxId, mailboxes.id))
    .orderBy(asc(mailboxes.address))
  const all: Status['mailboxes'] = []
  for (const row of rows) {
    const waiting = await read.$count(deliveries, inState(row.id, 'stored'))
    all.push({ ...row, waiting, failed: await read.$count(deliveries, inState(row.id, 'failed')) })
  }
  return all
}

const inState = (mailboxId: string, state: 'stored' | 'failed') =>
  and(eq(deliveries.mailboxId, mailboxId), eq(deliveries.state, state))

async function outboxState(read: Reader, now: number): Promise<Status['outbox']> {
  const states = ['queued', 'sending', 'uncertain'] as const
  const rows = await read
    .select({ state: outbox.state, n: count() })
    .from(outbox)
    .where(inArray(outbox.state, [...states]))
    .groupBy(outbox.state)
  const numberOf = (state: SendingState) => rows.find((row) => row.state === state)?.n ?? 0
  const [oldest] = await read
    .select({ dueAt: outbox.dueAt })
    .from(outbox)
    .where(and(eq(outbox.state, 'queued'), lte(outbox.dueAt, now)))
    .orderBy(asc(outbox.dueAt))
    .limit(1)
  return {
    queued: numberOf('queued'),
    sending: numberOf('sending'),
    uncertain: numberOf('uncertain'),
    oldestDueAt: oldest?.dueAt ?? null,
  }
}
