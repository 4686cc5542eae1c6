import { isDeepStrictEqual } from 'node:util'
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, or } from 'drizzle-orm'
import type { Db, Reader, Tx } from '../../db/index.ts'
import {
  type Draft,
  type DraftContent,
  drafts,
  issues,
  type Mailbox,
  type Member,
  members,
  messages,
  uploads,
} from '../../db/schema.ts'
import { Changed, NotFound, Refused } from '../errors.ts'
import { record } from './event.ts'

/** A draft that was thrown away can be had back for so long. */
const DISCARDED_KEPT_MS = 7 * 86_400_000
/** A draft that nobody came back to is let go. */
const UNTOUCHED_KEPT_MS = 180 * 86_400_000
const MAX_PRUNED_A_ROUND = 200
const MAX_LISTED = 500
const SNIPPET_CHARACTERS = 160

/** A draft as its page saves it. */
export type Saving = {
  id: string
  issueId: string | null
  content: DraftContent
  /** The version that the page goes on from; 0 for a new one. */
  version: number
  /** How it begins, as text. */
  snippet: string
}

/**
 * Keeps what somebody has written so far. Saving the same again changes nothing; saving over what another page, or
 * another person, has changed since is refused, and the draft as it is now is given.
 * @throws Changed where it went on elsewhere, is somebody else's by now, was sent or thrown away
 */
export async function saveDraft(tx: Tx, mailbox: Mailbox, saving: Saving, by: Member, now: number): Promise<Draft> {
  const [known] = await tx.select().from(drafts).where(eq(drafts.id, saving.id))
  const { id, issueId, content } = saving
  const snippet = saving.snippet.replace(/\s+/gu, ' ').trim().slice(0, SNIPPET_CHARACTERS)
  if (!known) {
    const [sent] = await tx.select({ id: messages.id }).from(messages).where(eq(messages.id, id))
    if (sent) throw new Changed('This was sent from another window.', { draft: null })
    const draft: Draft = {
      id,
      mailboxId: mailbox.id,
      issueId,
      memberId: by.id,
      content,
      snippet,
      version: 1,
      discardedAt: null,
      createdAt: now,
      updatedAt: now,
    }
    await tx.insert(drafts).values(draft)
    await keepFiles(tx, draft)
    await tell(tx, draft, 'begun', by, now)
    return draft
  }
  if (known.memberId !== by.id)
    throw new Changed(`${await nameOf(tx, known.memberId)} has taken this draft over.`, { draft: null })
  // Not as text: PostgreSQL gives the members of an object in an order of its own.
  const isSame = isDeepStrictEqual(known.content, content)
  if (known.version !== saving.version) {
    if (isSame && known.version === saving.version + 1) return known
    throw new Changed('This draft went on in another window.', { draft: known })
  }
  if (isSame && known.discardedAt === null) return known
  const draft: Draft = { ...known, content, snippet, version: known.version + 1, discardedAt: null, updatedAt: now }
  await tx.update(drafts).set(draft).where(eq(drafts.id, id))
  await keepFiles(tx, draft)
  if (known.discardedAt !== null) await tell(tx, draft, 'restored', by, now)
  return draft
}

/** What a draft names belongs to it, so that it is kept as long, and goes along when the draft is handed over. */
async function keepFiles(tx: Tx, { id, content, memberId }: Draft): Promise<void> {
  const inHtml = [...content.html.matchAll(/\/api\/uploads\/([0-9a-f-]{36})/g)].map(([, found = '']) => found)
  const wanted = [...new Set([...content.attachments.map((file) => file.id), ...inHtml])]
  if (wanted.length === 0) return
  await tx
    .update(uploads)
    .set({ draftId: id })
    .where(
      and(
        inArray(uploads.id, wanted),
        eq(uploads.memberId, memberId),
        isNull(uploads.messageId),
        or(isNull(uploads.draftId), eq(uploads.draftId, id)),
      ),
    )
}

type Redrafted = Pick<Draft, 'mailboxId' | 'issueId' | 'content' | 'snippet'> & { draftId: string }

