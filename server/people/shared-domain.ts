import { and, desc, eq } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, organizationDomains, sharedDomains } from '../../db/schema.ts'
import { record } from '../issues/event.ts'
import { belongAgain } from './belonging.ts'
import { writeOrganization } from './book.ts'

/** Says that anybody may have an address at a domain: it is no organization's any more, and none grows from it. */
export async function markShared(tx: Tx, domain: string, by: Member, now: number): Promise<void> {
  const [owner] = await tx.select().from(organizationDomains).where(eq(organizationDomains.domain, domain))
  await tx.insert(sharedDomains).values({ domain, memberId: by.id, at: now }).onConflictDoNothing()
  await tx.delete(organizationDomains).where(eq(organizationDomains.domain, domain))
  const detail = { domain, shared: true, organizationId: owner?.organizationId ?? null }
  const organizationId = owner?.organizationId ?? null
  await record(tx, { action: 'domain_marked', at: now, memberId: by.id, organizationId, detail })
  await writeConcerned(tx, await belongAgain(tx, domain, now), organizationId)
}

/**
 * Says that a domain is an organization's after all: that of `organizationId`, else one that is made for it where it has
 * people.
 */
export async function unmarkShared(
  tx: Tx,
  domain: string,
  organizationId: string | null,
  by: Member,
  now: number,
): Promise<void> {
  const gone = await tx.delete(sharedDomains).where(eq(sharedDomains.domain, domain)).returning()
  if (gone.length === 0) return
  if (organizationId) await tx.insert(organizationDomains).values({ domain, organizationId }).onConflictDoNothing()
  const detail = { domain, shared: false, organizationId }
  await record(tx, { action: 'domain_marked', at: now, memberId: by.id, organizationId, detail })
  await writeConcerned(tx, await belongAgain(tx, domain, now, true), organizationId)
}

async function writeConcerned(tx: Tx, ids: ReadonlySet<string>, also: string | null): Promise<void> {
  for (const id of new Set([...ids, ...(also ? [also] : [])])) await writeOrganization(tx, id)
}

/**
 * The domains that members marked, the newest first.
 * @param by only those that this member marked: others may be from mail that they do not see
 */
export async function listShared(read: Reader, by: Pick<Member, 'id'> | null) {
  return await read
    .select()
    .from(sharedDomains)
    .where(and(by ? eq(sharedDomains.memberId, by.id) : undefined))
    .orderBy(desc(sharedDomains.at))
    .limit(MAX_SHOWN)
}
const MAX_SHOWN = 500
