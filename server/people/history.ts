import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { contactAddresses, contacts, correspondence, type Event, events, organizations } from '../../db/schema.ts'

const MAX_SHOWN = 100

/** Something that a member did with a person or an organization. */
export type Happened = {
  id: string
  at: number
  memberId: string | null
  did: 'merged' | 'unmerged' | 'renamed' | 'titled' | 'moved' | 'address' | 'domains' | 'domain marked' | 'changed'
  /** What it was about: a name, an address, domains. */
  about: string
  /** Who was brought in or taken out, while they still are: they can be taken out again. */
  inId: string | null
}

/** What members did with a person, the newest first, as far as it names nobody whom the asking member does not know. */
export async function historyOfPerson(read: Reader, books: readonly string[], contactId: string): Promise<Happened[]> {
  const rows = await read
    .select()
    .from(events)
    .where(eq(events.contactId, contactId))
    .orderBy(desc(events.id))
    .limit(MAX_SHOWN)
  const still = await stillIn(
    rows,
    async (ids) =>
      await read
        .select({ id: contacts.id })
        .from(contacts)
        .where(and(inArray(contacts.id, ids), eq(contacts.mergedIntoId, contactId))),
  )
  const known = await knownAddresses(read, books, rows.flatMap(addressesIn))
  return rows.flatMap((event) => {
    const named = addressesIn(event)
    const shown = named.filter((address) => known.has(address))
    return named.length > 0 && shown.length === 0 ? [] : [told(event, still, shown)]
  })
}

function addressesIn({ detail: { addresses, address } }: Event): string[] {
  return [...(Array.isArray(addresses) ? addresses : []), ...(address ? [address] : [])].map(String)
}

/** Of these addresses those that a member sees mail of, or that a member wrote down. */
async function knownAddresses(read: Reader, books: readonly string[], addresses: string[]): Promise<Set<string>> {
  if (addresses.length === 0) return new Set()
  const mail = await read
    .select({ address: correspondence.address })
    .from(correspondence)
    .where(and(inArray(correspondence.address, addresses), inArray(correspondence.mailboxId, [...books])))
  const told = await read
    .select({ address: contactAddresses.address })
    .from(contactAddresses)
    .where(and(inArray(contactAddresses.address, addresses), eq(contactAddresses.byHand, true)))
  return new Set([...mail, ...told].map(({ address }) => address))
}

/** What members did with an organization, the newest first. */
export async function historyOfOrganization(read: Reader, organizationId: string): Promise<Happened[]> {
  const rows = await read
    .select()
    .from(events)
    .where(eq(events.organizationId, organizationId))
    .orderBy(desc(events.id))
    .limit(MAX_SHOWN)
  const still = await stillIn(
    rows,
    async (ids) =>
      await read
        .select({ id: organizations.id })
        .from(organizations)
        .where(and(inArray(organizations.id, ids), eq(organizations.mergedIntoId, organizationId))),
  )
  return rows.map((event) => told(event, still, []))
}

const isMerge = ({ action }: Event) => action === 'people_merged' || action === 'organizations_merged'

/** Of those who were brought in, who still is, by the event that did it last. */
async function stillIn(
  rows: Event[],
  find: (ids: string[]) => Promise<{ id: string }[]>,
): Promise<Map<string, string>> {
  const merges = rows.filter(isMerge)
  const ids = merges.map(({ detail }) => String(detail.fromId))
  const found = new Set(ids.length > 0 ? (await find(ids)).map(({ id }) => id) : [])
  const still = new Map<string, string>()
  for (const { id, detail } of merges.toReversed())
    if (found.has(String(detail.fromId))) still.set(String(detail.fromId), id)
  return still
}

function told(event: Event, still: Map<string, string>, addresses: string[]): Happened {
  const { id, at, memberId, action, detail } = event
  const fromId = typeof detail.fromId === 'string' ? detail.fromId : ''
  const inId = isMerge(event) && still.get(fromId) === id ? fromId : null
  return { id, at, memberId, ...deed(action, detail, addresses), inId }
}

type Detail = Record<string, unknown>
type Deed = Pick<Happened, 'did' | 'about'>

function deed(action: Event['action'], detail: Detail, addresses: string[]): Deed {
  if (action === 'people_merged' || action === 'organizations_merged')
    return { did: 'merged', about: String(detail.fromName ?? '') }
  if (action === 'people_unmerged' || action === 'organizations_unmerged')
    return { did: 'unmerged', about: String(detail.fromName ?? '') }
  if (action === 'domain_marked') return { did: 'domain marked', about: String(detail.domain ?? '') }
  if (action === 'organization_changed') {
    const { added, removed, to } = detail
    if (typeof to === 'string') return { did: 'renamed', about: to }
    const domains = [...(Array.isArray(added) ? added : []), ...(Array.isArray(removed) ? removed : [])]
    return domains.length > 0 ? { did: 'domains', about: domains.join(', ') } : { did: 'changed', about: '' }
  }
  const said = (key: string) => {
    const change = detail[key]
    return typeof change === 'object' && change !== null && 'to' in change ? String(change.to ?? '') : undefined
  }
  if (addresses.length > 0) return { did: 'address', about: addresses.join(', ') }
  const name = said('name')
  if (name !== undefined) return { did: 'renamed', about: name }
  if (said('organization') !== undefined) return { did: 'moved', about: '' }
  const title = said('title')
  return title === undefined ? { did: 'changed', about: '' } : { did: 'titled', about: title }
}
