import { and, asc, desc, eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import { issues, type Mailbox, type Member, messages, threads } from '../../db/schema.ts'
import { saveDraft } from '../issues/draft.ts'
import { findIssue } from '../issues/issue.ts'
import { quote, reply } from '../issues/reply.ts'
import { writeSavedReply } from '../issues/saved-reply.ts'
import { writeSignature } from '../issues/signature.ts'
import type { MailDeps } from '../mail/deps.ts'
import { domainOf, ownMessageId } from '../mail/send/own-id.ts'
import { writtenText } from '../mail/send/written-text.ts'

const SIGNATURE =
  '<p>{{member.name}}<br /><strong>Northwind Proposals</strong><br />{{mailbox.address}} · +49 30 555 0142</p>'
const SAVED: readonly [name: string, html: string][] = [
  [
    'Thanks for your enquiry',
    '<p>Dear {{contact.firstName}},</p><p>thank you for your enquiry. We read it today, and come back to you within two working days with our questions, or with an offer.</p>',
  ],
  [
    'Questions before we offer',
    '<p>Dear {{contact.firstName}},</p><p>before we can name a price we need to know:</p><ul><li><p>how many sites there are, and where,</p></li><li><p>by when you decide,</p></li><li><p>which format the offer should have.</p></li></ul>',
  ],
]
const DRAFT =
  '<p>Hello,</p><p>thank you for the clarifications. Our updated price sheet follows once Mia has checked it.</p>'
const LATER =
  'Good morning,\n\njust a short note so that this does not get lost: our offer stands until the end of the month. Is there anything that you still need from us?'

/** What a team that writes has: a signature, saved replies, a draft that a colleague is at, and a mail that goes later. */
export async function addWriting(deps: MailDeps, mailbox: Mailbox, members: Member[], now: number): Promise<void> {
  const { db, secrets } = deps
  const [jane, omar] = members
  if (!jane || !omar) return
  await db.write(async (tx) => {
    const owner = { mailboxId: mailbox.id, memberId: null, language: '' }
    await writeSignature(tx, uuidv7(now), owner, { html: SIGNATURE, text: writtenText(SIGNATURE) }, now)
    for (const [name, html] of SAVED) {
      const saved = { id: uuidv7(now), name, language: 'en', html, text: writtenText(html), own: false, teamId: null }
      await writeSavedReply(tx, { ...saved, files: [] }, { id: jane.id, managesAll: true }, now)
    }
  })

  const [open] = await db.read
    .select({ id: issues.id })
    .from(issues)
    .where(and(eq(issues.status, 'open'), eq(issues.assigneeId, omar.id)))
    .orderBy(desc(issues.listedAt))
    .limit(1)
  if (open) {
    const content = {
      kind: 'reply' as const,
      messageId: null,
      recipients: null,
      all: true,
      from: null,
      subject: '',
      plain: false,
      text: '',
      html: DRAFT,
      quote: true,
      signature: null,
      remindAfterMs: null,
      attachments: [],
      copies: null,
      noteId: uuidv7(now),
      note: '',
      seen: null,
    }
    const draft = { id: crypto.randomUUID(), issueId: open.id, content, version: 0, snippet: writtenText(DRAFT) }
    await db.write((tx) => saveDraft(tx, mailbox, draft, omar, now))
  }

  const [waiting] = await db.read
    .select({ message: messages, issueId: issues.id })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(issues, eq(issues.id, threads.issueId))
    .where(and(eq(issues.status, 'waiting'), eq(messages.direction, 'in'), eq(messages.writer, 'person')))
    .orderBy(asc(issues.lastMessageAt), asc(messages.at))
    .limit(1)
  if (!waiting) return
  const { message, issueId } = waiting
  const id = crypto.randomUUID()
  const written = {
    id,
    internetMessageId: ownMessageId(secrets, issueId, id, domainOf(mailbox.address)),
    to: [{ name: message.fromName, address: message.fromAddress }],
    cc: [],
    text: LATER,
    quoted: quote(message, message.snippet),
    status: 'waiting' as const,
    sendAt: nextMorning(now),
  }
  await db.write(async (tx) => reply(tx, await findIssue(tx, issueId), mailbox, message, written, jane, now))
}

/** Eight in the morning of the next working day. */
function nextMorning(now: number): number {
  const at = new Date(now)
  do at.setDate(at.getDate() + 1)
  while (at.getDay() === 0 || at.getDay() === 6)
  return at.setHours(8, 0, 0, 0)
}
