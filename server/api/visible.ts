import type { Reader } from '../../db/index.ts'
import type { Issue, Mailbox, Member, Message } from '../../db/schema.ts'
import { mailboxForMember } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { findIssue } from '../issues/issue.ts'
import { findMessage } from '../issues/message.ts'

/** The issue and its mailbox, if the member sees them; else NotFound, in the same words as for one that never was. */
export async function issueFor(read: Reader, member: Member, id: string): Promise<{ issue: Issue; mailbox: Mailbox }> {
  const issue = await findIssue(read, id)
  const mailbox = await mailboxForMember(read, member, issue.mailboxId).catch(() => {
    throw new NotFound('There is no such issue.')
  })
  return { issue, mailbox }
}

/** The message with its issue and mailbox, if the member sees them; else NotFound. */
export async function messageFor(
  read: Reader,
  member: Member,
  id: string,
): Promise<{ message: Message & { issueId: string }; mailbox: Mailbox }> {
  const message = await findMessage(read, id)
  const mailbox = await mailboxForMember(read, member, message.mailboxId).catch(() => {
    throw new NotFound('There is no such message.')
  })
  return { message, mailbox }
}
