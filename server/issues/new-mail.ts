import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Tx } from '../../db/index.ts'
import { type Issue, type Mailbox, type Member, type Message, messages, threads } from '../../db/schema.ts'
import { Invalid } from '../errors.ts'
import { openIssue } from './issue.ts'
import { issueOfThread } from './message.ts'
import { queueMail, type Written } from './outgoing.ts'

export const MAX_SUBJECT_CHARACTERS = 500

/** A mail that answers nothing. */
export type NewMail = Omit<Written, 'internetMessageId'> & {
  subject: string
  status: 'waiting' | 'done'
  /** The Message-ID, once it is known which issue it is to name. */
  nameIn: (issueId: string) => string
}

/** Queues a mail that begins an issue of its own, which waits for them. */
export async function sendNew(
  tx: Tx,
  mailbox: Mailbox,
  { subject, status, nameIn, ...written }: NewMail,
  by: Member,
  now: number,
): Promise<{ issue: Issue; message: Message }> {
  const [known] = await tx.select().from(messages).where(eq(messages.id, written.id))
  if (known?.authorId === by.id) return { issue: (await issueOfThread(tx, known.threadId)).issue, message: known }
  const contact = [...written.to, ...written.cc, ...(written.bcc ?? [])][0]
  if (!contact) throw new Invalid([{ field: 'to', message: 'to must name at least one recipient.' }])
  // What is opened needs triage, unless it is said where it goes; queueMail moves it on.
  const issue = await openIssue(tx, mailbox, { subject: subject.trim(), contact, at: now, status: 'open' }, now)
  const [thread] = await tx
    .insert(threads)
    .values({ id: uuidv7(), mailboxId: mailbox.id, issueId: issue.id, subject: subject.trim(), createdAt: now })
    .returning()
  if (!thread) throw new Error('the thread was not stored')
  const place = {
    threadId: thread.id,
    subject: subject.trim(),
    inReplyTo: null,
    references: [],
    answeredId: null,
    status,
  }
  const message = await queueMail(
    tx,
    issue,
    mailbox,
    place,
    { ...written, internetMessageId: nameIn(issue.id) },
    by,
    now,
  )
  return { issue, message }
}
