import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import {
  type Address,
  type Attachment,
  attachments,
  bodies,
  deliveries,
  events,
  fileTexts,
  type Message,
  type MessageExtras,
  type MessageFlaws,
  mailboxes,
  messages,
  notes,
  type Outgoing,
  outbox,
  threads,
} from '../../db/schema.ts'
import { ACTIONS, type Action, type Direction, type Writer } from '../../db/vocabulary.ts'
import { NotFound } from '../errors.ts'
import { failureWords } from './failure-words.ts'
import { followersOf } from './follow.ts'
import { findIssue } from './issue.ts'
import { listedIssue } from './list.ts'
import { newestEvent } from './meanwhile.ts'
import { type Mention, mentionsIn, namedPeople } from './mentions.ts'
import { homeOf } from './merge.ts'
import { reminderOf } from './reminder.ts'
import { type WaitsFor, waitsFor } from './schedule.ts'

/** So many entries are shown at first, and with each step back. */
export const TIMELINE_PAGE = 60
/** Longer text is cut for the page; the whole is a click away. */
const TEXT_CHARACTERS = 40_000

/** Events that say something which no message or note beside them says. */
const SHOWN: readonly Action[] = ACTIONS.filter(
  (action) =>
    ![
      'received',
      'replied',
      'taken_back',
      'draft_changed',
      'noted',
      'followed',
      'sent',
      'send_failed',
      'send_uncertain',
      'sending_changed',
      'bounced',
    ].includes(action),
)

export type ShownMessage = Pick<
  Message,
  'id' | 'writer' | 'subject' | 'sentAt' | 'at' | 'authorId' | 'to' | 'cc' | 'bcc' | 'size' | 'threadId'
> & {
  direction: Direction
  writer: Writer
  from: Address
  text: string
  quotedFrom: number | null
  textTruncated: boolean
  hasHtml: boolean
  rich: boolean
  attachments: (Pick<Attachment, 'position' | 'filename' | 'contentType' | 'size' | 'inline'> & {
    /** Why its text is not searched, in a sentence, where it could not be read. */
    unsearchable: string | null
  })[]
  flaws: MessageFlaws
  extras: MessageExtras
  /** Why a mail of ours did not arrive, or which failure a bounce reports, in plain words. */
  failure: string | null
  /** The raw mail that could not be read, to try it again, or of which only the beginning is here. */
  deliveryId: string | null
  outgoing:
    | (Pick<
        Outgoing,
        'state' | 'response' | 'trouble' | 'rejected' | 'attempts' | 'dueAt' | 'acceptedAt' | 'copy' | 'copyError'
      > & {
        /** Its writer can take it back, until `dueAt`. */
        held: boolean
        /** When it is to go out, while it waits for that. */
        scheduledAt: number | null
        waitsFor: WaitsFor
      })
    | null
}

export type Entry =
  | { kind: 'message'; id: string; at: number; message: ShownMessage }
  | {
      kind: 'note'
      id: string
      at: number
      note: { memberId: string; text: string; mentions: Pick<Mention, 'at' | 'length'>[] }
    }
  | {
      kind: 'event'
      id: string
      at: number
      event: { action: Action; memberId: string | null; detail: Record<string, unknown> }
    }

/** An issue with what happened in it, the newest entries last. `before` is the cursor of the entries before these. */
export async function readIssue(read: Reader, memberId: string, issueId: string, before?: number) {
  const issue = await listedIssue(read, memberId, issueId)
  if (!issue) throw new NotFound('There is no such issue.')
  const [mailbox] = await read
    .select({ id: mailboxes.id, name: mailboxes.name, address: mailboxes.address })
    .from(mailboxes)
    .where(eq(mailboxes.id, issue.mailboxId))
  // Asked first: the entries have at least this.
  const newest = await newestEvent(read, issueId)
  const entries = await latestEntries(read, issueId, before)
  const shown = entries.slice(-TIMELINE_PAGE)
  const more = entries.length > TIMELINE_PAGE
  await markMentions(read, shown)
  return {
    issue,
    mailbox: mailbox ?? { id: issue.mailboxId, name: '', address: '' },
    mailboxes: await mailboxesOf(read, issueId),
    ...(await summary(read, issueId)),
    /** Who follows it, and who muted it. */
    followers: await followersOf(read, issueId),
    /** Where its emails are, if it was brought into another issue. */
    mergedInto: issue.status === 'merged' ? await mergedInto(read, issueId) : null,
    /** Until when somebody waits for an answer. */
    reminder: await reminderOf(read, issueId),
    before: more ? (shown[0]?.at ?? null) : null,
    /** The newest event that is in it: who answers says up to where they have read. */
    newest,
    timeline: shown,
  }
}
export type IssuePage = Awaited<ReturnType<typeof readIssue>>

