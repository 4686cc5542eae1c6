import { desc, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/index.ts'
import { prepared, UNNAMED } from '../../../db/prepared.ts'
import { type Message, messageIds, messages } from '../../../db/schema.ts'
import { markBounced } from '../../issues/bounced.ts'
import type { ParsedMail } from '../read/parse.ts'
import type { Place, Placing } from './place.ts'

/** A mail says that one of ours did not arrive: that one is marked, and its issue comes back to who wrote it. */
export async function markReturned(
  tx: Tx,
  { ids }: Placing,
  bounce: NonNullable<ParsedMail['bounce']>,
  by: Message,
  now: number,
): Promise<void> {
  if (bounce.messageId === null) return
  const rows = await sentWithId(tx).execute({ internetMessageId: bounce.messageId })
  const original = rows.map(({ message }) => message).find(({ mailboxId }) => ids.has(mailboxId))
  if (original && original.id !== by.id) await markBounced(tx, original, bounce, by, now)
}

/** A mail that colleagues sent elsewhere comes in after the news that it did not arrive. */
export async function markReturnedBefore(tx: Tx, sent: Message, children: Place['children'], now: number) {
  let latest = sent
  for (const { id, at, extras } of children)
    if (extras.bounce) latest = await markBounced(tx, latest, extras.bounce, { id, at }, now)
}

const sentWithId = prepared((tx: Tx) =>
  tx
    .select({ message: messages })
    .from(messageIds)
    .innerJoin(messages, eq(messages.id, messageIds.messageId))
    .where(
      sql`${messageIds.internetMessageId} = ${sql.placeholder('internetMessageId')} and ${messages.direction} = 'out'`,
    )
    .orderBy(desc(messages.at))
    .prepare(UNNAMED),
)
