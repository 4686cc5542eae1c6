import { and, eq, inArray, isNull, max, notInArray } from 'drizzle-orm'
import type { Tx } from '../../db/index.ts'
import { insertInto } from '../../db/prepared.ts'
import {
  addressBook,
  addressBookKeys,
  type Contact,
  type Correspondence,
  contactAddresses,
  contacts,
  correspondence,
  type Entry,
  type Organization,
  organizationDomains,
  organizations,
  proposals,
} from '../../db/schema.ts'
import { keysOf } from './keys.ts'
import { nameOf } from './names.ts'

// The address book: each person and organization as it is known to those who see a mailbox, and to everybody. Its rows
// follow from all the others; whoever changes those writes the rows of it anew.

/** Stands for a mailbox in rows that everybody sees. */
export const EVERYBODY = ''

type Written = Omit<Entry, 'ownerId' | 'party'> & { keys: string[] }

/** Writes the rows of a person anew, as their addresses and their mail tell. */
export async function writePerson(tx: Tx, contactId: string): Promise<void> {
  const [contact] = await tx.select().from(contacts).where(eq(contacts.id, contactId))
  if (!contact) return
  const addresses = await tx.select().from(contactAddresses).where(eq(contactAddresses.contactId, contactId))
  const known = addresses.map(({ address }) => address)
  const mail =
    known.length > 0 ? await tx.select().from(correspondence).where(inArray(correspondence.address, known)) : []
  const own = await nameByMail(tx, contact, mail)
  const byMailbox = Map.groupBy(mail, ({ mailboxId }) => mailboxId)
  const written = [...byMailbox].map(([mailboxId, rows]): Written => {
    const name = contact.nameSource === 'hand' ? own : nameOf(rows, contact.email).name
    const seen = addresses.filter(({ address, byHand }) => byHand || rows.some((row) => row.address === address))
    return {
      mailboxId,
      name,
      lastReceivedAt: latest(rows.map(({ lastReceivedAt }) => lastReceivedAt)),
      lastSentAt: latest(rows.map(({ lastSentAt }) => lastSentAt)),
      listedAt: Math.max(...rows.map(({ seenAt }) => seenAt)),
      keys: keysOf(
        [name],
        seen.map(({ address }) => address),
        [],
      ),
    }
  })
  if (contact.openToAll && contact.mergedIntoId === null) {
    const told = addresses.filter(({ byHand }) => byHand).map(({ address }) => address)
    const keys = keysOf([own], told, [])
    written.push({ ...SILENT, mailboxId: EVERYBODY, name: own, listedAt: contact.createdAt, keys })
  }
  await write(tx, contactId, 'person', written)
}

/** The name of a person follows their mail, unless a member gave it. */
async function nameByMail(tx: Tx, contact: Contact, mail: (typeof correspondence.$inferSelect)[]): Promise<string> {
  if (contact.nameSource === 'hand') return contact.name
  const { name, source: nameSource } = nameOf(mail, contact.email)
  if (name !== contact.name || nameSource !== contact.nameSource)
    await tx.update(contacts).set({ name, nameSource }).where(eq(contacts.id, contact.id))
  return name
}

const SILENT = { lastReceivedAt: null, lastSentAt: null }
const latest = (times: (number | null)[]) => times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)

/** Writes the rows of an organization anew, as its people, its domains and its proposals tell. */
export async function writeOrganization(tx: Tx, organizationId: string): Promise<void> {
  const [organization] = await tx.select().from(organizations).where(eq(organizations.id, organizationId))
  if (!organization) return
  const written = organization.mergedIntoId === null ? await entriesOf(tx, organization) : []
  await write(tx, organizationId, 'organization', written)
}

