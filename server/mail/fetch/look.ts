import type { Folder } from '../../../db/schema.ts'
import { bringIn, type Session } from './bring-in.ts'
import { compareUids } from './compare-uids.ts'
import { beginFolder, markGone, storedUids, waiting, writeFolder } from './folder-state.ts'
import type { FolderStatus, Listed } from './imap.ts'

/**
 * Old mail waits while so many mails are stored and not understood: new mail must not have to wait behind it for more than
 * a second or two. Fewer would have understanding wait for fetching.
 */
const MAX_WAITING = 1_000

/** What a comparison of one folder found, and what is there and here after it was put right. */
export type Checked = {
  path: string
  /** Mails on the server, and those of them that are here. */
  server: number
  here: number
  /** UIDs of mails that were on the server and not here: fetched now. */
  missing: number[]
  /** UIDs of mails that are here and were not marked as gone from the server: marked now. */
  gone: number[]
  /** How many are older than the mailbox wants, and how many are still to come. */
  leftAlone: number
  toCome: number
}

/** Opens a folder for reading, and begins it anew where its numbers changed. */
export async function openFolder(session: Session, folder: Folder): Promise<{ folder: Folder; status: FolderStatus }> {
  const { imap, deps, mailbox } = session
  const status = await imap.open(folder.path)
  if (status.uidValidity === folder.uidValidity) return { folder, status }
  if (folder.uidValidity)
    deps.log.warn({ mailboxId: mailbox.id, folder: folder.path }, 'the server numbers the mails of this folder anew')
  // Servers from before 1996 tell no UIDNEXT.
  const uidNext = status.uidNext || ((await imap.allUids()).at(-1) ?? 0) + 1
  const now = Date.now()
  const begun = await deps.db.write((tx) => beginFolder(tx, folder, status.uidValidity, uidNext, now))
  return { folder: begun, status: { ...status, uidNext } }
}

/**
 * Fetches and stores what the open folder has beyond its cursor, however old it is by its date: a mail that somebody
 * moves here is news.
 */
export async function lookForNew(session: Session, folder: Folder, uidNext = 0): Promise<Folder> {
  const { imap, deps } = session
  const uids = await imap.uidsAfter(folder.lastUid)
  let seen: Partial<Folder> = {}
  await bringIn(session, folder, uids, {
    alongside(tx, { last, now }) {
      seen = { lastUid: last, serverCount: imap.exists, lookedAt: now, missingAt: null }
      return writeFolder(tx, folder, seen)
    },
  })
  if (uids.length > 0) return { ...folder, ...seen }
  // What had a number below UIDNEXT and is not there was deleted before we came.
  const lastUid = Math.max(folder.lastUid, uidNext - 1)
  const now = Date.now()
  return await deps.db.write((tx) =>
    writeFolder(tx, folder, { lastUid, serverCount: imap.exists, lookedAt: now, missingAt: null }),
  )
}

/** Counts what the open folder had before us and is still to come. Gives their UIDs, newest first. */
export async function countOlder(session: Session, folder: Folder): Promise<{ folder: Folder; older: number[] }> {
  const { deps, mailbox } = session
  const { older, leftAlone } = await olderOf(session, folder, await session.imap.allUids())
  const isNew = folder.toCome === null || folder.countedSinceAt !== mailbox.sinceAt
  const counted = {
    toCome: older.length,
    toComeAtFirst: isNew ? older.length : Math.max(folder.toComeAtFirst, older.length),
    comePerMinute: null,
    countedSinceAt: mailbox.sinceAt,
    leftAlone,
  }
  return { folder: await deps.db.write((tx) => writeFolder(tx, folder, counted)), older: older.reverse() }
}

/**
 * Fetches older mails, newest first, as long as it may and as understanding keeps up.
 * @param pace is told how many are still to come, and gives how many come in a minute
 */
