import { bool, index, int, json, table, text, unique } from '../columns.ts'
import {
  EXCHANGE_KINDS,
  EXCHANGE_PLATFORMS,
  FLIP_PHASES,
  type FlowStepName,
  type FlowStepState,
  LEDGER_ACTS,
  PROVISIONING_STATES,
  PROVISIONING_STEP_STATES,
  type Security,
} from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { mailboxes } from './mailboxes.ts'

// Exchange, where shared mailboxes come from: how it is reached, what is wanted there, and what was done.

/** A mail server, and how the way to it is encrypted. */
export type MailServer = { host: string; port: number; security: Security }
export type MailServers = { imap: MailServer; smtp: MailServer }

/** How Exchange is reached. What a kind of connection has no use for is empty. */
export type ExchangeSettings = {
  /** The directory: its id or its domain. */
  tenant: string
  clientId: string
  /** The sign-in service, as https://login.microsoftonline.com. */
  authority: string
  /** Exchange Online, as https://outlook.office365.com. */
  exchangeUrl: string
  /** Where Autodiscover answers for any user; empty: it is not asked. */
  autodiscoverUrl: string
  /** The thumbprint of the certificate, where the app has one: SHA-256, base64url. */
  certificateThumbprint: string
  /** The directory on premises, as ldaps://dc.contoso.local; empty: it is not read. */
  ldapUrl: string
  ldapBaseDn: string
  ldapBindDn: string
  /** CONTOSO of CONTOSO\jane, on premises. */
  netBiosDomain: string
  /** Where mail is read and handed in; left out: as the cloud has it. */
  mail?: MailServers | undefined
}

export const exchangeConnections = table('exchange_connections', {
  id: id(),
  name: text().notNull(),
  kind: text({ enum: EXCHANGE_KINDS }).notNull(),
  platform: text({ enum: EXCHANGE_PLATFORMS }).notNull(),
  /** There is Exchange on premises and in the cloud. */
  hybrid: bool().notNull().default(false),
  settings: json<ExchangeSettings>().notNull(),
  /** Client secret, private key and LDAP password as JSON, encrypted at rest; empty where there are none. */
  secrets: text().notNull().default(''),
  createdAt: at(),
  changedAt: at(),
})
export type ExchangeConnectionRow = typeof exchangeConnections.$inferSelect

/** How what is there differs from what was wanted. */
export type Drift = { code: string; subject: string; message: string }

/** How far the way from nothing to a watched mailbox has come, as it was last seen, and what was typed on the way. */
export type ExchangeFlow = {
  /** What somebody wants and nobody applied yet, as a file; each change counts `version` up. */
  draft?: string
  version?: number
  /** The app that reads and sends the mail, and when it was let in. */
  program?: { appId: string; objectId: string }
  admittedAt?: number
  steps?: FlowStep[]
}
/** A step of that way. `open`: it is for somebody to do. `waiting`: it goes on by itself. */
export type FlowStep = { step: FlowStepName; state: FlowStepState; says: string; whatToDo: string; at: number }

/** A mailbox of Exchange that is looked after from here. */
export const exchangeMailboxes = table(
  'exchange_mailboxes',
  {
    id: id(),
    connectionId: text()
      .notNull()
      .references(() => exchangeConnections.id, { onDelete: 'cascade' }),
    /** The address by which it is wanted, lower case. */
    identity: text().notNull(),
    /** What is wanted of it, as the file that says so; empty: it was only looked at. */
    wanted: text().notNull().default(''),
    /** The files that `wanted` names, by their names. */
    lists: json<Record<string, string>>().notNull().default({}),
    /** What Exchange itself knows it by, once it was seen. */
    guid: text().notNull().default(''),
    /** The mailbox here that watches it. */
    mailboxId: text().references(() => mailboxes.id, { onDelete: 'set null' }),
    /** How far the way from nothing to a watched mailbox has come. */
    flow: json<ExchangeFlow>().notNull().default({}),
    /** When what is there is compared with what is wanted next; none: never. */
    checkAt: int(),
    checkedAt: int(),
    drift: json<Drift[]>().notNull().default([]),
    /** Why the last check came to nothing. */
    trouble: text(),
    createdAt: at(),
    changedAt: at(),
  },
  (t) => [
    unique('exchange_mailboxes_identity').on(t.connectionId, t.identity),
    index('exchange_mailboxes_check').on(t.checkAt),
  ],
)
export type ExchangeMailbox = typeof exchangeMailboxes.$inferSelect

