import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ne } from 'drizzle-orm'
import { openDb } from '../../db/index.ts'
import { deliveries } from '../../db/schema.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { type Dovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { type Benchmark, quantile } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'
import { eachMail } from './mails.ts'

const MAILS = 20_000
const ADDRESS = 'proposals@northwind.example'
const LOOK_EVERY_MS = 100
/** As server/start.mjs starts it. */
const FLAGS = ['--max-semi-space-size=8']
const ASK_EVERY_MS = 100

export const benchmark: Benchmark = {
  about:
    'taking in a mailbox from Dovecot, from an empty database until every mail is in its issue, in a process of its own, beside notmuch new on the same Maildir',
  async measure(tell, mails = MAILS) {
    tell(`Making ${mails} mails.\n`)
    const dovecot = await startDovecot()
    try {
      dovecot.fill(ADDRESS, eachMail(mails))
      // Reads the folder once, so that Dovecot has its index before anybody is measured.
      dovecot.doveadm('fetch', '-u', ADDRESS, 'size.virtual', 'mailbox', 'INBOX')
      const product = await takeIn(dovecot, mails, tell)
      tell('notmuch new.\n')
      const notmuch = mails / indexWithNotmuch(dovecot)
      return [
        { name: 'mailsPerSecond', words: 'Downfield, mails per second', value: product.perSecond },
        { name: 'notmuchMailsPerSecond', words: 'notmuch new, mails per second', value: notmuch },
        { name: 'timesNotmuch', words: 'Downfield, times notmuch', value: product.perSecond / notmuch },
        { name: 'secondTenth', words: 'Downfield, mails per second in the second tenth', value: product.secondTenth },
        { name: 'lastTenth', words: 'Downfield, mails per second in the last tenth', value: product.lastTenth },
        { name: 'peakMB', words: 'Downfield, most memory (RSS) in MB', value: product.peakMB },
        { name: 'apiP99Ms', words: 'first page of the list meanwhile, ms at the 99th percentile', value: product.p99 },
      ]
    } finally {
      await dovecot.stop()
    }
  },
}

async function takeIn(dovecot: Dovecot, mails: number, tell: (text: string) => void) {
  const installation = await openInstallation(async (db, secrets) => {
    const settings = mailboxOn(ADDRESS, PASSWORD, dovecot.imapPort)
    await db.write((tx) => addMailbox(tx, secrets, settings, null, Date.now()))
  })
  const { DATABASE_URL: _, DB_TWICE: __, ...inherited } = process.env
  const env = { ...inherited, DOWNFIELD_DATA: path.dirname(installation.databaseFile), DOWNFIELD_PORT: '0' }
  const db = await openDb(installation.databaseFile)
  const began = performance.now()
  const child = fork(path.join(import.meta.dirname, '../mail/serve.ts'), { env, execArgv: FLAGS, stdio: 'inherit' })
  try {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('Downfield ended before it was ready.')))
    ended.catch(() => {}) // the rest of the way it is asked for
    const [url] = (await Promise.race([once(child, 'message'), ended])) as [string]
    const asking = ask(url, `${installation.cookie.name}=${installation.cookie.value}`, child)
    const tenths: number[] = []
    for (let done = 0; done < mails; await sleep(LOOK_EVERY_MS)) {
      done = await db.read.$count(deliveries, ne(deliveries.state, 'stored'))
      while (done >= ((tenths.length + 1) * mails) / 10) {
        tenths.push(performance.now())
        tell(`${tenths.length * 10} %, ${Math.round(done / ((performance.now() - began) / 1000))} mails/s\n`)
      }
      if (child.exitCode !== null) throw new Error('Downfield ended too early.')
    }
    const perSecond = mails / ((performance.now() - began) / 1000)
    const peakMB = peakOf(child)
    child.kill('SIGTERM')
    await once(child, 'exit')
    const tenth = (n: number) => mails / 10 / ((tenths[n]! - tenths[n - 1]!) / 1000)
    return { perSecond, peakMB, p99: quantile(await asking, 0.99), secondTenth: tenth(1), lastTenth: tenth(9) }
  } finally {
    child.kill('SIGKILL')
    await db.close()
    await installation.remove()
  }
}

/** Asks for the first page of the list now and again until the server ends; gives how long each answer took, in ms. */
async function ask(url: string, cookie: string, server: ChildProcess): Promise<number[]> {
  const took: number[] = []
  while (server.exitCode === null && server.signalCode === null && !server.killed) {
    const began = performance.now()
    const answer = await fetch(`${url}/api/issues`, { headers: { cookie } }).catch(() => undefined)
    if (answer?.ok && (await answer.text())) took.push(performance.now() - began)
    await sleep(ASK_EVERY_MS)
  }
  return took
}

function peakOf({ pid }: ChildProcess): number {
  const [, kB] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kB) / 1024
}

/** @returns seconds */
function indexWithNotmuch(dovecot: Dovecot): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-notmuch-'))
  try {
    const config = path.join(folder, 'config')
    const settings = [
      `[database]\npath=${folder}\nmail_root=${dovecot.maildir(ADDRESS)}`,
      '[new]\ntags=new\nignore=/dovecot/;maildirfolder',
      `[user]\nname=Ada\nprimary_email=${ADDRESS}`,
      '[maildir]\nsynchronize_flags=false\n',
    ]
    writeFileSync(config, settings.join('\n'))
    const began = performance.now()
    execFileSync('notmuch', ['new', '--quiet'], {
      env: { PATH: process.env.PATH, HOME: folder, NOTMUCH_CONFIG: config },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return (performance.now() - began) / 1000
  } catch (cause) {
    throw new Error('notmuch is needed for this: apt-get install notmuch.', { cause })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
