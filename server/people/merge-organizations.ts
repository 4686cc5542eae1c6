import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  contacts,
  type Event,
  events,
  type Member,
  type Organization,
  organizationDomains,
  organizations,
  proposalCompetitors,
  proposals,
} from '../../db/schema.ts'
import { Refused } from '../errors.ts'
import { belongAgain } from './belonging.ts'
import { writeOrganization } from './book.ts'
import { nameKey } from './names.ts'
import { domainsOf, findOrganization, keyWithoutName, recordOf } from './organization.ts'

// Two organizations are one, as two people are (merge-people.ts).

const AT_ONCE = 500

type Competitor = typeof proposalCompetitors.$inferSelect

/** What the event of a merge keeps. Who belongs by domain goes back with the domain. */
type Kept = {
  fromId: string
  fromName: string
  domains: string[]
  /** The people of whom a member said that they belong there. */
  byHand: string[]
  proposals: string[]
  competitors: Competitor[]
  openToAll: boolean
}

/**
 * Brings an organization into another: its domains, people, proposals and bids against us go there, and later mail follows.
 * @throws Refused where both are the same
 */
export async function mergeOrganizations(
  tx: Tx,
  from: Organization,
  into: Organization,
  by: Member,
  now: number,
): Promise<Organization> {
  if (from.id === into.id) throw new Refused('These two are one organization already.')
  const domains = await domainsOf(tx, from.id)
  const people = await tx
    .select({ id: contacts.id, byHand: contacts.organizationByHand })
    .from(contacts)
    .where(eq(contacts.organizationId, from.id))
  const bids = await tx.select({ id: proposals.id }).from(proposals).where(eq(proposals.organizationId, from.id))
  const kept: Kept = {
    fromId: from.id,
    fromName: from.name,
    domains,
    byHand: people.filter(({ byHand }) => byHand).map(({ id }) => id),
    proposals: bids.map(({ id }) => id),
    competitors: await moveCompetitors(tx, from.id, into.id),
    openToAll: into.openToAll,
  }
  const moved = { organizationId: into.id }
  await tx.update(organizationDomains).set(moved).where(eq(organizationDomains.organizationId, from.id))
  await tx.update(contacts).set(moved).where(eq(contacts.organizationId, from.id))
  await tx.update(proposals).set(moved).where(eq(proposals.organizationId, from.id))
  const gone = { mergedIntoId: into.id, version: from.version + 1 }
  await tx.update(organizations).set(gone).where(eq(organizations.id, from.id))
  const openToAll = into.openToAll || from.openToAll
  await tx
    .update(organizations)
    .set({ openToAll, version: into.version + 1 })
    .where(eq(organizations.id, into.id))
  await writeBoth(tx, from.id, into.id)
  await recordOf(tx, into, 'organizations_merged', by, kept, now)
  return await findOrganization(tx, into.id)
}

async function moveCompetitors(tx: Tx, fromId: string, intoId: string): Promise<Competitor[]> {
  const table = proposalCompetitors
  const rows = await tx.select().from(table).where(eq(table.organizationId, fromId))
  await tx.delete(table).where(eq(table.organizationId, fromId))
  for (const row of rows)
    await tx
      .insert(table)
      .values({ ...row, organizationId: intoId })
      .onConflictDoNothing()
  return rows
}

const writeBoth = async (tx: Tx, ...ids: string[]) => {
  for (const id of ids) await writeOrganization(tx, id)
}

/**
 * Takes an organization out of the one that it was brought into, with what came along and is still there.
 * @throws Refused where it is on its own
 */
export async function unmergeOrganizations(
  tx: Tx,
  fromId: string,
  by: Member,
  now: number,
): Promise<{ from: Organization; into: Organization }> {
  const [from] = await tx.select().from(organizations).where(eq(organizations.id, fromId))
  const event = from && (await mergeOf(tx, from))
  if (!from || from.mergedIntoId === null || !event) throw new Refused('It is on its own already.')
  // The cast: only mergeOrganizations writes such an event.
  const kept = event.detail as Kept
  const into = await findOrganization(tx, from.mergedIntoId)
  const alone: Organization = { ...from, ...(await freeName(tx, from)), mergedIntoId: null, version: from.version + 1 }
  await tx.update(organizations).set(alone).where(eq(organizations.id, from.id))
  const openToAll = into.id === from.mergedIntoId ? kept.openToAll : into.openToAll
  await tx
    .update(organizations)
    .set({ openToAll, version: into.version + 1 })
    .where(eq(organizations.id, into.id))
  const concerned = new Set([from.id, into.id])
  for (const table of [organizationDomains, contacts, proposals] as const) await moveBack(tx, table, kept, into.id)
  await moveCompetitorsBack(tx, kept, into.id)
  for (const domain of kept.domains) for (const id of await belongAgain(tx, domain, now)) concerned.add(id)
  await writeBoth(tx, ...concerned)
  const detail = { fromId, fromName: from.name, domains: kept.domains }
  await recordOf(tx, into, 'organizations_unmerged', by, detail, now)
  await recordOf(tx, alone, 'organizations_unmerged', by, { intoId: into.id, domains: kept.domains }, now)
  return { from: await findOrganization(tx, from.id), into: await findOrganization(tx, into.id) }
}

/** What came along and is still there. */
async function moveBack(
  tx: Tx,
  table: typeof organizationDomains | typeof contacts | typeof proposals,
  kept: Kept,
  intoId: string,
): Promise<void> {
  const key = 'domain' in table ? table.domain : table.id
  const all = 'domain' in table ? kept.domains : table === contacts ? kept.byHand : kept.proposals
  for (let i = 0; i < all.length; i += AT_ONCE)
    await tx
      .update(table)
      .set({ organizationId: kept.fromId })
      .where(and(eq(table.organizationId, intoId), inArray(key, all.slice(i, i + AT_ONCE))))
}

async function moveCompetitorsBack(tx: Tx, { fromId, competitors }: Kept, intoId: string): Promise<void> {
  const table = proposalCompetitors
  for (const row of competitors) {
    const here = and(eq(table.proposalId, row.proposalId), eq(table.organizationId, intoId))
    const [still] = await tx.select().from(table).where(here)
    if (!still) continue
    const isTheirs = still.role === row.role && still.priceMinor === row.priceMinor && still.note === row.note
    if (isTheirs) await tx.delete(table).where(here)
    await tx
      .insert(table)
      .values({ ...row, organizationId: fromId })
      .onConflictDoNothing()
  }
}

/** Its name, unless another organization took it meanwhile. */
async function freeName(tx: Tx, { id, name }: Organization): Promise<Pick<Organization, 'name' | 'nameKey'>> {
  for (const free of [name, `${name} (2)`]) {
    const [same] = await tx
      .select({ id: organizations.id })
      .from(organizations)
      .where(eq(organizations.nameKey, nameKey(free)))
    if (!same || same.id === id) return { name: free, nameKey: nameKey(free) }
  }
  return { name, nameKey: keyWithoutName(id) }
}

/** The merge that an organization is in. */
async function mergeOf(read: Reader, { id, mergedIntoId }: Organization): Promise<Event | undefined> {
  const rows = await read
    .select()
    .from(events)
    .where(and(eq(events.organizationId, mergedIntoId ?? ''), eq(events.action, 'organizations_merged')))
    .orderBy(desc(events.id))
  return rows.find(({ detail }) => detail.fromId === id)
}
