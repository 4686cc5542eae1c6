import { and, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, outcomeReasons, type Proposal, proposalCompetitors, proposalReasons } from '../../db/schema.ts'
import type { ClosedOutcome } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { changeProposal } from './change.ts'
import { setCompetitor } from './competitor.ts'
import { groundOf } from './proposal.ts'
import { saidBy } from './state.ts'

export type Closing = {
  outcome: ClosedOutcome
  /** When it was decided; left out: now. */
  decidedAt?: number | undefined
  /** What was awarded, in minor units of the proposal's currency; left out: the value. Only of one that was won. */
  awardMinor?: number | null | undefined
  primaryReasonId?: string | null | undefined
  /** Further reasons. */
  reasonIds?: string[] | undefined
  note?: string | undefined
  /** The organization that won instead of us. */
  winnerId?: string | null | undefined
}

/** These ends need a reason: there is always one, and without it nobody learns. */
const NEED_A_REASON: readonly ClosedOutcome[] = ['lost', 'no_bid', 'withdrawn']

/**
 * Closes a proposal, or closes it otherwise: outcome, time, award, reasons and winner together, and the exchange rate
 * of that day frozen.
 */
export async function closeProposal(
  tx: Tx,
  proposal: Proposal,
  closing: Closing,
  by: Member,
  now: number,
): Promise<Proposal> {
  const { outcome, primaryReasonId, reasonIds = [], note = '', winnerId } = closing
  if (!primaryReasonId && NEED_A_REASON.includes(outcome))
    throw new Invalid([
      { field: 'primaryReasonId', message: 'primaryReasonId is missing. Say what the main reason was.' },
    ])
  if (closing.awardMinor != null && outcome !== 'won')
    throw new Invalid([{ field: 'awardMinor', message: 'awardMinor must be left out unless the proposal was won.' }])
  const chosen = [...new Set([primaryReasonId, ...reasonIds].filter((id) => id != null))]
  for (const id of chosen) await checkReason(tx, id, outcome, id === primaryReasonId ? note : 'secondary')
  const ground = await groundOf(tx)
  const at = closing.decidedAt
  const said = saidBy(
    { outcome, awardMinor: outcome === 'won' ? closing.awardMinor : null },
    proposal,
    ground,
    at ?? now,
  )
  const detail = { outcome, from: proposal.outcome, primaryReasonId: primaryReasonId ?? null }
  const closed = await changeProposal(tx, proposal, { said, at }, { action: 'proposal_closed', by, note, detail }, now)
  await tx.delete(proposalReasons).where(eq(proposalReasons.proposalId, proposal.id))
  if (chosen.length > 0)
    await tx.insert(proposalReasons).values(
      chosen.map((reasonId) => ({
        proposalId: proposal.id,
        reasonId,
        isPrimary: reasonId === primaryReasonId,
        note: reasonId === primaryReasonId ? note : '',
      })),
    )
  if (winnerId !== undefined) await setWinner(tx, closed, winnerId)
  return closed
}

/** Opens a proposal that ended: it goes on in the stage that it was in. What was said stays in its history. */
export async function reopenProposal(
  tx: Tx,
  proposal: Proposal,
  by: Member,
  now: number,
  note?: string,
): Promise<Proposal> {
  if (proposal.outcome === 'open') return proposal
  const said = saidBy({ outcome: 'open' }, proposal, await groundOf(tx), now)
  const rest = { reopenedCount: proposal.reopenedCount + 1 }
  const detail = { from: proposal.outcome }
  await tx.delete(proposalReasons).where(eq(proposalReasons.proposalId, proposal.id))
  await setWinner(tx, proposal, null)
  return await changeProposal(tx, proposal, { said, rest }, { action: 'proposal_reopened', by, note, detail }, now)
}

async function setWinner(tx: Tx, proposal: Proposal, winnerId: string | null): Promise<void> {
  const ofProposal = eq(proposalCompetitors.proposalId, proposal.id)
  await tx
    .update(proposalCompetitors)
    .set({ role: 'bidder' })
    .where(and(ofProposal, eq(proposalCompetitors.role, 'winner')))
  if (winnerId) await setCompetitor(tx, proposal, winnerId, { role: 'winner' })
}

async function checkReason(read: Reader, id: string, outcome: ClosedOutcome, note: string): Promise<void> {
  const [reason] = await read.select().from(outcomeReasons).where(eq(outcomeReasons.id, id))
  if (reason?.outcome !== outcome)
    throw new Invalid([{ field: 'primaryReasonId', message: 'primaryReasonId must name a reason for this outcome.' }])
  if (reason.needsNote && note.trim() === '')
    throw new Invalid([
      { field: 'note', message: `note is missing: "${reason.label}" says nothing without a few words.` },
    ])
}
