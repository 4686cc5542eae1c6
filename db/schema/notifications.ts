import { isNotNull, isNull } from 'drizzle-orm'
import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import {
  DIGEST_LANGUAGES,
  DISPATCH_STATES,
  FEED_SCOPES,
  MAIL_PACES,
  NOTIFICATION_KINDS,
  NOTIFICATION_REASONS,
  type NotificationKind,
} from '../vocabulary.ts'
import { members, sessions } from './access.ts'
import { at, id } from './common.ts'
import { issues } from './issues.ts'
import { mailboxes } from './mailboxes.ts'
import { proposals } from './proposals.ts'

// Who is told of what: in the app, and by mail.

/** How far a worker has come with the events. It looks again a little before: doing an event twice is doing it once. */
export const cursors = table('cursors', { name: text().primaryKey(), eventId: text().notNull(), at: at() })

/** What a member is told: of each event once. */
export const notifications = table(
  'notifications',
  {
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    /** The event; of a warning, which deadline of what it is about (server/notifications/deadlines/warning.ts). */
    eventId: text().notNull(),
    /** What it is about: an issue, or a proposal. */
    issueId: text().references(() => issues.id, { onDelete: 'cascade' }),
    proposalId: text().references(() => proposals.id, { onDelete: 'cascade' }),
    kind: text({ enum: NOTIFICATION_KINDS }).notNull(),
    reason: text({ enum: NOTIFICATION_REASONS }).notNull(),
    /** Who did it: one of us, or as the mail names its writer, or the rule. */
    actorId: text(),
    actor: text().notNull(),
    /** How what was written begins; empty where nothing was. */
    said: text().notNull(),
    at: at(),
    /** Shown in the app; else it is only here to be sent. */
    shown: bool().notNull(),
    readAt: int(),
    /** When it is to be in a mail; none: never, or it was. */
    mailAt: int(),
    /** The mail that has it. */
    mailId: text(),
  },
  (t) => [
    unique('notifications_once').on(t.memberId, t.eventId),
    index('notifications_list').on(t.memberId, t.shown, t.at, t.id),
    index('notifications_unread').on(t.memberId, t.issueId).where(isNull(t.readAt)),
    index('notifications_mail').on(t.mailAt, t.memberId).where(isNotNull(t.mailAt)),
    index('notifications_age').on(t.at),
    index('notifications_issue').on(t.issueId),
    index('notifications_proposal').on(t.proposalId),
  ],
)
export type Notification = typeof notifications.$inferSelect

/** Of what a member is told, and where. What is absent is as at first. */
export type NotificationChoices = Partial<
  Record<NotificationKind, { app: boolean; mail: boolean; push?: boolean | undefined }>
>

/** When a member is left alone: no mail goes out and nothing is pushed, from a minute of the day to another, which may be of the next day. */
export type QuietHours = { from: number; to: number }

export const notificationSettings = table('notification_settings', {
  memberId: text()
    .primaryKey()
    .references(() => members.id, { onDelete: 'cascade' }),
  choices: json<NotificationChoices>().notNull(),
  pace: text({ enum: MAIL_PACES }).notNull(),
  /** When the daily mail goes out: a minute of the day. */
  dailyAt: int().notNull(),
  quiet: json<QuietHours>(),
  /** Of the times above (IANA). */
  zone: text().notNull(),
  changedAt: at(),
})
export type NotificationSettings = typeof notificationSettings.$inferSelect

/** A mail that tells a member what happened. It is in no issue, and an answer to it becomes a note. */
export const notificationMails = table(
  'notification_mails',
  {
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    mailboxId: text()
      .notNull()
      .references(() => mailboxes.id, { onDelete: 'cascade' }),
    /** None for a summary of several. */
    issueId: text().references(() => issues.id, { onDelete: 'cascade' }),
    internetMessageId: text().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    /** The same as HTML; empty: it goes out as text alone. */
    html: text().notNull().default(''),
    state: text({ enum: DISPATCH_STATES }).notNull(),
    dueAt: at(),
    attempts: int().notNull().default(0),
    /** The server's words. */
    response: text().notNull().default(''),
    createdAt: at(),
  },
  (t) => [
    index('notification_mails_due').on(t.state, t.dueAt),
    index('notification_mails_age').on(t.createdAt),
    index('notification_mails_issue').on(t.issueId),
  ],
)
export type NotificationMail = typeof notificationMails.$inferSelect

/** Whether and when a member wants the weekly digest of proposals. */
export const digestSettings = table('digest_settings', {
  memberId: text()
    .primaryKey()
    .references(() => members.id, { onDelete: 'cascade' }),
  active: bool().notNull(),
  /** From 0 for Monday to 6 for Sunday. */
  weekday: int().notNull(),
  /** A minute of the day, in the zone of the member's notifications. */
  minute: int().notNull(),
  language: text({ enum: DIGEST_LANGUAGES }).notNull(),
  changedAt: at(),
})
export type DigestSettings = typeof digestSettings.$inferSelect

/** That a member's digest of a week was made: it never is twice. */
export const digests = table(
  'digests',
  {
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    /** The Monday of its week in the member's zone, YYYY-MM-DD. */
    week: text().notNull(),
    /** The mail that it went out in; none where there was nothing to say, or nowhere to send it. */
    mailId: text(),
    at: at(),
  },
  (t) => [primaryKey({ columns: [t.memberId, t.week] }), index('digests_age').on(t.at)],
)

/** A browser that a member wants to be told in, also while no page is open (RFC 8030). It hears as long as its session lasts. */
export const pushDevices = table(
  'push_devices',
  {
    id: id(),
    memberId: text()
      .notNull()
      .references(() => members.id, { onDelete: 'cascade' }),
    sessionId: text()
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    /** SHA-256 of the address that its push service gave it: who knows the address may write to it. */
    endpointHash: text().notNull().unique(),
    /** The address and the keys of the browser, encrypted at rest. */
    sealed: text().notNull(),
    userAgent: text().notNull(),
    createdAt: at(),
    /** When something last reached it. */
    reachedAt: int(),
  },
  (t) => [index('push_devices_member').on(t.memberId), index('push_devices_session').on(t.sessionId)],
)
export type PushDevice = typeof pushDevices.$inferSelect

/** What a device is to be told: a row before the first attempt. */
export const pushes = table(
  'pushes',
  {
    id: id(),
    deviceId: text()
      .notNull()
      .references(() => pushDevices.id, { onDelete: 'cascade' }),
    notificationId: text()
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    state: text({ enum: DISPATCH_STATES }).notNull(),
    dueAt: at(),
    attempts: int().notNull().default(0),
    /** What the push service answered, or why nothing came. */
    response: text().notNull().default(''),
    createdAt: at(),
  },
  (t) => [
    index('pushes_due').on(t.state, t.dueAt),
    index('pushes_device').on(t.deviceId),
    index('pushes_notification').on(t.notificationId),
  ],
)
export type Push = typeof pushes.$inferSelect

/** The secret link by which a member's calendar program reads deadlines. Making another ends the first. */
export const calendarFeeds = table('calendar_feeds', {
  memberId: text()
    .primaryKey()
    .references(() => members.id, { onDelete: 'cascade' }),
  /** SHA-256 of the secret in the link. */
  tokenHash: text().notNull().unique(),
  shows: text({ enum: FEED_SCOPES }).notNull(),
  createdAt: at(),
  /** When it was last read. */
  readAt: int(),
})
export type CalendarFeed = typeof calendarFeeds.$inferSelect
