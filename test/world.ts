import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { openBlobs } from '../db/blobs.ts'
import { uuidv7 } from '../db/ids.ts'
import { type Db, openDb, type Tx } from '../db/index.ts'
import {
  type Mailbox,
  type Member,
  mailboxes,
  mailboxTeams,
  members,
  type Team,
  teamMembers,
  teams,
} from '../db/schema.ts'
import type { Role } from '../db/vocabulary.ts'
import { openSecrets } from '../server/access/secrets.ts'
import { startSession } from '../server/access/session.ts'
import { newToken } from '../server/access/token.ts'
import { type App, createApp } from '../server/api/app.ts'
import type { Deps } from '../server/api/deps.ts'
import { readConfig } from '../server/config.ts'
import { openFeed } from '../server/issues/feed.ts'
import type { MailDeps } from '../server/mail/deps.ts'
import { openParsers, type Parsers } from '../server/mail/read/parsers.ts'
import { openOutside } from '../server/net/outside.ts'
import { openConnections } from '../server/provisioning/apply/deps.ts'
import { realClock } from '../server/provisioning/clock.ts'
import { openDatabase } from './database.ts'

/** The password of everybody in the cast, and what is stored of it: hashing anew would cost each test 150 ms. */
export const PASSWORD = 'a password for tests'
const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$HPD+0Xes5+gV4WaJYoBl7w$gNFEHcc6O7coyypurFJrry058W+qnf26K0Knute+HkM'

/** What may be set for one world. */
export type WorldOptions = Partial<Pick<Deps, 'log'>> & {
  /** Settings as in the environment, for example { DOWNFIELD_URL: 'https://…' }. */
  env?: Record<string, string>
}

/**
 * A world of its own for one test, gone when the test is: a migrated database on the chosen engine, blobs, secrets, a
 * small cast, two mailboxes, and the app.
 */
export async function openWorld({ log, env = {} }: WorldOptions = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-world-'))
  const database = await openDatabase(folder)
  const config = { ...readConfig({ DOWNFIELD_DATA: folder, ...env }), databaseUrl: database.url }
  const queries: { statement: string; parameters: unknown[] }[] = []
  const db = await openDb(config.databaseUrl, (statement, parameters) => queries.push({ statement, parameters }))
  /** Test time runs ahead of the real one by this. */
  let aheadMs = 0
  const now = () => Date.now() + aheadMs
  const feed = openFeed(db, now)
  const closing = new AbortController()
  onTestFinished(async () => {
    closing.abort()
    await feed.close()
    await db.close()
    await database.leave()
    await rm(folder, { recursive: true, force: true })
  })
  const blobs = await openBlobs(path.join(folder, 'blobs'))
  const secrets = openSecrets({ key: randomBytes(32).toString('base64'), keyFile: config.keyFile })
  const mail: MailDeps = { db, blobs, secrets, parsers: sharedParsers(), log: log ?? pino({ level: 'silent' }) }
  const deps: Deps = {
    ...mail,
    config,
    feed,
    closing: closing.signal,
    exchange: openConnections({ secrets, clock: realClock }),
    outside: openOutside(),
    lookNow: () => {},
    now,
  }
  const app = createApp(deps)
  const cast = await addCast(db, now())

  /** The headers of a request that a browser sends in which this member is signed in. */
  async function headersOf(member: Pick<Member, 'id'>) {
    const token = newToken()
    const origin = { address: '192.0.2.1', userAgent: 'test' }
    await db.write((tx) => startSession(tx, member, token, origin, now()))
    const name = config.publicUrl?.startsWith('https:') ? '__Host-downfield_session' : 'downfield_session'
    return { cookie: `${name}=${token}`, 'sec-fetch-site': 'same-origin' }
  }
  const asNobody: Fetch = async (url, init) => await send(app, url, init, { 'sec-fetch-site': 'same-origin' })

  return {
    ...cast,
    db,
    blobs,
    secrets,
    config,
    deps,
    mail,
    /** What was read so far, as the engine got it. */
    queries,
    app,
    folder,
    now,
    /** Lets time go by for the app. */
    pass(ms: number) {
      aheadMs += ms
    },
    headersOf,
    /** Sends requests to the app, signed in as this member. */
    as(member: Pick<Member, 'id'>): Fetch {
      let signedIn: ReturnType<typeof headersOf> | undefined
      return async (url, init) => {
        signedIn ??= headersOf(member)
        return await send(app, url, init, await signedIn)
      }
    },
    /** Sends requests to the app as a page does in which nobody is signed in. */
    asNobody,
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>

let parsers: Parsers | undefined

/** The worker thread that reads mail: one for all worlds of a process. When idle it keeps nothing running. */
function sharedParsers(): Parsers {
  parsers ??= openParsers({ workers: 1 })
  return parsers
}

/** As the global fetch, but `json` is a body ready to be sent. */
export type Fetch = (url: string, init?: Sent) => Promise<Response>
type Sent = Omit<RequestInit, 'headers'> & { json?: unknown; headers?: Record<string, string> }

async function send(app: App, url: string, { json, ...init }: Sent = {}, headers: Record<string, string>) {
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
  return await app.request(url, { ...init, ...body, headers: { ...headers, ...type, ...init.headers } })
}

/** Who works at Northwind, and the mailboxes they watch. */
async function addCast(db: Db, now: number) {
  const ids = { desk: uuidv7(), proposals: uuidv7(), closed: uuidv7() }
  return await db.write(async (tx) => {
    const ada = await addMember(tx, 'Ada', 'admin', now)
    const mo = await addMember(tx, 'Mo', 'manager', now)
    const ben = await addMember(tx, 'Ben', 'member', now)
    const vic = await addMember(tx, 'Vic', 'viewer', now)
    const [desk] = await tx.insert(teams).values({ id: ids.desk, name: 'Desk', createdAt: now }).returning()
    await tx.insert(teamMembers).values({ teamId: ids.desk, memberId: ben.id })
    const proposals = await addMailbox(tx, {
      id: ids.proposals,
      address: 'proposals@northwind.example',
      createdAt: now,
    })
    const closed = await addMailbox(tx, {
      id: ids.closed,
      address: 'desk@northwind.example',
      name: 'Northwind desk',
      openToAll: false,
      createdAt: now,
    })
    await tx.insert(mailboxTeams).values({ mailboxId: ids.closed, teamId: ids.desk })
    return { ada, mo, ben, vic, desk: desk as Team, proposals, closed }
  })
}

async function addMember(tx: Tx, name: string, role: Role, now: number): Promise<Member> {
  const row = { id: uuidv7(), email: `${name.toLowerCase()}@northwind.example`, name, role, createdAt: now }
  const [member] = await tx
    .insert(members)
    .values({ ...row, passwordHash: PASSWORD_HASH })
    .returning()
  return member!
}

/** A mailbox row that no server stands behind; what a test needs otherwise it says. */
export async function addMailbox(tx: Tx, some: Partial<Mailbox> & { address: string }): Promise<Mailbox> {
  const [mailbox] = await tx
    .insert(mailboxes)
    .values({
      id: uuidv7(),
      name: 'Northwind proposals',
      aliases: [],
      openToAll: true,
      imapHost: 'imap.northwind.example',
      imapPort: 993,
      imapSecurity: 'tls',
      imapUser: some.address,
      imapPassword: '',
      smtpHost: 'smtp.northwind.example',
      smtpPort: 465,
      smtpSecurity: 'tls',
      smtpUser: '',
      smtpPassword: '',
      sentCopy: 'append',
      createdAt: 0,
      changedAt: 0,
      ...some,
    })
    .returning()
  return mailbox!
}
