import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Db, openDb } from '../../db/index.ts'
import { searchQueue, traffic } from '../../db/schema.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { type Dovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { loadApi, REQUESTS_PER_SECOND } from './api-load.ts'
import { type Benchmark, type Figure, quantile } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'
import { eachMail } from './mails.ts'
import { openNotmuch } from './notmuch.ts'
import { peakMbOf, processorMsOf } from './processor.ts'

const MAILS = 20_000
const ADDRESS = 'proposals@northwind.example'
const LOOK_EVERY_MS = 100
/** As server/start.mjs starts it. */
const FLAGS = [
  '--max-semi-space-size=8',
  '--import',
  path.join(import.meta.dirname, '../../server/resolve-drizzle.mjs'),
]
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '2',
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, '../../node_modules/.cache/downfield/compiled'),
}
const TENTHS = 10

export const benchmark: Benchmark = {
  about: `taking in a mailbox of ${MAILS} mails (--mails N) from Dovecot, from an empty database until each is in its issue and can be searched, in a process of its own that is asked ${REQUESTS_PER_SECOND} times a second for lists, issues, counts and searches; beside notmuch new on the same Maildir`,
  async measure(tell, mails = MAILS) {
    tell(`Making ${mails} mails.\n`)
    const dovecot = await startDovecot()
    try {
      dovecot.fill(ADDRESS, eachMail(mails))
      // Reads the folder once, so that Dovecot has its index before anybody is measured.
      dovecot.doveadm('mailbox', 'status', '-u', ADDRESS, 'vsize', 'INBOX')
      const product = await takeIn(dovecot, mails, tell)
      tell('notmuch new.\n')
      const notmuch = indexWithNotmuch(dovecot)
      return figures(mails, product, notmuch)
    } finally {
      await dovecot.stop()
    }
  },
}

type Taken = Awaited<ReturnType<typeof takeIn>>

async function takeIn(dovecot: Dovecot, mails: number, tell: (text: string) => void) {
  const installation = await openInstallation(async (db, secrets) => {
    const settings = mailboxOn(ADDRESS, PASSWORD, dovecot.imapPort)
    await db.write((tx) => addMailbox(tx, secrets, settings, null, Date.now()))
  })
  const { DATABASE_URL: _, DB_TWICE: __, ...inherited } = process.env
  const folder = path.dirname(installation.databaseFile)
  const env = { ...ENVIRONMENT, ...inherited, DOWNFIELD_DATA: folder, DOWNFIELD_PORT: '0' }
  const db = await openDb(installation.databaseFile)
  const began = performance.now()
  const child = fork(path.join(import.meta.dirname, '../mail/serve.ts'), { env, execArgv: FLAGS, stdio: 'inherit' })
  try {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('Downfield ended before it was ready.')))
    ended.catch(() => {}) // the rest of the way it is asked for
    const [url] = (await Promise.race([once(child, 'message'), ended])) as [string]
    const endLoad = loadApi(url, `${installation.cookie.name}=${installation.cookie.value}`)
    /** When each tenth was done, in seconds. */
    const tenths: number[] = []
    for (let done = 0; done < mails; ) {
      await sleep(LOOK_EVERY_MS)
      if (child.exitCode !== null) throw new Error('Downfield ended too early.')
      done = await searchable(db)
      while (done >= ((tenths.length + 1) * mails) / TENTHS) {
        tenths.push((performance.now() - began) / 1000)
        tell(`${tenths.length * TENTHS} %, ${Math.round(done / tenths.at(-1)!)} mails/s\n`)
      }
    }
    const seconds = tenths.at(-1)!
    const answers = await endLoad()
    const [processorMs, peakMb] = [processorMsOf(child.pid!), peakMbOf(child.pid!)]
    child.kill('SIGTERM')
    await once(child, 'exit')
    return { seconds, tenths, answers, processorMs, peakMb }
  } finally {
    child.kill('SIGKILL')
    await db.close()
    await installation.remove()
  }
}

/** How many mails are in their issues and can be searched. */
async function searchable(db: Db): Promise<number> {
  const waiting = await db.read.$count(searchQueue)
  const [counted] = await db.read
    .select({ n: sql<number>`coalesce(sum(${traffic.received} + ${traffic.sent}), 0)`.mapWith(Number) })
    .from(traffic)
  return (counted?.n ?? 0) - waiting
}

function indexWithNotmuch(dovecot: Dovecot) {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-notmuch-'))
  try {
    const notmuch = openNotmuch(folder, dovecot.maildir(ADDRESS))
    if (!notmuch) throw new Error('notmuch is needed for this: apt-get install notmuch.')
    return notmuch.index()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function figures(mails: number, product: Taken, notmuch: ReturnType<typeof indexWithNotmuch>): Figure[] {
  const perSecond = mails / product.seconds
  const notmuchPerSecond = mails / notmuch.seconds
  const rates = product.tenths.map((seconds, n) => mails / TENTHS / (seconds - (product.tenths[n - 1] ?? 0)))
  return [
    { name: 'mailsPerSecond', words: 'Downfield, mails per second', value: perSecond },
    { name: 'notmuchMailsPerSecond', words: 'notmuch new, mails per second', value: notmuchPerSecond },
    { name: 'timesNotmuch', words: 'Downfield, times notmuch', value: perSecond / notmuchPerSecond },
    {
      name: 'processorMsPerMail',
      words: 'Downfield, ms of processor for each mail',
      value: product.processorMs / mails,
    },
    {
      name: 'notmuchProcessorMsPerMail',
      words: 'notmuch, ms of processor for each mail',
      value: notmuch.processorMs / mails,
    },
    ...rates.map((value, n) => ({
      name: `tenth${n + 1}`,
      words: `Downfield, mails per second in tenth ${n + 1}`,
      value,
    })),
    { name: 'lastToSecond', words: 'the last tenth as a part of the second', value: rates.at(-1)! / rates[1]! },
    { name: 'peakMB', words: 'Downfield, most memory (RSS) in MB', value: product.peakMb },
    { name: 'apiP50Ms', words: 'answers meanwhile, ms at the median', value: quantile(product.answers, 0.5) },
    { name: 'apiP99Ms', words: 'answers meanwhile, ms at the 99th percentile', value: quantile(product.answers, 0.99) },
  ]
}
