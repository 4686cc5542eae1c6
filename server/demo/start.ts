import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openDb } from '../../db/index.ts'
import type { Member } from '../../db/schema.ts'
import { openSecrets } from '../access/secrets.ts'
import { BadConfig, type Config, readConfig } from '../config.ts'
import { startServer } from '../main.ts'
import { startCustomers } from './customer.ts'
import { arrangeDesk } from './desk.ts'
import { connectDemoExchange, startDemoExchange } from './exchange.ts'
import { startExchangeCustomers } from './exchange-customers.ts'
import { openDemoMailbox } from './mailbox.ts'
import { addNorthwind } from './northwind.ts'
import { addProposals } from './pipeline/add-proposals.ts'
import { addRules } from './rules.ts'
import { sampleMails } from './sample.ts'
import { bringIn, workThrough } from './work.ts'
import { addWriting } from './writing.ts'

const FIRST_PORT = 3000
const MAX_PORTS = 20
/** About how often a mail arrives, and how soon a customer answers. */
const ARRIVES_EVERY_MS = 60_000
const REPLIES_AFTER_MS = 20_000
/** How soon somebody writes to a mailbox of the simulated Exchange that is watched. */
const WRITES_AFTER_MS = 8_000

export type Demo = { url: string; folder: string; stop: () => Promise<void> }

/**
 * Starts all of Downfield on an invented mailbox that lives in this process: real IMAP, real SMTP, real polling. What
 * it keeps is in a temporary folder that is gone when it stops.
 */
export async function startDemo(env: Record<string, string | undefined>, say: (text: string) => void): Promise<Demo> {
  const folder = await mkdtemp(path.join(tmpdir(), 'downfield-demo-'))
  const ends: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end()
  }
  try {
    const config = await demoConfig(env, folder)
    const now = Date.now()
    const mailbox = await openDemoMailbox()
    ends.push(() => mailbox.close())
    const mails = sampleMails(now)
    for (const { raw, at, direction } of mails) {
      mailbox.deliver(raw, { internalAt: at, folder: direction === 'out' ? 'Sent' : 'INBOX' })
    }
    const exchange = await startDemoExchange()
    ends.push(() => exchange.close())
    const { members, row } = await prepare(config, async (db, secrets) => {
      await connectDemoExchange(db, secrets, exchange, now)
      return await addNorthwind(db, secrets, mailbox, now)
    })

    say('Bringing in the mail.\n')
    const server = await startServer(config, {
      demo: { memberIds: members.map(({ id }) => id) },
      say: () => {}, // said below, when there is something to see
    })
    ends.push(() => server.stop())
    await bringIn(server.deps, row, mails)
    await workThrough(server.deps.db, members, now)
    await arrangeDesk(server.deps.db, members, now)
    await addWriting(server.deps, row, members, now)
    await addProposals(server.deps.db, members, now)
    await addRules(server.deps, members, now)
    const leaving = new AbortController()
    ends.push(() => leaving.abort())
    const { signal } = leaving
    startCustomers(mailbox, { everyMs: ARRIVES_EVERY_MS, replyAfterMs: REPLIES_AFTER_MS, signal })
    startExchangeCustomers(exchange, { firstAfterMs: WRITES_AFTER_MS, replyAfterMs: REPLIES_AFTER_MS, signal })
    say(`\nThe demo is at ${server.url}\n`)
    say(`Choose who you are: ${namesOf(members)}. New mail comes in every minute. Ctrl+C ends it.\n`)
    return { url: server.url, folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepare<T>(
  config: Config,
  fill: (db: Awaited<ReturnType<typeof openDb>>, secrets: ReturnType<typeof openSecrets>) => Promise<T>,
): Promise<T> {
  const db = await openDb(config.databaseUrl)
  try {
    return await fill(db, openSecrets(config))
  } finally {
    await db.close()
  }
}

/** Where it listens may be set, and how much it logs; everything else is its own. */
async function demoConfig(env: Record<string, string | undefined>, folder: string): Promise<Config> {
  const { DOWNFIELD_HOST, DOWNFIELD_PORT, DOWNFIELD_LOG } = env
  const set = { DOWNFIELD_HOST, DOWNFIELD_PORT, DOWNFIELD_LOG: DOWNFIELD_LOG || 'warn', DOWNFIELD_DATA: folder }
  const config = readConfig(set)
  return DOWNFIELD_PORT ? config : { ...config, port: await freePort(config.host) }
}

async function freePort(host: string): Promise<number> {
  for (let port = FIRST_PORT; port < FIRST_PORT + MAX_PORTS; port++) if (await isFree(port, host)) return port
  throw new BadConfig(
    `The ports ${FIRST_PORT} to ${FIRST_PORT + MAX_PORTS - 1} are taken. Choose one with DOWNFIELD_PORT.`,
  )
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  return await new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

function namesOf(members: Pick<Member, 'name'>[]): string {
  const names = members.map(({ name }) => name)
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
