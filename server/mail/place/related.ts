import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { prepared, UNNAMED } from '../../../db/prepared.ts'
import { type Message, mailboxes, messageReferences, messages } from '../../../db/schema.ts'
import type { MailboxSet } from '../../issues/mailbox-set.ts'
import type { ParsedMail } from '../read/parse.ts'
import { soughtIds, threadsOf } from '../read/thread.ts'

/** So many mails that name the same ids are looked at, the newest first. */
const MAX_RELATIVES = 100

/**
 * The threads of the mails that are of one conversation with this one, the nearest first: those that it names, those that
 * name it, and those that name the same, which may be a mail that we do not have. In whatever order the mails of a
 * conversation come, and though its first is missing, they find together.
 * @param isCircular of which mails an answer is no part
 */
export async function relatedThreads(
  tx: Tx,
  { ids }: MailboxSet,
  mail: ParsedMail,
  isCircular: (row: Row) => boolean,
): Promise<string[]> {
  const sought = soughtIds(mail)
  const query = queriesFor(sought.length)
  const wanted = Object.fromEntries(sought.map((id, i) => [`id${i}`, id]))
  const rows = [...(await query.having(tx).execute(wanted)), ...(await query.naming(tx).execute(wanted))]
  const relatives = rows
    .filter((row) => ids.has(row.mailboxId) && !isCircular(row))
    .map((row) => ({ ...row, from: row.fromAddress, to: addressesOf(row) }))
  if (relatives.length === 0) return []
  // Two mails that both went to another mailbox of ours have nobody in common by that.
  const ours = (await mailboxAddresses(tx).execute()).flatMap(({ address, aliases }) => [address, ...aliases])
  return threadsOf({ ...mail, from: mail.from.address, to: addressesOf(mail) }, relatives, ours)
}

const mailboxAddresses = prepared((tx: Tx) =>
  tx.select({ address: mailboxes.address, aliases: mailboxes.aliases }).from(mailboxes).prepare(UNNAMED),
)

const addressesOf = ({ to, cc }: Pick<ParsedMail, 'to' | 'cc'>): string[] =>
  [...to, ...cc].map(({ address }) => address)

/** One pair of queries for each number of ids. */
const queries = new Map<number, ReturnType<typeof buildQueries>>()

function queriesFor(n: number) {
  const known = queries.get(n) ?? buildQueries(n)
  queries.set(n, known)
  return known
}

const COLUMNS = {
  internetMessageId: messages.internetMessageId,
  mailboxId: messages.mailboxId,
  threadId: messages.threadId,
  subject: messages.subject,
  fromAddress: messages.fromAddress,
  to: messages.to,
  cc: messages.cc,
  inReplyTo: messages.inReplyTo,
  references: messages.references,
  direction: messages.direction,
  writer: messages.writer,
  bcc: messages.bcc,
}
type Row = Pick<Message, keyof typeof COLUMNS>

function buildQueries(n: number) {
  const ids = Array.from({ length: n }, (_, i) => sql.placeholder(`id${i}`))
  return {
    having: prepared((tx: Tx) =>
      tx
        .select(COLUMNS)
        .from(messages)
        .where(inArray(messages.internetMessageId, ids))
        .orderBy(desc(messages.at), desc(messages.id))
        .limit(MAX_RELATIVES)
        .prepare(UNNAMED),
    ),
    naming: prepared((tx: Tx) =>
      tx
        .select(COLUMNS)
        .from(messageReferences)
        .innerJoin(messages, eq(messages.id, messageReferences.messageId))
        .where(inArray(messageReferences.internetMessageId, ids))
        .orderBy(desc(messages.at), desc(messages.id))
        .limit(MAX_RELATIVES)
        .prepare(UNNAMED),
    ),
  }
}