export async function bringInOlder(
  session: Session,
  before: Folder,
  older: number[],
  mayGoOn: () => boolean,
  pace: (toCome: number) => number | null,
): Promise<{ folder: Folder; older: number[] }> {
  const { deps, mailbox } = session
  let seen: Partial<Folder> = {}
  const handled = await bringIn(session, before, older, {
    isWanted: isSince(mailbox.sinceAt),
    mayGoOn: async () => mayGoOn() && (await waiting(deps.db.read, mailbox.id, MAX_WAITING)) < MAX_WAITING,
    alongside(tx, { handled, unwanted }) {
      const toCome = Math.max(0, older.length - handled)
      seen = { toCome, leftAlone: before.leftAlone + unwanted, comePerMinute: pace(toCome) }
      return writeFolder(tx, before, seen)
    },
  })
  return { folder: { ...before, ...seen }, older: older.slice(handled) }
}

/**
 * Compares the open folder with what is stored of it, mail by mail, and puts right what differs: what is missing here is
 * fetched, what the server has no more is marked so.
 */
export async function checkFolder(
  session: Session,
  before: Folder,
  { uidNext }: FolderStatus,
): Promise<{ folder: Folder; checked: Checked }> {
  const { imap, deps, mailbox } = session
  let folder = before
  const server = await imap.allUids()
  const stored = await storedUids(deps.db.read, folder)
  // Somebody else may have stored newer ones since we asked.
  const newest = Math.max(server.at(-1) ?? 0, uidNext - 1)
  const known = new Map([...stored].filter(([uid]) => uid <= newest))
  const { missing, gone, back } = compareUids(server, known)

  const lost = missing.filter((uid) => uid >= folder.startUid && uid <= folder.lastUid)
  const old = await olderOf(session, folder, server, known)
  // Where old mail is still coming, it comes by itself.
  const isComing = folder.toCome === null || folder.toCome > 0
  const wanted = [...lost, ...(isComing ? [] : old.older)].sort((a, b) => b - a)
  const fetched = new Set<number>()
  let tooOld = 0
  const since = isSince(mailbox.sinceAt)
  await bringIn(session, folder, wanted, {
    isWanted(mail) {
      const isWanted = mail.uid >= folder.startUid || since(mail)
      if (isWanted) fetched.add(mail.uid)
      return isWanted
    },
    async alongside(_tx, { unwanted }) {
      tooOld = unwanted
    },
  })
  const now = Date.now()
  folder = await deps.db.write(async (tx) => {
    await markGone(tx, folder, gone, now)
    await markGone(tx, folder, back, null)
    return await writeFolder(tx, folder, {
      leftAlone: old.leftAlone + tooOld,
      serverCount: server.length,
      checkedAt: now,
      foundMissing: fetched.size,
      foundGone: gone.length,
    })
  })
  const here = server.filter((uid) => known.has(uid)).length + fetched.size
  const toCome = isComing ? old.older.length : 0
  const numbers = { server: server.length, here, leftAlone: folder.leftAlone, toCome }
  const missingHere = [...fetched].sort((a, b) => a - b)
  return { folder, checked: { path: folder.path, ...numbers, missing: missingHere, gone } }
}

/** The UIDs from before us that are not stored, in order, without most of those that are too old; and how many those are. */
async function olderOf(
  { imap, deps, mailbox: { sinceAt } }: Session,
  folder: Folder,
  server: number[],
  stored?: ReadonlyMap<number, boolean>,
): Promise<{ older: number[]; leftAlone: number }> {
  const known = stored ?? (await storedUids(deps.db.read, folder))
  const notHere = server.filter((uid) => uid < folder.startUid && !known.has(uid))
  if (sinceAt === null || notHere.length === 0) return { older: notHere, leftAlone: 0 }
  const near = new Set(await imap.allUids(sinceAt))
  const older = notHere.filter((uid) => near.has(uid))
  return { older, leftAlone: notHere.length - older.length }
}

function isSince(sinceAt: number | null) {
  return ({ internalAt }: Pick<Listed, 'internalAt'>) => internalAt >= (sinceAt ?? 0)
}
