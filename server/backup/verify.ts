import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { SqliteFile } from '../../db/portable/sqlite-file.ts'
import type { Config } from '../config.ts'
import { checkBlobs } from './copy-blobs.ts'
import { BLOBS, DATABASE, readManifest } from './manifest.ts'
import { namedBlobs } from './named-blobs.ts'
import { takeSnapshot, withSnapshot } from './snapshot.ts'

/** What was looked at, and each thing that is not as it must be, in a sentence. */
export type Verified = { rows: number; messages: number; blobs: number; bytes: number; troubles: string[] }

/** How many of a kind are named one by one. */
const MAX_NAMED = 20

/** Checks a running installation: every row, every reference, every blob. It looks at a copy and holds nobody up. */
export async function verifyInstallation({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Verified> {
  const folder = await mkdtemp(path.join(tmpdir(), 'downfield-verify-'))
  try {
    const file = path.join(folder, DATABASE)
    await takeSnapshot(databaseUrl, file)
    return await withSnapshot(file, (snapshot) => verify(snapshot, path.join(dataDir, BLOBS)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Checks a backup the same way, and that its rows are those that were backed up. */
export async function verifyBackup(backup: string): Promise<Verified> {
  const manifest = await readManifest(backup)
  return await withSnapshot(path.join(backup, DATABASE), async (snapshot) => {
    const verified = await verify(snapshot, path.join(backup, '..', BLOBS))
    const changed = snapshot.tables
      .filter(({ name }) => manifest.tables[name])
      .filter((table) => {
        const { rows, sum } = snapshot.digest(table)
        return rows !== manifest.tables[table.name]?.rows || sum !== manifest.tables[table.name]?.sum
      })
    verified.troubles.push(...changed.map(({ name }) => `The rows of ${name} are not those that were backed up.`))
    return verified
  })
}

async function verify(snapshot: SqliteFile, blobsFolder: string): Promise<Verified> {
  const troubles = snapshot.check()
  for (const { what, statement } of MUST_FIND_NOTHING) {
    const found = snapshot.all(statement).map((row) => Object.values(row).join(' '))
    if (found.length > 0) troubles.push(`${what} ${named(found)}`)
  }
  const blobs = await checkBlobs(blobsFolder, namedBlobs(snapshot))
  if (blobs.missing.length > 0) troubles.push(`Blobs that are missing: ${named(blobs.missing)}`)
  if (blobs.damaged.length > 0) troubles.push(`Blobs whose content does not match their name: ${named(blobs.damaged)}`)
  const count = (table: string) => Number(snapshot.all(`select count(*) as n from ${table}`)[0]?.n)
  const rows = snapshot.tables.reduce((sum, { name }) => sum + count(`"${name}"`), 0)
  return { rows, messages: count('messages'), blobs: blobs.count, bytes: blobs.bytes, troubles }
}

const named = (all: string[]) =>
  `${all.slice(0, MAX_NAMED).join(', ')}${all.length > MAX_NAMED ? `, and ${all.length - MAX_NAMED} more` : ''}.`

/** What is written twice for speed must agree, and what was understood must be there. */
const MUST_FIND_NOTHING = [
  {
    what: 'Mails that were understood and have no message:',
    statement: `select d.id from deliveries d left join messages m on m.id = d.message_id
      where d.state = 'understood' and d.message_id is not null and m.id is null`,
  },
  {
    what: 'Messages without a text:',
    statement: 'select m.id from messages m left join bodies b on b.message_id = m.id where b.message_id is null',
  },
  {
    what: 'Issues whose number of messages is wrong:',
    statement: `select i.id from issues i
      where i.message_count <> (select count(*) from messages m join threads t on t.id = m.thread_id where t.issue_id = i.id)`,
  },
  {
    what: 'Lists whose number of issues is wrong (mailbox, status, assignee):',
    statement: `with counted as (
        select mailbox_id, status,
          case when assignee_id is not null then 'm:' || assignee_id when team_id is not null then 't:' || team_id else '' end as assignee,
          count(*) as n
        from issues group by 1, 2, 3)
      select coalesce(k.mailbox_id, c.mailbox_id), coalesce(k.status, c.status), coalesce(k.assignee, c.assignee)
      from (select * from counts where n <> 0) k
      full join counted c on c.mailbox_id = k.mailbox_id and c.status = k.status and c.assignee = k.assignee
      where k.n is null or c.n is null or k.n <> c.n`,
  },
] as const
