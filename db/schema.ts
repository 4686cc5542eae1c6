import { bool, index, int, json, primaryKey, table, text, unique } from './columns.ts'
import { uuidv7 } from './ids.ts'
import {
  ACTIONS,
  AUTHS,
  COPY_STATES,
  CUTS,
  DELIVERY_STATES,
  DIRECTIONS,
  DONE_REASONS,
  FOLDER_ROLES,
  ROLES,
  SECURITIES,
  SEND_BYS,
  SENDING_STATES,
  SENT_COPIES,
  STATUSES,
  TOKEN_USES,
  TROUBLES,
  WATCH_STATES,
  WRITE_BACK_ACTS,
  WRITERS,
} from './vocabulary.ts'

// Times are integers: ms since the epoch, named …At. Ids are UUIDs of version 7 made by the server. Addresses are
// lower case. JSON is opaque: no query looks into it.

const id = () => text().primaryKey().$defaultFn(uuidv7)
const at = () => int().notNull()

/** A name and an address of a header field (RFC 5322, section 3.4). The name may be empty. */
export type Address = { name: string; address: string }

// ---- Access ----

export const members = table('members', {
  id: id(),
  email: text().notNull().unique(),
  name: text().notNull(),
  role: text({ enum: ROLES }).notNull(),
  /** Argon2id in PHC form; none for who never set a password. */
  passwordHash: text(),
  disabledAt: int(),
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

/** How often something was tried in a window of time, over all nodes: sign-ins by account and by address. */
export const attempts = table('attempts', { key: text().primaryKey(), n: int().notNull(), resetAt: at() })

/** Who may do a thing that only one node may do at a time, and until when. */
export const leases = table('leases', { name: text().primaryKey(), owner: text().notNull(), until: at() })

// ---- Mailboxes ----

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
  paused: bool().notNull().default(false),
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

// ---- Issues ----

export const issues = table(
  'issues',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id),
    number: int().notNull(),
    subject: text().notNull(),
    status: text({ enum: STATUSES }).notNull(),
    doneReason: text({ enum: DONE_REASONS }),
    /** At most one of the two is set. */
    assigneeId: text().references(() => members.id),
    teamId: text().references(() => teams.id),
    /** Who wrote to us: the sender of the first mail. */
    contactName: text().notNull(),
    contactAddress: text().notNull(),
    /** What the list shows, written with each change so that a list is one range of one index. */
    lastFrom: text().notNull().default(''),
    snippet: text().notNull().default(''),
    lastDirection: text({ enum: DIRECTIONS }).notNull(),
    messageCount: int().notNull().default(0),
    hasAttachments: bool().notNull().default(false),
    /** A mail of it is on its way out, or did not get out. */
    sending: text({ enum: SENDING_STATES }),
    lastMessageAt: at(),
    /** Since when it is ours to move; none while it is theirs or done. */
    waitingSince: int(),
    createdAt: at(),
    updatedAt: at(),
    /** Counts every change: who acts on an old version is told. */
    version: int().notNull().default(1),
  },
  (t) => [
    unique('issues_number').on(t.mailboxId, t.number),
    index('issues_status').on(t.status, t.lastMessageAt, t.id),
    index('issues_mailbox').on(t.mailboxId, t.status, t.lastMessageAt, t.id),
    index('issues_assignee').on(t.assigneeId, t.status, t.lastMessageAt, t.id),
    index('issues_team').on(t.teamId, t.status, t.lastMessageAt, t.id),
  ],
)
export type Issue = typeof issues.$inferSelect

/** How many issues there are, kept up with each change, so that nobody counts. `assignee` is '', 'm:ID' or 't:ID'. */
export const counts = table(
  'counts',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    status: text({ enum: STATUSES }).notNull(),
    assignee: text().notNull(),
    n: int().notNull(),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.status, t.assignee] })],
)

/** How many mails came and went on a day (UTC), kept up with each mail: motion, to set against movement. */
export const traffic = table(
  'traffic',
  {
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** YYYY-MM-DD. */
    day: text().notNull(),
    received: int().notNull().default(0),
    sent: int().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.mailboxId, t.day] })],
)

/** Mails that reply headers tie together. An issue holds one or more. */
export const threads = table(
  'threads',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id),
    issueId: text()
      .notNull()
      .references(() => issues.id),
    subject: text().notNull(),
    /** It was begun, or taken out of another, on purpose: header fields that say it belongs to others do not undo that. */
    apart: bool().notNull().default(false),
    createdAt: at(),
  },
  (t) => [index('threads_issue').on(t.issueId)],
)
export type Thread = typeof threads.$inferSelect

/** What a message carries beside its text, as lists show it. */
export type MessageFlaws = {
  /** Its Message-ID was used before by a mail with other content. */
  sameId?: boolean
  /** Parts of it were left out, and why. */
  truncated?: string
  /** Only its beginning was fetched: the rest can be had from the mail server. */
  beginning?: true
  /** It could not be understood at all, and why. */
  unreadable?: string
}

