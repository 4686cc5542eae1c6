import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import { NAME_SOURCES, ORGANIZATION_KINDS, PARTIES } from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { mailboxes } from './mailboxes.ts'

// Whom we deal with: organizations, and the people in them. Both grow from the mail (server/people/grow.ts), and members
// correct them.

export const organizations = table(
  'organizations',
  {
    id: id(),
    name: text().notNull(),
    /** The name as it is compared: one organization for each. */
    nameKey: text().notNull(),
    /** Somebody gave it its name; else it is made of its domain. */
    nameByHand: bool().notNull().default(true),
    kind: text({ enum: ORGANIZATION_KINDS }).notNull().default('customer'),
    /** The IANA zone in which its deadlines are meant. */
    zone: text(),
    /** Deadlines without an hour are at 16:30 local time (FAR 52.215-1(c)(3)). */
    usFederal: bool().notNull().default(false),
    /** A member wrote it down, so that everybody may know it; else those who see a mailbox with mail of it. */
    openToAll: bool().notNull().default(true),
    /** The organization that this one was brought into. */
    mergedIntoId: text(),
    /** Counts every change by a member: who acts on an old version is told. */
    version: int().notNull().default(1),
    createdAt: at(),
  },
  (t) => [unique('organizations_name').on(t.nameKey)],
)
export type Organization = typeof organizations.$inferSelect

/** The domains that mail of an organization comes from. A free mail provider is never one (server/issues/domain.ts). */
export const organizationDomains = table(
  'organization_domains',
  {
    domain: text().primaryKey(),
    organizationId: text()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
  },
  (t) => [index('organization_domains_organization').on(t.organizationId)],
)

/** Domains at which anybody may have an address, as a member said: they are no organization, beside those we know of. */
export const sharedDomains = table('shared_domains', {
  domain: text().primaryKey(),
  memberId: text()
    .notNull()
    .references(() => members.id),
  at: at(),
})

export const contacts = table(
  'contacts',
  {
    id: id(),
    organizationId: text().references(() => organizations.id, { onDelete: 'set null' }),
    /** A member said which organization, or that it is none: mail does not change it. */
    organizationByHand: bool().notNull().default(true),
    name: text().notNull(),
    nameSource: text({ enum: NAME_SOURCES }).notNull().default('hand'),
    /** The main address, lower case. */
    email: text().notNull().unique(),
    title: text().notNull().default(''),
    /** A member wrote them down, so that everybody may know them; else those who see a mailbox with mail of them. */
    openToAll: bool().notNull().default(true),
    /** The person that this one was brought into. */
    mergedIntoId: text(),
    /** Counts every change by a member: who acts on an old version is told. */
    version: int().notNull().default(1),
    createdAt: int().notNull(),
  },
  (t) => [index('contacts_organization').on(t.organizationId)],
)
export type Contact = typeof contacts.$inferSelect

/** The addresses of a person. */
export const contactAddresses = table(
  'contact_addresses',
  {
    /** Lower case. */
    address: text().primaryKey(),
    contactId: text()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    /** What stands behind the @. */
    domain: text().notNull(),
    /** A member wrote it down; else who sees no mail of it does not see it. */
    byHand: bool().notNull(),
  },
  (t) => [index('contact_addresses_contact').on(t.contactId), index('contact_addresses_domain').on(t.domain)],
)
export type ContactAddress = typeof contactAddresses.$inferSelect

/** A name that an address had on mail; `own`: they wrote it themselves. */
export type SeenName = { name: string; own: boolean; at: number }

/** The mail with an address in a mailbox: when first and last, and under which names. */
export const correspondence = table(
  'correspondence',
  {
    address: text().notNull(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** The newest first. */
    names: json<SeenName[]>().notNull(),
    /** They wrote. */
    firstReceivedAt: int(),
    lastReceivedAt: int(),
    /** We wrote to them. */
    firstSentAt: int(),
    lastSentAt: int(),
    /** The last mail that they were on, whoever wrote it. */
    seenAt: at(),
  },
  (t) => [primaryKey({ columns: [t.address, t.mailboxId] }), index('correspondence_mailbox').on(t.mailboxId)],
)
export type Correspondence = typeof correspondence.$inferSelect

/**
 * A person or organization as those know them who see a mailbox; without a mailbox (''), as everybody does. Lists and
 * searches are ranges of these rows, so that nobody learns of mail that they may not see.
 */
export const addressBook = table(
  'address_book',
  {
    ownerId: text().notNull(),
    mailboxId: text().notNull(),
    party: text({ enum: PARTIES }).notNull(),
    name: text().notNull(),
    lastReceivedAt: int(),
    lastSentAt: int(),
    /** Where it stands in lists: by the last mail, or by when it was written down. */
    listedAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.ownerId, t.mailboxId] }),
    index('address_book_list').on(t.party, t.mailboxId, t.listedAt, t.ownerId),
  ],
)
export type Entry = typeof addressBook.$inferSelect

/** What an entry is found by: its name from each of its words on, its addresses and domains. */
export const addressBookKeys = table(
  'address_book_keys',
  {
    ownerId: text().notNull(),
    mailboxId: text().notNull(),
    /** Sorted by code points, which the migration for PostgreSQL says with COLLATE "C": searches are ranges. */
    key: text().notNull(),
    party: text({ enum: PARTIES }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.ownerId, t.mailboxId, t.key] }),
    index('address_book_keys_search').on(t.party, t.mailboxId, t.key, t.ownerId),
  ],
)
