import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Contact,
  contactAddresses,
  contacts,
  type Event,
  events,
  type Member,
  proposalContacts,
} from '../../db/schema.ts'
import type { ContactRole } from '../../db/vocabulary.ts'
import { Refused } from '../errors.ts'
import { writePerson } from './book.ts'
import { organizationById } from './organization.ts'
import { addressesOf, findPerson, recordOf, writeOrganizations } from './person.ts'

// Two people are one: a member brings one into the other, and takes them apart again whenever they like. The event of it
// names what moved, so nothing is lost.

type Said = Pick<Contact, 'name' | 'nameSource' | 'title' | 'organizationId' | 'organizationByHand' | 'openToAll'>

/** What the event of a merge keeps. */
type Kept = {
  fromId: string
  fromName: string
  addresses: string[]
  /** Parts in proposals, and whether the other one had the same part before. */
  parts: { proposalId: string; role: ContactRole; both: boolean }[]
  before: Said
  after: Said
}

/**
 * Brings a person into another: addresses and parts in proposals go there, and later mail follows them. What nobody said of
 * the other one is taken over.
 * @throws Refused where both are the same
 */
export async function mergePeople(tx: Tx, from: Contact, into: Contact, by: Member, now: number): Promise<Contact> {
  if (from.id === into.id) throw new Refused('These two are one person already.')
  const addresses = (await addressesOf(tx, from.id)).map(({ address }) => address)
  await tx.update(contactAddresses).set({ contactId: into.id }).where(eq(contactAddresses.contactId, from.id))
  const parts = await moveParts(tx, from, into)
  const after: Said = {
    ...(into.nameSource !== 'hand' && from.nameSource === 'hand' ? nameOf(from) : nameOf(into)),
    title: into.title || from.title,
    ...(into.organizationId === null && !into.organizationByHand ? organizationOf(from) : organizationOf(into)),
    openToAll: into.openToAll || from.openToAll,
  }
  const merged = { ...into, ...after, version: into.version + 1 }
  // Addresses are unique, and this row has none any more.
  const gone = { mergedIntoId: into.id, email: from.id, version: from.version + 1 }
  await tx.update(contacts).set(gone).where(eq(contacts.id, from.id))
  await tx.update(contacts).set(merged).where(eq(contacts.id, into.id))
  await refresh(tx, from, merged)
  const kept: Kept = { fromId: from.id, fromName: from.name || from.email, addresses, parts, before: said(into), after }
  await recordOf(tx, into, 'people_merged', by, kept, now)
  return await findPerson(tx, into.id)
}

const nameOf = ({ name, nameSource }: Contact) => ({ name, nameSource })
const organizationOf = ({ organizationId, organizationByHand }: Contact) => ({ organizationId, organizationByHand })
const said = (person: Contact): Said => {
  const { title, openToAll } = person
  return { ...nameOf(person), title, ...organizationOf(person), openToAll }
}

async function moveParts(tx: Tx, from: Contact, into: Contact): Promise<Kept['parts']> {
  const rows = await tx.select().from(proposalContacts).where(eq(proposalContacts.contactId, from.id))
  const others = await tx.select().from(proposalContacts).where(eq(proposalContacts.contactId, into.id))
  const parts = rows.map(({ proposalId, role }) => ({
    proposalId,
    role,
    both: others.some((other) => other.proposalId === proposalId),
  }))
  await tx.delete(proposalContacts).where(eq(proposalContacts.contactId, from.id))
  const moved = parts.filter(({ both }) => !both)
  if (moved.length > 0)
    await tx
      .insert(proposalContacts)
      .values(moved.map(({ proposalId, role }) => ({ proposalId, role, contactId: into.id })))
  return parts
}

async function refresh(tx: Tx, ...people: Contact[]): Promise<void> {
  for (const { id } of people) await writePerson(tx, id)
  await writeOrganizations(tx, ...people.map(({ organizationId }) => organizationId))
}

/**
 * Takes a person out of the one that they were brought into, with the addresses that came along and are still there. What
 * the other one took over goes back, as far as nobody has changed it since.
 * @throws Refused where they are on their own, or their addresses are others' by now
 */
