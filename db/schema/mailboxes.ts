import type { WorkingHours } from '../../time/working-hours.ts'
import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import {
  AUTHS,
  CUTS,
  DELIVERY_STATES,
  FOLDER_ROLES,
  SECURITIES,
  SEND_BYS,
  SENT_COPIES,
  TOKEN_USES,
  TROUBLES,
  WATCH_STATES,
  WRITE_BACK_ACTS,
} from '../vocabulary.ts'
import { members, teams } from './access.ts'
import { at, id } from './common.ts'

// The shared mailboxes, how they are reached, and what was found in them.

/** The app that a sign-in service knows (Microsoft Entra ID, or what speaks the same). */
export type OAuthApp = {
  /** The directory: its id or its domain. */
  tenant: string
  clientId: string
  /** The sign-in service, as https://login.microsoftonline.com. */
  authority: string
  /** Microsoft Graph, as https://graph.microsoft.com. */
  graphUrl: string
}

/** What members do here that is shown on the server too. */
export type WriteBack = {
  /** A mail that somebody took care of is marked as read there. */
  seen: boolean
  /** A mail that we answered is marked as answered there. */
  answered: boolean
  /** Mails of an issue that is done are moved into the folder with this path; none: they stay. */
  moveDoneTo: string | null
}

/** What who writes for the first time in a while is told by itself (mail.md 5.5); off by default. */
export type Acknowledgement = { on: boolean; text: string }

export const mailboxes = table('mailboxes', {
  id: id(),
  address: text().notNull().unique(),
  /** The name that recipients see. */
  name: text().notNull(),
  /** Further addresses that deliver here: ours, never somebody to answer. */
  aliases: json<string[]>().notNull(),
  /** Open to every member, or only to the teams of mailbox_teams. */
  openToAll: bool().notNull(),
  imapHost: text().notNull(),
  imapPort: int().notNull(),
  imapSecurity: text({ enum: SECURITIES }).notNull(),
  imapUser: text().notNull(),
  /** Encrypted at rest (server/access/secrets.ts). */
  imapPassword: text().notNull(),
  smtpHost: text().notNull(),
  smtpPort: int().notNull(),
  smtpSecurity: text({ enum: SECURITIES }).notNull(),
  /** Empty: the server takes mail from us without signing in. */
  smtpUser: text().notNull(),
  smtpPassword: text().notNull(),
  auth: text({ enum: AUTHS }).notNull().default('password'),
  /** Set where `auth` is not by password. */
  oauth: json<OAuthApp>(),
  /** The client secret of the app, encrypted at rest; empty for an app without. */
  oauthSecret: text().notNull().default(''),
  /** Encrypted at rest. Each renewal may bring another; empty until somebody signed in. */
  oauthRefreshToken: text().notNull().default(''),
  /** Who signed in, as the service names them. */
  oauthAccount: text().notNull().default(''),
  sendBy: text({ enum: SEND_BYS }).notNull().default('smtp'),
  sentCopy: text({ enum: SENT_COPIES }).notNull(),
  /** Mail that was there before us and is older than this is left alone; none: everything comes in. */
  sinceAt: int(),
  /** The path of the folder with sent mail; empty: as the server marks it, else by its name. */
  sentFolder: text().notNull().default(''),
  /** The paths of further folders whose mail comes in. */
  moreFolders: json<string[]>().notNull().default([]),
  /** What is done to the mail on the server; none: nothing. */
  writeBack: json<WriteBack>(),
  /** Who answers what nobody had takes it. */
  assignOnReply: bool().notNull().default(true),
  /** When the people behind it work; none: as everybody. */
  workingHours: json<WorkingHours>(),
  paused: bool().notNull().default(false),
  /** So many mails a minute go out at most; none: as many as there are. */
  mailsPerMinute: int(),
  acknowledgement: json<Acknowledgement>(),
  /** The number that the newest issue has. */
  lastNumber: int().notNull().default(0),
  createdAt: at(),
  /** When the settings changed last: the watch starts anew with them. */
  changedAt: at(),
})
export type Mailbox = typeof mailboxes.$inferSelect

/** The access tokens that are good now, for all nodes. */
export const accessTokens = table(
  'access_tokens',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    use: text({ enum: TOKEN_USES }).notNull(),
    /** Encrypted at rest. */
    token: text().notNull(),
    /** When to get the next one, well before this one expires. */
    renewAt: at(),
    expiresAt: at(),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.use] })],
)

