import { setImmediate } from 'node:timers/promises'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db, Reader, Tx } from '../../db/index.ts'
import { insertInto, placeholdersOf, prepared, UNNAMED } from '../../db/prepared.ts'
import {
  addressBook,
  type Contact,
  type Correspondence,
  contactAddresses,
  contacts,
  correspondence,
  type Entry,
  issues,
  mailboxes,
  members,
  messages,
  outbox,
  threads,
} from '../../db/schema.ts'
import { domainOf, registrableDomain } from '../issues/domain.ts'
import { addressDomain, newOrganizationFor, organizationOf } from './belonging.ts'
import { beginEntry, writeOrganization, writePerson } from './book.ts'
import { keysOf } from './keys.ts'
import { bestName } from './names.ts'
import { isSame, type Ours, oursOf, seenOnce, sightingsOf, together } from './sightings.ts'

// People and organizations grow from the mail, behind its coming in (worker.ts).

/** So many addresses are written before others get a turn in this thread. */
const AT_A_STRETCH = 8
/** So many values are asked for in one statement. */
const ASKED_AT_ONCE = 400

/**
 * Writes down whom these mails are with. Spam counts for nothing, and neither do mails of ours that did not go out. Done
 * again, it does nothing.
 * @returns how many addresses had something new
 */
export async function grow(db: Db, messageIds: readonly string[], now: number): Promise<number> {
  const found = await correspondenceIn(db.read, messageIds)
  const known = await knownMail(db.read, found)
  const news = found.filter((one) => {
    const before = known.get(placeOf(one))
    return !before || !isSame(before, together(before, one))
  })
  if (news.length > 0) await db.write((tx) => writeAll(tx, news, now))
  return news.length
}

/**
 * What mails say of the people on them, put together for each address and mailbox.
 * @param withSpam spam counts as well
 */
export async function correspondenceIn(
  read: Reader,
  messageIds: readonly string[],
  withSpam = false,
): Promise<Correspondence[]> {
  if (messageIds.length === 0) return []
  const ours = await ourPeople(read)
  const mails = await read
    .select({
      mailboxId: messages.mailboxId,
      direction: messages.direction,
      writer: messages.writer,
      at: messages.at,
      fromName: messages.fromName,
      fromAddress: messages.fromAddress,
      to: messages.to,
      cc: messages.cc,
      bcc: messages.bcc,
      extras: messages.extras,
      status: issues.status,
      sending: outbox.state,
      automatic: outbox.automatic,
    })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .leftJoin(outbox, eq(outbox.messageId, messages.id))
    .where(inArray(messages.id, [...messageIds]))
  const found = new Map<string, Correspondence>()
  for (const { status, sending, automatic, ...mail } of mails) {
    if (status === 'spam' && !withSpam) continue
    if ((sending !== null && sending !== 'accepted') || automatic) continue
    for (const sighting of sightingsOf(mail, ours)) {
      const one = seenOnce(sighting)
      const key = placeOf(one)
      const known = found.get(key)
      found.set(key, known ? together(known, one) : one)
    }
  }
  return [...found.values()]
}

/** Who is one of us, and not somebody whom we deal with. */
async function ourPeople(read: Reader): Promise<Ours> {
  const boxes = await read.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes)
  const people = await read.select({ email: members.email }).from(members)
  return oursOf(
    boxes.flatMap(({ address, aliases }) => [address, ...aliases]),
    people.map(({ email }) => email),
  )
}

const placeOf = ({ address, mailboxId }: Pick<Correspondence, 'address' | 'mailboxId'>) => `${address} ${mailboxId}`

/** What is known already of the mail with these addresses, by address and mailbox. */
async function knownMail(read: Reader, of: readonly Correspondence[]): Promise<Map<string, Correspondence>> {
  const rows = await inPortions(addressesIn(of), async (some) =>
    read.select().from(correspondence).where(inArray(correspondence.address, some)),
  )
  return new Map(rows.map((row) => [placeOf(row), row]))
}

const addressesIn = (of: readonly Correspondence[]) => [...new Set(of.map(({ address }) => address))]

async function inPortions<T>(values: string[], read: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const all: T[] = []
  for (let i = 0; i < values.length; i += ASKED_AT_ONCE) all.push(...(await read(values.slice(i, i + ASKED_AT_ONCE))))
  return all
}

