import type { Tx } from '../../../db/index.ts'
import type { Folder, Mailbox } from '../../../db/schema.ts'
import type { MailDeps } from '../deps.ts'
import { type Found, keepRaw, writeFound } from '../place/deliver.ts'
import { StorageFailed } from '../trouble.ts'
import { isHopeless, NOT_STUCK, nextBatch, type Stuck, stuckAt } from './fetch-batch.ts'
import { type Imap, type Listed, notGiven } from './imap.ts'

const LISTED_AT_ONCE = 500
/** So many batches that were fetched may not be stored yet: of a batch first the bytes go to disk, then its rows are written. */
const BATCHES_AHEAD = 3

/** One connection to the server of a mailbox, and what is done with it. */
export type Session = {
  deps: Pick<MailDeps, 'db' | 'blobs' | 'log'>
  mailbox: Mailbox
  imap: Imap
  /** Over which mails of a folder connections broke; outlives this one. */
  stuck: Map<string, Stuck>
  /** Is told when there is more to understand. */
  stored(mails: number): void
}

/** How far it has come: the UID that was dealt with last, how many were in all, and how many of them were unwanted. */
export type Step = { last: number; handled: number; unwanted: number; now: number }

export type How = {
  /** Mails that are not wanted are passed over. */
  isWanted?(mail: Listed): boolean
  /** Is asked before each batch; what is left then is for later. */
  mayGoOn?(): Promise<boolean> | boolean
  /** What is written with the mails of a step. */
  alongside(tx: Tx, step: Step): Promise<unknown>
}

/**
 * Fetches mails of the open folder in the order of `uids` and stores them in that order, batch by batch. While some are
 * stored the next are fetched.
 * @returns how many of the UIDs were dealt with, from the first on; mails that are gone by now are, too
 */
export async function bringIn(session: Session, folder: Folder, uids: number[], how: How): Promise<number> {
  const { imap, deps, mailbox } = session
  /** What is being stored, the oldest first; each waits for the one before it. */
  const storing: Promise<unknown>[] = []
  let handled = 0
  let unwantedInAll = 0
  const stuck = () => session.stuck.get(folder.id) ?? NOT_STUCK

  async function store(found: Found[], step: Step, before: Promise<unknown> | undefined) {
    try {
      const hashes = await keepRaw(deps, found)
      await before
      const isNew = await writeFound(deps, folder, found, hashes, step.now, (tx) => how.alongside(tx, step))
      if (isNew > 0) session.stored(isNew)
    } catch (cause) {
      throw cause instanceof StorageFailed
        ? cause
        : new StorageFailed('What was fetched could not be stored.', { cause })
    }
  }
  const storeNext = async (found: Found[], { last, n, unwanted }: { last: number; n: number; unwanted: number }) => {
    if (storing.length >= BATCHES_AHEAD) await storing.shift()
    handled += n
    unwantedInAll += unwanted
    const next = store(found, { last, handled, unwanted: unwantedInAll, now: Date.now() }, storing.at(-1))
    next.catch(() => {}) // told by who awaits it next
    storing.push(next)
  }
  /** Remembers over which mails the connection broke. */
  const unlessStuck = async <T>(asked: number[], ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      session.stuck.set(folder.id, stuckAt(asked, stuck()))
      throw error
    }
  }

  try {
    for (let left = uids; left.length > 0 && (await mayGoOn(how)); ) {
      const sizeless = left.slice(0, LISTED_AT_ONCE).map((uid) => ({ uid, size: 0 }))
      const asked = nextBatch(sizeless, stuck(), LISTED_AT_ONCE).map(({ uid }) => uid)
      left = left.slice(asked.length)
      const last = asked.at(-1)!
      // Only where the server gives another mail is this one to blame, and only then it holds up something.
      const other = isHopeless(asked, stuck()) ? left[stuck().times % left.length] : undefined
      if (other !== undefined) {
        await unlessStuck(asked, async () => await imap.fetch(await imap.list([other])))
        deps.log.warn({ mailboxId: mailbox.id, folder: folder.path, uid: last }, 'the server does not give this mail')
        const place = `${folder.path} ${folder.uidValidity} ${last}`
        await storeNext([notGiven(place, last, Date.now())], { last, n: 1, unwanted: 0 })
        continue
      }
      const byUid = new Map((await unlessStuck(asked, () => imap.list(asked))).map((mail) => [mail.uid, mail]))
      const listed = asked.flatMap((uid) => byUid.get(uid) ?? [])
      let wanted = listed.filter((mail) => how.isWanted?.(mail) ?? true)
      const unwanted = listed.length - wanted.length
      let rest = asked.length
      while (wanted.length > 0) {
        const batch = nextBatch(wanted, stuck())
        wanted = wanted.slice(batch.length)
        const uids = batch.map(({ uid }) => uid)
        const found = await unlessStuck(uids, () => imap.fetch(batch))
        const isLast = wanted.length === 0
        const n = isLast ? rest : batch.length
        rest -= n
        await storeNext(found, { last: isLast ? last : uids.at(-1)!, n, unwanted: isLast ? unwanted : 0 })
        if (!isLast && !(await mayGoOn(how))) return await finish()
      }
      // Nothing of them was wanted, or is there any more.
      if (unwanted === listed.length) await storeNext([], { last, n: asked.length, unwanted })
    }
    return await finish()
  } finally {
    await Promise.allSettled(storing)
  }

  async function finish() {
    await Promise.all(storing)
    return handled
  }
}

async function mayGoOn(how: How): Promise<boolean> {
  return how.mayGoOn ? await how.mayGoOn() : true
}
