import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { Logger } from 'pino'
import { idAt } from '../../db/ids.ts'
import type { Db, Reader } from '../../db/index.ts'
import { nodeName, takeLease } from '../../db/lease.ts'
import {
  attachments,
  bodies,
  contacts,
  events,
  type Message,
  messageReferences,
  messages,
  proposalContacts,
  proposals,
  proposalThreads,
  settings,
} from '../../db/schema.ts'
import { type Arrived, BEGINNING_CHARACTERS, type Candidate, findLink } from './auto-link.ts'
import { linkThread } from './link.ts'
import { touchProposal } from './note.ts'
import { organizationOf } from './organization.ts'
import { findProposal } from './proposal.ts'
import { proposalSettings } from './settings.ts'

const LEASE = 'proposal-linker'
const CURSOR = 'proposal-linker'
/** How often events are looked for where no commit of this process woke us. */
const LOOK_EVERY_MS = 5_000
const GATHER_MS = 1_000
const EVENTS_A_ROUND = 200
/** Ids of concurrent transactions become visible out of order: so much is read again, which does no harm. */
const OVERLAP_MS = 10_000
const MAX_FILED = 50

/**
 * Links what came in to proposals, behind the coming in of mail: by events, with a cursor of its own, so that nothing
 * that came while nobody ran is left out.
 */
