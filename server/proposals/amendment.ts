import { and, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Amendment, type Member, type Proposal, proposalAmendments } from '../../db/schema.ts'
import { NotFound } from '../errors.ts'
import { changeProposal } from './change.ts'
import type { WallTime } from './deadline.ts'
import { dueOf } from './proposal.ts'

export type AmendmentInput = {
  receivedAt: number
  summary: string
  threadId?: string | null | undefined
  /** The deadline as it is from now on; left out: it stays. */
  newDue?: WallTime | undefined
}

/** Writes down what the customer changed, and moves the deadline with it. Sent again, it is there already. */
export async function amend(
  tx: Tx,
  proposal: Proposal,
  id: string,
  input: AmendmentInput,
  by: Member,
  now: number,
): Promise<Amendment> {
  const [known] = await tx.select().from(proposalAmendments).where(eq(proposalAmendments.id, id))
  if (known) return known
  const { newDue, receivedAt, summary, threadId = null } = input
  const due = newDue ? dueOf(newDue) : undefined
  const amendment: Amendment = {
    id,
    proposalId: proposal.id,
    number: await nextNumber(tx, proposal),
    receivedAt,
    threadId,
    summary,
    oldDueAt: due ? proposal.dueAt : null,
    newDueAt: due?.dueAt ?? null,
    newDueLocal: newDue?.local ?? null,
    newDueZone: newDue?.zone ?? null,
    acknowledgedById: null,
    acknowledgedAt: null,
    createdAt: now,
  }
  await tx.insert(proposalAmendments).values(amendment)
  const detail = {
    amendmentId: id,
    amendment: amendment.number,
    oldDueAt: amendment.oldDueAt,
    newDueAt: amendment.newDueAt,
  }
  const cause = { action: 'proposal_amended', cause: 'amendment', by, detail, note: summary } as const
  if (!due) {
    await changeProposal(tx, proposal, {}, cause, now)
    return amendment
  }
  const { dueAt, ...rest } = due
  await changeProposal(tx, proposal, { said: { dueAt }, rest }, cause, now)
  return amendment
}

/** Says that one of us has read an amendment and takes it into account. */
export async function acknowledge(tx: Tx, proposal: Proposal, id: string, by: Member, now: number): Promise<Amendment> {
  const ofProposal = and(eq(proposalAmendments.id, id), eq(proposalAmendments.proposalId, proposal.id))
  const [amendment] = await tx.select().from(proposalAmendments).where(ofProposal)
  if (!amendment) throw new NotFound('There is no such amendment.')
  if (amendment.acknowledgedAt !== null) return amendment
  const acknowledged = { ...amendment, acknowledgedById: by.id, acknowledgedAt: now }
  await tx.update(proposalAmendments).set(acknowledged).where(eq(proposalAmendments.id, id))
  const detail = { amendmentId: id, amendment: amendment.number, acknowledged: true }
  await changeProposal(tx, proposal, {}, { action: 'proposal_amended', by, detail }, now)
  return acknowledged
}

async function nextNumber(tx: Tx, proposal: Proposal): Promise<number> {
  const [row] = await tx
    .select({ n: sql<number>`coalesce(max(${proposalAmendments.number}), 0)`.mapWith(Number) })
    .from(proposalAmendments)
    .where(eq(proposalAmendments.proposalId, proposal.id))
  return (row?.n ?? 0) + 1
}
