import { inArray } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { mailboxes, members, tags, teams } from '../../../db/schema.ts'
import { LISTED_STATUSES } from '../../../db/vocabulary.ts'
import { describeOperator, isOperator, OPERATOR_NAMES, type OperatorName } from './query-operators.ts'
import type { Searcher } from './search-messages.ts'
import { newestSenders } from './search-senders.ts'
import { words } from './words.ts'

/** A way to go on: what the whole search would be, how the part is shown, and what it means. */
export type Suggestion = { query: string; label: string; about: string }

const MOST = 8
const MAX_PEOPLE = 6
/** The word that is being typed: at the end, perhaps with an operator before it, or in quotation marks. */
const LAST = /(^|[\s(])(-?)(?:(\p{L}+):)?("[^"]*|[^\s()"]*)$/u

/** Suggestions for the word at the end of what was typed so far. */
export async function suggest(read: Reader, searcher: Searcher, typed: string): Promise<Suggestion[]> {
  const found = LAST.exec(typed)
  if (!found) return []
  const [, space = '', minus = '', operator = '', value = ''] = found
  const head = typed.slice(0, found.index) + space
  const made = (label: string, about: string): Suggestion => ({ query: `${head}${minus}${label}`, label, about })
  if (operator && isOperator(operator)) {
    // The cast: isOperator was asked.
    const name = operator.toLowerCase() as OperatorName
    const values = await valuesOf(read, searcher, name, value.replace(/^"/, ''))
    return values.slice(0, MOST).map(([text, about]) => made(`${name}:${quoted(text)}`, about))
  }
  if (operator || value.startsWith('"')) return []
  const begun = OPERATOR_NAMES.filter((name) => name.startsWith(value.toLowerCase()))
  const operators = begun.map((name) => {
    const { example, about } = describeOperator(name)
    return { ...made(`${name}:`, `${about}, as in ${example}`) }
  })
  const people = value.length < 2 ? [] : await newestSenders(read, searcher, words(value), MAX_PEOPLE)
  return [...operators, ...people.map(({ name, address }) => made(`from:${address}`, name))].slice(0, MOST)
}

type Value = [text: string, about: string]

async function valuesOf(read: Reader, searcher: Searcher, operator: OperatorName, typed: string): Promise<Value[]> {
  const begins = ([text, about]: Value) =>
    [text, about].some((one) => one.toLowerCase().startsWith(typed.toLowerCase()) || beginsWord(one, typed))
  switch (operator) {
    case 'from':
    case 'to': {
      const people = await newestSenders(read, searcher, words(typed), MOST)
      return people.map(({ name, address }) => [address, name])
    }
    case 'has':
      return ([['attachment', 'with files']] satisfies Value[]).filter(begins)
    case 'is':
      return [
        ['unassigned', 'nobody takes care of it'],
        ['unread', 'with mail that you have not seen'],
        ['following', 'what you follow'],
        ['muted', 'what you do not hear of'],
        ['untagged', 'without any tag'],
        ...STATUS_VALUES,
      ].filter((value): value is Value => begins(value as Value))
    case 'status':
      return STATUS_VALUES.filter(begins)
    case 'assignee': {
      const [people, groups] = await Promise.all([
        read.select({ name: members.name, email: members.email }).from(members),
        read.select({ name: teams.name }).from(teams),
      ])
      const all: Value[] = [
        ['me', 'what is assigned to you'],
        ['nobody', 'nobody takes care of it'],
        ...people.map(({ name, email }): Value => [name, email]),
        ...groups.map(({ name }): Value => [name, 'a team']),
      ]
      return all.filter(begins)
    }
    case 'mailbox': {
      const { visible } = searcher
      const rows = await read
        .select({ address: mailboxes.address, name: mailboxes.name })
        .from(mailboxes)
        .where(visible === 'all' ? undefined : inArray(mailboxes.id, visible))
      return rows.map(({ address, name }): Value => [address, name]).filter(begins)
    }
    case 'tag': {
      const all = await read.select({ name: tags.name }).from(tags).orderBy(tags.folded)
      return [...all.map(({ name }): Value => [name, 'a tag']), ['none', 'without any tag'] satisfies Value].filter(
        begins,
      )
    }
    case 'waiting':
      return (
        [
          ['>2d', 'for more than two working days'],
          ['>1w', 'for more than a working week'],
          ['<4h', 'for less than four working hours'],
        ] satisfies Value[]
      ).filter(begins)
    case 'before':
    case 'after':
      return (
        [
          ['today', ''],
          ['yesterday', ''],
          ['7d', 'seven days ago'],
          ['1m', 'a month ago'],
          ['1y', 'a year ago'],
        ] satisfies Value[]
      ).filter(begins)
    default:
      return []
  }
}

const STATUS_ABOUT = {
  new: 'needs triage',
  open: 'ours to move',
  snoozed: 'put off',
  waiting: 'waiting on them',
  done: 'done',
  spam: 'out of sight',
  trash: 'out of sight',
} as const
const STATUS_VALUES = LISTED_STATUSES.map((status): Value => [status, STATUS_ABOUT[status]])

const beginsWord = (text: string, typed: string) => {
  const wanted = words(typed).at(-1)
  return wanted === undefined || words(text).some((word) => word.startsWith(wanted))
}

const quoted = (text: string) => (/[\s()"]/.test(text) ? `"${text}"` : text)
