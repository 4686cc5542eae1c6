// Words that the database, the server and the page share. Values without imports; one word for one thing.

/** What a member may do, from most to least. See server/access/may.ts. */
export const ROLES = ['admin', 'manager', 'member', 'viewer'] as const
export type Role = (typeof ROLES)[number]

/** Where an issue can be put: needs triage, ours to move, theirs to move, done, and out of sight. */
export const CHOSEN_STATUSES = ['new', 'open', 'waiting', 'done', 'spam', 'trash'] as const
export type ChosenStatus = (typeof CHOSEN_STATUSES)[number]
/** Where an issue can be found: `snoozed` is put off until a time, or until they write. */
export const LISTED_STATUSES = ['new', 'open', 'snoozed', 'waiting', 'done', 'spam', 'trash'] as const
/** Where an issue stands. One that was brought into another (`merged`) has nothing left, and is in no list. */
export const STATUSES = [...LISTED_STATUSES, 'merged'] as const
export type Status = (typeof STATUSES)[number]

/** How far a job over many issues has come. */
export const JOB_STATES = ['running', 'done', 'failed'] as const
export type JobState = (typeof JOB_STATES)[number]

/** Where an import of proposals from a file is: a draft whose columns are being matched, under way, over, or taken back. */
export const IMPORT_STATES = ['draft', 'running', 'done', 'undoing', 'undone', 'failed'] as const
export type ImportState = (typeof IMPORT_STATES)[number]

/** What an import did to a proposal. */
export const IMPORT_ACTS = ['created', 'updated'] as const
export type ImportAct = (typeof IMPORT_ACTS)[number]

/** What becomes of a proposal that an import before brought along. */
export const KNOWN_CHOICES = ['skip', 'update'] as const
export type KnownChoice = (typeof KNOWN_CHOICES)[number]

/** What became of one issue of a job; `skipped`: nothing was to change, or it was changed by somebody since. */
export const JOB_ITEM_STATES = ['waiting', 'done', 'skipped'] as const
export type JobItemState = (typeof JOB_ITEM_STATES)[number]
/** Stands for no date where a time is needed: the latest that a Date can hold (ECMA-262, section 21.4.1.1), in ms. */
export const NO_DATE = 8_640_000_000_000_000

/** Whether a member hears of what happens in an issue: asked to, or asked not to. */
export const FOLLOWINGS = ['following', 'muted'] as const
export type Following = (typeof FOLLOWINGS)[number]

/** Why somebody follows an issue. */
export const FOLLOW_REASONS = ['chosen', 'mentioned'] as const
export type FollowReason = (typeof FOLLOW_REASONS)[number]

/** The colours that a tag can have, as the page names them. */
export const TAG_COLOURS = ['grey', 'green', 'blue', 'amber', 'red', 'violet', 'teal', 'brown'] as const
export type TagColour = (typeof TAG_COLOURS)[number]

/** Why an issue is done. */
export const DONE_REASONS = ['answered', 'no_action', 'duplicate'] as const
export type DoneReason = (typeof DONE_REASONS)[number]

