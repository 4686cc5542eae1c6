import { bool, index, int, json, primaryKey, table, text, unique } from '../columns.ts'
import {
  type ChosenStatus,
  DISPATCH_STATES,
  RULE_MATCHES,
  RULE_TRIGGERS,
  type RuleField,
  type RuleTest,
  type WebhookEvent,
} from '../vocabulary.ts'
import { members } from './access.ts'
import { at, id } from './common.ts'
import { issues } from './issues.ts'

// What happens by itself when a mail arrives or an issue changes.

/** One condition. `value` is a text, an id, a word of the vocabulary, or for `size` a number of kilobytes. */
export type RuleCondition = { field: RuleField; test: RuleTest; value: string; header?: string }

/** One thing that a rule does. */
export type RuleAct =
  | { do: 'assign'; memberId: string | null; teamId: string | null }
  | { do: 'tag'; tagId: string }
  | { do: 'status'; status: ChosenStatus }
  | { do: 'notify'; memberId: string | null; teamId: string | null }
  | { do: 'follow'; memberId: string }
  | { do: 'webhook'; url: string }

export const rules = table(
  'rules',
  {
    id: id(),
    name: text().notNull(),
    /** They are looked at in this order. */
    position: int().notNull(),
    /** Whether it is switched on. */
    active: bool().notNull(),
    trigger: text({ enum: RULE_TRIGGERS }).notNull(),
    match: text({ enum: RULE_MATCHES }).notNull(),
    conditions: json<RuleCondition[]>().notNull(),
    acts: json<RuleAct[]>().notNull(),
    /** Where it fires, the rules after it are not looked at. */
    stops: bool().notNull(),
    /** What its webhooks are signed with, encrypted at rest. */
    secret: text().notNull(),
    fired: int().notNull().default(0),
    firedAt: int(),
    changedById: text().references(() => members.id),
    createdAt: at(),
    changedAt: at(),
  },
  (t) => [index('rules_order').on(t.position)],
)
export type Rule = typeof rules.$inferSelect

/** That a rule fired for a mail or a change: it never does twice. */
export const ruleFirings = table(
  'rule_firings',
  {
    ruleId: text()
      .notNull()
      .references(() => rules.id, { onDelete: 'cascade' }),
    /** The message, or the event of the change. */
    subjectId: text().notNull(),
    issueId: text()
      .notNull()
      .references(() => issues.id, { onDelete: 'cascade' }),
    at: at(),
  },
  (t) => [
    primaryKey({ columns: [t.ruleId, t.subjectId] }),
    index('rule_firings_at').on(t.ruleId, t.at),
    index('rule_firings_issue').on(t.issueId),
  ],
)

/** An address that is told what becomes of proposals. */
export const webhooks = table('webhooks', {
  id: id(),
  name: text().notNull(),
  url: text().notNull(),
  events: json<WebhookEvent[]>().notNull(),
  /** Whether it is switched on. */
  active: bool().notNull(),
  /** What its calls are signed with, encrypted at rest. */
  secret: text().notNull(),
  changedById: text().references(() => members.id),
  createdAt: at(),
  changedAt: at(),
})
export type Webhook = typeof webhooks.$inferSelect

/** What is to be told to an address of the web: a row before the first attempt, and again with longer and longer waits. */
export const webhookCalls = table(
  'webhook_calls',
  {
    id: id(),
    /** Who asks for it: a rule, or a webhook. */
    ruleId: text().references(() => rules.id, { onDelete: 'cascade' }),
    webhookId: text().references(() => webhooks.id, { onDelete: 'cascade' }),
    /** The event that a webhook is told; of each once. */
    eventId: text(),
    url: text().notNull(),
    body: text().notNull(),
    state: text({ enum: DISPATCH_STATES }).notNull(),
    dueAt: at(),
    attempts: int().notNull().default(0),
    /** What the other side answered, or why nothing came. */
    response: text().notNull().default(''),
    /** When it was last tried, and the status that was answered; none: no answer. */
    triedAt: int(),
    status: int(),
    /** The call that this one repeats, since somebody asked for it. */
    replayOf: text(),
    createdAt: at(),
  },
  (t) => [
    index('webhook_calls_due').on(t.state, t.dueAt),
    index('webhook_calls_rule').on(t.ruleId, t.createdAt),
    index('webhook_calls_webhook').on(t.webhookId, t.createdAt),
    unique('webhook_calls_once').on(t.webhookId, t.eventId),
    index('webhook_calls_age').on(t.createdAt, t.id),
  ],
)
export type WebhookCall = typeof webhookCalls.$inferSelect
