import { asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { prepared, UNNAMED } from '../../../db/prepared.ts'
import { type Message, messageIds, messageReferences, messages, threads } from '../../../db/schema.ts'
import { normalizedSubject } from '../read/subject.ts'
import { type ParentId, parentIds } from '../read/thread.ts'

// The mails that a mail is tied to: the one that it answers, and, where it comes late, those that answer it. Both ways ask
// the same question, so that the order in which the mails of a thread come makes no difference to where they end up.

/** What a mail says about the mails it belongs to. */
export type Says = Pick<Message, 'inReplyTo' | 'references' | 'subject' | 'fromAddress'>
type Answered = Pick<Message, 'subject' | 'fromAddress' | 'to' | 'cc'>

/** So many of the ids that a mail names are looked up. */
const MAX_PARENTS = 30
/** So many answers of a mail that comes late are looked at. */
const MAX_CHILDREN = 500

/** The mail that another one answers, and by which field. */
export type Parent = Awaited<ReturnType<ReturnType<ReturnType<typeof buildMessagesWithIds>>['execute']>>[number] & {
  by: ParentId['from']
}

/**
 * The mail that this one answers, among those that we know (mail.md 5.3): what In-Reply-To names, else the newest of its
 * References that `belongs`.
 * @param further ids that are as good as In-Reply-To, and come after all others
 * @param nearerThan only what the mail names before this id counts
 */
export async function findParent(
  tx: Tx,
  mailboxIds: ReadonlySet<string>,
  mail: Says,
  { further = [], nearerThan }: { further?: string[]; nearerThan?: string } = {},
): Promise<Parent | null> {
  const named = parentIds(mail)
  const nearer =
    nearerThan === undefined
      ? named
      : named.slice(
          0,
          named.findIndex(({ id }) => id === nearerThan),
        )
  const candidates = [...nearer.slice(0, MAX_PARENTS), ...further.map((id): ParentId => ({ id, from: 'in-reply-to' }))]
  if (candidates.length === 0) return null
  const rows = await messagesWithIds(candidates.length)(tx).execute(
    Object.fromEntries(candidates.map(({ id }, i) => [`id${i}`, id])),
  )
  for (const { id, from } of candidates) {
    const found = rows.find(
      (row) =>
        row.internetMessageId === id && mailboxIds.has(row.mailboxId) && (from === 'in-reply-to' || belongs(mail, row)),
    )
    if (found) return { ...found, by: from }
  }
  return null
}

/** Whether a mail that names another in its References belongs to it: some programs reuse References for new matters. */
function belongs(mail: Says, answered: Answered): boolean {
  if (normalizedSubject(answered.subject).toLowerCase() === normalizedSubject(mail.subject).toLowerCase()) return true
  const people = [answered.fromAddress, ...[...answered.to, ...answered.cc].map(({ address }) => address)]
  return people.includes(mail.fromAddress)
}

/** One query for each number of ids. */
const withIds = new Map<number, ReturnType<typeof buildMessagesWithIds>>()

function messagesWithIds(n: number) {
  const known = withIds.get(n) ?? buildMessagesWithIds(n)
  withIds.set(n, known)
  return known
}

function buildMessagesWithIds(n: number) {
  const ids = Array.from({ length: n }, (_, i) => sql.placeholder(`id${i}`))
  return prepared((read) =>
    read
      .select({
        internetMessageId: messageIds.internetMessageId,
        id: messages.id,
        mailboxId: messages.mailboxId,
        threadId: messages.threadId,
        direction: messages.direction,
        writer: messages.writer,
        subject: messages.subject,
        fromAddress: messages.fromAddress,
        to: messages.to,
        cc: messages.cc,
        bcc: messages.bcc,
        inReplyTo: messages.inReplyTo,
      })
      .from(messageIds)
      .innerJoin(messages, eq(messages.id, messageIds.messageId))
      .where(inArray(messageIds.internetMessageId, ids))
      .orderBy(desc(messages.at), asc(messages.id))
      .prepare(UNNAMED),
  )
}

/** A mail that names another one. */
export type Child = Awaited<ReturnType<ReturnType<typeof childrenOf>['execute']>>[number]

/** The mails that name this one in In-Reply-To or References, those that answer it itself first. */
export async function findChildren(
  tx: Tx,
  mailboxIds: ReadonlySet<string>,
  internetMessageId: string,
): Promise<Child[]> {
  const rows = await childrenOf(tx).execute({ internetMessageId })
  return rows.filter(({ mailboxId }) => mailboxIds.has(mailboxId))
}

const childrenOf = prepared((read) =>
  read
    .select({
      id: messages.id,
      mailboxId: messages.mailboxId,
      threadId: messages.threadId,
      issueId: threads.issueId,
      direction: messages.direction,
      writer: messages.writer,
      at: messages.at,
      subject: messages.subject,
      fromAddress: messages.fromAddress,
      inReplyTo: messages.inReplyTo,
      references: messages.references,
      extras: messages.extras,
    })
    .from(messageReferences)
    .innerJoin(messages, eq(messages.id, messageReferences.messageId))
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .where(eq(messageReferences.internetMessageId, sql.placeholder('internetMessageId')))
    .orderBy(desc(messageReferences.parent), asc(messages.at), asc(messages.id))
    .limit(MAX_CHILDREN)
    .prepare(UNNAMED),
)

/** Whether a mail would have been put beside the late one, had that come in time. */
export async function wouldAnswer(
  tx: Tx,
  mailboxIds: ReadonlySet<string>,
  child: Child,
  late: Answered & { internetMessageId: string },
): Promise<boolean> {
  if (child.inReplyTo === late.internetMessageId) return true
  if (child.writer === 'bounce' && !parentIds(child).some(({ id }) => id === late.internetMessageId)) return true
  if (!belongs(child, late)) return false
  return (await findParent(tx, mailboxIds, child, { nearerThan: late.internetMessageId })) === null
}