/** Adds to the correspondence with addresses; with a new one, a person begins. */
async function writeAll(tx: Tx, news: readonly Correspondence[], now: number): Promise<void> {
  const mail = await knownMail(tx, news)
  const owners = new Map((await ownersOf(tx, addressesIn(news))).map((owner) => [owner.address, owner]))
  const entries = await entriesOf(tx, [...owners.values()])
  const anew = { people: new Set<string>(), organizations: new Set<string>() }
  for (const [i, one] of news.entries()) {
    const before = mail.get(placeOf(one))
    const after = before ? together(before, one) : one
    await putCorrespondence(tx).execute(after)
    const known = owners.get(one.address)
    const owner = known ?? (await begin(tx, after, entries, now))
    owners.set(one.address, owner)
    const hasSameName = !known || (before && bestName(before.names).name === bestName(after.names).name)
    if (!hasSameName || !move(entries, owner.id, after)) anew.people.add(owner.id)
    if (owner.organizationId && !move(entries, owner.organizationId, after))
      anew.organizations.add(owner.organizationId)
    if (i % AT_A_STRETCH === AT_A_STRETCH - 1) await setImmediate()
  }
  for (const entry of entries.values()) if (entry.isMoved) await moveEntry(tx).execute(entry)
  for (const id of anew.people) await writePerson(tx, id)
  for (const id of anew.organizations) await writeOrganization(tx, id)
}

type Owner = { address: string; id: string; organizationId: string | null }

async function ownersOf(tx: Tx, addresses: string[]): Promise<Owner[]> {
  return await inPortions(addresses, async (some) =>
    tx
      .select({ address: contactAddresses.address, id: contacts.id, organizationId: contacts.organizationId })
      .from(contactAddresses)
      .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
      .where(inArray(contactAddresses.address, some)),
  )
}

/** Entries of the address book by owner and mailbox, and whether they moved. */
type Entries = Map<string, Entry & { isMoved: boolean }>

async function entriesOf(tx: Tx, owners: Owner[]): Promise<Entries> {
  const ids = new Set(owners.flatMap(({ id, organizationId }) => [id, ...(organizationId ? [organizationId] : [])]))
  const rows = await inPortions([...ids], async (some) =>
    tx.select().from(addressBook).where(inArray(addressBook.ownerId, some)),
  )
  return new Map(rows.map((row) => [`${row.ownerId} ${row.mailboxId}`, { ...row, isMoved: false }]))
}

/** Moves an entry up in the lists, to be written at the end; false where there is none yet. */
function move(entries: Entries, ownerId: string, mail: Correspondence): boolean {
  const entry = entries.get(`${ownerId} ${mail.mailboxId}`)
  if (!entry) return false
  const lastReceivedAt = Math.max(entry.lastReceivedAt ?? 0, mail.lastReceivedAt ?? 0) || null
  const lastSentAt = Math.max(entry.lastSentAt ?? 0, mail.lastSentAt ?? 0) || null
  const listedAt = Math.max(entry.listedAt, mail.seenAt)
  const isSame =
    lastReceivedAt === entry.lastReceivedAt && lastSentAt === entry.lastSentAt && listedAt === entry.listedAt
  if (!isSame) Object.assign(entry, { lastReceivedAt, lastSentAt, listedAt, isMoved: true })
  return true
}

async function begin(tx: Tx, mail: Correspondence, entries: Entries, now: number): Promise<Owner> {
  const { address, names } = mail
  const enter = (entry: Entry) => entries.set(`${entry.ownerId} ${entry.mailboxId}`, { ...entry, isMoved: false })
  const known = await organizationOf(tx, address)
  const made = known ? null : await newOrganizationFor(tx, address, now)
  if (made) {
    const keys = keysOf([made.name], [], [registrableDomain(domainOf(address))])
    enter(await beginEntry(tx, 'organization', made, keys, mail))
  }
  const { name, source: nameSource } = bestName(names)
  const contact: Contact = {
    id: uuidv7(),
    organizationId: (known ?? made)?.id ?? null,
    organizationByHand: false,
    name,
    nameSource,
    email: address,
    title: '',
    openToAll: false,
    mergedIntoId: null,
    version: 1,
    createdAt: now,
  }
  await insertContact(tx, contact)
  await insertAddress(tx, { address, contactId: contact.id, domain: addressDomain(address), byHand: false })
  enter(await beginEntry(tx, 'person', contact, keysOf([name], [address], []), mail))
  return { address, id: contact.id, organizationId: contact.organizationId }
}

const place = sql.placeholder

const putCorrespondence = prepared((tx: Tx) => {
  const { address: _, mailboxId: __, ...rest } = placeholdersOf(correspondence)
  return tx
    .insert(correspondence)
    .values(placeholdersOf(correspondence))
    .onConflictDoUpdate({ target: [correspondence.address, correspondence.mailboxId], set: rest })
    .prepare(UNNAMED)
})
const insertContact = insertInto(contacts)
const insertAddress = insertInto(contactAddresses)
const moveEntry = prepared((tx: Tx) => {
  const { lastReceivedAt, lastSentAt, listedAt } = placeholdersOf(addressBook)
  return (
    tx
      .update(addressBook)
      // The cast: placeholders stand for the values of these columns.
      .set({ lastReceivedAt, lastSentAt, listedAt } as never)
      .where(and(eq(addressBook.ownerId, place('ownerId')), eq(addressBook.mailboxId, place('mailboxId'))))
      .prepare(UNNAMED)
  )
})
