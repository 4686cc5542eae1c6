import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import { type Folder, folders, issues, type Mailbox } from '../../db/schema.ts'
import type { FolderRole } from '../../db/vocabulary.ts'
import { writeFolder } from '../../server/mail/fetch/folder-state.ts'
import { storeFound } from '../../server/mail/place/deliver.ts'
import { understand } from '../../server/mail/place/ingest.ts'
import type { World } from '../world.ts'

/** A mail in short; what is left out is ordinary. */
export type Letter = {
  from?: string
  to?: string
  cc?: string
  subject?: string
  id?: string
  inReplyTo?: string
  references?: string[]
  date?: Date
  headers?: string[]
  text?: string
  /** In which kind of folder it is found. */
  folder?: FolderRole
}

/** The raw mail of a letter. */
export function rawOf(letter: Letter): Buffer {
  const {
    from = 'Dana Whitfield <dana@tacoma.example>',
    to = 'proposals@northwind.example',
    subject = 'Fleet telematics',
    id = `${uuidv7()}@tacoma.example`,
    date = new Date('2026-11-20T09:41:00Z'),
    text = 'Good morning, could you send us an offer?',
  } = letter
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    letter.cc && `Cc: ${letter.cc}`,
    `Subject: ${subject}`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    letter.inReplyTo && `In-Reply-To: <${letter.inReplyTo}>`,
    letter.references && `References: ${letter.references.map((reference) => `<${reference}>`).join(' ')}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    ...(letter.headers ?? []),
  ]
  return Buffer.from(`${head.filter(Boolean).join('\r\n')}\r\n\r\n${text.replaceAll('\n', '\r\n')}\r\n`)
}

/** A folder of a mailbox, made if it is not there yet. */
export async function folderOf(world: Pick<World, 'db'>, mailbox: Mailbox, role: FolderRole): Promise<Folder> {
  const rows = await world.db.read.select().from(folders).where(eq(folders.mailboxId, mailbox.id))
  const known = rows.find((folder) => folder.role === role)
  if (known) return known
  const id = uuidv7()
  const path = role === 'inbox' ? 'INBOX' : role
  const made = await world.db.write(
    async (tx) =>
      await tx.insert(folders).values({ id, mailboxId: mailbox.id, path, role, uidValidity: '1' }).returning(),
  )
  return made[0]!
}

/** Lets letters arrive, in order, the way the poller brings them. */
export async function arrive(world: World, mailbox: Mailbox, ...letters: Letter[]): Promise<void> {
  for (const letter of letters) await arriveRaw(world, mailbox, rawOf(letter), letter.folder, letter.date?.getTime())
}

/** Lets one raw mail arrive. */
export async function arriveRaw(
  world: World,
  mailbox: Mailbox,
  raw: Buffer,
  role: FolderRole = 'inbox',
  at = Date.parse('2026-11-20T09:41:00Z'),
): Promise<void> {
  const folder = await folderOf(world, mailbox, role)
  const uid = folder.lastUid + 1
  const found = [{ uid, raw, internalAt: at + 1_000 }]
  await storeFound(world, folder, found, world.now(), (tx) => writeFolder(tx, folder, { lastUid: uid }))
  await understand(world.mail, mailbox.id)
}

/** All issues of a mailbox, in the order of their numbers. */
export async function issuesOf(world: Pick<World, 'db'>, mailbox: Mailbox) {
  return await world.db.read.select().from(issues).where(eq(issues.mailboxId, mailbox.id)).orderBy(issues.number)
}