/** Where notes name somebody, by the names that people and teams have now. */
async function markMentions(read: Reader, entries: Entry[]): Promise<void> {
  const naming = entries.filter((entry) => entry.kind === 'note' && entry.note.text.includes('@'))
  if (naming.length === 0) return
  const named = await namedPeople(read)
  for (const entry of naming)
    if (entry.kind === 'note')
      entry.note.mentions = mentionsIn(entry.note.text, named).map(({ at, length }) => ({ at, length }))
}

/** The mailboxes that mail of an issue came to: a mail to two of our addresses is one message (mailbox-set.ts). */
async function mailboxesOf(read: Reader, issueId: string) {
  return await read
    .selectDistinct({ id: mailboxes.id, name: mailboxes.name, address: mailboxes.address })
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .innerJoin(deliveries, eq(deliveries.messageId, messages.id))
    .innerJoin(mailboxes, eq(mailboxes.id, deliveries.mailboxId))
    .where(eq(threads.issueId, issueId))
    .orderBy(asc(mailboxes.address))
}

async function mergedInto(read: Reader, issueId: string) {
  const { id, number, subject } = await homeOf(read, await findIssue(read, issueId))
  return { id, number, subject }
}

async function summary(read: Reader, issueId: string) {
  const rows = await read
    .selectDistinct({ address: messages.fromAddress, threadId: messages.threadId })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(threads.issueId, issueId))
  return {
    people: new Set(rows.map(({ address }) => address)).size,
    threads: new Set(rows.map(({ threadId }) => threadId)).size,
  }
}

/** One more than a page of entries, oldest first, of all kinds together. */
async function latestEntries(read: Reader, issueId: string, before: number | undefined): Promise<Entry[]> {
  const limit = TIMELINE_PAGE + 1
  const [mail, said, happened] = await Promise.all([
    messageRows(read, issueId, before, limit),
    read
      .select()
      .from(notes)
      .where(and(eq(notes.issueId, issueId), before === undefined ? undefined : lt(notes.at, before)))
      .orderBy(desc(notes.at))
      .limit(limit),
    read
      .select()
      .from(events)
      .where(
        and(
          eq(events.issueId, issueId),
          inArray(events.action, [...SHOWN]),
          before === undefined ? undefined : lt(events.at, before),
        ),
      )
      .orderBy(desc(events.id))
      .limit(limit),
  ])
  const entries: Entry[] = [
    ...said.map(
      ({ id, at, memberId, text }): Entry => ({ kind: 'note', id, at, note: { memberId, text, mentions: [] } }),
    ),
    ...happened.map(
      ({ id, at, action, memberId, detail }): Entry => ({ kind: 'event', id, at, event: { action, memberId, detail } }),
    ),
  ]
  const depths = depthsOf(mail)
  const depthOf = ({ id }: { id: string }) => depths.get(id) ?? 0
  const inOrder = (a: { id: string; at: number }, b: { id: string; at: number }) =>
    a.at - b.at || depthOf(a) - depthOf(b) || (a.id < b.id ? -1 : 1)
  const newest = [...mail.map(({ id, at }) => ({ id, at })), ...entries].sort((a, b) => inOrder(b, a)).slice(0, limit)
  const kept = new Set(newest.map(({ id }) => id))
  const shown = await showMessages(
    read,
    mail.filter(({ id }) => kept.has(id)),
  )
  return [...shown.map((message): Entry => ({ kind: 'message', id: message.id, at: message.at, message })), ...entries]
    .filter(({ id }) => kept.has(id))
    .sort(inOrder)
}

/**
 * How many of the others that have the same time each mail follows: dates of mails are in seconds, and ids say when we
 * heard of one. Zero where nothing has the same time.
 */
function depthsOf(mail: Message[]): Map<string, number> {
  const depths = new Map<string, number>()
  for (const together of Map.groupBy(mail, ({ at }) => at).values()) {
    if (together.length < 2) continue
    const byId = new Map(together.map((message) => [message.internetMessageId, message]))
    for (const { id, inReplyTo, references } of together) {
      // A mail names all that it follows in References; of chains by In-Reply-To alone each step is followed.
      const before = new Set(references.filter((named) => byId.has(named)))
      for (let named = inReplyTo; named !== null && byId.has(named) && !before.has(named); ) {
        before.add(named)
        named = byId.get(named)!.inReplyTo
      }
      depths.set(id, before.size)
    }
  }
  return depths
}

