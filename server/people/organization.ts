import { and, eq, inArray } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import { type Member, type Organization, organizationDomains, organizations, sharedDomains } from '../../db/schema.ts'
import type { OrganizationKind } from '../../db/vocabulary.ts'
import { isZone } from '../../time/zone.ts'
import { Changed, Invalid, NotFound, Refused } from '../errors.ts'
import { isFreeMail } from '../issues/domain.ts'
import { record } from '../issues/event.ts'
import { belongAgain } from './belonging.ts'
import { writeOrganization } from './book.ts'
import { nameKey } from './names.ts'

/** An organization may be in one that is in another itself. */
const MAX_STEPS = 20

export type OrganizationInput = {
  name: string
  kind?: OrganizationKind | undefined
  zone?: string | null | undefined
  usFederal?: boolean | undefined
  domains?: string[] | undefined
}

type Partly<T> = { [K in keyof T]?: T[K] | undefined }

/** The organization, or NotFound; where it was brought into another, that one. Who may see it is asked by visible.ts. */
export async function findOrganization(read: Reader, id: string): Promise<Organization> {
  const found = await organizationById(read, id)
  if (!found) throw new NotFound('There is no such organization.')
  return found
}

/** As `findOrganization`; undefined where there is none. */
export async function organizationById(read: Reader, id: string): Promise<Organization | undefined> {
  let asked: string | null = id
  let found: Organization | undefined
  for (let step = 0; step < MAX_STEPS && asked !== null; step++) {
    const [row]: Organization[] = await read.select().from(organizations).where(eq(organizations.id, asked))
    if (!row) return found
    found = row
    asked = row.mergedIntoId
  }
  return found
}

/** @throws Changed where a member changed it since it was looked at */
export function checkVersion({ version }: { version: number }, seen: number | undefined, what: string): void {
  if (seen === undefined || seen === version) return
  throw new Changed(`Somebody changed ${what} in between. Look at it as it is now, then change it again.`, { version })
}

/** The organization of that name, made where there is none yet. Everybody may know of it. */
export async function organizationNamed(
  tx: Tx,
  input: OrganizationInput,
  now: number,
  id = uuidv7(),
): Promise<Organization> {
  const key = nameKey(input.name)
  const [known] = await tx.select().from(organizations).where(eq(organizations.nameKey, key))
  if (known) {
    const home = await findOrganization(tx, known.id)
    if (home.openToAll) return home
    await tx.update(organizations).set({ openToAll: true }).where(eq(organizations.id, home.id))
    await writeOrganization(tx, home.id)
    return { ...home, openToAll: true }
  }
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
  await setDomains(tx, organization, input.domains ?? [], now)
  await writeOrganization(tx, id)
  return organization
}

/** Corrects what is known of an organization. Names of its own stay whatever its mail says. */
export async function editOrganization(
  tx: Tx,
  organization: Organization,
  input: Partly<OrganizationInput>,
  by: Member,
  now: number,
): Promise<Organization> {
  checkZone(input.zone)
  const { name, kind, zone, usFederal, domains } = input
  const changed: Organization = {
    ...organization,
    ...(name === undefined ? {} : { name: name.trim(), nameKey: nameKey(name), nameByHand: true }),
    ...(kind === undefined ? {} : { kind }),
    ...(zone === undefined ? {} : { zone }),
    ...(usFederal === undefined ? {} : { usFederal }),
    version: organization.version + 1,
  }
  if (changed.nameKey !== organization.nameKey) await claimName(tx, changed)
  await tx.update(organizations).set(changed).where(eq(organizations.id, organization.id))
  const moved = domains ? await setDomains(tx, changed, domains, now) : null
  await writeOrganization(tx, organization.id)
  const said = [
    ...(name !== undefined && changed.name !== organization.name ? ['name'] : []),
    ...(kind !== undefined && kind !== organization.kind ? ['kind'] : []),
    ...(zone !== undefined && zone !== organization.zone ? ['zone'] : []),
    ...(usFederal !== undefined && usFederal !== organization.usFederal ? ['usFederal'] : []),
  ]
  const detail = {
    changed: said,
    ...(said.includes('name') ? { from: organization.name, to: changed.name } : {}),
    ...(moved ?? {}),
  }
  await recordOf(tx, changed, 'organization_changed', by, detail, now)
  return changed
}

/** Writes down what a member did with an organization. */
export async function recordOf(
  tx: Tx,
  { id }: Pick<Organization, 'id'>,
  action: 'organization_changed' | 'organizations_merged' | 'organizations_unmerged',
  by: Member,
  detail: Record<string, unknown>,
  now: number,
) {
  return await record(tx, { action, at: now, memberId: by.id, organizationId: id, detail })
}

/** @throws Refused where another organization has the name; one that is part of another gives it up */
async function claimName(tx: Tx, { id, nameKey: key }: Organization): Promise<void> {
  const [same] = await tx.select().from(organizations).where(eq(organizations.nameKey, key))
  if (!same || same.id === id) return
  if (same.mergedIntoId === null)
    throw new Refused(`There is an organization named ${same.name} already. Bring one into the other instead.`)
  await tx
    .update(organizations)
    .set({ nameKey: keyWithoutName(same.id) })
    .where(eq(organizations.id, same.id))
}

/** A key that no name has: names do not begin with a space. */
export const keyWithoutName = (id: string): string => ` ${id}`

export async function domainsOf(read: Reader, organizationId: string): Promise<string[]> {
  const rows = await read
    .select()
    .from(organizationDomains)
    .where(eq(organizationDomains.organizationId, organizationId))
  return rows.map(({ domain }) => domain).sort()
}

/**
 * Says which domains are those of an organization; the people there belong to it from now on.
 * @returns those that came and went
 * @throws Invalid where anybody may have an address there, Refused where it is another's
 */
async function setDomains(tx: Tx, { id }: Organization, domains: readonly string[], now: number) {
  const wanted = [...new Set(domains.map((text) => text.toLowerCase()))]
  const before = await domainsOf(tx, id)
  const added = wanted.filter((domain) => !before.includes(domain))
  const removed = before.filter((domain) => !wanted.includes(domain))
  for (const domain of added) {
    if (isFreeMail(domain))
      throw new Invalid([
        { field: 'domains', message: `domains must not name ${domain}: anybody may have an address there.` },
      ])
    const [taken] = await tx
      .select({ name: organizations.name })
      .from(organizationDomains)
      .innerJoin(organizations, eq(organizations.id, organizationDomains.organizationId))
      .where(eq(organizationDomains.domain, domain))
    if (taken) throw new Refused(`${domain} belongs to another organization already. Take it away there first.`)
    await tx.delete(sharedDomains).where(eq(sharedDomains.domain, domain))
    await tx.insert(organizationDomains).values({ domain, organizationId: id })
  }
  if (removed.length > 0)
    await tx
      .delete(organizationDomains)
      .where(and(eq(organizationDomains.organizationId, id), inArray(organizationDomains.domain, removed)))
  const concerned = new Set<string>()
  for (const domain of [...added, ...removed])
    for (const other of await belongAgain(tx, domain, now)) concerned.add(other)
  concerned.delete(id)
  for (const other of concerned) await writeOrganization(tx, other)
  return { ...(added.length > 0 ? { added } : {}), ...(removed.length > 0 ? { removed } : {}) }
}

function checkZone(zone: string | null | undefined): void {
  if (zone && !isZone(zone))
    throw new Invalid([{ field: 'zone', message: `zone must be a time zone such as America/Denver, not "${zone}".` }])
}
