import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { type Db, openDb } from '../../db/index.ts'
import { members } from '../../db/schema.ts'
import { createAdmin } from '../../server/access/member.ts'
import { openSecrets, type Secrets } from '../../server/access/secrets.ts'
import { startSession } from '../../server/access/session.ts'
import { newToken } from '../../server/access/token.ts'
import { readConfig } from '../../server/config.ts'
import { type Running, startServer } from '../../server/main.ts'

const ADMIN = { email: 'ada@northwind.example', name: 'Ada', passwordHash: null }

/**
 * An installation in a folder of its own with one admin, who is signed in. `fill` puts into the database what is there
 * before Downfield starts.
 * @param kept a folder that stays; where it has an installation, that is opened as it is
 */
export async function openInstallation(fill: (db: Db, secrets: Secrets) => Promise<void>, kept?: string) {
  const folder = kept ?? (await mkdtemp(path.join(tmpdir(), 'df-bench-')))
  const config = readConfig({ DOWNFIELD_DATA: folder, DOWNFIELD_PORT: '0', DOWNFIELD_LOG: 'warn' })
  const token = newToken()
  const db = await openDb(config.databaseUrl)
  const now = Date.now()
  const secrets = openSecrets(config)
  const [known] = await db.read.select().from(members).where(eq(members.email, ADMIN.email))
  await db.write(async (tx) => {
    const member = known ?? (await createAdmin(tx, ADMIN, now))
    await startSession(tx, member, token, { address: '127.0.0.1', userAgent: 'benchmark' }, now)
  })
  if (!known) await fill(db, secrets)
  await db.close()
  return {
    databaseFile: config.databaseUrl,
    config,
    secrets,
    cookie: { name: 'downfield_session', value: token },
    start: (): Promise<Running> => startServer(config, { say: () => {}, log: pino({ level: 'silent' }) }),
    /** Removes it, unless it is to stay. */
    remove: async () => {
      if (!kept) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The settings of a mailbox on servers of this machine. */
export function mailboxOn(address: string, password: string, imapPort: number, smtpPort = 25) {
  return {
    address,
    name: 'Northwind proposals',
    aliases: [],
    openToAll: true,
    teamIds: [],
    imapHost: '127.0.0.1',
    imapPort,
    imapSecurity: 'none' as const,
    imapUser: address,
    imapPassword: password,
    smtpHost: '127.0.0.1',
    smtpPort,
    smtpSecurity: 'none' as const,
    smtpUser: '',
    smtpPassword: '',
    sentCopy: 'append' as const,
    sinceAt: null,
    paused: false,
  }
}
