import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, eq, ne, sql } from 'drizzle-orm'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../db/index.ts'
import { counts, deliveries, issues, messages } from '../../db/schema.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { readConfig } from '../../server/config.ts'
import { needsDovecot, PASSWORD, startDovecot } from '../dovecot.ts'
import { addMailbox } from '../world.ts'

const MAILS = 2_000
const KILLS = Number(process.env.DOWNFIELD_TEST_KILLS ?? 10)
const ACCOUNT = 'proposals@northwind.example'
const LONGEST_MS = 120_000
const LOOK_EVERY_MS = 5

beforeEach(needsDovecot)

/** Small mails, each another; every fourth begins a matter that the next three belong to. */
function makeMails(): string[] {
  return Array.from({ length: MAILS }, (_, i) => {
    const first = i - (i % 4)
    const reply = i === first ? '' : `In-Reply-To: <m${i - 1}@tacoma.example>\nReferences: <m${first}@tacoma.example>\n`
    const date = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toUTCString()
    return `From: Dana ${first} <dana${first}@tacoma.example>\nTo: ${ACCOUNT}\nSubject: ${i === first ? '' : 'Re: '}Matter ${first}\nDate: ${date}\nMessage-ID: <m${i}@tacoma.example>\n${reply}\nThis is mail number ${i}.\n`
  })
}

test(
  `a server that is killed ${KILLS} times while it takes in ${MAILS} mails has each of them exactly once`,
  async () => {
    const dovecot = await startDovecot()
    onTestFinished(() => dovecot.stop())
    dovecot.fill(ACCOUNT, makeMails())
    const folder = await mkdtemp(path.join(tmpdir(), 'df-kill-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const { DB_TWICE: _, DATABASE_URL: __, ...inherited } = process.env
    const env = { ...inherited, DOWNFIELD_DATA: folder, DOWNFIELD_PORT: '0' }
    const config = readConfig(env)
    const imapPassword = openSecrets(config).encrypt(PASSWORD)
    const db = await openDb(config.databaseUrl)
    onTestFinished(() => db.close())
    const server = {
      imapHost: '127.0.0.1',
      imapPort: dovecot.imapPort,
      imapSecurity: 'none',
      imapUser: ACCOUNT,
    } as const
    await db.write((tx) => addMailbox(tx, { address: ACCOUNT, ...server, imapPassword }))

    let child: ChildProcess | undefined
    onTestFinished(() => void child?.kill('SIGKILL'))
    const startServer = () =>
      fork(path.join(import.meta.dirname, 'serve.ts'), { env, execArgv: process.execArgv, stdio: 'inherit' })
    const numberOf = async (table: typeof messages | typeof deliveries) =>
      (await db.read.select({ n: count() }).from(table))[0]?.n ?? 0

    // Half of the kills fall while mails are fetched, half while they are understood, spread over the whole way.
    let cutShort = 0
    for (let i = 0; i < KILLS; i++) {
      const half = Math.ceil(KILLS / 2)
      const table = i < half ? deliveries : messages
      const after = MAILS * (((i % half) + Math.random()) / half)
      child = startServer()
      while ((await numberOf(table)) < after && child.exitCode === null) await sleep(LOOK_EVERY_MS)
      await sleep(Math.random() * 30)
      child.kill('SIGKILL')
      await once(child, 'exit')
      if ((await numberOf(messages)) < MAILS) cutShort++
    }
    expect(cutShort).toBeGreaterThanOrEqual(Math.floor(KILLS / 2))

    child = startServer()
    await once(child, 'message')
    const notUnderstood = async () =>
      await db.read.select({ id: deliveries.id }).from(deliveries).where(ne(deliveries.state, 'understood')).limit(1)
    while ((await numberOf(deliveries)) < MAILS || (await notUnderstood()).length > 0) await sleep(LOOK_EVERY_MS)
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)

    const there = dovecot
      .doveadm('-f', 'tab', 'fetch', '-u', ACCOUNT, 'hdr.message-id', 'mailbox', 'INBOX')
      .trim()
      .split('\n')
      .slice(1)
      .map((id) => id.replace(/[<>]/g, ''))
    const here = await db.read.select({ id: messages.internetMessageId }).from(messages)
    expect(here.map(({ id }) => id).sort()).toEqual(there.sort())
    expect(there).toHaveLength(MAILS)

    // What is counted was counted once, too.
    const [issued] = await db.read
      .select({ n: count(), mails: sql<number>`sum(${issues.messageCount})`.mapWith(Number) })
      .from(issues)
    expect(issued).toEqual({ n: MAILS / 4, mails: MAILS })
    const [counted] = await db.read
      .select({ n: sql<number>`sum(${counts.n})`.mapWith(Number) })
      .from(counts)
      .where(eq(counts.status, 'new'))
    expect(counted).toEqual({ n: MAILS / 4 })
  },
  LONGEST_MS,
)
