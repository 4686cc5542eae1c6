import { inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { mailboxes, members, type Rule, tags, teams } from '../../db/schema.ts'
import { CHOSEN_STATUSES, STATUSES, WRITERS } from '../../db/vocabulary.ts'
import { Invalid } from '../errors.ts'
import { suits, TESTS_OF } from './match.ts'

export const MAX_RULES = 200
export const MAX_CONDITIONS = 20
export const MAX_ACTS = 10
export const MAX_VALUE = 500
const MAX_KILOBYTES = 1_000_000
/** RFC 5322, section 2.2: printable US-ASCII without a colon. */
const FIELD_NAME = /^[!-9;-~]{1,76}$/

/** What makes a rule. */
export type RuleInput = Pick<Rule, 'name' | 'active' | 'trigger' | 'match' | 'conditions' | 'acts' | 'stops'>

/**
 * Whether a rule can be kept, apart from what it names.
 * @throws Invalid, which names the condition or the act by its number
 */
export function checkRule({ trigger, conditions, acts, active }: RuleInput): void {
  const wrong = (field: string, message: string) => {
    throw new Invalid([{ field, message: `${field} ${message}` }])
  }
  if (active && acts.length === 0) wrong('acts', 'must have at least one thing to do before the rule is switched on.')
  // A rule without conditions would take hold of everything: by mistake, more often than not.
  if (active && conditions.length === 0) wrong('conditions', 'must have at least one before the rule is switched on.')
  for (const [i, { field, test, value, header }] of conditions.entries()) {
    const at = `conditions[${i}]`
    if (!suits(trigger, field)) wrong(`${at}.field`, 'is known of mail only. Choose "when a mail arrives".')
    if (!TESTS_OF[field].includes(test)) wrong(`${at}.test`, `must be one of ${TESTS_OF[field].join(', ')}.`)
    if (value.trim() === '') wrong(`${at}.value`, 'must not be empty.')
    if (field === 'header' && !FIELD_NAME.test(header ?? ''))
      wrong(`${at}.header`, 'must name a field, such as X-Priority.')
    if (field === 'size' && !(/^\d{1,7}$/.test(value) && Number(value) <= MAX_KILOBYTES))
      wrong(`${at}.value`, 'must be a whole number of kilobytes.')
    if (field === 'writer' && !(WRITERS as readonly string[]).includes(value))
      wrong(`${at}.value`, `must be one of ${WRITERS.join(', ')}.`)
    if (field === 'status' && !(STATUSES as readonly string[]).includes(value))
      wrong(`${at}.value`, `must be one of ${CHOSEN_STATUSES.join(', ')}.`)
  }
  for (const [i, act] of acts.entries()) {
    const at = `acts[${i}]`
    if ((act.do === 'assign' || act.do === 'notify') && (act.memberId === null) === (act.teamId === null))
      wrong(at, 'must name a member or a team.')
    if (act.do === 'webhook' && !isWebAddress(act.url))
      wrong(`${at}.url`, 'must be an address such as https://example.org/hook.')
  }
}

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (url?.protocol === 'https:' || url?.protocol === 'http:') && !url.username && !url.password
}

/**
 * Whether everything that a rule names is there.
 * @throws Invalid
 */
export async function checkNames(read: Reader, { conditions, acts }: RuleInput): Promise<void> {
  const wanted = {
    members: acts.flatMap((act) => ('memberId' in act && act.memberId ? [act.memberId] : [])),
    teams: acts.flatMap((act) => ('teamId' in act && act.teamId ? [act.teamId] : [])),
    tags: [
      ...acts.flatMap((act) => (act.do === 'tag' ? [act.tagId] : [])),
      ...conditions.flatMap(({ field, value }) => (field === 'tag' ? [value] : [])),
    ],
    mailboxes: conditions.flatMap(({ field, value }) => (field === 'mailbox' ? [value] : [])),
  }
  const tables = { members, teams, tags, mailboxes }
  for (const [name, ids] of Object.entries(wanted)) {
    const unique = [...new Set(ids)]
    if (unique.length === 0) continue
    // The cast: the names of both are the same.
    const table = tables[name as keyof typeof tables]
    const found = await read.select({ id: table.id }).from(table).where(inArray(table.id, unique))
    if (found.length < unique.length)
      throw new Invalid([
        { field: name, message: `One of the ${name} that the rule names is not there any more. Choose another.` },
      ])
  }
}
