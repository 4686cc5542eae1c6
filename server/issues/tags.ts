import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { type Issue, issueTags } from '../../db/schema.ts'

/** Keeps what the lists of tags go by as it is in the issue. */
export async function relistTags(tx: Tx, before: Issue, { id, status, listedAt, tagIds }: Issue): Promise<void> {
  if (tagIds.length === 0 || (before.status === status && before.listedAt === listedAt)) return
  await tx.update(issueTags).set({ status, listedAt }).where(eq(issueTags.issueId, id))
}
