import type { RuleField, RuleTest, RuleTrigger, Writer } from '../db/vocabulary.ts'
import type { Rule } from './api.ts'
import { listed } from './format.ts'
import { dataOf, useDirectory, useMailboxes, useTags } from './queries.ts'
import { STATUS_WORDS } from './words.ts'

type Condition = Rule['conditions'][number]
type Act = Rule['acts'][number]

export const FIELD_WORDS: Record<RuleField, string> = {
  sender: 'Sender',
  domain: 'Domain of the sender',
  recipient: 'A recipient',
  subject: 'Subject',
  text: 'Text',
  header: 'Header field',
  size: 'Size in kilobytes',
  writer: 'Written by',
  mailbox: 'Mailbox',
  tag: 'Tag',
  status: 'Status',
}

export const TEST_WORDS: Record<RuleTest, string> = {
  is: 'is',
  is_not: 'is not',
  contains: 'contains',
  contains_not: 'does not contain',
  starts: 'begins with',
  ends: 'ends with',
  word: 'has the word',
  over: 'is over',
  under: 'is under',
}

export const TRIGGER_WORDS: Record<RuleTrigger, string> = {
  mail: 'An email arrives',
  change: 'Somebody assigns, tags or moves an issue',
}

export const WRITER_WORDS: Record<Writer, string> = {
  person: 'A person',
  auto_reply: 'An automatic answer',
  out_of_office: 'Somebody out of office',
  bounce: 'A mail server: not delivered',
  list: 'A mailing list or newsletter',
  notification: 'A machine that notifies',
}

/** How each field is compared; as server/rules/match.ts has it. */
const TEXT: RuleTest[] = ['contains', 'contains_not', 'is', 'is_not', 'starts', 'ends', 'word']
const CHOICE: RuleTest[] = ['is', 'is_not']
export const TESTS: Record<RuleField, RuleTest[]> = {
  sender: TEXT,
  domain: ['is', 'is_not', 'ends'],
  recipient: TEXT,
  subject: TEXT,
  text: ['contains', 'contains_not', 'word'],
  header: TEXT,
  size: ['over', 'under'],
  writer: CHOICE,
  mailbox: CHOICE,
  tag: CHOICE,
  status: CHOICE,
}
/** What an issue has by itself, without a mail. */
export const OF_CHANGES: RuleField[] = ['sender', 'domain', 'subject', 'mailbox', 'tag', 'status']

/** What the ids in rules are called. */
export type Names = ReadonlyMap<string, string>

/** The names of members, teams, tags and mailboxes. */
export function useNames(): () => Names {
  const directory = useDirectory()
  const [tags, mailboxes] = [useTags(), useMailboxes()]
  return () => {
    const all = [...directory.members(), ...directory.teams(), ...(dataOf(tags) ?? []), ...(dataOf(mailboxes) ?? [])]
    return new Map(all.map(({ id, name }) => [id, name]))
  }
}

/** A rule as a sentence: "When an email arrives and its subject contains “tender”: assign it to Bids." */
export function ruleWords(
  { trigger, match, conditions, acts, stops }: Pick<Rule, 'trigger' | 'match' | 'conditions' | 'acts' | 'stops'>,
  names: Names,
): string {
  const when = trigger === 'mail' ? 'When an email arrives' : 'When somebody changes an issue'
  const ifs = conditions.map((one) => conditionWords(one, names))
  const then = listed(acts.map((one) => actWords(one, names))) || 'do nothing yet'
  const clause = ifs.length === 0 ? '' : ` and ${ifs.join(match === 'all' ? ' and ' : ' or ')}`
  return `${when}${clause}: ${then}${stops ? ', and stop here' : ''}.`
}

function conditionWords({ field, test, value, header }: Condition, names: Names): string {
  if (field === 'writer') return `it is ${test === 'is_not' ? 'not ' : ''}written by ${valueWords(field, value, names)}`
  const what =
    field === 'header' ? `the field ${header ?? ''}` : `the ${FIELD_WORDS[field].toLowerCase().replace(/^a /, '')}`
  return `${what} ${TEST_WORDS[test]} ${valueWords(field, value, names)}`
}

function valueWords(field: RuleField, value: string, names: Names): string {
  if (field === 'mailbox' || field === 'tag') return names.get(value) ?? 'something that is gone'
  if (field === 'status') return (STATUS_WORDS[value as keyof typeof STATUS_WORDS] ?? value).toLowerCase()
  if (field === 'writer') return (WRITER_WORDS[value as Writer] ?? value).toLowerCase()
  return field === 'size' ? value : `“${value}”`
}

function actWords(act: Act, names: Names): string {
  const who = (id: string | null) => (id && names.get(id)) ?? 'somebody who is gone'
  switch (act.do) {
    case 'assign':
      return `assign it to ${who(act.memberId ?? act.teamId)}`
    case 'tag':
      return `tag it ${names.get(act.tagId) ?? 'with a tag that is gone'}`
    case 'status':
      return `set it to ${(STATUS_WORDS[act.status] ?? act.status).toLowerCase()}`
    case 'notify':
      return `tell ${who(act.memberId ?? act.teamId)}`
    case 'follow':
      return `let ${who(act.memberId)} follow it`
    case 'webhook':
      return `call ${act.url}`
  }
}
