import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Member, type Milestone, type Proposal, proposalMilestones, proposalTouches } from '../../db/schema.ts'
import type { MilestoneKind, MilestoneResult } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { changeProposal } from './change.ts'
import { instantOf, type WallTime } from './deadline.ts'

export type MilestoneInput = {
  kind: MilestoneKind
  label?: string | undefined
  due: WallTime
  note?: string | undefined
}
export type MilestoneEdit = {
  label?: string | undefined
  due?: WallTime | undefined
  /** When it was done; null: it is not. */
  doneAt?: number | null | undefined
  result?: MilestoneResult | null | undefined
  note?: string | undefined
}

const timeOf = (due: WallTime) => {
  const { at, precision } = instantOf(due)
  return { at, precision, local: due.local, zone: due.zone, choice: due.choice ?? ('earlier' as const) }
}

/** Adds a milestone. Sent again, it is there already. */
export async function addMilestone(
  tx: Tx,
  proposal: Proposal,
  id: string,
  input: MilestoneInput,
  by: Member,
  now: number,
): Promise<Milestone> {
  const [known] = await tx.select().from(proposalMilestones).where(eq(proposalMilestones.id, id))
  if (known) return known
  const milestone: Milestone = {
    id,
    proposalId: proposal.id,
    kind: input.kind,
    label: input.label ?? '',
    ...timeOf(input.due),
    doneAt: null,
    result: null,
    decidedById: null,
    note: input.note ?? '',
  }
  await tx.insert(proposalMilestones).values(milestone)
  const detail = { milestone: input.kind, milestoneId: id }
  await changeProposal(tx, proposal, {}, { action: 'proposal_changed', by, detail }, now)
  return milestone
}

/** Changes a milestone. A go/no-go decided as go says when it was decided to bid. */
export async function changeMilestone(
  tx: Tx,
  proposal: Proposal,
  id: string,
  edit: MilestoneEdit,
  by: Member,
  now: number,
): Promise<Milestone> {
  const milestone = await findMilestone(tx, proposal, id)
  const { label, due, note, result } = edit
  const doneAt = edit.doneAt === undefined && result ? (milestone.doneAt ?? now) : edit.doneAt
  const changed: Milestone = {
    ...milestone,
    ...(label === undefined ? {} : { label }),
    ...(due ? timeOf(due) : {}),
    ...(note === undefined ? {} : { note }),
    ...(doneAt === undefined ? {} : { doneAt }),
    ...(result === undefined ? {} : { result, decidedById: result ? by.id : null }),
  }
  await tx.update(proposalMilestones).set(changed).where(eq(proposalMilestones.id, id))
  if (changed.doneAt !== null && milestone.doneAt === null) await touch(tx, proposal, changed.doneAt)
  const decided = milestone.kind === 'bid_decision' && (result === 'go' || result === 'conditional')
  const rest = decided ? { bidDecidedAt: changed.doneAt } : {}
  const detail = { milestone: milestone.kind, milestoneId: id, result: changed.result, doneAt: changed.doneAt }
  await changeProposal(tx, proposal, { rest }, { action: 'proposal_changed', by, detail }, now)
  return changed
}

export async function removeMilestone(tx: Tx, proposal: Proposal, id: string, by: Member, now: number): Promise<void> {
  const milestone = await findMilestone(tx, proposal, id)
  await tx.delete(proposalMilestones).where(eq(proposalMilestones.id, id))
  const detail = { milestone: milestone.kind, removed: true }
  await changeProposal(tx, proposal, {}, { action: 'proposal_changed', by, detail }, now)
}

async function touch(tx: Tx, proposal: Proposal, at: number): Promise<void> {
  await tx.insert(proposalTouches).values({ proposalId: proposal.id, at, kind: 'task' }).onConflictDoNothing()
}

async function findMilestone(tx: Tx, proposal: Proposal, id: string): Promise<Milestone> {
  const [milestone] = await tx
    .select()
    .from(proposalMilestones)
    .where(and(eq(proposalMilestones.id, id), eq(proposalMilestones.proposalId, proposal.id)))
  if (!milestone) throw new NotFound('There is no such milestone.')
  return milestone
}
