import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { asc, eq, gt } from 'drizzle-orm'
import { postgres } from '../../db/columns.ts'
import { type Db, openDb } from '../../db/index.ts'
import { bodies, mailboxes, mailboxTeams, members, messages, tags, teamMembers, teams, views } from '../../db/schema.ts'
import { indexWritten } from '../../server/issues/search/index-messages.ts'
import { ownWords } from '../../server/issues/search/own-words.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { mailboxOn, openInstallation } from './installation.ts'
import { fill, type Vocabulary } from './search-fill.ts'

// An installation with years of mail, invented. Making a large one takes an hour, so it is kept, by its size and the
// version of the schema, and used again by every benchmark that asks for one of this size.

/** What was made: how many mails a second were indexed, and the words to ask for. */
type Made = { indexedPerSecond: number; vocabulary: Vocabulary }

export type Archive = Made & {
  installation: Awaited<ReturnType<typeof openInstallation>>
  /** Where it is kept. */
  folder: string
  /** The same mails as files; none where they would be too many. */
  mails: string | null
}

/** notmuch takes minutes to index these many, and much longer for more. */
const MOST_AS_FILES = 200_000
const MADE = 'made.json'
const INDEXED_AT_ONCE = 200

/** So many mails for each issue, on average. */
export const MAILS_AN_ISSUE = 10

/**
 * An installation with so many mails, a tenth of that in issues, three mailboxes, twenty members and three teams.
 * @param kept the folder in which archives are kept; the system's folder for temporary files, where none is given
 */
export async function openArchive(
  tell: (text: string) => void,
  messages: number,
  kept = path.join(tmpdir(), 'downfield-bench'),
): Promise<Archive> {
  const folder = await findOrMake(tell, messages, kept)
  // The cast: what make() wrote.
  const made = JSON.parse(readFileSync(path.join(folder, MADE), 'utf8')) as Omit<Made, 'vocabulary'> & {
    vocabulary: { mails: [string, number][]; pairs: string[]; senders: string[] }
  }
  const { mails: counted, ...rest } = made.vocabulary
  return {
    indexedPerSecond: made.indexedPerSecond,
    vocabulary: { mails: new Map(counted), ...rest },
    installation: await openInstallation(async () => {}, folder),
    folder,
    mails: messages <= MOST_AS_FILES ? path.join(folder, 'mails') : null,
  }
}

/** The folder of an archive of this size: one of this schema, an older one brought up to date, or a new one. */
async function findOrMake(tell: (text: string) => void, messages: number, kept: string): Promise<string> {
  const schemas = schemaVersions()
  const folderOf = (schema: string) => path.join(kept, `${messages}-${schema}`)
  const folder = folderOf(schemas.at(-1)!)
  const known = schemas.map(folderOf).findLast((one) => existsSync(path.join(one, MADE)))
  if (known === undefined) await make(tell, messages, folder)
  else if (known !== folder) {
    tell(`Bringing the archive in ${known} up to date.\n`)
    const { databaseFile } = await openInstallation(async () => {}, known)
    await rm(`${databaseFile}.before-upgrade`, { force: true })
    await rename(known, folder)
  } else tell(`Using the archive in ${folder}.\n`)
  return folder
}

/** The migrations by their names, the newest last. */
function schemaVersions(): string[] {
  if (postgres) throw new Error('Archives are made on SQLite. Unset DATABASE_URL.')
  const journal = path.join(import.meta.dirname, '../../migrations/sqlite/meta/_journal.json')
  // The cast: drizzle-kit's own file.
  const { entries } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] }
  return entries.map(({ tag }) => tag)
}

/** Makes it beside its place, so that one which was cut short is never taken for whole. */
async function make(tell: (text: string) => void, messages: number, folder: string): Promise<void> {
  const beside = `${folder}.making`
  await rm(beside, { recursive: true, force: true })
  await mkdir(beside, { recursive: true })
  const began = performance.now()
  tell(`Making ${messages} mails in ${folder}. They are kept for the next time.\n`)
  const installation = await openInstallation(addDesk, beside)
  const files = messages <= MOST_AS_FILES ? path.join(beside, 'mails') : null
  const vocabulary = fill(installation.databaseFile, messages, Math.ceil(messages / MAILS_AN_ISSUE), files, tell)
  const db = await openDb(installation.databaseFile)
  const seconds = await index(db, tell)
  await db.close()
  const made = {
    indexedPerSecond: messages / seconds,
    vocabulary: { ...vocabulary, mails: [...vocabulary.mails] },
  }
  await writeFile(path.join(beside, MADE), JSON.stringify(made))
  await rename(beside, folder)
  tell(`Made in ${Math.round((performance.now() - began) / 60_000)} minutes.\n`)
}

/** Who works here, and what they keep order with. Mailboxes are paused: nothing but what is asked is measured. */
async function addDesk(db: Db, secrets: Parameters<typeof addMailbox>[1]): Promise<void> {
  const now = Date.now()
  await db.write(async (tx) => {
    for (const [i, name] of ['proposals', 'sales', 'desk'].entries()) {
      const settings = { ...mailboxOn(`${name}@northwind.example`, '', 1), openToAll: i < 2, paused: true }
      await addMailbox(tx, secrets, settings, null, now)
    }
    const boxes = await tx.select().from(mailboxes)
    for (let i = 0; i < 3; i++) await tx.insert(teams).values({ id: `team-${i}`, name: `Team ${i}`, createdAt: now })
    for (let i = 0; i < 20; i++) {
      const id = `member-${i}`
      const email = `member${i}@northwind.example`
      await tx.insert(members).values({ id, email, name: `Member ${i}`, role: 'member', createdAt: now })
      await tx.insert(teamMembers).values({ teamId: `team-${i % 3}`, memberId: id })
    }
    const closed = boxes.find(({ address }) => address.startsWith('desk@'))!
    await tx.insert(mailboxTeams).values({ mailboxId: closed.id, teamId: 'team-0' })
    for (let i = 0; i < 12; i++) {
      const name = `tag ${i}`
      await tx.insert(tags).values({ id: `tag-${i}`, name, folded: name, colour: 'blue', createdAt: now })
    }
    const kept = ['is:unassigned status:open', 'tag:"tag 3" status:open', 'assignee:me is:unread', 'waiting:>2d']
    for (const [position, query] of kept.entries())
      await tx.insert(views).values({ id: `view-${position}`, name: query, query, position, createdAt: now })
  })
}

/**
 * Makes all of it searchable in the order and the steps in which mail comes in, by the same words.
 * @returns how many seconds that took
 */
async function index(db: Db, tell: (text: string) => void): Promise<number> {
  const began = performance.now()
  let toldAt = began
  let last = ''
  for (let done = 0; ; ) {
    const page = await db.read
      .select({ message: messages, text: bodies.text, quotedFrom: bodies.quotedFrom })
      .from(messages)
      .innerJoin(bodies, eq(bodies.messageId, messages.id))
      .where(gt(messages.id, last))
      .orderBy(asc(messages.id))
      .limit(INDEXED_AT_ONCE)
    if (page.length === 0) return (performance.now() - began) / 1000
    const written = page.map(({ message, ...body }) => ({ message, files: [], words: ownWords(body) }))
    await db.write((tx) => indexWritten(tx, written))
    last = page.at(-1)!.message.id
    done += page.length
    if (performance.now() - toldAt > 60_000) {
      toldAt = performance.now()
      tell(`${done} mails are searchable, ${Math.round((done * 1000) / (toldAt - began))} a second.\n`)
    }
  }
}