async function entriesOf(tx: Tx, organization: Organization): Promise<Written[]> {
  const { id, name } = organization
  const domains = await tx.select().from(organizationDomains).where(eq(organizationDomains.organizationId, id))
  const keys = keysOf(
    [name],
    [],
    domains.map(({ domain }) => domain),
  )
  const people = await tx
    .select({
      mailboxId: addressBook.mailboxId,
      lastReceivedAt: max(addressBook.lastReceivedAt),
      lastSentAt: max(addressBook.lastSentAt),
      listedAt: max(addressBook.listedAt),
    })
    .from(contacts)
    .innerJoin(addressBook, eq(addressBook.ownerId, contacts.id))
    .where(eq(contacts.organizationId, id))
    .groupBy(addressBook.mailboxId)
  const entries = new Map<string, Written>()
  for (const { mailboxId, ...times } of people)
    entries.set(mailboxId, { mailboxId, name, keys, ...times, listedAt: times.listedAt ?? organization.createdAt })
  const bid = await tx
    .selectDistinct({ mailboxId: proposals.mailboxId })
    .from(proposals)
    .where(and(eq(proposals.organizationId, id), isNull(proposals.deletedAt)))
  const told = [...bid.map((row) => row.mailboxId ?? EVERYBODY), ...(organization.openToAll ? [EVERYBODY] : [])]
  for (const mailboxId of told)
    if (!entries.has(mailboxId))
      entries.set(mailboxId, { ...SILENT, mailboxId, name, keys, listedAt: organization.createdAt })
  return [...entries.values()]
}

/** The first row of somebody who is new, by the first mail of them. */
export async function beginEntry(
  tx: Tx,
  party: Entry['party'],
  owner: { id: string; name: string },
  keys: string[],
  { mailboxId, lastReceivedAt, lastSentAt, seenAt }: Correspondence,
): Promise<Entry> {
  const { id: ownerId, name } = owner
  const entry: Entry = { ownerId, mailboxId, party, name, lastReceivedAt, lastSentAt, listedAt: seenAt }
  await insertEntry(tx, entry)
  for (const key of keys) await insertKey(tx, { ownerId, mailboxId, key, party })
  return entry
}

const insertEntry = insertInto(addressBook)
const insertKey = insertInto(addressBookKeys)

/** Makes the rows of an owner these, changing no more than differs. */
async function write(tx: Tx, ownerId: string, party: Entry['party'], written: Written[]): Promise<void> {
  const kept = written.map(({ mailboxId }) => mailboxId)
  for (const table of [addressBook, addressBookKeys])
    await tx
      .delete(table)
      .where(and(eq(table.ownerId, ownerId), kept.length > 0 ? notInArray(table.mailboxId, kept) : undefined))
  const before = await tx.select().from(addressBookKeys).where(eq(addressBookKeys.ownerId, ownerId))
  for (const { keys, ...entry } of written) {
    const { mailboxId, ...values } = entry
    await tx
      .insert(addressBook)
      .values({ ownerId, party, ...entry })
      .onConflictDoUpdate({ target: [addressBook.ownerId, addressBook.mailboxId], set: values })
    const known = before.filter((row) => row.mailboxId === mailboxId).map(({ key }) => key)
    const gone = known.filter((key) => !keys.includes(key))
    const fresh = keys.filter((key) => !known.includes(key))
    const { ownerId: owner, mailboxId: mailbox, key } = addressBookKeys
    if (gone.length > 0)
      await tx.delete(addressBookKeys).where(and(eq(owner, ownerId), eq(mailbox, mailboxId), inArray(key, gone)))
    if (fresh.length > 0)
      await tx.insert(addressBookKeys).values(fresh.map((key) => ({ ownerId, mailboxId, key, party })))
  }
}

/** Removes the rows of an owner that is gone. */
export async function forgetEntries(tx: Tx, ownerId: string): Promise<void> {
  await tx.delete(addressBook).where(eq(addressBook.ownerId, ownerId))
  await tx.delete(addressBookKeys).where(eq(addressBookKeys.ownerId, ownerId))
}
