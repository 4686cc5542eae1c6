import { uuidv7 } from '../../../db/ids.ts'
import type { Tx } from '../../../db/index.ts'
import {
  bodies,
  type Issue,
  type Mailbox,
  type Message,
  mailboxes,
  members,
  messageIds,
  messages,
  outbox,
} from '../../../db/schema.ts'
import type { FolderRole } from '../../../db/vocabulary.ts'
import type { Secrets } from '../../access/secrets.ts'
import { countAutomatic, mayAutomatically } from '../../issues/automatic-sending.ts'
import { countMail } from '../../issues/count.ts'
import { change } from '../../issues/issue.ts'
import { referencesAfter, replySubject } from '../../issues/reply.ts'
import { sendingOf } from '../../issues/sending.ts'
import { fillIn, type Variable } from '../../issues/variables.ts'
import { domainOf, ownMessageId } from './own-id.ts'

/** Mail that came longer ago is no news to who wrote it: what an outage or a first look brings in stays unanswered. */
const MAX_AGE_MS = 60 * 60_000
/** What is known of everybody: an acknowledgement has nobody to fill in the rest. */
export const ACKNOWLEDGEMENT_VARIABLES: Variable[] = [
  'contact.address',
  'mailbox.name',
  'mailbox.address',
  'issue.number',
  'issue.subject',
  'date',
]
/** Names the installation that sent a mail by itself, so that it knows its own again. */
const LOOP_FIELD = 'X-Downfield-Loop'

/** The fields by which other machines see that a machine wrote this, and keep quiet (RFC 3834, section 5). */
export function automaticFields(secrets: Pick<Secrets, 'sign'>): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-replied',
    'X-Auto-Response-Suppress': 'All',
    [LOOP_FIELD]: secrets.sign('instance', '').toString('hex').slice(0, 16),
  }
}

/** The same for what tells members what happened: no answer to anybody's mail, but generated. */
export function notificationFields(secrets: Pick<Secrets, 'sign'>): Record<string, string> {
  return { ...automaticFields(secrets), 'Auto-Submitted': 'auto-generated' }
}

type Came = { message: Message; issue: Issue; role: FolderRole; internalAt: number; opened: boolean }

/** Whether a mail is one that an acknowledgement may answer (mail.md 5.5): a pure judgement. */
export function isToBeAcknowledged(
  mailbox: Pick<Mailbox, 'acknowledgement' | 'paused' | 'address' | 'aliases'>,
  { message, issue, role, internalAt, opened }: Came,
  ours: ReadonlySet<string>,
  now: number,
): boolean {
  const own = new Set([mailbox.address, ...mailbox.aliases])
  return (
    mailbox.acknowledgement?.on === true &&
    !mailbox.paused &&
    opened &&
    issue.status === 'new' &&
    role === 'inbox' &&
    message.direction === 'in' &&
    message.writer === 'person' &&
    message.extras.forwarded === undefined &&
    message.flaws.unreadable === undefined &&
    now - internalAt <= MAX_AGE_MS &&
    message.fromAddress.includes('@') &&
    !ours.has(message.fromAddress) &&
    // Who was only copied in secret, or by a list, is not told that we are here.
    [...message.to, ...message.cc].some(({ address }) => own.has(address))
  )
}

/** Tells who wrote that their mail came in, where the mailbox wants that and nothing speaks against it. */
export async function acknowledge(
  tx: Tx,
  { mailbox, secrets }: { mailbox: Mailbox; secrets: Pick<Secrets, 'sign'> },
  came: Came,
  now: number,
): Promise<void> {
  const { acknowledgement } = mailbox
  if (!acknowledgement?.on) return
  const { message: answered, issue } = came
  if (!isToBeAcknowledged(mailbox, came, await ourAddresses(tx), now)) return
  const recipient = answered.fromAddress
  if (!(await mayAutomatically(tx, { mailboxId: mailbox.id, recipient }, now))) return

  const id = uuidv7()
  const internetMessageId = ownMessageId(secrets, issue.id, id, domainOf(mailbox.address))
  const { filled: text } = fillIn(acknowledgement.text, valuesOf(mailbox, issue, now), 'text')
  const message: Message = {
    id,
    mailboxId: mailbox.id,
    threadId: answered.threadId,
    direction: 'out',
    writer: 'auto_reply',
    internetMessageId,
    contentHash: id,
    rawHash: null,
    size: 0,
    subject: replySubject(answered.subject),
    fromName: mailbox.name,
    fromAddress: mailbox.address,
    to: [{ name: answered.fromName, address: recipient }],
    cc: [],
    bcc: [],
    replyTo: [],
    inReplyTo: answered.internetMessageId,
    references: referencesAfter(answered),
    sentAt: now,
    at: now,
    snippet: text.replace(/\s+/gu, ' ').slice(0, 200),
    attachmentCount: 0,
    flaws: {},
    extras: {},
    authorId: null,
    createdAt: now,
  }
  await tx.insert(messages).values(message)
  await tx.insert(messageIds).values({ internetMessageId, messageId: id })
  await tx.insert(bodies).values({ messageId: id, text, quotedFrom: null, hasHtml: false, rich: false })
  await tx.insert(outbox).values({
    messageId: id,
    mailboxId: mailbox.id,
    issueId: issue.id,
    state: 'queued',
    dueAt: now,
    recipients: [recipient],
    rejected: [],
    copy: mailbox.sentCopy === 'server' ? 'none' : 'pending',
    automatic: true,
    createdAt: now,
  })
  await countAutomatic(tx, { id, mailboxId: mailbox.id, recipient, at: now })
  await countMail(tx, mailbox.id, 'out', now)
  // The issue stays as it is: nobody has answered yet.
  await change(
    tx,
    issue,
    { messageCount: issue.messageCount + 1, sending: await sendingOf(tx, issue.id) },
    { action: 'acknowledged', detail: { messageId: id } },
    now,
  )
}

function valuesOf(mailbox: Mailbox, issue: Issue, now: number) {
  return {
    'contact.address': issue.contactAddress,
    'mailbox.name': mailbox.name,
    'mailbox.address': mailbox.address,
    'issue.number': String(issue.number),
    'issue.subject': issue.subject,
    date: new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(now),
  }
}

/** Every address that is ours: of mailboxes, and of members. */
async function ourAddresses(tx: Tx): Promise<ReadonlySet<string>> {
  const boxes = await tx.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes)
  const people = await tx.select({ email: members.email }).from(members)
  return new Set([
    ...boxes.flatMap(({ address, aliases }) => [address, ...aliases]),
    ...people.map(({ email }) => email),
  ])
}
