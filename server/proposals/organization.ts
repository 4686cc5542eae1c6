import { asc, eq, like } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { type Contact, contacts, type Organization, organizationDomains, organizations } from '../../db/schema.ts'
import type { OrganizationKind } from '../../db/vocabulary.ts'
import { Invalid, NotFound, Refused } from '../errors.ts'
import { isFreeMail } from '../issues/domain.ts'
import { isZone } from './deadline.ts'
import type { Partly } from './proposal.ts'

const MAX_FOUND = 50

export type OrganizationInput = {
  name: string
  kind?: OrganizationKind | undefined
  zone?: string | null | undefined
  usFederal?: boolean | undefined
  domains?: string[] | undefined
}

/** A name as it is compared: without case, accents and extra space. */
export const nameKey = (name: string): string =>
  name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

/** Organizations whose name begins like this, by name; with no text, the first ones. */
export async function findOrganizations(read: Reader, text = ''): Promise<Organization[]> {
  const begins = `${nameKey(text).replace(/[%_\\]/g, '')}%`
  return await read
    .select()
    .from(organizations)
    .where(text ? like(organizations.nameKey, begins) : undefined)
    .orderBy(asc(organizations.nameKey))
    .limit(MAX_FOUND)
}

/** The organization of that name, made where there is none yet. */
export async function organizationNamed(
  tx: Tx,
  input: OrganizationInput,
  now: number,
  id = uuidv7(),
): Promise<Organization> {
  const key = nameKey(input.name)
  const [known] = await tx.select().from(organizations).where(eq(organizations.nameKey, key))
  if (known) return known
  checkZone(input.zone)
  const organization: Organization = {
    id,
    name: input.name.trim(),
    nameKey: key,
    kind: input.kind ?? 'customer',
    zone: input.zone ?? null,
    usFederal: input.usFederal ?? false,
    nameByHand: true,
    openToAll: true,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await tx.insert(organizations).values(organization)
  await addDomains(tx, organization.id, input.domains ?? [])
  return organization
}

export async function editOrganization(tx: Tx, id: string, input: Partly<OrganizationInput>): Promise<Organization> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, id))
  if (!organization) throw new NotFound('There is no such organization.')
  checkZone(input.zone)
  const { name, kind, zone, usFederal, domains } = input
  const changed: Organization = {
    ...organization,
    ...(name === undefined ? {} : { name: name.trim(), nameKey: nameKey(name) }),
    ...(kind === undefined ? {} : { kind }),
    ...(zone === undefined ? {} : { zone }),
    ...(usFederal === undefined ? {} : { usFederal }),
  }
  const [same] = await tx.select().from(organizations).where(eq(organizations.nameKey, changed.nameKey))
  if (same && same.id !== id) throw new Refused(`There is an organization named ${same.name} already.`)
  await tx.update(organizations).set(changed).where(eq(organizations.id, id))
  if (domains) {
    await tx.delete(organizationDomains).where(eq(organizationDomains.organizationId, id))
    await addDomains(tx, id, domains)
  }
  return changed
}

export async function domainsOf(read: Reader, organizationId: string): Promise<string[]> {
  const rows = await read
    .select()
    .from(organizationDomains)
    .where(eq(organizationDomains.organizationId, organizationId))
  return rows.map(({ domain }) => domain).sort()
}

async function addDomains(tx: Tx, organizationId: string, domains: string[]): Promise<void> {
  for (const domain of new Set(domains.map((text) => text.toLowerCase()))) {
    if (isFreeMail(domain))
      throw new Invalid([
        { field: 'domains', message: `domains must not name ${domain}: anybody may have an address there.` },
      ])
    const [taken] = await tx.select().from(organizationDomains).where(eq(organizationDomains.domain, domain))
    if (taken && taken.organizationId !== organizationId)
      throw new Refused(`${domain} belongs to another organization already.`)
    if (!taken) await tx.insert(organizationDomains).values({ domain, organizationId })
  }
}

/** The organization that an address belongs to by its domain, or a domain above it. */
export async function organizationOf(read: Reader, address: string): Promise<Organization | undefined> {
  const labels = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.')
  for (let i = 0; i < labels.length - 1; i++) {
    const domain = labels.slice(i).join('.')
    if (isFreeMail(domain)) return undefined
    const [found] = await read
      .select({ organization: organizations })
      .from(organizationDomains)
      .innerJoin(organizations, eq(organizations.id, organizationDomains.organizationId))
      .where(eq(organizationDomains.domain, domain))
    if (found) return found.organization
  }
  return undefined
}

/** The contact with that address, made where there is none yet. */
export async function contactNamed(
  tx: Tx,
  {
    email,
    name,
    title = '',
    organizationId = null,
  }: { email: string; name: string; title?: string; organizationId?: string | null },
  now: number,
): Promise<Contact> {
  const [known] = await tx.select().from(contacts).where(eq(contacts.email, email))
  if (known) return known
  const contact: Contact = {
    id: uuidv7(),
    email,
    name,
    nameSource: 'hand',
    title,
    organizationId,
    organizationByHand: true,
    openToAll: true,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await tx.insert(contacts).values(contact)
  return contact
}

function checkZone(zone: string | null | undefined): void {
  if (zone && !isZone(zone))
    throw new Invalid([{ field: 'zone', message: `zone must be a time zone such as America/Denver, not "${zone}".` }])
}
