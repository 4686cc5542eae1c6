import { and, desc, eq, gt } from 'drizzle-orm'
import type { Reader } from '../../../db/index.ts'
import { type Mailbox, outbox } from '../../../db/schema.ts'

const MINUTE_MS = 60_000

/**
 * When a mailbox may begin its next attempt: now or earlier where nothing holds it back. A mailbox with a rate sends so
 * many mails in any minute and no more; attempts that failed count, since the server counts them too.
 */
export async function freeAt(
  read: Reader,
  { id, mailsPerMinute }: Pick<Mailbox, 'id' | 'mailsPerMinute'>,
  now: number,
): Promise<number> {
  if (mailsPerMinute === null) return now
  const begun = await read
    .select({ at: outbox.triedAt })
    .from(outbox)
    .where(and(eq(outbox.mailboxId, id), gt(outbox.triedAt, now - MINUTE_MS)))
    .orderBy(desc(outbox.triedAt))
    .limit(mailsPerMinute)
  const first = begun.at(-1)?.at
  return begun.length < mailsPerMinute || !first ? now : first + MINUTE_MS
}
