import type { Tx } from '../../db/index.ts'
import { type Issue, type Member, seen } from '../../db/schema.ts'

/** Remembers that a member has seen an issue as it is now. */
export async function markSeen(tx: Tx, issue: Issue, by: Member, now: number): Promise<void> {
  await tx
    .insert(seen)
    .values({ memberId: by.id, issueId: issue.id, at: now })
    .onConflictDoUpdate({ target: [seen.memberId, seen.issueId], set: { at: now } })
}