/** Makes a draft of what was taken back; what its writer has begun in the issue since goes below. */
export async function redraft(tx: Tx, { draftId, ...taken }: Redrafted, by: Member, now: number): Promise<Draft> {
  const since = taken.issueId === null ? undefined : await ownDraft(tx, taken.issueId, by.id)
  const draft: Draft = since
    ? { ...since, content: joined(taken.content, since.content), version: since.version + 1, updatedAt: now }
    : {
        id: draftId,
        ...taken,
        memberId: by.id,
        version: 1,
        discardedAt: null,
        createdAt: now,
        updatedAt: now,
      }
  if (since) await tx.update(drafts).set(draft).where(eq(drafts.id, since.id))
  else await tx.insert(drafts).values(draft)
  await keepFiles(tx, draft)
  await tell(tx, draft, since ? 'restored' : 'begun', by, now)
  return draft
}

/** What was taken back with what was begun since below it. */
function joined(taken: DraftContent, since: DraftContent): DraftContent {
  const plain = taken.plain && (since.plain || !since.html)
  const textOf = ({ plain, text, html }: DraftContent) => (plain ? text : html.replace(/<[^>]*>/g, ' '))
  const htmlOf = ({ plain, text, html }: DraftContent) =>
    plain
      ? text
          .split('\n')
          .map((line) => `<p>${line.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</p>`)
          .join('')
      : html
  return {
    ...taken,
    plain,
    text: plain ? [textOf(taken).trimEnd(), textOf(since)].filter((text) => text.trim()).join('\n\n') : '',
    html: plain ? '' : htmlOf(taken) + (textOf(since).trim() ? htmlOf(since) : ''),
    attachments: [...taken.attachments, ...since.attachments],
    noteId: since.noteId,
    note: since.note,
  }
}

/** The draft, or NotFound. Whether a member may see it is asked by the caller. */
export async function findDraft(read: Reader, id: string): Promise<Draft> {
  const [draft] = await read.select().from(drafts).where(eq(drafts.id, id))
  if (!draft) throw new NotFound('There is no such draft. It may have been sent.')
  return draft
}

/** Throws a draft away, for a while in a way that it can be had back. */
export async function discardDraft(tx: Tx, draft: Draft, by: Member, now: number): Promise<void> {
  if (draft.memberId !== by.id) throw new Refused('Only who writes a draft can discard it. Take it over first.')
  if (draft.discardedAt !== null) return
  await tx
    .update(drafts)
    .set({ discardedAt: now, version: draft.version + 1 })
    .where(eq(drafts.id, draft.id))
  await tell(tx, draft, 'discarded', by, now)
}

/** Takes back that a draft was thrown away. */
export async function restoreDraft(tx: Tx, draft: Draft, by: Member, now: number): Promise<Draft> {
  if (draft.memberId !== by.id) throw new Refused('Only who wrote a draft can have it back.')
  if (draft.discardedAt === null) return draft
  const restored = { ...draft, discardedAt: null, version: draft.version + 1, updatedAt: now }
  await tx.update(drafts).set(restored).where(eq(drafts.id, draft.id))
  await tell(tx, draft, 'restored', by, now)
  return restored
}

/**
 * Gives a draft to somebody else, with its files: the writer hands it over, or a colleague takes it.
 * @throws Refused where they have a draft of their own in this issue: two would become one
 */
export async function giveDraft(tx: Tx, draft: Draft, to: Member, by: Member, now: number): Promise<Draft> {
  if (draft.memberId === to.id) return draft
  if (draft.memberId !== by.id && to.id !== by.id) throw new Refused('A draft is handed over by who writes it.')
  if (draft.discardedAt !== null) throw new Refused('This draft was discarded.')
  if (to.disabledAt !== null || to.role === 'viewer')
    throw new Refused(`${to.name} can not answer. Choose somebody else.`)
  if (draft.issueId !== null && (await ownDraft(tx, draft.issueId, to.id)))
    throw new Refused(
      to.id === by.id
        ? 'You have a draft of your own in this issue. Send or discard it first.'
        : `${to.name} has a draft of their own in this issue.`,
    )
  const given = { ...draft, memberId: to.id, version: draft.version + 1, updatedAt: now }
  await tx.update(drafts).set(given).where(eq(drafts.id, draft.id))
  await tx.update(uploads).set({ memberId: to.id }).where(eq(uploads.draftId, draft.id))
  await tell(tx, draft, 'given', by, now, { toId: to.id })
  return given
}

