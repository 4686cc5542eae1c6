import { isNotNull } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import { COPY_STATES, DIRECTIONS, SENDING_STATES, TROUBLES, WRITERS } from '../vocabulary.ts'
import { members } from './access.ts'
import { type Address, at, id } from './common.ts'
import { drafts } from './drafts.ts'
import { type Held, issues } from './issues.ts'
import { mailboxes } from './mailboxes.ts'

// The mails of an issue: what came in and what goes out.

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
    /** The language that it is answered in, where somebody chose it: as RFC 5646 has it; empty: none in particular. */
    language: text(),
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
  /** Of a mail of ours, as it was written with a form: the HTML that goes out, pictures as cid:ID of the upload. */
  composedHtml: text(),
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
  (t) => [primaryKey({ columns: [t.internetMessageId, t.messageId] }), index('message_ids_message').on(t.messageId)],
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
  (t) => [
    primaryKey({ columns: [t.internetMessageId, t.messageId] }),
    index('message_references_message').on(t.messageId),
  ],
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
    /** SHA-256 of its bytes, by which its text is kept; known once that was looked for. */
    contentHash: text(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.position] }),
    index('attachments_content').on(t.contentHash).where(isNotNull(t.contentHash)),
  ],
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
    /** The draft that it belongs to, and where it was copied from, as MESSAGE/POSITION, when a mail is passed on. */
    draftId: text().references(() => drafts.id, { onDelete: 'set null' }),
    copiedFrom: text(),
    /** The message that takes it along, and its place among the attachments. */
    messageId: text().references(() => messages.id, { onDelete: 'set null' }),
    position: int(),
    createdAt: at(),
  },
  (t) => [
    index('uploads_member').on(t.memberId, t.messageId),
    index('uploads_message').on(t.messageId),
    index('uploads_draft').on(t.draftId),
    index('uploads_age').on(t.createdAt),
  ],
)
export type Upload = typeof uploads.$inferSelect

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
    /** When its writer wants it to go out; none: at once. */
    scheduledAt: int(),
    /** When the last attempt began: what counts for the rate of its mailbox. */
    triedAt: int(),
    /** The Message-ID that the server put in place of ours: others know it by that one. */
    sentAs: text(),
    /** Nobody wrote it: an acknowledgement. */
    automatic: bool().notNull().default(false),
    createdAt: at(),
  },
  (t) => [
    index('outbox_due').on(t.state, t.dueAt),
    index('outbox_copy').on(t.copy, t.dueAt),
    index('outbox_issue').on(t.issueId),
    index('outbox_tried').on(t.mailboxId, t.triedAt),
    index('outbox_scheduled').on(t.state, t.scheduledAt),
  ],
)
export type Outgoing = typeof outbox.$inferSelect
