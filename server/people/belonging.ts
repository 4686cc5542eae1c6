import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { insertInto } from '../../db/prepared.ts'
import {
  contactAddresses,
  contacts,
  type Organization,
  organizationDomains,
  organizations,
  sharedDomains,
} from '../../db/schema.ts'
import { domainOf, isFreeMail, labelOf, nameFromLabel, registrableDomain } from '../issues/domain.ts'
import { nameKey } from './names.ts'

// Which organization an address belongs to, by its domain.

const PEOPLE_AT_ONCE = 500

/** A domain and those above it, down to two labels: the most specific first. */
function domainAndAbove(domain: string): string[] {
  const labels = domain.split('.')
  return labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'))
}

/** The organization that an address belongs to by its domain, or a domain above it; never by a free mail provider. */
export async function organizationOf(read: Reader, address: string): Promise<Organization | undefined> {
  const asked = domainAndAbove(domainOf(address))
  if (asked.length === 0 || asked.some(isFreeMail)) return undefined
  const rows = await read
    .select({ domain: organizationDomains.domain, organization: organizations })
    .from(organizationDomains)
    .innerJoin(organizations, eq(organizations.id, organizationDomains.organizationId))
    .where(inArray(organizationDomains.domain, asked))
  return asked.flatMap((domain) => rows.find((row) => row.domain === domain)?.organization ?? [])[0]
}

/** Whether anybody may have an address at a domain, as we know or a member said. */
export async function isShared(read: Reader, domain: string): Promise<boolean> {
  const asked = domainAndAbove(domain)
  if (asked.some(isFreeMail)) return true
  const marked = await read.select().from(sharedDomains).where(inArray(sharedDomains.domain, asked)).limit(1)
  return marked.length > 0
}

/** The organization of an address, made where its domain is one that nobody has; null where it belongs to none. */
export async function organizationFor(tx: Tx, address: string, now: number): Promise<string | null> {
  const found = (await organizationOf(tx, address)) ?? (await newOrganizationFor(tx, address, now))
  return found?.id ?? null
}

/** An organization for an address whose domain is nobody's; null where it can not be one. */
export async function newOrganizationFor(tx: Tx, address: string, now: number): Promise<Organization | null> {
  const domain = registrableDomain(domainOf(address))
  const label = labelOf(domain)
  if (!label || (await isShared(tx, domain))) return null
  const id = uuidv7()
  const name = await freeName(tx, [nameFromLabel(label), domain, `${domain} (${id.slice(-4)})`])
  const organization: Organization = {
    id,
    name,
    nameKey: nameKey(name),
    nameByHand: false,
    kind: 'customer',
    zone: null,
    usFederal: false,
    openToAll: false,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await insertOrganization(tx, organization)
  await insertDomain(tx, { domain, organizationId: id })
  return organization
}

const insertOrganization = insertInto(organizations)
const insertDomain = insertInto(organizationDomains)

/** The first of these names that no organization has. */
async function freeName(tx: Tx, names: string[]): Promise<string> {
  const keys = names.map(nameKey)
  const taken = await tx
    .select({ nameKey: organizations.nameKey })
    .from(organizations)
    .where(inArray(organizations.nameKey, keys))
  return names.find((name) => !taken.some((row) => row.nameKey === nameKey(name))) ?? names.at(-1)!
}

/** What `contact_addresses` has for the domain of an address: the one that is registered, where there is one. */
export const addressDomain = (address: string): string => registrableDomain(domainOf(address)) || domainOf(address)

/**
 * Finds anew to which organization the people of a domain belong, by their main address: after the organizations' domains
 * have changed. Where a member said so by hand, it stays.
 * @param make an organization is made where the domain is one that nobody has
 * @returns the organizations that lost or got people
 */
export async function belongAgain(tx: Tx, domain: string, now: number, make = false): Promise<Set<string>> {
  const rows = await tx
    .select({ id: contacts.id, email: contacts.email, organizationId: contacts.organizationId })
    .from(contactAddresses)
    .innerJoin(contacts, and(eq(contacts.id, contactAddresses.contactId), eq(contacts.email, contactAddresses.address)))
    .where(
      and(
        eq(contactAddresses.domain, addressDomain(domain)),
        eq(contacts.organizationByHand, false),
        isNull(contacts.mergedIntoId),
      ),
    )
    .orderBy(asc(contacts.id))
  const concerned = new Set<string>()
  const byDomain = Map.groupBy(rows, ({ email }) => domainOf(email))
  for (const people of byDomain.values()) {
    const { email } = people[0]!
    const to = make ? await organizationFor(tx, email, now) : ((await organizationOf(tx, email))?.id ?? null)
    const moved = people.filter(({ organizationId }) => organizationId !== to)
    for (const { organizationId } of moved) if (organizationId) concerned.add(organizationId)
    if (to && moved.length > 0) concerned.add(to)
    for (let i = 0; i < moved.length; i += PEOPLE_AT_ONCE) {
      const ids = moved.slice(i, i + PEOPLE_AT_ONCE).map(({ id }) => id)
      await tx.update(contacts).set({ organizationId: to }).where(inArray(contacts.id, ids))
    }
  }
  return concerned
}
