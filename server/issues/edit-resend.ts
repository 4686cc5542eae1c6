import { asc, eq, inArray } from 'drizzle-orm'
import type { Reader, Tx } from '../../db/index.ts'
import {
  type Address,
  attachments,
  bodies,
  type Draft,
  type DraftContent,
  drafts,
  type Issue,
  type Member,
  type Message,
  messageIds,
  messages,
  type Outgoing,
  outbox,
  threads,
} from '../../db/schema.ts'
import { Refused } from '../errors.ts'
import { redraft } from './draft.ts'
import { settleSending } from './sending.ts'
import { SIGNATURE_CLASS } from './signature.ts'

/** A file of a failed mail, copied so that it can be sent again. */
export type CopiedFile = { id: string; filename: string; size: number; position: number }

/** Whom a mail never reached: whom the server refused, and from whom it came back. */
export function failedRecipients(
  { to, cc, bcc, extras }: Pick<Message, 'to' | 'cc' | 'bcc' | 'extras'>,
  outgoing: Pick<Outgoing, 'state' | 'recipients' | 'rejected'> | undefined,
): string[] {
  const { bounced } = extras
  const cameBack = bounced?.kind === 'hard' ? bounced.recipients : []
  const refused = outgoing?.rejected.map(({ address }) => address) ?? []
  const unsent = outgoing?.state === 'rejected' ? outgoing.recipients : []
  const failed = new Set([...cameBack, ...refused, ...unsent].map((address) => address.toLowerCase()))
  const all = [...to, ...cc, ...bcc].map(({ address }) => address)
  // A report that names nobody, or an address that we did not write to, as where they redirect it: then it was all.
  const ours = all.filter((address) => failed.has(address.toLowerCase()))
  if (ours.length > 0) return [...new Set(ours)]
  return bounced?.kind === 'hard' ? [...new Set(all)] : []
}

/**
 * Makes a draft of a mail that did not arrive, to those alone whom it did not reach: its words, its signature, and
 * copies of its files. A mail that no server took is given up with it. Asked again with the same id, it is that draft.
 * @throws Refused where nothing of it failed
 */
export async function editAndResend(
  tx: Tx,
  { draftId, message, issue, copies }: { draftId: string; message: Message; issue: Issue; copies: CopiedFile[] },
  by: Member,
  now: number,
): Promise<Draft> {
  const [known] = await tx.select().from(drafts).where(eq(drafts.id, draftId))
  if (known) return known
  const [outgoing] = await tx.select().from(outbox).where(eq(outbox.messageId, message.id))
  const failed = failedRecipients(message, outgoing)
  if (message.direction !== 'out' || failed.length === 0)
    throw new Refused('This mail has not failed, so there is nothing to send again.')
  const content = await contentOf(tx, message, issue, copies, new Set(failed))
  if (outgoing?.state === 'rejected') await settleSending(tx, message.id, 'cancelled', by, now)
  const issueId = content.kind === 'new' ? null : issue.id
  return await redraft(tx, { draftId, mailboxId: issue.mailboxId, issueId, content, snippet: message.snippet }, by, now)
}

async function contentOf(
  read: Reader,
  message: Message,
  issue: Issue,
  copies: CopiedFile[],
  failed: Set<string>,
): Promise<DraftContent> {
  const [body] = await read.select().from(bodies).where(eq(bodies.messageId, message.id))
  const files = await read
    .select({ position: attachments.position, contentId: attachments.contentId })
    .from(attachments)
    .where(eq(attachments.messageId, message.id))
    .orderBy(asc(attachments.position))
  const answeredId = await answeredBy(read, message, issue)
  const kind = answeredId === null ? 'new' : message.inReplyTo ? 'reply' : 'forward'
  const own = body?.text.slice(0, body.quotedFrom ?? undefined).trimEnd() ?? ''
  const written = body?.composedHtml ? writtenAgain(body.composedHtml) : null
  const contentIds = new Map(files.flatMap(({ position, contentId }) => (contentId ? [[position, contentId]] : [])))
  const shown = (html: string) =>
    copies.reduce((all, { id, position }) => {
      const contentId = contentIds.get(position)
      return contentId ? all.replaceAll(`cid:${contentId}`, `/api/uploads/${id}`) : all
    }, html)
  const html = written ? shown(written.html) : ''
  return {
    kind,
    messageId: answeredId,
    recipients: recipientsAgain(message, failed),
    all: true,
    from: message.fromAddress,
    subject: kind === 'new' ? message.subject : '',
    plain: written === null,
    text: written ? '' : own,
    html,
    quote: typeof body?.quotedFrom === 'number',
    signature: written?.signature ?? '',
    // Pictures within are there already.
    attachments: copies
      .filter(({ id, position }) => !(contentIds.has(position) && html.includes(id)))
      .map(({ id, filename, size }) => ({ id, filename, size })),
    // The files of a mail that was passed on are among its own.
    copies: kind === 'forward' && answeredId ? { of: answeredId, ids: [] } : null,
    noteId: crypto.randomUUID(),
    note: '',
    seen: null,
  }
}

/** Those of a mail whom it did not reach. A mail needs somebody in To: then a copy becomes the mail itself. */
export function recipientsAgain(
  message: Pick<Message, 'to' | 'cc' | 'bcc' | 'fromAddress'>,
  failed: ReadonlySet<string>,
): { to: Address[]; cc: Address[]; bcc: Address[] } {
  const whom = (list: Address[]) => list.filter(({ address }) => failed.has(address))
  const [to, cc, bcc] = [whom(message.to), whom(message.cc), whom(message.bcc)]
  if (to.length > 0) return { to, cc, bcc }
  if (cc.length > 0) return { to: cc, cc: [], bcc }
  if (bcc.length === 1) return { to: bcc, cc: [], bcc: [] }
  // Several who are not to learn of each other stay hidden, below our own address.
  return { to: [{ name: '', address: message.fromAddress }], cc: [], bcc }
}

/** What its writer wrote of the HTML of a mail, and the signature, without what is quoted below. */
function writtenAgain(composed: string): { html: string; signature: string } {
  const own = (composed.split('<div class="gmail_quote">')[0] ?? '').replace(/<br \/>$/, '')
  const [html = '', signature = ''] = own.split(`<div class="${SIGNATURE_CLASS}">`)
  return { html, signature: signature.replace(/<\/div>$/, '') }
}

/** The message that a mail answered or passed on, where it is in this issue. */
async function answeredBy(read: Reader, message: Message, issue: Issue): Promise<string | null> {
  const named = [message.inReplyTo, message.references.at(-1)].filter((id) => typeof id === 'string')
  if (named.length === 0) return null
  const rows = await read
    .select({ id: messages.id, issueId: threads.issueId })
    .from(messageIds)
    .innerJoin(messages, eq(messages.id, messageIds.messageId))
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(inArray(messageIds.internetMessageId, named))
  return rows.find(({ issueId }) => issueId === issue.id)?.id ?? null
}
