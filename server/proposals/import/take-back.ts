import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import {
  type Import,
  type ImportRow,
  importRows,
  type Member,
  type Proposal,
  proposalOrigins,
  proposals,
  proposalThreads,
} from '../../../db/schema.ts'
import { changeProposal } from '../change.ts'
import { deleteProposal } from '../edit.ts'
import { stagesById } from '../stages.ts'

/** Takes back what an import did to some proposals; one that somebody changed since, or linked mail to, stays. */
export async function takeBackSome(tx: Tx, one: Import, most: number, by: Member, now: number) {
  const rows = await tx
    .select()
    .from(importRows)
    .where(and(eq(importRows.importId, one.id), isNull(importRows.takenBackAt), isNull(importRows.keptAt)))
    .orderBy(sql`${importRows.line} desc`)
    .limit(most)
  let kept = 0
  for (const row of rows) {
    const isBack = await takeBack(tx, row, one, by, now)
    if (!isBack) kept++
    await tx
      .update(importRows)
      .set(isBack ? { takenBackAt: now } : { keptAt: now })
      .where(and(eq(importRows.importId, row.importId), eq(importRows.line, row.line)))
  }
  return { looked: rows.length, kept }
}

async function takeBack(tx: Tx, row: ImportRow, one: Import, by: Member, now: number): Promise<boolean> {
  const [proposal] = await tx.select().from(proposals).where(eq(proposals.id, row.proposalId))
  if (!proposal) return true
  if (proposal.deletedAt === null && (await wasTouched(tx, row, proposal))) return false
  if (row.act === 'created') {
    await deleteProposal(tx, proposal, by, now)
    await tx.delete(proposalOrigins).where(eq(proposalOrigins.proposalId, proposal.id))
    return true
  }
  if (proposal.deletedAt !== null) return true
  const { said = {}, rest = {} } = row.before ?? {}
  const stages = await stagesById(tx)
  if (said.stageId && !stages.has(said.stageId)) return false
  const detail = { importId: one.id, takenBack: true }
  const cause = { action: 'proposal_changed', by, cause: 'import', detail } as const
  const changed = await changeProposal(tx, proposal, { said, rest }, cause, now)
  // It is what an import before this one left: that one can be taken back as well.
  await tx
    .update(importRows)
    .set({ version: changed.version })
    .where(and(eq(importRows.proposalId, proposal.id), eq(importRows.version, row.version - 1)))
  return true
}

async function wasTouched(tx: Tx, row: ImportRow, proposal: Proposal): Promise<boolean> {
  if (proposal.version !== row.version) return true
  return row.act === 'created' && (await tx.$count(proposalThreads, eq(proposalThreads.proposalId, proposal.id))) > 0
}
