import { and, desc, eq, inArray, max, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { addressBook, contactAddresses, contacts } from '../../db/schema.ts'
import { addressDomain } from './belonging.ts'

/** So many people of an organization are shown, those with the last contact first. */
export const PEOPLE_SHOWN = 100

/** The people of an organization whom a member knows, the last contact first, and how many there are. */
export async function peopleOf(
  read: Reader,
  books: readonly string[],
  organizationId: string,
): Promise<{ ids: string[]; count: number }> {
  const theirs = and(eq(contacts.organizationId, organizationId), inArray(addressBook.mailboxId, [...books]))
  const at = max(addressBook.listedAt)
  const rows = await read
    .select({ id: contacts.id, at })
    .from(contacts)
    .innerJoin(addressBook, eq(addressBook.ownerId, contacts.id))
    .where(theirs)
    .groupBy(contacts.id)
    .orderBy(desc(at), desc(contacts.id))
    .limit(PEOPLE_SHOWN)
  if (rows.length < PEOPLE_SHOWN) return { ids: rows.map(({ id }) => id), count: rows.length }
  const [counted] = await read
    .select({ n: sql<number>`count(distinct ${contacts.id})`.mapWith(Number) })
    .from(contacts)
    .innerJoin(addressBook, eq(addressBook.ownerId, contacts.id))
    .where(theirs)
  return { ids: rows.map(({ id }) => id), count: counted?.n ?? rows.length }
}

/** So many addresses elsewhere are asked for beside the domains. */
const MAX_ELSEWHERE = 40

/** Addresses of an organization's people that are at none of its domains. */
export async function addressesElsewhere(
  read: Reader,
  organizationId: string,
  domains: readonly string[],
): Promise<string[]> {
  const registered = domains.map(addressDomain)
  const rows = await read
    .select({ address: contactAddresses.address, domain: contactAddresses.domain })
    .from(contacts)
    .innerJoin(contactAddresses, eq(contactAddresses.contactId, contacts.id))
    .where(eq(contacts.organizationId, organizationId))
    .orderBy(desc(contacts.organizationByHand))
    .limit(MAX_LOOKED_AT)
  return rows
    .filter(({ domain }) => !registered.includes(domain))
    .map(({ address }) => address)
    .slice(0, MAX_ELSEWHERE)
}
const MAX_LOOKED_AT = 2_000
