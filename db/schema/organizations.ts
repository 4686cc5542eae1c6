import { bool, index, int, table, text, unique } from '../columns.ts'
import { ORGANIZATION_KINDS } from '../vocabulary.ts'
import { at, id } from './common.ts'

// Whom we deal with: organizations, and the people in them.

export const organizations = table(
  'organizations',
  {
    id: id(),
    name: text().notNull(),
    /** The name as it is compared: one organization for each. */
    nameKey: text().notNull(),
    kind: text({ enum: ORGANIZATION_KINDS }).notNull().default('customer'),
    /** The IANA zone in which its deadlines are meant. */
    zone: text(),
    /** Deadlines without an hour are at 16:30 local time (FAR 52.215-1(c)(3)). */
    usFederal: bool().notNull().default(false),
    createdAt: at(),
  },
  (t) => [unique('organizations_name').on(t.nameKey)],
)
export type Organization = typeof organizations.$inferSelect

/** The domains that mail of an organization comes from. A free mail provider is never one (server/proposals/free-mail.ts). */
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

export const contacts = table(
  'contacts',
  {
    id: id(),
    organizationId: text().references(() => organizations.id, { onDelete: 'set null' }),
    name: text().notNull(),
    /** Lower case. */
    email: text().notNull().unique(),
    title: text().notNull().default(''),
    createdAt: int().notNull(),
  },
  (t) => [index('contacts_organization').on(t.organizationId)],
)
export type Contact = typeof contacts.$inferSelect
