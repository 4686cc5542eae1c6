import { once } from 'node:events'
import type { Server } from 'node:http'
import path from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { destination, type Logger, pino } from 'pino'
import { openBlobs } from '../db/blobs.ts'
import { openDb } from '../db/index.ts'
import { pruneAccess } from './access/prune.ts'
import { openSecrets } from './access/secrets.ts'
import { ensureSetupLink } from './access/setup.ts'
import { createApp } from './api/app.ts'
import type { Deps } from './api/deps.ts'
import { runBackups } from './backup/schedule.ts'
import type { Config } from './config.ts'
import { pruneDrafts } from './issues/draft.ts'
import { openFeed } from './issues/feed.ts'
import { prunePresence } from './issues/presence.ts'
import { pruneUploads } from './issues/upload.ts'
import { runWaker } from './issues/wake.ts'
import { pruneJobs } from './jobs/job.ts'
import { runJobs } from './jobs/worker.ts'
import { type MailThread, startMailThread } from './mail/mail-thread.ts'
import { openParsers } from './mail/read/parsers.ts'
import type { SendPace } from './mail/send/outbox.ts'
import { openOutside } from './net/outside.ts'
import { runNotifications } from './notifications/worker.ts'
import { runPeople } from './people/worker.ts'
import { ensurePipeline } from './proposals/defaults.ts'
import { pruneImports } from './proposals/import/import.ts'
import { runImports } from './proposals/import/worker.ts'
import { runLinker } from './proposals/linker.ts'
import { openConnections } from './provisioning/apply/deps.ts'
import { runProvisioning } from './provisioning/apply/worker.ts'
import { realClock } from './provisioning/clock.ts'
import { runRules } from './rules/worker.ts'
import { version } from './version.ts'

/** What takes longer to end than this is left as it is: everything can be cut short without harm. */
const STOP_MS = 10_000
/** How long requests under way may take to end. */
const REQUESTS_END_MS = 3_000
const CLOSE_IDLE_EVERY_MS = 20
const PRUNE_EVERY_MS = 60 * 60_000

export type Running = { url: string; port: number; deps: Deps; stop(): Promise<void> }
export type Options = {
  demo?: Deps['demo']
  log?: Logger
  /** Where people are told where Downfield is: the terminal. */
  say?: (text: string) => void
  /** Times of sending; tests that kill the server set them. */
  sendPace?: Partial<SendPace>
}

/**
 * Starts all of Downfield in this process: pages and API in this thread, mail in one of its own. Prints the link for the
 * first admin where there is none.
 * @throws the error of the system where the port is taken or may not be used; cli/explain.ts has words for it
 */
export async function startServer(config: Config, options: Options = {}): Promise<Running> {
  const say = options.say ?? ((text) => process.stderr.write(text))
  const log = options.log ?? pino({ level: config.logLevel }, destination({ dest: 2, sync: true }))
  const secrets = openSecrets(config)
  const db = await openDb(config.databaseUrl)
  const blobs = await openBlobs(path.join(config.dataDir, 'blobs'))
  const parsers = openParsers()
  const feed = openFeed(db)
  const closing = new AbortController()
  const outside = openOutside()
  const exchange = openConnections({ secrets, clock: realClock, pwsh: config.pwsh })
  const deps: Deps = {
    db,
    blobs,
    parsers,
    secrets,
    log,
    config,
    feed,
    closing: closing.signal,
    exchange,
    outside,
    lookNow: (mailboxId, more) => mailThread?.lookNow(mailboxId, more),
    ...(options.demo ? { demo: options.demo } : {}),
  }
  let mailThread: MailThread | undefined
  /** What runs beside the API until the server stops. */
  const workers: { stop(): Promise<void> }[] = []
  let http: Server | undefined
  let pruning: NodeJS.Timeout | undefined
  let stopping: Promise<void> | undefined

  async function stop() {
    const overdue = setTimeout(() => {
      log.warn('Downfield did not end in time; it is cut short')
      process.exit(1)
    }, STOP_MS)
    closing.abort()
    clearInterval(pruning)
    const ended = await Promise.allSettled([
      http ? endRequests(http) : undefined,
      mailThread?.stop(),
      ...workers.map((worker) => worker.stop()),
      // What is being read is read again at the next start.
      parsers.close(),
    ])
    for (const part of ended) if (part.status === 'rejected') log.error({ err: part.reason }, 'a part did not end well')
    await feed.close()
    await db.close()
    process.off('uncaughtException', fail)
    clearTimeout(overdue)
  }

  /** A fault that nobody caught: what the process holds in memory can't be trusted any more, what is stored can. */
  function fail(error: unknown) {
    log.fatal({ err: error }, 'a fault that nobody caught; Downfield ends')
    process.exit(1)
  }

  try {
    process.on('uncaughtException', fail)
    await ensurePipeline(db)
    http = await listen(createApp(deps), config)
    const port = portOf(http)
    const url = config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
    mailThread = startMailThread(
      { config, database: db.share(), logLevel: log.level, sendPace: options.sendPace },
      fail,
    )
    workers.push(runWaker(deps))
    workers.push(runJobs(deps))
    workers.push(runImports(deps))
    workers.push(runNotifications({ db, secrets, outside, log, url }))
    workers.push(runRules({ db, blobs, secrets, log, outside }))
    workers.push(runLinker(deps))
    workers.push(runPeople(deps))
    workers.push(runProvisioning({ db, secrets, log, clock: realClock, connections: exchange }))
    if (config.backups) workers.push(runBackups(deps, { ...config, ...config.backups }, version()))
    const prune = async () => {
      const now = Date.now()
      const pruned = Promise.all([
        pruneAccess(db, now),
        pruneUploads(deps, now),
        pruneDrafts(db, now),
        prunePresence(db, now),
        db.write((tx) => pruneJobs(tx, now)),
        pruneImports(deps, now),
      ])
      await pruned.catch((error) => log.error({ err: error }, 'pruning failed'))
    }
    pruning = setInterval(() => void prune(), PRUNE_EVERY_MS).unref()
    await prune()
    say(`Downfield is at ${url}\n`)
    const link = options.demo ? undefined : await ensureSetupLink(db, url, Date.now())
    if (link) say(`Nobody has an account yet. Make the first one, an admin, here:\n\n    ${link}\n\n`)
    return { url, port, deps, stop: () => (stopping ??= stop()) }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listen(app: ReturnType<typeof createApp>, { host, port }: Config): Promise<Server> {
  // Without options it makes a server of node:http; the type allows for HTTP/2 as well.
  const http = createAdaptorServer({ fetch: app.fetch }) as Server
  http.listen(port, host)
  await once(http, 'listening')
  return http
}

async function endRequests(http: Server): Promise<void> {
  if (!http.listening) return
  const ended = new Promise<void>((resolve) => http.close(() => resolve()))
  // A connection whose last answer began before the end is idle, and stays open, when that answer is over.
  const idle = setInterval(() => http.closeIdleConnections(), CLOSE_IDLE_EVERY_MS)
  const late = setTimeout(() => http.closeAllConnections(), REQUESTS_END_MS)
  await ended
  clearInterval(idle)
  clearTimeout(late)
}

function portOf(http: Server): number {
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}
