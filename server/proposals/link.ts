import { and, eq, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, messages, type Proposal, type ProposalThread, proposalThreads } from '../../db/schema.ts'
import type { LinkKind, LinkSource } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { recordOf } from './change.ts'
import { touchProposal } from './note.ts'

export type Link = { kind: LinkKind; source: LinkSource; confidence: number; why: string }
export const BY_HAND: Link = { kind: 'other', source: 'manual', confidence: 100, why: '' }

/**
 * Says that a thread belongs to a proposal. What a person took away stays away, unless a person says otherwise.
 * @param by none where a rule says so
 * @returns whether it belongs to it now and did not before
 */
export async function linkThread(
  tx: Tx,
  proposal: Proposal,
  threadId: string,
  link: Link,
  by: Member | null,
  now: number,
): Promise<boolean> {
  const known = await linkOf(tx, proposal.id, threadId)
  if (known && known.unlinkedAt === null) {
    if (by && known.kind !== link.kind) await tx.update(proposalThreads).set({ kind: link.kind }).where(same(known))
    return false
  }
  if (known && !by) return false
  const row: ProposalThread = {
    proposalId: proposal.id,
    threadId,
    ...link,
    linkedById: by?.id ?? null,
    linkedAt: now,
    unlinkedById: null,
    unlinkedAt: null,
  }
  if (known) await tx.update(proposalThreads).set(row).where(same(known))
  else await tx.insert(proposalThreads).values(row)
  const detail = { threadId, source: link.source, why: link.why, confidence: link.confidence }
  await recordOf(tx, proposal, { action: 'proposal_linked', by, detail }, now)
  const lastAt = await lastMailOf(tx, threadId)
  if (lastAt !== null) await touchProposal(tx, proposal, 'mail', lastAt)
  return true
}

/** Takes a thread away from a proposal. It is remembered, so that no rule links it again. */
export async function unlinkThread(
  tx: Tx,
  proposal: Proposal,
  threadId: string,
  by: Member,
  now: number,
): Promise<void> {
  const known = await linkOf(tx, proposal.id, threadId)
  if (!known) throw new NotFound('This mail does not belong to the proposal.')
  if (known.unlinkedAt !== null) return
  await tx.update(proposalThreads).set({ unlinkedById: by.id, unlinkedAt: now }).where(same(known))
  await recordOf(tx, proposal, { action: 'proposal_unlinked', by, detail: { threadId, source: known.source } }, now)
}

async function linkOf(read: Reader, proposalId: string, threadId: string): Promise<ProposalThread | undefined> {
  const [row] = await read.select().from(proposalThreads).where(same({ proposalId, threadId }))
  return row
}

const same = ({ proposalId, threadId }: Pick<ProposalThread, 'proposalId' | 'threadId'>) =>
  and(eq(proposalThreads.proposalId, proposalId), eq(proposalThreads.threadId, threadId))

/** When a person last wrote in a thread; automatic answers and bounces do not count. */
async function lastMailOf(read: Reader, threadId: string): Promise<number | null> {
  const [row] = await read
    .select({ at: sql<number | null>`max(${messages.at})` })
    .from(messages)
    .where(and(eq(messages.threadId, threadId), eq(messages.writer, 'person')))
  return row?.at ?? null
}
