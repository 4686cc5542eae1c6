import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { contacts, type Member, members, type Proposal, proposalContacts, proposalMembers } from '../../db/schema.ts'
import type { ContactRole, ProposalRole } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { changeProposal } from './change.ts'

// Who works on a proposal, and whom it concerns at the customer.

/** Says which parts a member has in a proposal; none: they are no longer in its team. */
export async function setMemberRoles(
  tx: Tx,
  proposal: Proposal,
  memberId: string,
  roles: ProposalRole[],
  by: Member,
  now: number,
) {
  const [known] = await tx.select({ id: members.id }).from(members).where(eq(members.id, memberId))
  if (!known) throw new Invalid([{ field: 'memberId', message: 'memberId must name a member. There is none like it.' }])
  const mine = and(eq(proposalMembers.proposalId, proposal.id), eq(proposalMembers.memberId, memberId))
  await tx.delete(proposalMembers).where(mine)
  const rows = [...new Set(roles)].map((role) => ({ proposalId: proposal.id, memberId, role }))
  if (rows.length > 0) await tx.insert(proposalMembers).values(rows)
  await changeProposal(
    tx,
    proposal,
    {},
    { action: 'proposal_changed', by, detail: { teamMemberId: memberId, roles } },
    now,
  )
}

/** Says what a contact is to a proposal; null: nothing any more. */
export async function setContactRole(
  tx: Tx,
  proposal: Proposal,
  contactId: string,
  role: ContactRole | null,
  by: Member,
  now: number,
) {
  const [known] = await tx.select({ id: contacts.id }).from(contacts).where(eq(contacts.id, contactId))
  if (!known)
    throw new Invalid([{ field: 'contactId', message: 'contactId must name a contact. There is none like it.' }])
  const { proposalId, contactId: whom } = proposalContacts
  await tx.delete(proposalContacts).where(and(eq(proposalId, proposal.id), eq(whom, contactId)))
  if (role) await tx.insert(proposalContacts).values({ proposalId: proposal.id, contactId, role })
  await changeProposal(tx, proposal, {}, { action: 'proposal_changed', by, detail: { contactId, role } }, now)
}
