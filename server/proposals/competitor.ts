import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { organizations, type Proposal, proposalCompetitors } from '../../db/schema.ts'
import type { CompetitorRole } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'

export type Competitor = { role: CompetitorRole; priceMinor?: number | null | undefined; note?: string | undefined }

/** Says who else bids, or that somebody of them won. What is left out stays. */
export async function setCompetitor(
  tx: Tx,
  proposal: Proposal,
  organizationId: string,
  said: Competitor,
): Promise<void> {
  const [known] = await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId))
  if (!known)
    throw new Invalid([
      { field: 'organizationId', message: 'organizationId must name an organization. There is none like it.' },
    ])
  const { role, priceMinor, note } = said
  const set = { role, ...(priceMinor === undefined ? {} : { priceMinor }), ...(note === undefined ? {} : { note }) }
  const table = proposalCompetitors
  await tx
    .insert(table)
    .values({ proposalId: proposal.id, organizationId, ...set })
    .onConflictDoUpdate({ target: [table.proposalId, table.organizationId], set })
}

export async function removeCompetitor(tx: Tx, proposal: Proposal, organizationId: string): Promise<void> {
  const table = proposalCompetitors
  await tx.delete(table).where(and(eq(table.proposalId, proposal.id), eq(table.organizationId, organizationId)))
}