/** A draft becomes a mail: the draft is no more. */
export async function removeDraft(tx: Tx, id: string): Promise<void> {
  await tx.delete(drafts).where(eq(drafts.id, id))
}

async function ownDraft(read: Reader, issueId: string, memberId: string): Promise<Draft | undefined> {
  const [own] = await read
    .select()
    .from(drafts)
    .where(and(eq(drafts.issueId, issueId), eq(drafts.memberId, memberId), isNull(drafts.discardedAt)))
    .orderBy(desc(drafts.updatedAt))
    .limit(1)
  return own
}

/** What is being written in an issue, the oldest first. */
export async function draftsOf(read: Reader, issueId: string): Promise<Draft[]> {
  return await read
    .select()
    .from(drafts)
    .where(and(eq(drafts.issueId, issueId), isNull(drafts.discardedAt)))
    .orderBy(asc(drafts.createdAt))
}

export type ListedDraft = Pick<Draft, 'id' | 'issueId' | 'mailboxId' | 'memberId' | 'snippet' | 'updatedAt'> & {
  kind: DraftContent['kind']
  /** Its own, else that of its issue. */
  subject: string
}

/** What is being written in these mailboxes, the newest first. */
export async function listDrafts(read: Reader, mailboxIds: string[] | 'all'): Promise<ListedDraft[]> {
  if (mailboxIds.length === 0) return []
  const rows = await read
    .select({ draft: drafts, issueSubject: issues.subject })
    .from(drafts)
    .leftJoin(issues, eq(issues.id, drafts.issueId))
    .where(and(mailboxIds === 'all' ? undefined : inArray(drafts.mailboxId, mailboxIds), isNull(drafts.discardedAt)))
    .orderBy(desc(drafts.updatedAt))
    .limit(MAX_LISTED)
  return rows.map(({ draft, issueSubject }) => {
    const { content, id, issueId, mailboxId, memberId, snippet, updatedAt } = draft
    const subject = content.subject || issueSubject || ''
    return { id, issueId, mailboxId, memberId, snippet, updatedAt, kind: content.kind, subject }
  })
}

/** Forgets drafts that were thrown away, and those that nobody came back to. */
export async function pruneDrafts(db: Db, now: number): Promise<void> {
  await db.write(async (tx) => {
    const over = await tx
      .select({ id: drafts.id })
      .from(drafts)
      .where(
        or(
          and(isNotNull(drafts.discardedAt), lt(drafts.discardedAt, now - DISCARDED_KEPT_MS)),
          lt(drafts.updatedAt, now - UNTOUCHED_KEPT_MS),
        ),
      )
      .limit(MAX_PRUNED_A_ROUND)
    const ids = over.map(({ id }) => id)
    if (ids.length > 0) await tx.delete(drafts).where(inArray(drafts.id, ids))
  })
}

async function nameOf(read: Reader, memberId: string): Promise<string> {
  const [member] = await read.select({ name: members.name }).from(members).where(eq(members.id, memberId))
  return member?.name ?? 'Somebody'
}

type What = 'begun' | 'discarded' | 'restored' | 'given'

/** Only that it is there, or not any more, is an event: not each word. */
async function tell(tx: Tx, draft: Draft, what: What, by: Member, at: number, more: Record<string, unknown> = {}) {
  const { id, issueId, mailboxId } = draft
  const detail = { what, draftId: id, ...more }
  await record(tx, { action: 'draft_changed', at, memberId: by.id, mailboxId, issueId, detail })
}
