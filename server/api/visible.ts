import type { Reader } from '../../db/index.ts'
import type { Issue, Mailbox, Member, Message } from '../../db/schema.ts'
import { mailboxForMember } from '../access/may.ts'
import { NotFound } from '../errors.ts'
import { findIssue } from '../issues/issue.ts'
import { homeOf } from '../issues/merge.ts'
import { findMessage } from '../issues/message.ts'

/** The issue and its mailbox, if the member sees them; else NotFound, in the same words as for one that never was. */
export async function issueFor(read: Reader, member: Member, id: string): Promise<{ issue: Issue; mailbox: Mailbox }> {
  const issue = await findIssue(read, id)
  const mailbox = await mailboxForMember(read, member, issue.mailboxId).catch(() => {
    throw new NotFound('There is no such issue.')
  })
  return { issue, mailbox }
}

/** As `issueFor`; of an issue that was brought into another, the one that has its mails now. */
export async function homeFor(read: Reader, member: Member, id: string): Promise<{ issue: Issue; mailbox: Mailbox }> {
  const found = await issueFor(read, member, id)
  if (found.issue.mergedIntoId === null) return found
  return await issueFor(read, member, (await homeOf(read, found.issue)).id)
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
