import { eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Issue, type Member, refusals } from '../../db/schema.ts'

type Named = Pick<Issue, 'id'>

const pairOf = (a: Named, b: Named) =>
  a.id < b.id ? { issueId: a.id, otherId: b.id } : { issueId: b.id, otherId: a.id }

/** Learns that two issues are not about the same matter. */
export async function refuse(tx: Tx, a: Named, b: Named, by: Member, now: number): Promise<void> {
  await tx
    .insert(refusals)
    .values({ ...pairOf(a, b), memberId: by.id, at: now })
    .onConflictDoNothing()
}

/** The issues of which somebody said that they are another matter than this one. */
export async function refusedFor(read: Reader, issueId: string): Promise<Set<string>> {
  const lesser = await read.select({ id: refusals.otherId }).from(refusals).where(eq(refusals.issueId, issueId))
  const greater = await read.select({ id: refusals.issueId }).from(refusals).where(eq(refusals.otherId, issueId))
  return new Set([...lesser, ...greater].map(({ id }) => id))
}
