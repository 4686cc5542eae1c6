import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Issue, type Member, seen } from '../../db/schema.ts'

/** Remembers that a member has seen an issue as it is now. */
export async function markSeen(tx: Tx, issue: Issue, by: Member, now: number): Promise<void> {
  await tx
    .insert(seen)
    .values({ memberId: by.id, issueId: issue.id, at: now })
    .onConflictDoUpdate({ target: [seen.memberId, seen.issueId], set: { at: now } })
}

/** Forgets that a member has seen an issue. */
export async function markUnseen(tx: Tx, issue: Issue, by: Member): Promise<void> {
  await tx.delete(seen).where(and(eq(seen.memberId, by.id), eq(seen.issueId, issue.id)))
}
