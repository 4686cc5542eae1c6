import { bool, index, int, json, primaryKey, table, text } from '../columns.ts'
import { ROLES } from '../vocabulary.ts'
import { at, id } from './common.ts'

// Who works here, and how they sign in.

export const members = table('members', {
  id: id(),
  email: text().notNull().unique(),
  name: text().notNull(),
  role: text({ enum: ROLES }).notNull(),
  /** Argon2id in PHC form; none for who never set a password. */
  passwordHash: text(),
  /** For so long, in ms, an answer of theirs can be taken back; none: as the installation has it. */
  heldMs: int(),
  disabledAt: int(),
  /** They write mail as text alone. */
  writesPlain: bool().notNull().default(false),
  createdAt: at(),
})
export type Member = typeof members.$inferSelect

export const teams = table('teams', { id: id(), name: text().notNull().unique(), createdAt: at() })
export type Team = typeof teams.$inferSelect

export const teamMembers = table(
  'team_members',
  {
    teamId: text()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.memberId] }), index('team_members_member').on(t.memberId)],
)

/** A link that lets one person make an account. The first one, printed at first start, has no address. */
export const invitations = table('invitations', {
  id: id(),
  /** SHA-256 of the token in the link; the token itself is shown once. */
  tokenHash: text().notNull().unique(),
  email: text(),
  name: text().notNull().default(''),
  role: text({ enum: ROLES }).notNull(),
  teamIds: json<string[]>().notNull(),
  invitedById: text().references(() => members.id),
  createdAt: at(),
  expiresAt: at(),
  acceptedAt: int(),
})
export type Invitation = typeof invitations.$inferSelect

export const sessions = table(
  'sessions',
  {
    id: id(),
    tokenHash: text().notNull().unique(),
    /** The token before the last rotation, good for a short while, so that requests under way are not signed out. */
    previousTokenHash: text(),
    rotatedAt: at(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    createdAt: at(),
    lastSeenAt: at(),
    expiresAt: at(),
    address: text().notNull(),
    userAgent: text().notNull(),
  },
  (t) => [index('sessions_member').on(t.memberId), index('sessions_previous').on(t.previousTokenHash)],
)
export type Session = typeof sessions.$inferSelect

export const apiTokens = table(
  'api_tokens',
  {
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    tokenHash: text().notNull().unique(),
    /** A token that only reads can be given to a report. */
    readOnly: bool().notNull(),
    createdAt: at(),
    lastUsedAt: int(),
    expiresAt: int(),
  },
  (t) => [index('api_tokens_member').on(t.memberId)],
)
export type ApiToken = typeof apiTokens.$inferSelect

/** A program on another device that gives a member a code to sign in with, beside the password (RFC 6238). */
export const secondFactors = table('second_factors', {
  memberId: text()
    .primaryKey()
    .references(() => members.id, { onDelete: 'cascade' }),
  /** The shared secret, sealed. */
  secret: text().notNull(),
  createdAt: at(),
  /** When its first code was given; until then it is not asked for. */
  confirmedAt: int(),
  /** The step of time whose code was taken last: none is taken twice. */
  lastStep: int().notNull(),
})
export type SecondFactor = typeof secondFactors.$inferSelect

/** Codes on paper that stand in for the device, each once. */
export const recoveryCodes = table(
  'recovery_codes',
  {
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    codeHash: text().notNull(),
    usedAt: int(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.codeHash] })],
)

/** How often something was tried in a window of time, over all nodes: sign-ins by account and by address. */
export const attempts = table('attempts', { key: text().primaryKey(), n: int().notNull(), resetAt: at() })

/** Who may do a thing that only one node may do at a time, and until when. */
export const leases = table('leases', { name: text().primaryKey(), owner: text().notNull(), until: at() })
