import { inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import {
  addressBook,
  type Contact,
  type Correspondence,
  contactAddresses,
  contacts,
  correspondence,
  organizationDomains,
  organizations,
  type SeenName,
} from '../../db/schema.ts'
import { type Listed, type ListQuery, listParty } from './list.ts'
import { nameOf, withNames } from './names.ts'

// People and organizations as a member sees them: by the mail of the mailboxes that they see.

/** The mail with somebody, both ways: ms since the epoch, null where there is none. */
export type MailTimes = Pick<Correspondence, 'firstReceivedAt' | 'lastReceivedAt' | 'firstSentAt' | 'lastSentAt'>

export type SeenAddress = MailTimes & { address: string }

/** A person as a member sees them. */
export type SeenPerson = Pick<Contact, 'id' | 'title' | 'nameSource' | 'organizationByHand' | 'version'> & {
  /** Empty: only their address is known. */
  name: string
  /** The main one first. */
  addresses: SeenAddress[]
  /** All that they were called in mail that the member sees, the best first. */
  names: string[]
  organization: { id: string; name: string } | null
} & MailTimes

const NO_MAIL: MailTimes = { firstReceivedAt: null, lastReceivedAt: null, firstSentAt: null, lastSentAt: null }

/** These people, in this order, as who sees these rows of the address book (visible.ts) knows them. */
export async function readPeople(
  read: Reader,
  books: readonly string[],
  ids: readonly string[],
): Promise<SeenPerson[]> {
  if (ids.length === 0) return []
  const rows = await read
    .select()
    .from(contacts)
    .where(inArray(contacts.id, [...ids]))
  const own = await read
    .select()
    .from(contactAddresses)
    .where(inArray(contactAddresses.contactId, [...ids]))
  const mail = await mailWith(
    read,
    books,
    own.map(({ address }) => address),
  )
  const known = await knownOrganizations(
    read,
    books,
    rows.flatMap(({ organizationId }) => organizationId ?? []),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const person = byId.get(id)
    if (!person) return []
    const addresses = own
      .filter(({ contactId, address, byHand }) => contactId === id && (byHand || mail.has(address)))
      .map(({ address }): SeenAddress & { names: SeenName[] } => {
        const times = timesOf(mail.get(address) ?? [])
        return { address, ...times, names: (mail.get(address) ?? []).flatMap(({ names }) => names) }
      })
      .sort((a, b) => Number(b.address === person.email) - Number(a.address === person.email) || lastOf(b) - lastOf(a))
    const seen = addresses.flatMap(({ names }) => names)
    const { title, nameSource, organizationByHand, version } = person
    return {
      id,
      title,
      nameSource,
      organizationByHand,
      version,
      name: nameSource === 'hand' ? person.name : nameOf(addresses, person.email).name,
      addresses: addresses.map(({ names: _, ...address }) => address),
      names: withNames([], seen).map(({ name }) => name),
      organization: known.get(person.organizationId ?? '') ?? null,
      ...timesOf(addresses),
    }
  })
}

const lastOf = ({ lastReceivedAt, lastSentAt }: MailTimes) => Math.max(lastReceivedAt ?? 0, lastSentAt ?? 0)

async function mailWith(read: Reader, books: readonly string[], addresses: string[]) {
  if (addresses.length === 0) return new Map<string, Correspondence[]>()
  const rows = await read.select().from(correspondence).where(inArray(correspondence.address, addresses))
  return Map.groupBy(
    rows.filter(({ mailboxId }) => books.includes(mailboxId)),
    ({ address }) => address,
  )
}

function timesOf(rows: readonly MailTimes[]): MailTimes {
  const pick = (key: keyof MailTimes, best: (...times: number[]) => number) => {
    const times = rows.map((row) => row[key]).filter((at) => at !== null)
    return times.length > 0 ? best(...times) : null
  }
  return {
    firstReceivedAt: pick('firstReceivedAt', Math.min),
    lastReceivedAt: pick('lastReceivedAt', Math.max),
    firstSentAt: pick('firstSentAt', Math.min),
    lastSentAt: pick('lastSentAt', Math.max),
  }
}

/** Of these organizations those that the member knows. */
async function knownOrganizations(read: Reader, books: readonly string[], ids: string[]) {
  const found = new Map<string, { id: string; name: string }>()
  if (ids.length === 0) return found
  const rows = await read
    .select({ id: organizations.id, name: organizations.name })
    .from(organizations)
    .where(inArray(organizations.id, ids))
  const entries = await entriesFor(
    read,
    books,
    rows.map(({ id }) => id),
  )
  for (const row of rows) if (entries.has(row.id)) found.set(row.id, row)
  return found
}

async function entriesFor(read: Reader, books: readonly string[], ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, (typeof addressBook.$inferSelect)[]>()
  const rows = await read
    .select()
    .from(addressBook)
    .where(inArray(addressBook.ownerId, [...ids]))
  return Map.groupBy(
    rows.filter(({ mailboxId }) => books.includes(mailboxId)),
    ({ ownerId }) => ownerId,
  )
}

/** An organization as a member sees it. */
export type SeenOrganization = Pick<
  typeof organizations.$inferSelect,
  'id' | 'name' | 'nameByHand' | 'kind' | 'zone' | 'usFederal' | 'version'
> & { domains: string[] } & Pick<MailTimes, 'lastReceivedAt' | 'lastSentAt'>

/** These organizations, in this order. */
export async function readOrganizations(
  read: Reader,
  books: readonly string[],
  ids: readonly string[],
): Promise<SeenOrganization[]> {
  if (ids.length === 0) return []
  const rows = await read
    .select()
    .from(organizations)
    .where(inArray(organizations.id, [...ids]))
  const domains = await read
    .select()
    .from(organizationDomains)
    .where(inArray(organizationDomains.organizationId, [...ids]))
  const entries = await entriesFor(read, books, ids)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    const { name, nameByHand, kind, zone, usFederal, version } = row
    const own = domains.filter(({ organizationId }) => organizationId === id).map(({ domain }) => domain)
    const { lastReceivedAt, lastSentAt } = timesOf((entries.get(id) ?? []).map((entry) => ({ ...NO_MAIL, ...entry })))
    return { id, name, nameByHand, kind, zone, usFederal, version, domains: own.sort(), lastReceivedAt, lastSentAt }
  })
}

export async function listPeople(read: Reader, books: readonly string[], query: ListQuery) {
  const { ids, next }: Listed = await listParty(read, books, 'person', query)
  return { people: await readPeople(read, books, ids), next }
}

export async function listOrganizations(read: Reader, books: readonly string[], query: ListQuery) {
  const { ids, next }: Listed = await listParty(read, books, 'organization', query)
  return { organizations: await readOrganizations(read, books, ids), next }
}
