import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { type Issue, type Member, messageIds, notes } from '../../../db/schema.ts'
import type { MailDeps } from '../deps.ts'
import type { ParsedMail } from '../read/parse.ts'
import { noteWords, writtenByOneOfUs } from './passed-on.ts'
import type { Pending } from './pending.ts'

/**
 * A customer's mail that one of us attached to a mail of their own: it comes in as if the customer had written to us
 * (mail.md 5.9), with its own text, files and date; what was written to it becomes a note.
 */
export type Within = { mail: ParsedMail; rawHash: string; size: number; outer: ParsedMail; by: Member }

/** The mail that is attached to this one; null where there is none, not just one, or nobody of us passed it on. */
export async function mailWithin(
  { db, blobs, parsers }: Pick<MailDeps, 'db' | 'blobs' | 'parsers'>,
  delivery: Pending,
  outer: ParsedMail,
  raw: Uint8Array,
): Promise<Within | null> {
  const position = outer.forwarded?.position ?? null
  if (position === null || delivery.role === 'sent' || delivery.cut !== null) return null
  // Other files beside it were meant for us too: such a mail stays as it came.
  if (outer.attachments.filter(({ inline }) => !inline).length > 1) return null
  const by = await writtenByOneOfUs(db.read, outer)
  const inner = by && (await parsers.attachment(raw, position))
  if (!inner) return null
  const mail = await parsers.parse(inner)
  if (mail.flaws.unreadable !== undefined || mail.from.address === '' || mail.from.address === outer.from.address)
    return null
  return { mail, rawHash: await blobs.put(inner), size: inner.length, outer, by }
}

/** Puts what was said to the mail beside it, once, and lets an answer to the mail around it find the issue. */
export async function settleWithin(tx: Tx, issue: Issue, messageId: string, { outer, by }: Within, now: number) {
  const { internetMessageId, contentHash, forwarded } = outer
  await tx.insert(messageIds).values({ internetMessageId, messageId }).onConflictDoNothing()
  // The mail around it may be found in several folders; the note may be in another issue by now.
  const id = `${contentHash.slice(0, 8)}-${contentHash.slice(8, 12)}-8${contentHash.slice(13, 16)}-8${contentHash.slice(17, 20)}-${contentHash.slice(20, 32)}`
  const [said] = await tx.select({ id: notes.id }).from(notes).where(eq(notes.id, id))
  if (!said) await noteWords(tx, issue, forwarded?.commentText ?? '', by, now, id)
}
