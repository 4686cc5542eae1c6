import { inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { type Address, contactAddresses } from '../../db/schema.ts'
import { listParty } from './list.ts'
import { readPeople, type SeenPerson } from './read-people.ts'

/**
 * People to write to: those of recent mail, under the names that members gave them, and behind them those of the address
 * book that begin with what was typed.
 * @param recent who was found in mail, the best first
 */
export async function peopleToWriteTo(
  read: Reader,
  books: readonly string[],
  recent: readonly Address[],
  typed: string,
  most: number,
): Promise<Address[]> {
  if (!typed.trim()) return recent.slice(0, most)
  const { ids } = await listParty(read, books, 'person', { q: typed, limit: most })
  const owners = await ownersOf(
    read,
    recent.map(({ address }) => address),
  )
  const people = await readPeople(read, books, [...new Set([...ids, ...owners])])
  const named = new Map<string, string>()
  for (const { addresses, name } of people) for (const { address } of addresses) if (name) named.set(address, name)
  const known = new Set(recent.map(({ address }) => address))
  const found = people.filter(({ id }) => ids.includes(id))
  const further = found.flatMap(mainAddress).filter(({ address }) => !known.has(address))
  const all = recent.map(({ address, name }) => ({ address, name: named.get(address) ?? name }))
  return [...all, ...further].slice(0, most)
}

async function ownersOf(read: Reader, addresses: string[]): Promise<string[]> {
  if (addresses.length === 0) return []
  const rows = await read
    .select({ id: contactAddresses.contactId })
    .from(contactAddresses)
    .where(inArray(contactAddresses.address, addresses))
  return rows.map(({ id }) => id)
}

function mainAddress({ name, addresses }: SeenPerson): Address[] {
  return addresses.slice(0, 1).map(({ address }) => ({ name, address }))
}
