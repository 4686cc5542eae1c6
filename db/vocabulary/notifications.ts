// Words about who is told of what.

/** What a member can be told of, as they choose it in their settings. */
export const NOTIFICATION_KINDS = [
  'assigned',
  'mentioned',
  'received',
  'replied',
  'noted',
  'woken',
  'failed',
  'rule',
  /** A deadline of a proposal is on the next working day; it is reached. */
  'due_soon',
  'due_now',
] as const
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number]

/** Why somebody is told: it is theirs, their team's, they follow it, were named, wrote it, or a rule says so. */
export const NOTIFICATION_REASONS = ['assignee', 'team', 'follower', 'mentioned', 'author', 'rule'] as const
export type NotificationReason = (typeof NOTIFICATION_REASONS)[number]

/** How notifications go out by mail: each at once, or gathered. */
export const MAIL_PACES = ['at_once', 'hourly', 'daily'] as const
export type MailPace = (typeof MAIL_PACES)[number]

/** Where what Downfield sends to members, or to a webhook, stands. */
export const DISPATCH_STATES = ['queued', 'done', 'failed'] as const
export type DispatchState = (typeof DISPATCH_STATES)[number]

/** The languages that the weekly digest is written in. */
export const DIGEST_LANGUAGES = ['en', 'de', 'fr', 'es'] as const
export type DigestLanguage = (typeof DIGEST_LANGUAGES)[number]

/** Which proposals a calendar feed shows: those that the member owns or works on, or all that they see. */
export const FEED_SCOPES = ['mine', 'all'] as const
export type FeedScope = (typeof FEED_SCOPES)[number]
