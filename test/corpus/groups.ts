// Mails in the order of their files put through the product, on a database of its own, as threads.

import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { pino } from 'pino'
import { openBlobs } from '../../db/blobs.ts'
import { openDb } from '../../db/index.ts'
import { folders, mailboxes, messages } from '../../db/schema.ts'
import { openSecrets } from '../../server/access/secrets.ts'
import { storeFound } from '../../server/mail/place/deliver.ts'
import { understand } from '../../server/mail/place/ingest.ts'
import { openParsers } from '../../server/mail/read/parsers.ts'

const BATCH = 200

/** The Message-IDs of each thread. */
export async function groupsOf(raws: Buffer[], dataFolder: string): Promise<string[][]> {
  const db = await openDb(path.join(dataFolder, 'threads.db'))
  const parsers = openParsers()
  const key = randomBytes(32).toString('base64')
  const secrets = openSecrets({ key, keyFile: path.join(dataFolder, 'key') })
  const deps = {
    db,
    parsers,
    secrets,
    blobs: await openBlobs(path.join(dataFolder, 'blobs')),
    log: pino({ level: 'warn' }),
  }
  try {
    const [mailbox] = await db.write((tx) => tx.insert(mailboxes).values(MAILBOX).returning())
    if (!mailbox) throw new Error('the mailbox was not written')
    const inbox = { mailboxId: mailbox.id, path: 'INBOX', role: 'inbox' } as const
    const [folder] = await db.write((tx) => tx.insert(folders).values(inbox).returning())
    if (!folder) throw new Error('the folder was not written')
    const now = Date.now()
    for (let from = 0; from < raws.length; from += BATCH) {
      const found = raws.slice(from, from + BATCH).map((raw, at) => ({ uid: from + at + 1, raw, internalAt: now }))
      await storeFound(deps, folder, found, now, async () => {})
    }
    await understand(deps, mailbox.id)
    const rows = await db.read.select({ id: messages.internetMessageId, thread: messages.threadId }).from(messages)
    const threads = Map.groupBy(
      rows.filter(({ id }) => !id.startsWith('gen-')),
      ({ thread }) => thread,
    )
    return [...threads.values()].map((thread) => [...new Set(thread.map(({ id }) => id))])
  } finally {
    await parsers.close()
    await db.close()
  }
}

/** Of another address than the mails are to, so that all who write are others. */
const MAILBOX: typeof mailboxes.$inferInsert = {
  address: 'corpus@downfield.example',
  name: 'Corpus',
  aliases: [],
  openToAll: true,
  imapHost: '',
  imapPort: 1,
  imapSecurity: 'none',
  imapUser: '',
  imapPassword: '',
  smtpHost: '',
  smtpPort: 1,
  smtpSecurity: 'none',
  smtpUser: '',
  smtpPassword: '',
  sentCopy: 'append',
  createdAt: 1,
  changedAt: 1,
}
