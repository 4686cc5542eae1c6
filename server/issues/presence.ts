import { once } from 'node:events'
import { and, eq, lt } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Issue, type Member, type Presence, presence } from '../../db/schema.ts'
import type { Doing } from '../../db/vocabulary.ts'

/** A page says that it is still there more often than this; one that says nothing any more is gone by then. */
export const PRESENT_MS = 45_000
/** How often the rows are looked at where no commit of this process woke us: another node may have written. */
const LOOK_EVERY_MS = 700
/** However much is committed here, they are looked at no more often. */
const LOOK_AT_MOST_EVERY_MS = 100

/** Who does what in an issue now; each member once, writing before looking. */
export type Here = { issueId: string; mailboxId: string; people: { memberId: string; doing: Doing }[] }

/** Says that a page shows an issue, and whether something is written in it. A page is in one issue at a time. */
export async function enter(
  tx: Tx,
  issue: Issue,
  page: { id: string; doing: Doing },
  by: Member,
  now: number,
): Promise<void> {
  const row: Presence = {
    pageId: page.id,
    memberId: by.id,
    issueId: issue.id,
    mailboxId: issue.mailboxId,
    doing: page.doing,
    until: now + PRESENT_MS,
  }
  const [known] = await tx.select().from(presence).where(eq(presence.pageId, page.id))
  if (known && known.memberId !== by.id) return
  if (known) await tx.update(presence).set(row).where(eq(presence.pageId, page.id))
  else await tx.insert(presence).values(row)
}

/** Says that a page shows no issue any more. */
export async function leave(tx: Tx, pageId: string, by: Member): Promise<void> {
  await tx.delete(presence).where(and(eq(presence.pageId, pageId), eq(presence.memberId, by.id)))
}

/** Forgets pages that are gone without a word. They count for nothing; this only saves space. */
export async function prunePresence(db: Db, now: number): Promise<void> {
  await db.write(async (tx) => {
    await tx.delete(presence).where(lt(presence.until, now - PRESENT_MS))
  })
}

const rows = prepared((read) => read.select().from(presence).prepare(UNNAMED))

/** Who is where now, by issue. */
export async function whoIsHere(read: Reader, now: number): Promise<Map<string, Here>> {
  const found = new Map<string, Here>()
  for (const { issueId, mailboxId, memberId, doing, until } of await rows(read).execute()) {
    if (until <= now) continue
    const here = found.get(issueId) ?? { issueId, mailboxId, people: [] }
    const other = here.people.find((person) => person.memberId === memberId)
    if (!other) here.people.push({ memberId, doing })
    else if (doing === 'writing') other.doing = doing
    found.set(issueId, here)
  }
  for (const { people } of found.values()) people.sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  return found
}

/** Follows who is where, over all nodes, while anybody listens. Nothing of it is kept: what counts is now. */
export type Watching = {
  /** Calls `on` with what changed in an issue from now on; returns a function that stops it. */
  subscribe(on: (here: Here) => void): () => void
  close(): Promise<void>
}

/** One reader of the rows for all who watch; with nobody watching there is none. */
export function watchPresence(db: Db, clock: () => number = Date.now): Watching {
  const listeners = new Set<(here: Here) => void>()
  const stop = new AbortController()
  let last = new Map<string, Here>()
  let following: Promise<void> | undefined

  const look = async () => {
    const now = await whoIsHere(db.read, clock())
    for (const [issueId, { mailboxId }] of last) if (!now.has(issueId)) tell({ issueId, mailboxId, people: [] })
    for (const [issueId, here] of now)
      if (JSON.stringify(last.get(issueId)?.people) !== JSON.stringify(here.people)) tell(here)
    last = now
  }
  const tell = (here: Here) => {
    for (const listener of listeners) listener(here)
  }
  const follow = async () => {
    while (!stop.signal.aborted && listeners.size > 0) {
      const enough = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: enough }).catch(() => {})
      await look().catch(() => {}) // A database that is away for a moment is asked again.
      await woken
      await new Promise((resolve) => setTimeout(resolve, LOOK_AT_MOST_EVERY_MS))
    }
    last = new Map()
    following = undefined
  }
  return {
    subscribe(on) {
      listeners.add(on)
      following ??= follow()
      return () => listeners.delete(on)
    },
    async close() {
      stop.abort()
      await following
    },
  }
}