/** How a mail did not arrive, as a bounce tells it (RFC 3464). */
export type Failure = {
  /** `hard`: it never will. `soft`: the server still tries, or another try may help. */
  kind: 'hard' | 'soft'
  /** Whom it did not reach, lower case. */
  recipients: string[]
  /** The enhanced status code (RFC 3463), such as 5.1.1. */
  status: string | null
  /** What the server said, in its own words. */
  reason: string
}

/** A person named in an invitation; `status` is the PARTSTAT in lower case, such as accepted. */
export type Invited = { name: string; address: string; status: string | null }

/** What a calendar part asks or tells (RFC 5546). Of an all-day event both times are days, at midnight UTC. */
export type Appointment = {
  method: string | null
  uid: string | null
  summary: string
  startAt: number | null
  endAt: number | null
  allDay: boolean
  timeZone: string | null
  location: string
  organizer: Invited | null
  attendees: Invited[]
  status: string | null
  sequence: number
  recurrence: string | null
}

/** What the page shows of a mail beside its text. Absent is the ordinary case. */
export type MessageExtras = {
  /** One of us sent it with another program, which is named where the mail names it. */
  elsewhere?: { client: string }
  /** It joined its thread by In-Reply-To although it is about something else. */
  subjectChanged?: true
  /** It joined a thread in which its sender had no part: they are not among the recipients of an answer. */
  newParticipant?: true
  /** An automatic answer says until when its sender is away. */
  awayUntil?: number
  /** It says that a mail of ours did not arrive. */
  bounce?: Failure
  /** A mail of ours came back, though a server had taken it: when we heard of it, and by which message. */
  bounced?: Failure & { at: number; messageId: string }
  calendar?: Appointment
  protection?: 'smime-encrypted' | 'smime-signed' | 'pgp-encrypted' | 'pgp-signed'
  /** One of us passed it on: who wrote the mail within, and about what. */
  forwarded?: { from: Address; subject: string; sentAt: number | null; byId: string }
}

export const messages = table(
  'messages',
  {
    id: id(),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id),
    threadId: text()
      .notNull()
      .references(() => threads.id),
    direction: text({ enum: DIRECTIONS }).notNull(),
    writer: text({ enum: WRITERS }).notNull(),
    /** The Message-ID field without its angle brackets, or gen-HASH where the mail has none. */
    internetMessageId: text().notNull(),
    /** SHA-256 over what the writer made, without what transport added: the same mail twice is one message. */
    contentHash: text().notNull(),
    /** None while an outgoing message has not been composed. */
    rawHash: text(),
    size: int().notNull(),
    subject: text().notNull(),
    fromName: text().notNull(),
    fromAddress: text().notNull(),
    to: json<Address[]>().notNull(),
    cc: json<Address[]>().notNull(),
    bcc: json<Address[]>().notNull(),
    replyTo: json<Address[]>().notNull(),
    inReplyTo: text(),
    references: json<string[]>().notNull(),
    /** The Date field; none where it is missing or no date. */
    sentAt: int(),
    /** When it came in or went out: what the timeline sorts by. */
    at: at(),
    snippet: text().notNull(),
    attachmentCount: int().notNull().default(0),
    flaws: json<MessageFlaws>().notNull(),
    extras: json<MessageExtras>().notNull(),
    /** Who of us wrote it. */
    authorId: text().references(() => members.id),
    createdAt: at(),
  },
  (t) => [
    unique('messages_once').on(t.mailboxId, t.internetMessageId, t.contentHash),
    index('messages_thread').on(t.threadId, t.at, t.id),
    index('messages_internet_id').on(t.internetMessageId),
  ],
)
export type Message = typeof messages.$inferSelect

/** The text of a message, apart, so that lists read small rows. */
export const bodies = table('bodies', {
  messageId: text()
    .primaryKey()
    .references(() => messages.id, { onDelete: 'cascade' }),
  /** All of the text, as the mail gives it or as its HTML reads. */
  text: text().notNull(),
  /** Where quoted text begins in `text`; none where nothing is quoted. */
  quotedFrom: int(),
  hasHtml: bool().notNull(),
  /** The HTML says more than its text does: pictures, tables, lists, emphasis. */
  rich: bool().notNull(),
  /** Sanitised HTML, made when somebody first looks, and the version of the rules that made it. */
  html: text(),
  htmlVersion: int(),
  /** How much of it would be loaded from elsewhere; known with `html`. */
  remoteCount: int(),
})
export type Body = typeof bodies.$inferSelect

/** Which message a Message-ID means. One message may have several: its own and the one a server gave it. */
export const messageIds = table(
  'message_ids',
  {
    internetMessageId: text().notNull(),
    messageId: text()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.internetMessageId, t.messageId] })],
)

/** Which Message-IDs a message answers or refers to, so that a parent that comes late finds its children. */
export const messageReferences = table(
  'message_references',
  {
    internetMessageId: text().notNull(),
    messageId: text()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    /** True for In-Reply-To, or the last of References where there is none: the parent itself. */
    parent: bool().notNull(),
  },
  (t) => [primaryKey({ columns: [t.internetMessageId, t.messageId] })],
)

