import type { Tx } from '../../db/index.ts'
import type { Issue, Mailbox, Member, Message } from '../../db/schema.ts'
import { queueMail, type Written } from './outgoing.ts'
import { idWithOthers, referencesAfter } from './reply.ts'

/** A mail that is passed on, with a comment above it. Without a status the issue stays where it is. */
export type Forward = Written & { status: 'waiting' | 'done' | null }

/**
 * Passes a mail on to somebody else. It stands in the thread of what it passes on, so that what they write comes back
 * here; it answers nobody, so it has no In-Reply-To.
 */
export async function forward(
  tx: Tx,
  issue: Issue,
  mailbox: Mailbox,
  passedOn: Message,
  { status, ...written }: Forward,
  by: Member,
  now: number,
): Promise<Message> {
  const place = {
    threadId: passedOn.threadId,
    subject: forwardSubject(passedOn.subject),
    inReplyTo: null,
    references: referencesAfter(passedOn, await idWithOthers(tx, passedOn)),
    answeredId: passedOn.id,
    status: status ?? issue.status,
  }
  return await queueMail(tx, issue, mailbox, place, written, by, now)
}

/** The subject of a mail that is passed on, with one "Fwd:". */
export function forwardSubject(subject: string): string {
  return /^fwd?\s*:/i.test(subject.trim()) ? subject.trim() : `Fwd: ${subject.trim()}`
}
