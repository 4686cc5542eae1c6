import { inArray, isNull, or, type SQL } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { type Member, mailboxes, type Proposal, proposals } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { findProposal } from './proposal.ts'

/** What a member sees of all proposals. */
export type Scope = {
  /** The mailboxes that they see; a proposal without one is for everybody. */
  mailboxIds: string[] | 'all'
  /** They see every mailbox, so that nothing is missing from a total. */
  complete: boolean
}

export async function scopeOf(read: Reader, member: Pick<Member, 'id' | 'role'>): Promise<Scope> {
  const mailboxIds = await visibleMailboxIds(read, member)
  if (mailboxIds === 'all') return { mailboxIds, complete: true }
  const all = await read.$count(mailboxes)
  return { mailboxIds, complete: mailboxIds.length >= all }
}

/** The condition on proposals that a scope is; none where everything is seen. */
export function within({ mailboxIds, complete }: Scope): SQL | undefined {
  if (mailboxIds === 'all' || complete) return undefined
  return or(isNull(proposals.mailboxId), inArray(proposals.mailboxId, mailboxIds))
}

/** The proposal, if the member sees it; else NotFound, in the same words as for one that never was. */
export async function proposalFor(read: Reader, member: Pick<Member, 'id' | 'role'>, id: string): Promise<Proposal> {
  const proposal = await findProposal(read, id)
  if (proposal.mailboxId === null) return proposal
  const visible = await visibleMailboxIds(read, member)
  if (visible !== 'all' && !visible.includes(proposal.mailboxId)) throw new NotFound('There is no such proposal.')
  return proposal
}