/** A plan that is or was carried out. */
export const provisioningRuns = table(
  'provisioning_runs',
  {
    id: id(),
    exchangeMailboxId: text()
      .notNull()
      .references(() => exchangeMailboxes.id, { onDelete: 'cascade' }),
    /** Who wanted it; none: the command line. */
    memberId: text().references(() => members.id, { onDelete: 'set null' }),
    state: text({ enum: PROVISIONING_STATES }).notNull(),
    wanted: text().notNull(),
    lists: json<Record<string, string>>().notNull().default({}),
    /** SHA-256 of the steps that were shown, and of the snapshot that they follow from. */
    planHash: text().notNull(),
    snapshotHash: text().notNull(),
    /** How it ended, in words. */
    message: text(),
    createdAt: at(),
    startedAt: int(),
    endedAt: int(),
  },
  (t) => [
    index('provisioning_runs_mailbox').on(t.exchangeMailboxId, t.id),
    index('provisioning_runs_state').on(t.state),
  ],
)
export type ProvisioningRun = typeof provisioningRuns.$inferSelect

/** Each step of a run, and what came of it: the journal and the audit in one. Never deleted. */
export const provisioningSteps = table(
  'provisioning_steps',
  {
    id: id(),
    runId: text()
      .notNull()
      .references(() => provisioningRuns.id, { onDelete: 'cascade' }),
    number: int().notNull(),
    state: text({ enum: PROVISIONING_STEP_STATES }).notNull(),
    phase: int().notNull(),
    cmdlet: text().notNull(),
    params: json<Record<string, unknown>>().notNull(),
    command: text().notNull(),
    risk: text().notNull(),
    reason: text().notNull(),
    /** What Exchange said, where it said something. */
    message: text(),
    tries: int().notNull().default(0),
    requestId: text(),
    startedAt: int(),
    endedAt: int(),
  },
  (t) => [unique('provisioning_steps_number').on(t.runId, t.number)],
)
export type ProvisioningStep = typeof provisioningSteps.$inferSelect

/** Access that is taken and given again, written down before it is taken. An open row is finished before anything else. */
export const exchangeFlips = table(
  'exchange_flips',
  {
    id: id(),
    connectionId: text()
      .notNull()
      .references(() => exchangeConnections.id, { onDelete: 'cascade' }),
    runId: text().references(() => provisioningRuns.id, { onDelete: 'set null' }),
    /** How the command names the mailbox and the user, and what else the user is called. */
    identity: text().notNull(),
    user: text().notNull(),
    otherNames: json<string[]>().notNull().default([]),
    rights: json<string[]>().notNull(),
    inheritanceType: text().notNull(),
    phase: text({ enum: FLIP_PHASES }).notNull(),
    /** What gives access again, as an admin would type it. */
    command: text().notNull(),
    tries: int().notNull().default(0),
    nextTryAt: int(),
    message: text(),
    createdAt: at(),
    closedAt: int(),
  },
  (t) => [index('exchange_flips_phase').on(t.phase, t.nextTryAt)],
)
export type ExchangeFlip = typeof exchangeFlips.$inferSelect

/** What was done about somebody's access: in Exchange Online our own memory may be all that tells of auto-mapping. */
export const exchangeLedger = table(
  'exchange_ledger',
  {
    id: id(),
    connectionId: text()
      .notNull()
      .references(() => exchangeConnections.id, { onDelete: 'cascade' }),
    identity: text().notNull(),
    /** None: everybody at once. */
    user: text(),
    did: text({ enum: LEDGER_ACTS }).notNull(),
    autoMapping: bool(),
    runId: text().references(() => provisioningRuns.id, { onDelete: 'set null' }),
    doneAt: at(),
  },
  (t) => [index('exchange_ledger_mailbox').on(t.connectionId, t.identity, t.doneAt)],
)
export type ExchangeLedgerRow = typeof exchangeLedger.$inferSelect
