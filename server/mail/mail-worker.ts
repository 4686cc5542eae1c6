// The thread that mail-thread.ts starts.

import path from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { destination, pino } from 'pino'
import { holdUnread, openBlobs } from '../../db/blobs.ts'
import { joinDb } from '../../db/index.ts'
import { openSecrets } from '../access/secrets.ts'
import type { MailDeps } from './deps.ts'
import { BATCH_BYTES } from './fetch/fetch-batch.ts'
import { runWatches } from './fetch/watches.ts'
import { runWriteBack } from './fetch/write-back.ts'
import { runTextReading } from './files/text-reading.ts'
import type { MailOrder, MailWork } from './mail-thread.ts'
import { runIndexer } from './place/indexer.ts'
import { retryFailed } from './place/pending.ts'
import { openParsers } from './read/parsers.ts'
import { runOutbox } from './send/outbox.ts'

/** Raw mails that are stored and about to be read; what is more is read from the disk. */
const HELD_BYTES = BATCH_BYTES

// The cast: mail-thread.ts alone starts this, with just that.
const { config, database, logLevel, sendPace } = workerData as MailWork
const log = pino({ level: logLevel }, destination({ dest: 2, sync: true }))
const db = await joinDb(database)
const blobs = holdUnread(await openBlobs(path.join(config.dataDir, 'blobs')), HELD_BYTES)
const deps: MailDeps = { db, blobs, secrets: openSecrets(config), parsers: openParsers(), log }

const again = await retryFailed(db)
if (again > 0) log.info({ mails: again }, 'mails that an older version could not read are tried again')
const watches = runWatches(deps)
const parts = [watches, runOutbox(deps, sendPace), runIndexer(deps), runTextReading(deps), runWriteBack(deps)]

parentPort?.on('message', (order: MailOrder) => {
  if ('stop' in order) void stop()
  else watches.lookNow(order.lookNow, order.more)
})

async function stop() {
  // What is being read is read again at the next start.
  const ended = await Promise.allSettled([...parts.map((part) => part.stop()), deps.parsers.close()])
  for (const part of ended) if (part.status === 'rejected') log.error({ err: part.reason }, 'a part did not end well')
  await db.close()
  process.exit()
}