async function messageRows(
  read: Reader,
  issueId: string,
  before: number | undefined,
  limit: number,
): Promise<Message[]> {
  const rows = await read
    .select({ message: messages })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issueId), before === undefined ? undefined : lt(messages.at, before)))
    .orderBy(desc(messages.at), desc(messages.id))
    .limit(limit)
  return rows.map(({ message }) => message)
}

/** Messages with their text, attachments and where they stand on their way out. */
export async function showMessages(read: Reader, rows: Message[]): Promise<ShownMessage[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const lacking = rows.filter(({ flaws }) => flaws.unreadable !== undefined || flaws.beginning).map(({ id }) => id)
  const [texts, files, sendings, failed] = await Promise.all([
    read
      .select({
        messageId: bodies.messageId,
        text: sql<string>`substr(${bodies.text}, 1, ${TEXT_CHARACTERS + 1})`,
        quotedFrom: bodies.quotedFrom,
        hasHtml: bodies.hasHtml,
        rich: bodies.rich,
      })
      .from(bodies)
      .where(inArray(bodies.messageId, ids)),
    read
      .select({ file: attachments, unsearchable: fileTexts.reason })
      .from(attachments)
      .leftJoin(fileTexts, and(eq(fileTexts.contentHash, attachments.contentHash), eq(fileTexts.state, 'failed')))
      .where(inArray(attachments.messageId, ids))
      .orderBy(asc(attachments.position)),
    read
      .select({ sending: outbox, box: { paused: mailboxes.paused, mailsPerMinute: mailboxes.mailsPerMinute } })
      .from(outbox)
      .innerJoin(mailboxes, eq(mailboxes.id, outbox.mailboxId))
      .where(inArray(outbox.messageId, ids)),
    lacking.length === 0
      ? []
      : read
          .select({ id: deliveries.id, messageId: deliveries.messageId })
          .from(deliveries)
          .where(
            and(
              inArray(deliveries.messageId, lacking),
              or(eq(deliveries.state, 'failed'), and(isNotNull(deliveries.cut), isNull(deliveries.goneAt))),
            ),
          ),
  ])
  return rows.map((row) => {
    const body = texts.find(({ messageId }) => messageId === row.id)
    const { sending, box } = sendings.find(({ sending }) => sending.messageId === row.id) ?? {}
    const text = body?.text ?? ''
    const failure = row.extras.bounced ?? row.extras.bounce
    return {
      id: row.id,
      threadId: row.threadId,
      direction: row.direction,
      writer: row.writer,
      from: { name: row.fromName, address: row.fromAddress },
      to: row.to,
      cc: row.cc,
      // Of mail that came in only those who got it hidden know; of ours, the team.
      bcc: row.direction === 'out' ? row.bcc : [],
      subject: row.subject,
      sentAt: row.sentAt,
      at: row.at,
      authorId: row.authorId,
      size: row.size,
      text: text.slice(0, TEXT_CHARACTERS),
      quotedFrom: body?.quotedFrom ?? null,
      textTruncated: text.length > TEXT_CHARACTERS,
      hasHtml: body?.hasHtml ?? false,
      rich: body?.rich ?? false,
      attachments: files
        .filter(({ file }) => file.messageId === row.id)
        .map(({ file: { position, filename, contentType, size, inline }, unsearchable }) => ({
          position,
          filename,
          contentType,
          size,
          inline,
          unsearchable,
        })),
      flaws: row.flaws,
      extras: row.extras,
      failure: failure ? failureWords(failure) : null,
      deliveryId: failed.find(({ messageId }) => messageId === row.id)?.id ?? null,
      outgoing: sending
        ? {
            state: sending.state,
            response: sending.response,
            trouble: sending.trouble,
            rejected: sending.rejected,
            attempts: sending.attempts,
            dueAt: sending.dueAt,
            acceptedAt: sending.acceptedAt,
            copy: sending.copy,
            copyError: sending.copyError,
            held: sending.state === 'queued' && sending.held !== null,
            scheduledAt: sending.state === 'queued' ? sending.scheduledAt : null,
            waitsFor: waitsFor(sending, box ?? { paused: false, mailsPerMinute: null }, Date.now()),
          }
        : null,
    }
  })
}
