import type { Folder } from '../../../db/schema.ts'
import type { Session } from './bring-in.ts'
import { isCheckDue } from './check-due.ts'
import { foldersToWatch, INBOX } from './folder-choice.ts'
import { keepFolders, writeFolder } from './folder-state.ts'
import type { FolderStatus } from './imap.ts'
import { bringInOlder, type Checked, checkFolder, countOlder, lookForNew, openFolder } from './look.ts'
import { measurePace } from './pace.ts'

/** Old mail comes in stretches of so long at most; after each the other folders are asked for what is new. */
const STRETCH_MS = 2_000
/** Where mails vanished from a folder, it is compared with what is here, at most so often. */
export const CHECK_AFTER_LOSS_MS = 10 * 60_000

export type Rounds = Awaited<ReturnType<typeof openRounds>>

/** The folders of a mailbox on one connection, and what is done with them: new mail, old mail, comparing. */
export async function openRounds(session: Session, checkAfterLossMs = CHECK_AFTER_LOSS_MS) {
  const { deps, mailbox, imap } = session
  const wanted = foldersToWatch(await imap.folders(), mailbox)
  const known = new Map<string, Folder>()
  for (const folder of await deps.db.write((tx) => keepFolders(tx, mailbox.id, wanted))) known.set(folder.path, folder)
  /** Old mail that is still to come, newest first, of the folders where it was counted on this connection. */
  const older = new Map<string, number[]>()
  const paces = new Map<string, ReturnType<typeof measurePace>>()
  /** Folders in which there is less than there should be. */
  const lossy = new Set<string>()

  const keep = (folder: Folder): Folder => {
    known.set(folder.path, folder)
    return folder
  }

  /** What came to a folder since we looked last. It is open after that. */
  async function lookInto(path: string): Promise<void> {
    let folder = known.get(path)!
    let uidNext = 0
    if (imap.openPath !== path || folder.uidValidity === '') {
      const before = folder.uidValidity
      const opened = await openFolder(session, folder)
      folder = keep(opened.folder)
      uidNext = opened.status.uidNext
      if (before !== folder.uidValidity) older.delete(path)
    }
    const { serverCount, lastUid } = folder
    folder = keep(await lookForNew(session, folder, uidNext))
    const nothingNew = folder.lastUid === lastUid
    if (nothingNew && serverCount !== null && (folder.serverCount ?? 0) < serverCount) lossy.add(path)
  }

  /** Asks the server what the other folders have, and looks into those where something changed. */
  async function lookIntoOthers(): Promise<void> {
    for (const { path } of wanted.slice(1)) {
      const folder = known.get(path)!
      const status = await imap.status(path)
      if (!status) {
        if (folder.missingAt === null) await missing(folder)
      } else if (hasChanged(folder, status)) await lookInto(path)
    }
  }

  async function missing(folder: Folder): Promise<void> {
    deps.log.warn({ mailboxId: mailbox.id, folder: folder.path }, 'the server has no such folder')
    const missingAt = Date.now()
    keep(await deps.db.write((tx) => writeFolder(tx, folder, { missingAt })))
  }

  const present = () => wanted.map(({ path }) => known.get(path)!).filter(({ missingAt }) => missingAt === null)

  return {
    /** Fetches what is new, from the inbox first, and leaves the inbox open. */
    async lookForNew({ others = true } = {}): Promise<void> {
      await lookInto(INBOX)
      if (!others || wanted.length === 1) return
      await lookIntoOthers()
      if (imap.openPath !== INBOX) await lookInto(INBOX)
    },

    /** Whether mail from before us is still to come. */
    hasOlder(): boolean {
      return present().some((folder) => isComing(folder, mailbox.sinceAt))
    },

    /**
     * Fetches old mail for a while, until there is news or it is asked to stop.
     * @returns false where none could come, because understanding has to catch up
     */
    async bringInOlder(mayGoOn: () => boolean): Promise<boolean> {
      let came = false
      const until = performance.now() + STRETCH_MS
      const goesOn = () => mayGoOn() && performance.now() < until && !imap.hasNews()
      for (const { path } of present().filter((folder) => isComing(folder, mailbox.sinceAt))) {
        if (!goesOn()) return true
        if (imap.openPath !== path) await lookInto(path)
        let folder = known.get(path)!
        if (!older.has(path)) {
          const counted = await countOlder(session, folder)
          folder = keep(counted.folder)
          older.set(path, counted.older)
        }
        const pace = paces.get(path) ?? measurePace()
        paces.set(path, pace)
        const come = await bringInOlder(session, folder, older.get(path)!, goesOn, (n) => pace(n, performance.now()))
        came ||= come.older.length < older.get(path)!.length || come.older.length === 0
        keep(come.folder)
        older.set(path, come.older)
      }
      return came
    },

    /** Compares the folders for which it is time, or all, with what is here, and puts right what differs. */
    async check({ all = false } = {}): Promise<Checked[]> {
      const done: Checked[] = []
      for (const { path } of present()) {
        const folder = known.get(path)!
        const now = Date.now()
        const since = folder.checkedAt === null ? Number.POSITIVE_INFINITY : Math.abs(now - folder.checkedAt)
        const afterLoss = lossy.has(path) && since >= checkAfterLossMs
        if (!all && !afterLoss && !isCheckDue(folder.checkedAt, now)) continue
        const opened = await openFolder(session, folder)
        const looked = await lookForNew(session, opened.folder, opened.status.uidNext)
        const { folder: after, checked } = await checkFolder(session, looked, opened.status)
        keep(after)
        lossy.delete(path)
        done.push(checked)
      }
      if (imap.openPath !== INBOX) await lookInto(INBOX)
      return done
    },
  }
}

/** Old mail is to come, was not counted yet, or more of it is wanted than was counted. */
function isComing(folder: Folder, sinceAt: number | null): boolean {
  return folder.uidValidity === '' || folder.toCome !== 0 || folder.countedSinceAt !== sinceAt
}

function hasChanged(folder: Folder, status: FolderStatus): boolean {
  const { uidValidity, lastUid, serverCount } = folder
  return (
    status.uidValidity !== uidValidity ||
    status.exists !== serverCount ||
    status.uidNext === 0 ||
    status.uidNext - 1 > lastUid
  )
}
