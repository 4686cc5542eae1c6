import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Address,
  bodies,
  type Draft,
  type DraftContent,
  type Held,
  type Issue,
  type Member,
  type Message,
  messages,
  type Outgoing,
  outbox,
  threads,
  type Upload,
} from '../../db/schema.ts'
import { Refused } from '../errors.ts'
import { countMail } from './count.ts'
import { redraft } from './draft.ts'
import { change, findIssue } from './issue.ts'
import { findMessage } from './message.ts'
import { findOutgoing, sendingOf } from './sending.ts'
import { detachUploads, uploadsOf } from './upload.ts'

/** For so long an answer waits before the first attempt to send it, so that its writer can take it back. */
export const HELD_MS = 10_000
/** Longer is what a time to send at is for. */
export const MAX_HELD_MS = 120_000

/** For so long the answers of a member wait, in ms; 0: not at all. */
export function heldMsOf({ heldMs }: Pick<Member, 'heldMs'>): number {
  return heldMs ?? HELD_MS
}

/** An answer that has not gone out, as its writer wrote it. */
export type HeldReply = {
  issueId: string
  /** The message that it answers. */
  answeredId: string
  to: Address[]
  cc: Address[]
  text: string
  quote: boolean
  attachments: Pick<Upload, 'id' | 'filename' | 'contentType' | 'size'>[]
}

/**
 * An answer that its writer may take back now. Read it, and keep it, before taking it back.
 * @throws Refused where it is on its way, or somebody else's
 */
export async function readHeld(read: Reader, messageId: string, by: Member): Promise<HeldReply> {
  const { outgoing, held } = await findHeld(read, messageId, by)
  const message = await findMessage(read, messageId)
  const [body] = await read.select().from(bodies).where(eq(bodies.messageId, messageId))
  const files = await uploadsOf(read, messageId)
  return {
    issueId: outgoing.issueId,
    answeredId: held.answeredId,
    to: message.to,
    cc: message.cc,
    text: body?.text.slice(0, body.quotedFrom ?? undefined) ?? '',
    quote: typeof body?.quotedFrom === 'number',
    attachments: files.map(({ id, filename, contentType, size }) => ({ id, filename, contentType, size })),
  }
}

/**
 * Takes an answer back that no server has been told of: the message is removed, since it never was a mail, its files are
 * its writer's again, and the issue is as it was, as far as nobody has moved it on since. The events stay and say both:
 * that it was written, and that it was taken back. Whoever changes the row in the outbox first wins: this, or the attempt
 * to send (mail/send.ts), which looks for the row in its own transaction. What was written is a draft again, with what
 * its writer has begun since.
 * @param draftId the id that the draft is to have, unless there is one to put it into
 */
export async function takeBack(tx: Tx, messageId: string, draftId: string, by: Member, now: number): Promise<Draft> {
  const { outgoing, held } = await findHeld(tx, messageId, by)
  const message = await findMessage(tx, messageId)
  const content = held.draft ?? contentOf(await readHeld(tx, messageId, by))
  const issue = await findIssue(tx, outgoing.issueId)
  const next = await heldAfter(tx, outgoing)
  await detachUploads(tx, messageId)
  await tx.delete(outbox).where(eq(outbox.messageId, messageId))
  await tx.delete(messages).where(eq(messages.id, messageId))
  await countMail(tx, outgoing.mailboxId, 'out', message.createdAt, -1)
  // What this one found is what the next one would have found.
  if (next?.held)
    await tx
      .update(outbox)
      .set({ held: { ...next.held, before: held.before } })
      .where(eq(outbox.messageId, next.messageId))
  // A mail that began the issue leaves nothing to take care of.
  const isNothing = content.kind === 'new' && issue.messageCount === 1
  await change(
    tx,
    issue,
    {
      ...(next ? {} : isNothing ? { status: 'trash' as const } : restored(issue, message, held)),
      messageCount: issue.messageCount - 1,
      hasAttachments: await hasFiles(tx, issue.id),
      sending: await sendingOf(tx, issue.id),
    },
    { action: 'taken_back', memberId: by.id, detail: { messageId } },
    now,
  )
  const issueId = content.kind === 'new' ? null : issue.id
  return await redraft(tx, { draftId, mailboxId: issue.mailboxId, issueId, content, snippet: message.snippet }, by, now)
}

/** What an answer was that an older version queued. */
function contentOf({ answeredId, to, cc, text, quote, attachments }: HeldReply): DraftContent {
  return {
    kind: 'reply',
    messageId: answeredId,
    recipients: { to, cc, bcc: [] },
    all: true,
    from: null,
    subject: '',
    plain: true,
    text,
    html: '',
    quote,
    signature: '',
    attachments: attachments.map(({ id, filename, size }) => ({ id, filename, size })),
    copies: null,
    noteId: crypto.randomUUID(),
    note: '',
    seen: null,
  }
}

async function findHeld(read: Reader, messageId: string, by: Member): Promise<{ outgoing: Outgoing; held: Held }> {
  const outgoing = await findOutgoing(read, messageId)
  const { authorId } = await findMessage(read, messageId)
  if (authorId !== by.id) throw new Refused('Only who wrote an answer can take it back.')
  if (outgoing.state !== 'queued' || !outgoing.held)
    throw new Refused('It is on its way already, so it can not be taken back.')
  return { outgoing, held: outgoing.held }
}

/** The next answer in the same issue that is held as well. */
async function heldAfter(tx: Tx, { issueId, messageId, createdAt }: Outgoing): Promise<Outgoing | undefined> {
  const [next] = await tx
    .select()
    .from(outbox)
    .where(
      and(
        eq(outbox.issueId, issueId),
        ne(outbox.messageId, messageId),
        eq(outbox.state, 'queued'),
        isNotNull(outbox.held),
        gt(outbox.createdAt, createdAt),
      ),
    )
    .orderBy(asc(outbox.createdAt))
    .limit(1)
  return next
}

/** What the answer changed and nobody has changed since, as it was before. */
function restored(issue: Issue, message: Message, { issueId, before }: Held): Partial<Issue> {
  if (issueId !== issue.id) return {}
  const { status, doneReason, assigneeId, waitingSince, ...last } = before
  const isNewest = issue.lastDirection === 'out' && issue.lastMessageAt === message.at
  const isWhereItPutIt = issue.status === 'waiting' || issue.status === 'done'
  return {
    ...(issue.assigneeId === message.authorId && !issue.teamId ? { assigneeId } : {}),
    ...(isNewest ? last : {}),
    ...(isNewest && isWhereItPutIt ? { status, doneReason, waitingSince } : {}),
  }
}

async function hasFiles(tx: Tx, issueId: string): Promise<boolean> {
  const [row] = await tx
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(and(eq(threads.issueId, issueId), gt(messages.attachmentCount, 0)))
  return (row?.n ?? 0) > 0
}