export async function unmergePeople(
  tx: Tx,
  fromId: string,
  by: Member,
  now: number,
): Promise<{ from: Contact; into: Contact }> {
  const [from] = await tx.select().from(contacts).where(eq(contacts.id, fromId))
  const event = from && (await mergeOf(tx, from))
  if (!from || from.mergedIntoId === null || !event) throw new Refused('They are on their own already.')
  // The cast: only mergePeople writes such an event.
  const kept = event.detail as Kept
  const into = await findPerson(tx, from.mergedIntoId)
  const still = (await addressesOf(tx, into.id)).map(({ address }) => address)
  const back = kept.addresses.filter((address) => still.includes(address))
  const [email] = back
  if (email === undefined) throw new Refused('Their addresses belong to others by now. Move an address instead.')
  if (back.length === still.length)
    throw new Refused('The other one would be left without an address. Move an address instead.')
  await tx.update(contactAddresses).set({ contactId: from.id }).where(inArray(contactAddresses.address, back))
  await movePartsBack(tx, kept, into)
  const isAsMerged = into.id === from.mergedIntoId
  const before = isAsMerged ? asBefore(into, kept) : {}
  const left: Contact = {
    ...into,
    ...before,
    organizationId: await homeOf(tx, before.organizationId === undefined ? into.organizationId : before.organizationId),
    ...(back.includes(into.email) ? { email: still.find((address) => !back.includes(address))! } : {}),
    version: into.version + 1,
  }
  const organizationId = await homeOf(tx, from.organizationId)
  const alone: Contact = { ...from, organizationId, email, mergedIntoId: null, version: from.version + 1 }
  await tx.update(contacts).set(left).where(eq(contacts.id, into.id))
  await tx.update(contacts).set(alone).where(eq(contacts.id, from.id))
  await refresh(tx, alone, into, left)
  await recordOf(tx, left, 'people_unmerged', by, { fromId, fromName: kept.fromName, addresses: back }, now)
  await recordOf(tx, alone, 'people_unmerged', by, { intoId: into.id, addresses: back }, now)
  return { from: await findPerson(tx, from.id), into: await findPerson(tx, into.id) }
}

/** An organization, or the one that it was brought into since. */
async function homeOf(read: Reader, id: string | null): Promise<string | null> {
  return id === null ? null : ((await organizationById(read, id))?.id ?? null)
}

/** The merge that a person is in. */
async function mergeOf(read: Reader, { id, mergedIntoId }: Contact): Promise<Event | undefined> {
  const rows = await read
    .select()
    .from(events)
    .where(and(eq(events.contactId, mergedIntoId ?? ''), eq(events.action, 'people_merged')))
    .orderBy(desc(events.id))
  return rows.find(({ detail }) => detail.fromId === id)
}

async function movePartsBack(tx: Tx, { fromId, parts }: Kept, into: Contact): Promise<void> {
  for (const { proposalId, role, both } of parts) {
    const here = and(eq(proposalContacts.proposalId, proposalId), eq(proposalContacts.contactId, into.id))
    const [still] = await tx.select().from(proposalContacts).where(here)
    if (!still) continue
    if (!both) await tx.delete(proposalContacts).where(here)
    await tx.insert(proposalContacts).values({ proposalId, role, contactId: fromId }).onConflictDoNothing()
  }
}

/** What the merge changed of the other one, and nobody has changed since. */
function asBefore(into: Contact, { before, after }: Kept): Partial<Said> {
  return {
    ...(into.name === after.name && into.nameSource === after.nameSource && into.nameSource === 'hand'
      ? { name: before.name, nameSource: before.nameSource }
      : {}),
    ...(into.title === after.title ? { title: before.title } : {}),
    ...(into.organizationId === after.organizationId && into.organizationByHand === after.organizationByHand
      ? { organizationId: before.organizationId, organizationByHand: before.organizationByHand }
      : {}),
    ...(into.openToAll === after.openToAll ? { openToAll: before.openToAll } : {}),
  }
}
