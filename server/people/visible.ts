import { and, eq, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { addressBook, type Contact, type Member, mailboxes, type Organization } from '../../db/schema.ts'
import { visibleMailboxIds } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { EVERYBODY } from './book.ts'
import { findOrganization } from './organization.ts'
import { findPerson } from './person.ts'

// Whom a member knows: those in mail of the mailboxes that they see, and whom a member wrote down for everybody.

/** The mailboxes whose rows of the address book a member sees, with the one that stands for everybody. */
export async function booksOf(read: Reader, member: Pick<Member, 'id' | 'role'>): Promise<string[]> {
  const visible = await visibleMailboxIds(read, member)
  const ids =
    visible === 'all' ? (await read.select({ id: mailboxes.id }).from(mailboxes)).map(({ id }) => id) : visible
  return [...ids, EVERYBODY]
}

/** The person, or the one that they were brought into. @throws NotFound where the member knows nothing of them */
export async function personFor(read: Reader, books: readonly string[], id: string): Promise<Contact> {
  const contact = await findPerson(read, id)
  if (await isKnown(read, books, contact.id)) return contact
  throw new NotFound('There is no such person.')
}

/** As `personFor`, for an organization. */
export async function organizationFor(read: Reader, books: readonly string[], id: string): Promise<Organization> {
  const organization = await findOrganization(read, id)
  if (await isKnown(read, books, organization.id)) return organization
  throw new NotFound('There is no such organization.')
}

async function isKnown(read: Reader, books: readonly string[], ownerId: string): Promise<boolean> {
  const rows = await read
    .select({ ownerId: addressBook.ownerId })
    .from(addressBook)
    .where(and(eq(addressBook.ownerId, ownerId), inArray(addressBook.mailboxId, [...books])))
    .limit(1)
  return rows.length > 0
}