export function runLinker({ db, log, now = Date.now }: { db: Db; log: Logger; now?: () => number }): {
  stop(): Promise<void>
} {
  const stop = new AbortController()
  const me = nodeName()
  const running = (async () => {
    while (!stop.signal.aborted) {
      const waiting = AbortSignal.any([stop.signal, AbortSignal.timeout(LOOK_EVERY_MS)])
      const woken = once(db.wake, 'wake', { signal: waiting }).catch(() => {})
      try {
        if ((await hasNews(db)) && (await takeLease(db, LEASE, me, now())))
          while (!stop.signal.aborted && (await linkRound(db, now())) === EVENTS_A_ROUND);
      } catch (error) {
        // One bad round must not stop the next: the database may only be busy.
        log.error({ err: error }, 'linking mail to proposals failed')
      }
      await woken
      // Mail may come in by the thousand: it is gathered, and its coming in is not held up.
      await sleep(GATHER_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

async function hasNews(db: Db): Promise<boolean> {
  const after = await cursorOf(db.read)
  if (after === undefined) return true
  return (await newsAfter(db.read, after, 1)).length > 0
}

const newsAfter = async (read: Reader, after: string, limit: number) =>
  await read
    .select({ id: events.id, action: events.action, detail: events.detail })
    .from(events)
    .where(gt(events.id, after))
    .orderBy(asc(events.id))
    .limit(limit)

/**
 * Links what a number of events brought. Done again, it does nothing.
 * @returns how many events there were
 */
export async function linkRound(db: Db, now: number): Promise<number> {
  const after = await cursorOf(db.read)
  // The first time: mail that was there before is linked by people, who are offered it.
  if (after === undefined) {
    await saveCursor(db, idAt(now))
    return 0
  }
  const news = await newsAfter(db.read, idAt(Math.max(0, timeOf(after) - OVERLAP_MS)), EVENTS_A_ROUND * 2)
  const fresh = news.filter(({ id }) => id > after).slice(0, EVENTS_A_ROUND)
  const last = fresh.at(-1)
  if (!last) return 0
  const { autoLink } = await proposalSettings(db.read)
  const open = autoLink ? await candidates(db.read) : []
  const arrived = news.filter(({ id, action }) => id <= last.id && action === 'received')
  if (open.length > 0)
    for (const { detail } of arrived)
      if (typeof detail.messageId === 'string') await linkMessage(db, detail.messageId, open, now)
  await saveCursor(db, last.id)
  return fresh.length
}

async function linkMessage(db: Db, messageId: string, open: Candidate[], now: number): Promise<void> {
  const { read } = db
  const [message] = await read.select().from(messages).where(eq(messages.id, messageId))
  // What a machine wrote belongs to nobody, and does not keep a proposal from being idle.
  if (message?.writer !== 'person') return
  const linked = await linksOfThread(read, message.threadId)
  const current = linked.filter(({ unlinkedAt }) => unlinkedAt === null)
  if (current.length > 0) {
    await db.write(async (tx) => {
      for (const { proposalId } of current)
        await touchProposal(tx, await findProposal(tx, proposalId), 'mail', message.at)
    })
    return
  }
  const found = findLink(await arrivedOf(read, message), open)
  if (!found) return
  const { proposalId, ...link } = found
  await db.write(async (tx) => {
    await linkThread(tx, await findProposal(tx, proposalId), message.threadId, { ...link, kind: 'other' }, null, now)
  })
}

const linksOfThread = async (read: Reader, threadId: string) =>
  await read.select().from(proposalThreads).where(eq(proposalThreads.threadId, threadId))

/** The open proposals, as rules look at them. */
async function candidates(read: Reader): Promise<Candidate[]> {
  const isOpen = and(eq(proposals.outcome, 'open'), isNull(proposals.deletedAt))
  const rows = await read
    .select({
      id: proposals.id,
      number: proposals.number,
      solicitationNumber: proposals.solicitationNumber,
      organizationId: proposals.organizationId,
    })
    .from(proposals)
    .where(isOpen)
  const named = await read
    .select({ proposalId: proposalContacts.proposalId, email: contacts.email })
    .from(proposalContacts)
    .innerJoin(contacts, eq(contacts.id, proposalContacts.contactId))
    .innerJoin(proposals, eq(proposals.id, proposalContacts.proposalId))
    .where(isOpen)
  const byProposal = Map.groupBy(named, ({ proposalId }) => proposalId)
  return rows.map((row) => ({ ...row, contacts: (byProposal.get(row.id) ?? []).map(({ email }) => email) }))
}

async function arrivedOf(read: Reader, message: Message): Promise<Arrived> {
  const [body] = await read.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, message.id))
  const files = await read
    .select({ filename: attachments.filename })
    .from(attachments)
    .where(eq(attachments.messageId, message.id))
  const organization = await organizationOf(read, message.fromAddress)
  return {
    from: message.fromAddress,
    organizationId: organization?.id ?? null,
    subject: message.subject,
    beginning: (body?.text ?? '').slice(0, BEGINNING_CHARACTERS),
    filenames: files.map(({ filename }) => filename),
    answers: await answeredProposals(read, message),
    filedBefore: await filedBefore(read, message, organization?.id ?? null),
  }
}

/** The proposals of the mails that a message answers or refers to, in whatever thread they are. */
async function answeredProposals(read: Reader, message: Message): Promise<string[]> {
  const named = read
    .select({ id: messageReferences.internetMessageId })
    .from(messageReferences)
    .where(eq(messageReferences.messageId, message.id))
  const rows = await read
    .selectDistinct({ proposalId: proposalThreads.proposalId })
    .from(messages)
    .innerJoin(proposalThreads, eq(proposalThreads.threadId, messages.threadId))
    .innerJoin(proposals, eq(proposals.id, proposalThreads.proposalId))
    .where(
      and(inArray(messages.internetMessageId, named), isNull(proposalThreads.unlinkedAt), isNull(proposals.deletedAt)),
    )
  // Of two nobody knows which one is meant.
  return rows.length === 1 ? rows.map(({ proposalId }) => proposalId) : []
}

/** The open proposals with mail of this sender, or of somebody of their organization. */
async function filedBefore(read: Reader, message: Message, organizationId: string | null): Promise<string[]> {
  const rows = await read
    .selectDistinct({ id: proposals.id, from: messages.fromAddress, organizationId: proposals.organizationId })
    .from(proposals)
    .innerJoin(proposalThreads, eq(proposalThreads.proposalId, proposals.id))
    .innerJoin(messages, eq(messages.threadId, proposalThreads.threadId))
    .where(
      and(
        eq(proposals.outcome, 'open'),
        isNull(proposals.deletedAt),
        isNull(proposalThreads.unlinkedAt),
        eq(messages.direction, 'in'),
        eq(messages.fromAddress, message.fromAddress),
      ),
    )
    .limit(MAX_FILED)
  if (organizationId === null) return rows.map(({ id }) => id)
  const ofOrganization = await read
    .selectDistinct({ id: proposals.id })
    .from(proposals)
    .innerJoin(proposalThreads, eq(proposalThreads.proposalId, proposals.id))
    .where(
      and(
        eq(proposals.organizationId, organizationId),
        eq(proposals.outcome, 'open'),
        isNull(proposals.deletedAt),
        isNull(proposalThreads.unlinkedAt),
      ),
    )
    .limit(MAX_FILED)
  return [...new Set([...rows, ...ofOrganization].map(({ id }) => id))]
}

async function cursorOf(read: Reader): Promise<string | undefined> {
  const [row] = await read.select().from(settings).where(eq(settings.key, CURSOR))
  // The cast: written by `saveCursor` alone.
  return row?.value as string | undefined
}

async function saveCursor(db: Db, id: string): Promise<void> {
  await db.write(async (tx) => {
    await tx
      .insert(settings)
      .values({ key: CURSOR, value: id })
      .onConflictDoUpdate({ target: settings.key, set: { value: id } })
  })
}

/** When an id of version 7 was made, ms since the epoch (RFC 9562, section 5.7). */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
