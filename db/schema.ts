import { int, json, table, text } from './columns.ts'

// The tables of both engines, declared once.

export * from './schema/access.ts'
export type { Address } from './schema/common.ts'
export * from './schema/desk.ts'
export * from './schema/drafts.ts'
export * from './schema/exchange.ts'
export * from './schema/imports.ts'
export * from './schema/issues.ts'
export * from './schema/jobs.ts'
export * from './schema/mailboxes.ts'
export * from './schema/messages.ts'
export * from './schema/notifications.ts'
export * from './schema/organizations.ts'
export * from './schema/pipelines.ts'
export * from './schema/proposal-parts.ts'
export * from './schema/proposals.ts'
export * from './schema/removal.ts'
export * from './schema/rules.ts'
export * from './schema/search.ts'
export * from './schema/sending.ts'
export * from './schema/writing.ts'

/** Settings of the whole installation. */
export const settings = table('settings', { key: text().primaryKey(), value: json<unknown>().notNull() })

/** An empty table that writers on PostgreSQL lock to take turns (db/postgres.ts). */
export const turn = table('turn', { id: int().primaryKey() })