/** Sign-ins under way: somebody was sent to the sign-in service and is expected back. */
export const mailboxSignIns = table('mailbox_sign_ins', {
  /** SHA-256 of the `state` that comes back with them (RFC 6749, section 10.12). */
  stateHash: text().primaryKey(),
  mailboxId: text()
    .notNull()
    .references(() => mailboxes.id, { onDelete: 'cascade' }),
  memberId: text()
    .notNull()
    .references(() => members.id, { onDelete: 'cascade' }),
  /** The code verifier (RFC 7636), encrypted at rest. */
  verifier: text().notNull(),
  redirectUri: text().notNull(),
  expiresAt: at(),
  /** When they came back: once only. */
  usedAt: int(),
  /** Why nothing came of it, in the words of the service. */
  trouble: text({ enum: TROUBLES }),
  detail: text(),
})

/** How the watch over a mailbox goes; written by the watch alone. */
export const watches = table('watches', {
  mailboxId: text()
    .primaryKey()
    .references(() => mailboxes.id, { onDelete: 'cascade' }),
  state: text({ enum: WATCH_STATES }).notNull(),
  /** Since when it is in this state. */
  since: at(),
  trouble: text({ enum: TROUBLES }),
  /** What the server said, word for word. */
  detail: text(),
  /** When we last knew that nothing was missing. */
  syncedAt: int(),
  failures: int().notNull().default(0),
  nextTryAt: int(),
})
export type Watch = typeof watches.$inferSelect

export const mailboxTeams = table(
  'mailbox_teams',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    teamId: text()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.teamId] }), index('mailbox_teams_team').on(t.teamId)],
)

export const folders = table(
  'folders',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    path: text().notNull(),
    role: text({ enum: FOLDER_ROLES }).notNull(),
    /** UIDVALIDITY of the numbers below (RFC 9051, section 2.3.1.1); empty before the first look. */
    uidValidity: text().notNull().default(''),
    /** What came from this UID on was new when we first looked: all of that is wanted, however old it says it is. */
    startUid: int().notNull().default(0),
    /** Everything from there up to this UID is stored here. */
    lastUid: int().notNull().default(0),
    /** How many of the mails from before are still to come, newest first; none: not counted yet. */
    toCome: int(),
    /** How many there were to come when they were counted. */
    toComeAtFirst: int().notNull().default(0),
    /** How fast they come, while they do. */
    comePerMinute: int(),
    /** Since when the older ones were wanted when they were counted: see `sinceAt` of the mailbox. */
    countedSinceAt: int(),
    /** How many are older than is wanted. */
    leftAlone: int().notNull().default(0),
    /** How many mails the server said it has, and when. */
    serverCount: int(),
    lookedAt: int(),
    /** When what is there was last compared with what is here, mail by mail, and what had to be put right. */
    checkedAt: int(),
    foundMissing: int().notNull().default(0),
    foundGone: int().notNull().default(0),
    /** Since when the server has no such folder. */
    missingAt: int(),
  },
  (t) => [unique('folders_path').on(t.mailboxId, t.path)],
)
export type Folder = typeof folders.$inferSelect

/** A raw mail as it was found in a folder. Stored before anything tries to understand it. */
export const deliveries = table(
  'deliveries',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    folderId: text()
      .notNull()
      .references(() => folders.id, { onDelete: 'cascade' }),
    uidValidity: text().notNull(),
    uid: int().notNull(),
    /** SHA-256 of the raw mail: its name among the blobs. */
    rawHash: text().notNull(),
    /** In bytes, as it is kept here. */
    size: int().notNull(),
    /** Why only the beginning is kept, and how large the whole is on the server. */
    cut: text({ enum: CUTS }),
    wholeSize: int(),
    /** INTERNALDATE: when the server got it. */
    internalAt: at(),
    fetchedAt: at(),
    state: text({ enum: DELIVERY_STATES }).notNull(),
    tries: int().notNull().default(0),
    /** Why it could not be understood. */
    error: text(),
    messageId: text(),
    /** When we saw that the server has it no more: deleted, or moved. The message stays. */
    goneAt: int(),
    /** Which version of the parser tried last (server/mail/read/parse.ts): what an older one could not read is tried again. */
    parserVersion: int().notNull().default(0),
  },
  (t) => [
    unique('deliveries_once').on(t.folderId, t.uidValidity, t.uid),
    index('deliveries_state').on(t.mailboxId, t.state, t.id),
    index('deliveries_message').on(t.messageId),
  ],
)
export type Delivery = typeof deliveries.$inferSelect

/** What is to be done to a mail on the server because of what happened here. */
export const writeBacks = table(
  'write_backs',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    deliveryId: text()
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    act: text({ enum: WRITE_BACK_ACTS }).notNull(),
    /** Not to be tried before; none: done, or given up. */
    dueAt: int(),
    tries: int().notNull().default(0),
    /** What the server said when it last failed. */
    error: text(),
    createdAt: at(),
  },
  (t) => [unique('write_backs_once').on(t.deliveryId, t.act), index('write_backs_due').on(t.mailboxId, t.dueAt)],
)
