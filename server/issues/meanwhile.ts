import { and, asc, desc, eq, gt, inArray } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { bodies, events, type Issue, type Member, members, messages, notes, threads } from '../../db/schema.ts'
import type { Action } from '../../db/vocabulary.ts'
import { Changed } from '../errors.ts'

/** So many entries are told at most, the newest: who missed more than that looks into the issue. */
const MAX_TOLD = 5
const MAX_EVENTS = 200
const TOLD_CHARACTERS = 400
/** Events that bring something to read. */
const ARRIVALS = ['opened', 'received', 'reopened', 'replied', 'noted'] satisfies Action[]

/** What came into an issue while somebody was writing an answer. */
export type Arrived = {
  kind: 'mail' | 'reply' | 'note'
  /** The id of the message or the note. */
  id: string
  /** Who wrote it. */
  name: string
  memberId: string | null
  at: number
  /** How it begins. */
  text: string
}

/** Somebody answered, noted or wrote to us while an answer was being written. */
export class Arrivals extends Changed {
  constructor(arrived: Arrived[], newest: string) {
    super('Something came in while you were writing. Look at it, or send your answer all the same.', {
      arrived,
      newest,
    })
  }
}

/**
 * The newest event of an issue that brought something to read: where a reader has come to.
 *
 * Events are asked, not times: a mail's own time may be long ago. These events are written after the row of their issue,
 * which one transaction at a time may change (issue.ts), so within an issue a later id was committed later, as far as the
 * clocks of the nodes agree.
 */
export async function newestEvent(read: Reader, issueId: string): Promise<string> {
  const [newest] = await read
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.issueId, issueId), inArray(events.action, ARRIVALS)))
    .orderBy(desc(events.id))
    .limit(1)
  return newest?.id ?? ''
}

/**
 * Refuses an answer whose writer can't know what came in meanwhile: an answer or a note of somebody else, a mail of a
 * person, a bounce. What machines say, and what changed nothing that can be read, keeps nobody from answering.
 * @param seen the newest event that the writer had seen
 * @throws Arrivals
 */
export async function checkNothingCame(read: Reader, issue: Issue, seen: string, by: Member): Promise<void> {
  const { arrived, newest } = await arrivedSince(read, issue, seen, by)
  if (arrived.length > 0) throw new Arrivals(arrived, newest)
}

/** What came in that a writer can't know of, the newest last, and the newest event: where they are once they saw it. */
export async function arrivedSince(
  read: Reader,
  issue: Issue,
  seen: string,
  by: Member,
): Promise<{ arrived: Arrived[]; newest: string }> {
  const since = await read
    .select()
    .from(events)
    .where(and(eq(events.issueId, issue.id), gt(events.id, seen), inArray(events.action, ARRIVALS)))
    .orderBy(asc(events.id))
    .limit(MAX_EVENTS)
  const others = since.filter(({ memberId }) => memberId !== by.id)
  const idsOf = (key: 'messageId' | 'noteId') =>
    others.map(({ detail }) => detail[key]).filter((id) => typeof id === 'string')
  const [mails, said] = [idsOf('messageId'), idsOf('noteId')]
  const arrived = [...(await mailsTold(read, mails, by)), ...(await notesTold(read, said))]
  const told = arrived.sort((a, b) => a.at - b.at).slice(-MAX_TOLD)
  return { arrived: told, newest: await newestEvent(read, issue.id) }
}

/** Whether a person wrote to us in an issue since a time: what was to go out later may say something else now. */
export async function cameSince(read: Reader, issueId: string, since: number): Promise<boolean> {
  const [came] = await read
    .select({ id: messages.id })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(
      and(
        eq(threads.issueId, issueId),
        eq(messages.direction, 'in'),
        eq(messages.writer, 'person'),
        gt(messages.createdAt, since),
      ),
    )
    .limit(1)
  return came !== undefined
}

async function mailsTold(read: Reader, ids: string[], by: Member): Promise<Arrived[]> {
  if (ids.length === 0) return []
  // One that was taken back is not there any more.
  const rows = await read
    .select({ message: messages, text: bodies.text, quotedFrom: bodies.quotedFrom, author: members.name })
    .from(messages)
    .leftJoin(bodies, eq(bodies.messageId, messages.id))
    .leftJoin(members, eq(members.id, messages.authorId))
    .where(inArray(messages.id, ids))
  return rows
    .filter(({ message }) => message.authorId !== by.id && ['person', 'bounce'].includes(message.writer))
    .map(({ message, text, quotedFrom, author }) => ({
      kind: message.direction === 'out' ? 'reply' : 'mail',
      id: message.id,
      name: author ?? (message.fromName || message.fromAddress),
      memberId: message.authorId,
      at: message.at,
      text: beginningOf(text?.slice(0, quotedFrom ?? undefined) ?? ''),
    }))
}

async function notesTold(read: Reader, ids: string[]): Promise<Arrived[]> {
  if (ids.length === 0) return []
  const rows = await read
    .select({ note: notes, name: members.name })
    .from(notes)
    .innerJoin(members, eq(members.id, notes.memberId))
    .where(inArray(notes.id, ids))
  return rows.map(({ note, name }) => ({
    kind: 'note',
    id: note.id,
    name,
    memberId: note.memberId,
    at: note.at,
    text: beginningOf(note.text),
  }))
}

function beginningOf(text: string): string {
  const whole = text.trim()
  return whole.length <= TOLD_CHARACTERS ? whole : `${whole.slice(0, TOLD_CHARACTERS - 1).trimEnd()}…`
}
