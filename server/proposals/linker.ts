import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Db, Reader } from '../../db/index.ts'
import {
  attachments,
  bodies,
  contactAddresses,
  type Event,
  type Message,
  messageReferences,
  messages,
  proposalContacts,
  proposals,
  proposalThreads,
} from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { runFollower } from '../issues/follower.ts'
import { organizationOf } from '../people/belonging.ts'
import { type Arrived, BEGINNING_CHARACTERS, type Candidate, findLink } from './auto-link.ts'
import { linkThread } from './link.ts'
import { touchProposal } from './note.ts'
import { findProposal } from './proposal.ts'
import { proposalSettings } from './settings.ts'

const MAX_FILED = 50

const ARRIVED: ReadonlySet<Action> = new Set<Action>(['received', 'reopened'])

/**
 * Links what came in to proposals, behind the coming in of mail: by events, with a cursor of its own, so that nothing
 * that came while nobody ran is left out. Mail that was there before is linked by people, who are offered it.
 */
export function runLinker(deps: { db: Db; log: Logger; now?: () => number }): { stop(): Promise<void> } {
  const { db, now = Date.now } = deps
  const following = runFollower(deps, 'proposal-linker', ARRIVED, (events) => linkMail(db, events, now()))
  return { stop: async () => await (await following).stop() }
}

/** Links the mail of these events. Done again, it does nothing. */
export async function linkMail(db: Db, events: Pick<Event, 'detail'>[], now: number): Promise<void> {
  const messageIds = events.flatMap(({ detail: { messageId } }) => (typeof messageId === 'string' ? [messageId] : []))
  if (messageIds.length === 0 || !(await proposalSettings(db.read)).autoLink) return
  const open = await candidates(db.read)
  if (open.length === 0) return
  for (const messageId of messageIds) await linkMessage(db, messageId, open, now)
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
    .select({ proposalId: proposalContacts.proposalId, email: contactAddresses.address })
    .from(proposalContacts)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, proposalContacts.contactId))
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