export const attachments = table(
  'attachments',
  {
    messageId: text()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    /** Its place among the message's attachments, from 0: with the raw mail, where its bytes are. */
    position: int().notNull(),
    filename: text().notNull(),
    contentType: text().notNull(),
    size: int().notNull(),
    /** The Content-ID without its angle brackets, by which HTML shows it (RFC 2392). */
    contentId: text(),
    inline: bool().notNull(),
  },
  (t) => [primaryKey({ columns: [t.messageId, t.position] })],
)
export type Attachment = typeof attachments.$inferSelect

/** A file that a member put here to send it. It is theirs until a message has it. */
export const uploads = table(
  'uploads',
  {
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    filename: text().notNull(),
    contentType: text().notNull(),
    size: int().notNull(),
    /** The blob that has it, behind the id (server/issues/upload.ts). */
    blobHash: text().notNull(),
    /** The message that takes it along, and its place among the attachments. */
    messageId: text().references(() => messages.id, { onDelete: 'set null' }),
    position: int(),
    createdAt: at(),
  },
  (t) => [
    index('uploads_member').on(t.memberId, t.messageId),
    index('uploads_message').on(t.messageId),
    index('uploads_age').on(t.createdAt),
  ],
)
export type Upload = typeof uploads.$inferSelect

export const notes = table(
  'notes',
  {
    id: id(),
    issueId: text()
      .notNull()
      .references(() => issues.id),
    memberId: text()
      .notNull()
      .references(() => members.id),
    text: text().notNull(),
    at: at(),
  },
  (t) => [index('notes_issue').on(t.issueId, t.at)],
)
export type Note = typeof notes.$inferSelect

/** Up to when a member has seen an issue. */
export const seen = table(
  'seen',
  {
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.issueId] })],
)

/** Everything that happened, written with the change itself. Timeline, live updates and reports read nothing else. */
export const events = table(
  'events',
  {
    id: id(),
    at: at(),
    action: text({ enum: ACTIONS }).notNull(),
    /** Who did it; none for the mail server and for Downfield itself. */
    memberId: text(),
    mailboxId: text(),
    issueId: text(),
    detail: json<Record<string, unknown>>().notNull(),
  },
  (t) => [index('events_issue').on(t.issueId, t.id)],
)
export type Event = typeof events.$inferSelect

/** What an answer that is held for a while changed about its issue, so that it can be changed back. */
export type Held = {
  /** The message that it answers. */
  answeredId: string
  issueId: string
  before: Pick<
    Issue,
    'status' | 'doneReason' | 'assigneeId' | 'lastMessageAt' | 'lastFrom' | 'snippet' | 'lastDirection' | 'waitingSince'
  >
}

/** A message that must go out: the row exists before the first attempt, and outlives every one. */
export const outbox = table(
  'outbox',
  {
    /** The message itself. */
    messageId: text()
      .primaryKey()
      .references(() => messages.id),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id),
    issueId: text()
      .notNull()
      .references(() => issues.id),
    state: text({ enum: SENDING_STATES }).notNull(),
    /** Not to be tried before: the undo window, or the wait after a failure. */
    dueAt: at(),
    attempts: int().notNull().default(0),
    /** Who is sending it now, and until when that is believed. */
    owner: text(),
    ownedUntil: int(),
    /** Envelope recipients (RFC 5321 RCPT TO), all of To, Cc and Bcc. */
    recipients: json<string[]>().notNull(),
    /** The server's words, good or bad, and what we make of the bad ones. */
    response: text(),
    trouble: text({ enum: TROUBLES }),
    rejected: json<{ address: string; response: string }[]>().notNull(),
    acceptedAt: int(),
    copy: text({ enum: COPY_STATES }).notNull(),
    copyError: text(),
    copyTries: int().notNull().default(0),
    /** What its writer may take back until an attempt begins; none from then on (server/issues/take-back.ts). */
    held: json<Held>(),
    createdAt: at(),
  },
  (t) => [
    index('outbox_due').on(t.state, t.dueAt),
    index('outbox_copy').on(t.copy, t.dueAt),
    index('outbox_issue').on(t.issueId),
  ],
)
export type Outgoing = typeof outbox.$inferSelect

// ---- Search ----

/**
 * A message in the search index (db/search-index.ts), which is kept by number. Numbers follow the time of the messages,
 * so that the index gives the newest first.
 */
export const searchDocs = table('search_docs', {
  n: int().primaryKey(),
  messageId: text()
    .notNull()
    .unique()
    .references(() => messages.id, { onDelete: 'cascade' }),
})

/** Messages whose words are to be indexed. A trigger on `bodies` puts them here, with the text itself. */
export const searchQueue = table('search_queue', {
  messageId: text()
    .primaryKey()
    .references(() => messages.id, { onDelete: 'cascade' }),
  /** Counts up when the text changes again before it was indexed. */
  times: int().notNull().default(1),
})

/** Settings of the whole installation. */
export const settings = table('settings', { key: text().primaryKey(), value: json<unknown>().notNull() })

/** An empty table that writers on PostgreSQL lock to take turns (db/postgres.ts). */
export const turn = table('turn', { id: int().primaryKey() })
