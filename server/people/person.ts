import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Contact,
  type ContactAddress,
  contactAddresses,
  contacts,
  correspondence,
  type Member,
} from '../../db/schema.ts'
import { NotFound, Refused } from '../errors.ts'
import { record } from '../issues/event.ts'
import { addressDomain, organizationFor } from './belonging.ts'
import { writeOrganization, writePerson } from './book.ts'
import { nameOf } from './names.ts'
import { findOrganization } from './organization.ts'

// A person, and what members correct about them.

/** A person may be in one that is in another. */
const MAX_STEPS = 20

/** The person, or NotFound; where they were brought into another, that one. Who may see them is asked by visible.ts. */
export async function findPerson(read: Reader, id: string): Promise<Contact> {
  let asked: string | null = id
  let found: Contact | undefined
  for (let step = 0; step < MAX_STEPS && asked !== null; step++) {
    const [row]: Contact[] = await read.select().from(contacts).where(eq(contacts.id, asked))
    if (!row) break
    found = row
    asked = row.mergedIntoId
  }
  if (!found) throw new NotFound('There is no such person.')
  return found
}

/** The person who has an address. */
export async function personAt(read: Reader, address: string): Promise<Contact | undefined> {
  const [row] = await read
    .select({ contact: contacts })
    .from(contactAddresses)
    .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
    .where(eq(contactAddresses.address, address))
  return row?.contact
}

export async function addressesOf(read: Reader, contactId: string): Promise<ContactAddress[]> {
  return await read
    .select()
    .from(contactAddresses)
    .where(eq(contactAddresses.contactId, contactId))
    .orderBy(asc(contactAddresses.address))
}

export type PersonInput = { email: string; name: string; title?: string; organizationId?: string | null }

