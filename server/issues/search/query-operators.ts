import type { Field } from '../../../db/search-index.ts'
import { LISTED_STATUSES, type Status } from '../../../db/vocabulary.ts'
import type { Leaf } from './query.ts'
import { readDay } from './query-dates.ts'
import { readWaiting } from './query-waiting.ts'

/** What an operator with its value means: conditions, words in one field, or a sentence about what is wrong. */
export type Reading = { leaf: Leaf } | { any: Leaf[] } | { field: Field } | { problem: string }
type When = { now: number; zone?: string }

type Operator = {
  /** How the suggestions and the help show it. */
  example: string
  about: string
  read(value: string, when: When): Reading
}

const inField = (name: string, field: Field, example: string, about: string): Operator => ({
  example,
  about,
  read: (value) =>
    /[\p{L}\p{N}]/u.test(value)
      ? { field }
      : { problem: `Write a word after ${name}: without a space, as in ${example}.` },
})

const day = (name: 'before' | 'after', example: string, about: string): Operator => ({
  example,
  about,
  read: (value, { now, zone }) => {
    const time = readDay(value, now, zone)
    if (time !== null) return { leaf: { kind: name, time } }
    return {
      problem: `${name}: takes a day, as in ${name}:2026-11-21, ${name}:2026-11, ${name}:yesterday or ${name}:7d.`,
    }
  },
})

/** Values of `is:`, beside the names of statuses. */
const IS: Record<string, Reading> = {
  unassigned: { leaf: { kind: 'assignee', name: null } },
  unread: { leaf: { kind: 'unread' } },
  following: { leaf: { kind: 'following', state: 'following' } },
  muted: { leaf: { kind: 'following', state: 'muted' } },
  untagged: { leaf: { kind: 'tag', name: null } },
}
const STATUS_LIST = LISTED_STATUSES.join(', ')
const isStatus = (value: string): value is Status => (LISTED_STATUSES as readonly string[]).includes(value)

const OPERATORS = {
  from: inField('from', 'sender', 'from:dana', 'who wrote it'),
  to: inField('to', 'recipients', 'to:proposals', 'whom it went to, copies too'),
  subject: inField('subject', 'subject', 'subject:"price sheet"', 'words of the subject'),
  has: {
    example: 'has:attachment',
    about: 'with files',
    read: (value) =>
      /^(attachments?|files?)$/i.test(value)
        ? { leaf: { kind: 'attachment' } }
        : { problem: 'has: takes one word: has:attachment.' },
  },
  is: {
    example: 'is:unassigned',
    about: 'unassigned, unread, following, or a status',
    read: (value) => {
      const name = value.toLowerCase()
      if (isStatus(name)) return { leaf: { kind: 'status', status: name } }
      return IS[name] ?? { problem: `is: takes ${Object.keys(IS).join(', ')}, ${STATUS_LIST}.` }
    },
  },
  assignee: {
    example: 'assignee:me',
    about: 'who takes care: me, nobody, a member or a team',
    read: (value) => {
      if (!value.trim()) return { problem: 'Write a name after assignee: without a space, as in assignee:me.' }
      return { leaf: { kind: 'assignee', name: /^(nobody|none)$/i.test(value) ? null : value } }
    },
  },
  status: {
    example: 'status:waiting',
    about: STATUS_LIST,
    read: (value) => {
      const names = value.toLowerCase().split(',')
      if (!names.every(isStatus)) return { problem: `status: takes one of ${STATUS_LIST}.` }
      return { any: names.map((status): Leaf => ({ kind: 'status', status })) }
    },
  },
  mailbox: {
    example: 'mailbox:proposals',
    about: 'one shared mailbox',
    read: (value) =>
      value.trim()
        ? { leaf: { kind: 'mailbox', name: value } }
        : { problem: 'Write an address after mailbox: without a space, as in mailbox:proposals.' },
  },
  tag: {
    example: 'tag:telematics',
    about: 'with a tag; tag:none is without any',
    read: (value) => {
      if (!value.trim()) return { problem: 'Write the name of a tag after tag: without a space, as in tag:telematics.' }
      return { leaf: { kind: 'tag', name: /^none$/i.test(value) ? null : value } }
    },
  },
  waiting: {
    example: 'waiting:>2d',
    about: 'how long it is ours to move, in working hours, days or weeks',
    read: (value) => {
      const leaf = readWaiting(value)
      return leaf ? { leaf } : { problem: 'waiting: takes a span, as in waiting:>2d, waiting:<4h or waiting:>1w.' }
    },
  },
  before: day('before', 'before:2026-11-21', 'older than the day'),
  after: day('after', 'after:7d', 'of the day or newer'),
} as const satisfies Record<string, Operator>
export type OperatorName = keyof typeof OPERATORS

export const OPERATOR_NAMES = Object.keys(OPERATORS) as OperatorName[]
/** All operators, as a sentence names them. */
export const OPERATOR_LIST = OPERATOR_NAMES.map((name) => `${name}:`)
  .join(', ')
  .replace(/, ([^,]*)$/, ' and $1')

/** How an operator is written, and what it asks for. */
export function describeOperator(name: OperatorName): { example: string; about: string } {
  const { example, about } = OPERATORS[name]
  return { example, about }
}

export function isOperator(name: string): boolean {
  return Object.hasOwn(OPERATORS, name.toLowerCase())
}

/** What a known operator means with this value. */
export function readOperator(name: string, value: string, when: When): Reading {
  // The cast: isOperator was asked.
  return OPERATORS[name.toLowerCase() as OperatorName].read(value, when)
}

/** The operator that somebody may have meant: one letter off, or a beginning. */
export function similarOperator(name: string): OperatorName | undefined {
  const typed = name.toLowerCase()
  if (typed === 'cc' || typed === 'bcc') return 'to'
  if (typed === 'sender') return 'from'
  if (typed === 'label' || typed === 'tags') return 'tag'
  if (typed === 'assigned' || typed === 'owner') return 'assignee'
  return OPERATOR_NAMES.find((known) => typed.length > 1 && (known.startsWith(typed) || isOneOff(typed, known)))
}

/** Whether one letter added, left out or changed, or two swapped, makes one of the other. */
function isOneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 2) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
