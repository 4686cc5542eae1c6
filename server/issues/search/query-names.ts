import type { Reader } from '../../../db/index.ts'
import { type Mailbox, type Member, mailboxes, members, type Tag, type Team, tags, teams } from '../../../db/schema.ts'
import { type Hours, readHours } from '../hours.ts'
import type { Leaf, Place, Problem, Query } from './query.ts'
import { resolveWaiting, type WaitingSince } from './query-waiting.ts'
import { words } from './words.ts'

type Known = Exclude<Leaf, { kind: 'assignee' | 'mailbox' | 'tag' | 'waiting' }>
/** A condition in which names have become ids. */
export type Condition =
  | Known
  | { kind: 'assignee'; memberIds: string[]; teamIds: string[]; nobody: boolean }
  | { kind: 'mailbox'; mailboxIds: string[] }
  /** None: without any. */
  | { kind: 'tag'; tagIds: string[] }
  | WaitingSince
export type Resolved =
  | Condition
  | { kind: 'all'; of: Resolved[] }
  | { kind: 'any'; of: Resolved[] }
  | { kind: 'not'; of: Resolved }

const SHOWN_NAMES = 6

type Names = {
  members: Pick<Member, 'id' | 'name' | 'email'>[]
  teams: Pick<Team, 'id' | 'name'>[]
  mailboxes: Pick<Mailbox, 'id' | 'name' | 'address'>[]
  tags: Pick<Tag, 'id' | 'name'>[]
  hours: Hours | null
  now: number
}
const NOBODY: Omit<Names, 'now'> = { members: [], teams: [], mailboxes: [], tags: [], hours: null }

/**
 * Finds who and which mailboxes are meant. What nobody is called is left out, and a problem says so.
 * @param memberId who asks: "me"
 * @param visible the mailboxes that they see; others are not known by name
 */
export async function resolveNames(
  read: Reader,
  memberId: string,
  visible: string[] | 'all',
  query: Query | null,
  now: number,
): Promise<{ query: Resolved | null; problems: Problem[] }> {
  if (!query) return { query: null, problems: [] }
  const problems: Problem[] = []
  const names: Names = {
    ...(has(query, ['assignee', 'mailbox', 'tag']) ? await readNames(read, visible) : NOBODY),
    hours: has(query, ['waiting']) ? await readHours(read) : null,
    now,
  }
  return { query: resolve(query, names, memberId, problems), problems }
}

function has(query: Query, kinds: Leaf['kind'][]): boolean {
  if (query.kind === 'not') return has(query.of, kinds)
  if (query.kind === 'all' || query.kind === 'any') return query.of.some((one) => has(one, kinds))
  return kinds.includes(query.kind)
}

async function readNames(read: Reader, visible: string[] | 'all'): Promise<Omit<Names, 'now'>> {
  const [people, groups, boxes, labels] = await Promise.all([
    read.select({ id: members.id, name: members.name, email: members.email }).from(members),
    read.select({ id: teams.id, name: teams.name }).from(teams),
    read.select({ id: mailboxes.id, name: mailboxes.name, address: mailboxes.address }).from(mailboxes),
    read.select({ id: tags.id, name: tags.name }).from(tags),
  ])
  const seen = visible === 'all' ? boxes : boxes.filter(({ id }) => visible.includes(id))
  return { members: people, teams: groups, mailboxes: seen, tags: labels, hours: null }
}

function resolve(query: Query, names: Names, memberId: string, problems: Problem[]): Resolved | null {
  if (query.kind === 'not') {
    const of = resolve(query.of, names, memberId, problems)
    return of && { kind: 'not', of }
  }
  if (query.kind === 'all' || query.kind === 'any') {
    const of = query.of.flatMap((one) => resolve(one, names, memberId, problems) ?? [])
    return of.length > 1 ? { kind: query.kind, of } : (of[0] ?? null)
  }
  const { at, length }: Place = query
  if (query.kind === 'assignee') {
    if (query.name === null) return { kind: 'assignee', memberIds: [], teamIds: [], nobody: true }
    if (query.name.toLowerCase() === 'me')
      return { kind: 'assignee', memberIds: [memberId], teamIds: [], nobody: false }
    const { name } = query
    const memberIds = meant(name, names.members, (one) => [one.name, one.email])
    const teamIds = meant(name, names.teams, (one) => [one.name])
    if (memberIds.length + teamIds.length > 0) return { kind: 'assignee', memberIds, teamIds, nobody: false }
    const known = listOf([...names.members, ...names.teams].map((one) => one.name))
    problems.push({ message: `Nobody here is called "${name}", so this is left out. There are ${known}.`, at, length })
    return null
  }
  if (query.kind === 'mailbox') {
    const mailboxIds = meant(query.name, names.mailboxes, (one) => [one.address, one.name])
    if (mailboxIds.length > 0) return { kind: 'mailbox', mailboxIds }
    const known = names.mailboxes.length > 0 ? `There are ${listOf(names.mailboxes.map((one) => one.address))}.` : ''
    const message = `You see no mailbox called "${query.name}", so this is left out. ${known}`.trim()
    problems.push({ message, at, length })
    return null
  }
  if (query.kind === 'tag') {
    if (query.name === null) return { kind: 'tag', tagIds: [] }
    const tagIds = meant(query.name, names.tags, (one) => [one.name])
    if (tagIds.length > 0) return { kind: 'tag', tagIds }
    const known =
      names.tags.length > 0 ? `There are ${listOf(names.tags.map((one) => one.name))}.` : 'There are none yet.'
    problems.push({ message: `No tag is called "${query.name}", so this is left out. ${known}`, at, length })
    return null
  }
  // Read where it is asked for: resolveNames sees to it.
  if (query.kind === 'waiting') return resolveWaiting(query, names.hours!, names.now)
  return query
}

/** Those with exactly this name; else those whose name has words that begin with these, in their order. */
function meant<T extends { id: string }>(typed: string, all: T[], namesOf: (one: T) => string[]): string[] {
  const wanted = words(typed)
  const isExact = (name: string) => words(name).join(' ') === wanted.join(' ')
  const exact = all.filter((one) => namesOf(one).some(isExact))
  const begins = (name: string) => {
    const has = words(name)
    return has.some((_, i) =>
      wanted.every((word, j) => (j === wanted.length - 1 ? has[i + j]?.startsWith(word) : has[i + j] === word)),
    )
  }
  const found = exact.length > 0 || wanted.length === 0 ? exact : all.filter((one) => namesOf(one).some(begins))
  return found.map(({ id }) => id)
}

function listOf(names: string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(', ')
  return names.length > SHOWN_NAMES ? `${shown} and others` : shown
}
