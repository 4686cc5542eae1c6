import { EVERYTHING, MARK, type Match } from '../../../db/search-index.ts'
import { LISTED_STATUSES, type Status } from '../../../db/vocabulary.ts'
import type { Condition, Resolved } from './query-names.ts'

// How a query is answered: as alternatives, each of which is one question to the full-text index, a range of time, and
// conditions on the issue. The index gives messages newest first, so a page is found without ranking or counting.

/** What is asked of an issue, beside its text. */
export type IssueCondition = Extract<
  Condition,
  { kind: 'assignee' | 'unread' | 'mailbox' | 'tag' | 'waiting' | 'following' }
> & { not: boolean }

export type Alternative = {
  match: Match[]
  /** Messages of this time or later, and before that one. */
  after: number | null
  before: number | null
  /** The statuses that an issue may have. */
  statuses: Status[]
  conditions: IssueCondition[]
}

/** `issues`: nothing is asked of any message, so that the lists of issues answer. */
export type Plan = { of: 'messages' | 'issues'; alternatives: Alternative[] }

/** More alternatives are not worth their time; a query gets there only by many parentheses. */
const MAX_ALTERNATIVES = 24
/** What is searched where the query names no status. */
const IN_SIGHT: readonly Status[] = LISTED_STATUSES.filter((status) => status !== 'spam' && status !== 'trash')
/** Mail that nobody has seen matters until its issue is done. */
const TO_READ: readonly Status[] = ['new', 'open', 'waiting']
/** Only what is ours to move waits for us. */
const OURS: readonly Status[] = ['new', 'open']

/** A word that all messages with files have, and one for each mailbox. */
export const WITH_FILES = `${MARK}file`
export const mailboxWord = (mailboxId: string) => `${MARK}m${mailboxId.replaceAll('-', '')}`

/**
 * The plan of a query, or null where it is too tangled to answer.
 * @param visible the mailboxes that who asks sees
 */
export function planSearch(query: Resolved, visible: string[] | 'all'): Plan | null {
  const of = asksMessages(query) ? 'messages' : 'issues'
  const statuses = searchedStatuses(query)
  const branches = alternativesOf(query, false, of)
  if (!branches) return null
  const alternatives = branches.map((branch): Alternative => {
    const sees: Match[] = of === 'messages' && visible !== 'all' ? [inMailboxes(visible)] : []
    const match = [...branch.match, ...sees]
    return {
      match: of === 'messages' && match.length === 0 ? [{ phrase: [EVERYTHING] }] : match,
      after: branch.after,
      before: branch.before,
      statuses: statuses.filter((status) => branch.statuses.includes(status)),
      conditions: branch.conditions,
    }
  })
  return { of, alternatives: alternatives.filter((one) => one.statuses.length > 0) }
}

function searchedStatuses(query: Resolved): readonly Status[] {
  if (names(query, 'status')) return LISTED_STATUSES
  if (names(query, 'waiting')) return OURS
  return names(query, 'unread') ? TO_READ : IN_SIGHT
}

const inMailboxes = (ids: string[]): Match => ({ any: ids.map((id) => ({ phrase: [mailboxWord(id)] })) })

/** Conditions that only messages can answer. A mailbox is known of both. */
function asksMessages(query: Resolved): boolean {
  if (query.kind === 'not') return asksMessages(query.of)
  if (query.kind === 'all' || query.kind === 'any') return query.of.some(asksMessages)
  return ['text', 'attachment', 'before', 'after'].includes(query.kind)
}

function names(query: Resolved, kind: Condition['kind']): boolean {
  if (query.kind === 'not') return names(query.of, kind)
  if (query.kind === 'all' || query.kind === 'any') return query.of.some((one) => names(one, kind))
  return query.kind === kind
}

type Branch = Alternative
const ANYTHING: Branch = { match: [], after: null, before: null, statuses: [...LISTED_STATUSES], conditions: [] }

/** Every "or" between conditions of different kinds makes branches; what the index can answer stays one question. */
function alternativesOf(query: Resolved, negated: boolean, of: Plan['of']): Branch[] | null {
  if (query.kind === 'not') return alternativesOf(query.of, !negated, of)
  const match = of === 'messages' ? matchOf(query) : null
  if (match) return [{ ...ANYTHING, match: [negated ? { not: match } : match] }]
  if (query.kind === 'all' || query.kind === 'any') {
    const parts = query.of.map((one) => alternativesOf(one, negated, of))
    let all: Branch[] = []
    const isEither = (query.kind === 'any') !== negated
    if (!isEither) all = [ANYTHING]
    for (const part of parts) {
      if (!part) return null
      all = isEither ? [...all, ...part] : all.flatMap((one) => part.map((other) => both(one, other)))
      if (all.length > MAX_ALTERNATIVES) return null
    }
    return all
  }
  switch (query.kind) {
    case 'before':
      return [negated ? { ...ANYTHING, after: query.time } : { ...ANYTHING, before: query.time }]
    case 'after':
      return [negated ? { ...ANYTHING, before: query.time } : { ...ANYTHING, after: query.time }]
    case 'status':
      return [{ ...ANYTHING, statuses: LISTED_STATUSES.filter((status) => (status === query.status) !== negated) }]
    case 'text':
    case 'attachment':
      throw new Error(`${query.kind} is a question to the index`)
    default:
      return [{ ...ANYTHING, conditions: [{ ...query, not: negated }] }]
  }
}

function both(a: Branch, b: Branch): Branch {
  const times = (one: number | null, other: number | null) => [one, other].filter((time) => time !== null)
  const after = times(a.after, b.after)
  const before = times(a.before, b.before)
  return {
    match: [...a.match, ...b.match],
    after: after.length > 0 ? Math.max(...after) : null,
    before: before.length > 0 ? Math.min(...before) : null,
    statuses: a.statuses.filter((status) => b.statuses.includes(status)),
    conditions: [...a.conditions, ...b.conditions],
  }
}

/** The question to the index that the whole of a query is, or null. */
function matchOf(query: Resolved): Match | null {
  switch (query.kind) {
    case 'text':
      return { phrase: query.phrase, prefix: query.prefix, field: query.field }
    case 'attachment':
      return { phrase: [WITH_FILES] }
    case 'mailbox':
      return inMailboxes(query.mailboxIds)
    case 'not': {
      if (query.of.kind === 'not') return matchOf(query.of.of)
      const match = matchOf(query.of)
      return match && { not: match }
    }
    case 'all':
    case 'any': {
      const parts = query.of.map(matchOf)
      const matches = parts.filter((part) => part !== null)
      if (matches.length < parts.length) return null
      return query.kind === 'all' ? { all: matches } : { any: matches }
    }
    default:
      return null
  }
}
