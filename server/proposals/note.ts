import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import {
  type Member,
  type Proposal,
  type ProposalNote,
  proposalNotes,
  proposals,
  proposalTouches,
} from '../../db/schema.ts'
import type { TouchKind } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { recordOf } from './change.ts'

/** Adds a note, of an earlier time where it comes with a proposal's past. Sent again, it is there already. */
export async function addProposalNote(
  tx: Tx,
  proposal: Proposal,
  { id, text, at }: { id: string; text: string; at?: number | undefined },
  by: Member,
  now: number,
): Promise<ProposalNote> {
  const [known] = await tx.select().from(proposalNotes).where(eq(proposalNotes.id, id))
  if (known) return known
  if (at !== undefined && at > now) throw new Invalid([{ field: 'at', message: 'at must not be in the future.' }])
  const note: ProposalNote = { id, proposalId: proposal.id, memberId: by.id, text, at: at ?? now }
  await tx.insert(proposalNotes).values(note)
  await touchProposal(tx, proposal, 'note', note.at)
  await recordOf(tx, proposal, { action: 'proposal_noted', by, detail: { noteId: id } }, now)
  return note
}

/** Remembers that something moved about a proposal, so that it is not taken for idle. Not a change of it. */
export async function touchProposal(tx: Tx, proposal: Proposal, kind: TouchKind, at: number): Promise<void> {
  await tx.insert(proposalTouches).values({ proposalId: proposal.id, at, kind }).onConflictDoNothing()
  if (at > proposal.touchedAt) await tx.update(proposals).set({ touchedAt: at }).where(eq(proposals.id, proposal.id))
}