/** The person with that address, written down where there is none yet. Everybody may know them. */
export async function personNamed(
  tx: Tx,
  { email, name, title = '', organizationId = null }: PersonInput,
  now: number,
  id = uuidv7(),
): Promise<Contact> {
  const known = await personAt(tx, email)
  if (known) {
    if (known.openToAll) return known
    await tx.update(contacts).set({ openToAll: true }).where(eq(contacts.id, known.id))
    await tx.update(contactAddresses).set({ byHand: true }).where(eq(contactAddresses.address, email))
    await writePerson(tx, known.id)
    return { ...known, openToAll: true }
  }
  const contact: Contact = {
    id,
    email,
    name,
    nameSource: 'hand',
    title,
    organizationId: organizationId ?? (await organizationFor(tx, email, now)),
    organizationByHand: organizationId !== null,
    openToAll: true,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await tx.insert(contacts).values(contact)
  await tx
    .insert(contactAddresses)
    .values({ address: email, contactId: id, domain: addressDomain(email), byHand: true })
  await writePerson(tx, id)
  if (contact.organizationId) await writeOrganization(tx, contact.organizationId)
  return contact
}

export type PersonEdit = {
  /** Empty: as their mail calls them. */
  name?: string | undefined
  title?: string | undefined
  /** Null: none; `byMail`: that of their domain again. */
  organizationId?: string | null | undefined
  byMail?: boolean | undefined
}

/** Corrects what is known of a person. It stays, whatever later mail says. */
export async function editPerson(
  tx: Tx,
  person: Contact,
  { name, title, organizationId, byMail }: PersonEdit,
  by: Member,
  now: number,
): Promise<Contact> {
  const changed: Contact = { ...person, version: person.version + 1 }
  if (name !== undefined) Object.assign(changed, name ? { name, nameSource: 'hand' } : await mailName(tx, person))
  if (title !== undefined) changed.title = title
  if (byMail) {
    changed.organizationId = await organizationFor(tx, person.email, now)
    changed.organizationByHand = false
  } else if (organizationId !== undefined) {
    changed.organizationId = organizationId === null ? null : (await findOrganization(tx, organizationId)).id
    changed.organizationByHand = true
  }
  await tx.update(contacts).set(changed).where(eq(contacts.id, person.id))
  await writePerson(tx, person.id)
  const moved = changed.organizationId !== person.organizationId
  if (moved) await writeOrganizations(tx, person.organizationId, changed.organizationId)
  const detail = {
    ...(changed.name !== person.name ? { name: { from: person.name, to: changed.name } } : {}),
    ...(changed.title !== person.title ? { title: { from: person.title, to: changed.title } } : {}),
    ...(moved ? { organization: { from: person.organizationId, to: changed.organizationId } } : {}),
  }
  await recordOf(tx, changed, 'person_changed', by, detail, now)
  return changed
}

async function mailName(read: Reader, { id, email }: Contact) {
  const own = (await addressesOf(read, id)).map(({ address }) => address)
  const rows =
    own.length > 0 ? await read.select().from(correspondence).where(inArray(correspondence.address, own)) : []
  const { name, source: nameSource } = nameOf(rows, email)
  return { name, nameSource }
}

export async function writeOrganizations(tx: Tx, ...ids: (string | null)[]): Promise<void> {
  for (const id of new Set(ids)) if (id !== null) await writeOrganization(tx, id)
}

/** Writes down what a member did with a person. */
export async function recordOf(
  tx: Tx,
  { id }: Pick<Contact, 'id'>,
  action: 'person_changed' | 'people_merged' | 'people_unmerged',
  by: Member,
  detail: Record<string, unknown>,
  now: number,
) {
  return await record(tx, { action, at: now, memberId: by.id, contactId: id, detail })
}

/**
 * Says whose an address is: it goes to a person from whoever has it.
 * @param newId the id of the person who begins with it; else it goes to `to`
 * @returns who has it now
 * @throws Refused where it is the only address of who has it
 */
export async function moveAddress(
  tx: Tx,
  address: string,
  to: Contact | { newId: string },
  by: Member,
  now: number,
): Promise<Contact> {
  const owner = await personAt(tx, address)
  if (!('id' in to) && !owner) throw new NotFound('Nobody has this address.')
  if ('id' in to && owner?.id === to.id) return to
  if (owner) await takeAddress(tx, owner, address)
  const getter = 'id' in to ? to : await beginWith(tx, address, to.newId, owner!, now)
  if (owner) {
    const moved = { contactId: getter.id }
    await tx.update(contactAddresses).set(moved).where(eq(contactAddresses.address, address))
  } else {
    const row = { address, contactId: getter.id, domain: addressDomain(address), byHand: true }
    await tx.insert(contactAddresses).values(row)
  }
  for (const person of [owner, getter]) {
    if (!person) continue
    await tx
      .update(contacts)
      .set({ version: person.version + 1 })
      .where(eq(contacts.id, person.id))
    await writePerson(tx, person.id)
    await writeOrganizations(tx, person.organizationId)
  }
  const { id: toId } = getter
  if (owner) await recordOf(tx, owner, 'person_changed', by, { address, toId }, now)
  await recordOf(tx, getter, 'person_changed', by, { address, fromId: owner?.id ?? null }, now)
  return await findPerson(tx, getter.id)
}

/** Prepares that a person loses an address: another one is their main address then. */
async function takeAddress(tx: Tx, owner: Contact, address: string): Promise<void> {
  const [other] = await tx
    .select()
    .from(contactAddresses)
    .where(and(eq(contactAddresses.contactId, owner.id), ne(contactAddresses.address, address)))
    .orderBy(asc(contactAddresses.address))
    .limit(1)
  if (!other) throw new Refused(`${address} is their only address. Bring the two people together instead.`)
  if (owner.email === address) await tx.update(contacts).set({ email: other.address }).where(eq(contacts.id, owner.id))
}

async function beginWith(tx: Tx, address: string, id: string, from: Contact, now: number): Promise<Contact> {
  const contact: Contact = {
    id,
    email: address,
    name: '',
    nameSource: 'address',
    title: '',
    organizationId: await organizationFor(tx, address, now),
    organizationByHand: false,
    openToAll: from.openToAll,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await tx.insert(contacts).values(contact)
  return contact
}