/** Whether mail came to the mailbox or went out from it. */
export const DIRECTIONS = ['in', 'out'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** Who wrote a mail: a person, or which kind of machine (RFC 3834, RFC 3464, RFC 2919). */
export const WRITERS = ['person', 'auto_reply', 'out_of_office', 'bounce', 'list', 'notification'] as const
export type Writer = (typeof WRITERS)[number]

/** How far a raw mail found in a mailbox has come. `removed`: for good, with its message; only that it was there is known. */
export const DELIVERY_STATES = ['stored', 'understood', 'failed', 'removed'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** What came of reading the text of a file: it has some, it has none, or it could not be read. */
export const FILE_TEXT_STATES = ['read', 'none', 'failed'] as const
export type FileTextState = (typeof FILE_TEXT_STATES)[number]

/** Why only the beginning of a raw mail is kept: it is too large, or the server does not give more. */
export const CUTS = ['too_large', 'not_given'] as const
export type Cut = (typeof CUTS)[number]

/** What is done to a mail on the server, where a mailbox wants that. */
export const WRITE_BACK_ACTS = ['seen', 'answered', 'move'] as const
export type WriteBackAct = (typeof WRITE_BACK_ACTS)[number]

/** What a folder of a mailbox is for (RFC 6154 SPECIAL-USE); `import` holds what came from files. */
export const FOLDER_ROLES = ['inbox', 'sent', 'other', 'import'] as const
export type FolderRole = (typeof FOLDER_ROLES)[number]

/** How the watch over a mailbox goes. `live`: the server tells us of new mail at once; `polling`: we ask on a timer. */
export const WATCH_STATES = ['connecting', 'live', 'polling', 'trouble', 'paused'] as const
export type WatchState = (typeof WATCH_STATES)[number]

/** What can be wrong with a mail server, by its cause. The words for it are in server/mail/trouble.ts. */
export const TROUBLES = [
  'name_not_found',
  'refused',
  'timeout',
  'unreachable',
  'certificate',
  'tls',
  'not_imap',
  'not_smtp',
  'wrong_password',
  /** OAuth 2.0: a person must sign in again; the sign-in service refuses the app; it can't be reached; a good token got no access. */
  'sign_in_again',
  'app_refused',
  'sign_in_unreachable',
  'token_refused',
  'disabled',
  'folder_missing',
  'too_many_connections',
  'closed',
  'storage',
  'other',
] as const
export type Trouble = (typeof TROUBLES)[number]

/** How a connection is encrypted: TLS from the start, STARTTLS, or not at all (RFC 8314). */
export const SECURITIES = ['tls', 'starttls', 'none'] as const
export type Security = (typeof SECURITIES)[number]

/** How Downfield signs in to a mailbox: with a password, or by OAuth 2.0 as an app of its own or for an account. */
export const AUTHS = ['password', 'oauth_app', 'oauth_member'] as const
export type Auth = (typeof AUTHS)[number]

/** What a mailbox sends by: SMTP, or Microsoft Graph. */
export const SEND_BYS = ['smtp', 'graph'] as const
export type SendBy = (typeof SEND_BYS)[number]

/** What an access token is for: IMAP and SMTP, or Microsoft Graph. One token is never for both. */
export const TOKEN_USES = ['mail', 'graph'] as const
export type TokenUse = (typeof TOKEN_USES)[number]

/** Who files the copy of what we send: we look and append it, or the server does it by itself. */
export const SENT_COPIES = ['append', 'server'] as const
export type SentCopy = (typeof SENT_COPIES)[number]

/** Where an outgoing message stands. `uncertain`: the connection broke after the text was handed over, before an answer. */
export const SENDING_STATES = ['queued', 'sending', 'accepted', 'rejected', 'uncertain', 'cancelled'] as const
export type SendingState = (typeof SENDING_STATES)[number]

/** Where the copy of an accepted message in the Sent folder stands. */
export const COPY_STATES = ['none', 'pending', 'filed', 'failed'] as const
export type CopyState = (typeof COPY_STATES)[number]

/** How far a mail that a mailbox sends to itself as a test has come. */
export const SEND_TEST_STATES = ['sending', 'waiting', 'arrived', 'failed'] as const
export type SendTestState = (typeof SEND_TEST_STATES)[number]

/** What somebody does in an issue now. */
export const DOINGS = ['looking', 'writing'] as const
export type Doing = (typeof DOINGS)[number]

/** What happened, as events record it. */
export const ACTIONS = [
  'opened',
  'received',
  'reopened',
  /** Two issues turned out to be one; or a late answer began a new one beside its old one. */
  'united',
  'continued',
  /** A member brought an issue into another, or took it out again; took mails out into an issue of their own, or back. */
  'merged',
  'unmerged',
  'split',
  'unsplit',
  'bounced',
  'contact_changed',
  /** Somebody took a copy of it along. */
  'exported',
  'assigned',
  'status_changed',
  'noted',
  'snoozed',
  /** Its time came, or they wrote. */
  'woken',
  'snooze_taken_back',
  'tagged',
  /** Somebody began or ceased to follow, or to mute. */
  'followed',
  'replied',
  'sending_changed',
  'sent',
  'send_failed',
  'send_uncertain',
  'send_retried',
  'send_cancelled',
  /** An answer was taken back before anybody was told of it: what it changed is as it was. */
  'taken_back',
  /** A draft was begun, handed over, thrown away or had back. */
  'draft_changed',
  /** An answer that goes out later got another time. */
  'rescheduled',
  /** Somebody wants to hear of an issue again where nobody answers. */
  'reminder_set',
  'reminder_dropped',
  'reminded',
  /** Who wrote was told by itself that the mail came in; or nobody is told any more, since it was too often. */
  'acknowledged',
  'automatic_stopped',
  'automatic_resumed',
  'mailbox_changed',
  'mailbox_state',
  'directory_changed',
  'exchange_changed',
  'exchange_run',
  /** Somebody lost access on the way and does not have it back yet; then that they have it again. */
  'exchange_access_lost',
  'exchange_access_back',
  'exchange_drift',
  'job_changed',
  /** Of a proposal: an issue became one, it changed, it ended, it goes on, mail came to it or was taken away. */
  'proposal_opened',
  'proposal_changed',
  'proposal_closed',
  'proposal_reopened',
  'proposal_deleted',
  'proposal_restored',
  'proposal_noted',
  'proposal_amended',
  'proposal_linked',
  'proposal_unlinked',
  /** Stages, reasons, fields, rates or goals. */
  'pipeline_changed',
  /** A member corrected what is known of a person or an organization, or made two of them one, and two again. */
  'person_changed',
  'people_merged',
  'people_unmerged',
  'organization_changed',
  'organizations_merged',
  'organizations_unmerged',
  /** A domain became one at which anybody may have an address, or is an organization's again. */
  'domain_marked',
  'tags_changed',
  /** A rule did something with an issue; somebody changed the rules. */
  'rule_fired',
  'rules_changed',
  /** Members have something new to be told. Of no issue: its detail names them. */
  'notified',
  'views_changed',
  'settings_changed',
] as const
export type Action = (typeof ACTIONS)[number]

/** The lists of issues that everybody has. */
export const VIEWS = [
  'inbox',
  'mine',
  'team',
  'unassigned',
  'snoozed',
  'waiting',
  'done',
  'spam',
  'trash',
  'all',
] as const
export type View = (typeof VIEWS)[number]

/** The groups that each view shows, in their order. */
export const VIEW_GROUPS: Record<View, readonly Status[]> = {
  inbox: ['new', 'open'],
  mine: ['new', 'open', 'waiting'],
  team: ['new', 'open', 'waiting'],
  unassigned: ['new', 'open'],
  snoozed: ['snoozed'],
  waiting: ['waiting'],
  done: ['done'],
  spam: ['spam'],
  trash: ['trash'],
  all: ['new', 'open', 'snoozed', 'waiting', 'done'],
}

/** How Exchange is reached: its own interface, PowerShell, by files that an admin carries, or one that is made up. */
export const EXCHANGE_KINDS = ['exo-rest', 'pwsh', 'plan-only', 'simulator'] as const
export type ExchangeKind = (typeof EXCHANGE_KINDS)[number]

/** Exchange Online, or a server of one's own. */
export const EXCHANGE_PLATFORMS = ['exo', 'onprem'] as const
export type ExchangePlatform = (typeof EXCHANGE_PLATFORMS)[number]

/** The way from nothing to a watched mailbox. */
export const FLOW_STEPS = ['connect', 'create', 'access', 'admit', 'watch', 'try'] as const
export type FlowStepName = (typeof FLOW_STEPS)[number]
export const FLOW_STEP_STATES = ['done', 'open', 'waiting', 'trouble'] as const
export type FlowStepState = (typeof FLOW_STEP_STATES)[number]

/** How far a plan that is carried out has come. `partly`: some steps failed. `replicating`: done, and not seen everywhere yet. */
export const PROVISIONING_STATES = [
  'queued',
  'running',
  'verifying',
  'done',
  'replicating',
  'partly',
  'failed',
  'access_lost',
  'stale',
] as const
export type ProvisioningState = (typeof PROVISIONING_STATES)[number]

/** What came of a step. `unchanged`: it was so already. `uncertain`: the connection broke before an answer. */
export const PROVISIONING_STEP_STATES = [
  'planned',
  'running',
  'done',
  'unchanged',
  'failed',
  'uncertain',
  'skipped',
] as const
export type ProvisioningStepState = (typeof PROVISIONING_STEP_STATES)[number]

/** Access that is taken and given again: what was begun last. `lost`: it could not be given again yet. */
export const FLIP_PHASES = ['removing', 'adding', 'lost', 'closed'] as const
export type FlipPhase = (typeof FLIP_PHASES)[number]

/** What was done about somebody's access, as the ledger keeps it. */
export const LEDGER_ACTS = ['granted', 'removed', 'cleared automapping'] as const
export type LedgerAct = (typeof LEDGER_ACTS)[number]

export * from './vocabulary/currency.ts'
export * from './vocabulary/notifications.ts'
export * from './vocabulary/people.ts'
export * from './vocabulary/proposals.ts'
export * from './vocabulary/rules.ts'
/** How a list is ordered within its groups: by the last mail, or by how long it is ours to move. */
export const ORDERS = ['newest', 'oldest'] as const
export type Order = (typeof ORDERS)[number]
