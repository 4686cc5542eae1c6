// Words about rules, which do by themselves what members would do.

/** What a rule waits for: a mail that came in, or a member who assigned, tagged or moved an issue. */
export const RULE_TRIGGERS = ['mail', 'change'] as const
export type RuleTrigger = (typeof RULE_TRIGGERS)[number]

/** What a condition looks at. */
export const RULE_FIELDS = [
  'sender',
  'domain',
  'recipient',
  'subject',
  'text',
  'header',
  'size',
  'writer',
  'mailbox',
  'tag',
  'status',
] as const
export type RuleField = (typeof RULE_FIELDS)[number]

/** How it is compared. No patterns: what people can write there can take for ever. */
export const RULE_TESTS = [
  'is',
  'is_not',
  'contains',
  'contains_not',
  'starts',
  'ends',
  'word',
  'over',
  'under',
] as const
export type RuleTest = (typeof RULE_TESTS)[number]

/** Whether all conditions must hold, or one is enough. */
export const RULE_MATCHES = ['all', 'any'] as const
export type RuleMatch = (typeof RULE_MATCHES)[number]

/** What a webhook can be told of proposals. */
export const WEBHOOK_EVENTS = [
  'proposal.created',
  'proposal.stage_moved',
  'proposal.amended',
  'proposal.won',
  'proposal.lost',
  'proposal.reopened',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]
