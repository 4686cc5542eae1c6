import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { members, notes, notificationMails } from '../../../db/schema.ts'
import { mailboxForMember, may } from '../../access/may.ts'
import type { Secrets } from '../../access/secrets.ts'
import { findIssue } from '../../issues/issue.ts'
import { homeOf } from '../../issues/merge.ts'
import { addNote, MAX_NOTE_CHARACTERS } from '../../issues/note.ts'
import type { ParsedMail } from '../read/parse.ts'
import { replyText } from '../read/quoted.ts'
import { verifyNotificationId } from '../send/own-id.ts'
import { writtenByOneOfUs } from './passed-on.ts'

/**
 * An answer to a mail that told a member what happened becomes a note by them, and never goes anywhere else. The id that it
 * answers says which mail that was, and is signed; that alone proves nothing about who wrote, so it must come from that
 * member's address, as far as our server can tell. Anything else is mail like any other, in an issue of its own.
 * @returns whether the mail is done with
 */
export async function noteOfAnswer(
  tx: Tx,
  secrets: Pick<Secrets, 'sign'>,
  mail: ParsedMail,
  now: number,
): Promise<boolean> {
  const named = [mail.inReplyTo, ...mail.references.toReversed()]
  const mailId = named.map((id) => (id ? verifyNotificationId(secrets, id) : null)).find((id) => id !== null)
  if (!mailId) return false
  const [told] = await tx
    .select({ issueId: notificationMails.issueId, member: members })
    .from(notificationMails)
    .innerJoin(members, eq(members.id, notificationMails.memberId))
    .where(eq(notificationMails.id, mailId))
  if (!told?.issueId) return false
  const by = await writtenByOneOfUs(tx, mail)
  if (by?.id !== told.member.id || !may(by, 'note')) return false
  const written = replyText(mail.text).trim()
  if (!written) return false
  const files = mail.attachments.filter(({ inline }) => !inline).map(({ filename }) => filename || 'a file')
  const left = files.length > 0 ? `\n\nLeft out, since a note has no files: ${files.join(', ')}` : ''
  const text = `${written}${left}`.slice(0, MAX_NOTE_CHARACTERS)
  const issue = await homeOf(tx, await findIssue(tx, told.issueId))
  const sees = await mailboxForMember(tx, by, issue.mailboxId).then(
    () => true,
    () => false,
  )
  if (!sees) return false
  const id = noteId(mail.internetMessageId)
  const [known] = await tx.select({ id: notes.id }).from(notes).where(eq(notes.id, id))
  if (!known) await addNote(tx, issue, { id, text }, by, now)
  return true
}

/** One note for a mail, by however many ways it comes: a UUID of version 8 (RFC 9562, section 5.8) from its Message-ID. */
function noteId(internetMessageId: string): string {
  const hex = createHash('sha256').update(`note ${internetMessageId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
