import type { Tx } from '../../db/index.ts'
import type { Member, Proposal } from '../../db/schema.ts'
import { Refused } from '../errors.ts'
import { changeProposal, type Rest } from './change.ts'
import { customerOf, tellCustomers } from './customer.ts'
import { type About, checkOpen, dueOf, groundOf, type Partly } from './proposal.ts'
import { type Asked, saidBy } from './state.ts'

export type Edit = Partly<About> &
  Omit<Asked, 'stageId' | 'outcome' | 'dueAt'> & { at?: number | undefined; note?: string | undefined }

const REST = [
  'title',
  'valueBasis',
  'valueUnits',
  'organizationId',
  'source',
  'priority',
  'solicitationNumber',
  'solicitationKind',
  'portalUrl',
  'setAside',
  'receivedAt',
  'bidDecidedAt',
  'nextStep',
  'nextStepOn',
] as const

/** Changes what is said about a proposal. The probability of one's own stays whatever else is edited. */
export async function editProposal(tx: Tx, proposal: Proposal, edit: Edit, by: Member, now: number): Promise<Proposal> {
  if (edit.override !== undefined || edit.categoryOverride !== undefined) checkOpen(proposal)
  if (edit.awardMinor !== undefined && edit.awardMinor !== null && proposal.outcome !== 'won')
    throw new Refused('Only a proposal that was won has an award. Close it as won first.')
  const rest: Rest = Object.fromEntries(REST.flatMap((key) => (edit[key] === undefined ? [] : [[key, edit[key]]])))
  if (edit.organizationId !== undefined) rest.organizationId = await customerOf(tx, edit.organizationId)
  const asked: Asked = { ...edit }
  if (edit.due !== undefined) {
    const { dueAt, ...due } = dueOf(edit.due)
    Object.assign(rest, due)
    asked.dueAt = dueAt
  }
  const said = saidBy(asked, proposal, await groundOf(tx), edit.at ?? now)
  const cause = { action: 'proposal_changed', by, note: edit.note } as const
  const changed = await changeProposal(tx, proposal, { said, rest, at: edit.at }, cause, now)
  if (changed.organizationId !== proposal.organizationId) await tellCustomers(tx, proposal, changed)
  return changed
}

/** Takes a proposal out of every list and report; it can come back. */
export async function deleteProposal(tx: Tx, proposal: Proposal, by: Member, now: number): Promise<Proposal> {
  if (proposal.deletedAt !== null) return proposal
  return await changeProposal(tx, proposal, { rest: { deletedAt: now } }, { action: 'proposal_deleted', by }, now)
}

export async function restoreProposal(tx: Tx, proposal: Proposal, by: Member, now: number): Promise<Proposal> {
  if (proposal.deletedAt === null) return proposal
  return await changeProposal(tx, proposal, { rest: { deletedAt: null } }, { action: 'proposal_restored', by }, now)
}
