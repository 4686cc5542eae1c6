import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { prepared, UNNAMED } from '../../../db/prepared.ts'
import { bodies, type Message, messageIds, messages } from '../../../db/schema.ts'
import type { MailboxSet } from '../../issues/mailbox-set.ts'
import type { ParsedMail } from '../read/parse.ts'
import type { Pending } from './pending.ts'
import { isTextOf } from './same-text.ts'
import { sentBySight } from './sent-by-sight.ts'

const messagesWithId = prepared((read) =>
  read
    .select({ message: messages })
    .from(messageIds)
    .innerJoin(messages, eq(messages.id, messageIds.messageId))
    .where(eq(messageIds.internetMessageId, sql.placeholder('internetMessageId')))
    .prepare(UNNAMED),
)

/**
 * The message that this mail already is, if any, and whether another mail had its Message-ID before. `sentAs` where a
 * server gave the mail another Message-ID than we did.
 */
export async function findKnown(
  tx: Tx,
  { mailbox, ids }: MailboxSet,
  delivery: Pending,
  mail: ParsedMail,
): Promise<{ known: Message | undefined; sameId: boolean; sentAs?: string }> {
  const { internetMessageId } = mail
  const withId = async (id: string) =>
    (await messagesWithId(tx).execute({ internetMessageId: id }))
      .map(({ message }) => message)
      .filter((message) => ids.has(message.mailboxId))
  const found = await withId(internetMessageId)
  const here = found.filter((message) => message.mailboxId === mailbox.id)
  const equal = here.find((message) => message.contentHash === mail.contentHash)
  if (equal) return { known: equal, sameId: false }
  const there = found.find(
    (message) => message.contentHash === mail.contentHash && !isForThem(message, mailbox.address, mailbox.aliases),
  )
  if (there) return { known: there, sameId: false }
  // Of a mail that was fetched as a whole on somebody's wish only the beginning was found again.
  const whole = delivery.cut && here.find((message) => isWholeOf(message, delivery, mail))
  if (whole) return { known: whole, sameId: false }
  const composed = found.find(isComposed)
  if (composed && (await isCopyOf(tx, composed, delivery, mail))) return { known: composed, sameId: false }
  for (const id of mail.originalIds) {
    const original = (await withId(id)).find(isComposed)
    if (original && (await isCopyOf(tx, original, delivery, mail)))
      return { known: original, sameId: false, sentAs: internetMessageId }
  }
  const seen =
    delivery.role === 'sent' && found.length === 0
      ? await sentBySight(tx, mailbox.id, mail, delivery.internalAt)
      : undefined
  if (seen) return { known: seen, sameId: false, sentAs: internetMessageId }
  return { known: undefined, sameId: here.some((message) => message.internetMessageId === internetMessageId) }
}

/**
 * Whether a mail that colleagues sent from another mailbox of ours is written to this one: then somebody here is asked for
 * something. Where this mailbox only gets a copy of what goes to others, it is the same mail.
 */
function isForThem(message: Message, address: string, aliases: readonly string[]): boolean {
  const ours = [address, ...aliases]
  return message.direction === 'out' && !isComposed(message) && message.to.some((to) => ours.includes(to.address))
}

/** Whether we wrote it here, rather than found it among what colleagues sent with other programs. */
function isComposed({ direction, authorId, writer, extras }: Message): boolean {
  // An acknowledgement has no author.
  const isOurs = authorId !== null || writer === 'auto_reply'
  return direction === 'out' && isOurs && extras.elsewhere === undefined
}

function isWholeOf(message: Message, { size, wholeSize }: Pending, { internetMessageId, from }: ParsedMail): boolean {
  const sameWriter = message.internetMessageId === internetMessageId && message.fromAddress === from.address
  return sameWriter && message.size > size && (wholeSize === null || message.size === wholeSize)
}

/**
 * Whether a mail is the copy of one that we composed. Servers rewrap what they file, so the bytes differ; but in the
 * inbox a known Message-ID alone proves nothing, since everybody who got the mail knows it.
 */
async function isCopyOf(tx: Tx, composed: Message, delivery: Pending, mail: ParsedMail): Promise<boolean> {
  if (delivery.role === 'sent') return true
  const [body] = await tx.select({ text: bodies.text }).from(bodies).where(eq(bodies.messageId, composed.id))
  return isTextOf(body?.text ?? '', mail.text)
}
