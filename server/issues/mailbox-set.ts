import { asc, eq, sql } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { prepared, UNNAMED } from '../../db/prepared.ts'
import { type Mailbox, mailboxes, mailboxTeams } from '../../db/schema.ts'

/** A mailbox among those that the same people see. */
export type MailboxSet = {
  mailbox: Mailbox
  /** Its own id and the others'. */
  ids: ReadonlySet<string>
}

/**
 * A mailbox with those that are open to just the same people. Within such a set a mail to two addresses is one message in
 * one issue, and an answer may come to another address than it was asked from. Beyond it nothing is joined: whoever sees
 * one mailbox alone must not learn from an issue what came to the other.
 */
export async function mailboxSet(tx: Reader, mailboxId: string): Promise<MailboxSet> {
  const [mailbox] = await byId(tx).execute({ mailboxId })
  if (!mailbox) throw new Error(`mailbox ${mailboxId} is gone`)
  const all = await allMailboxes(tx).execute()
  const opened = await openedTo(tx).execute()
  const audience = ({ id, openToAll }: Pick<Mailbox, 'id' | 'openToAll'>) =>
    openToAll ? 'all' : opened.flatMap((row) => (row.mailboxId === id ? [row.teamId] : [])).join(' ')
  const own = audience(mailbox)
  // A mailbox that is open to no team is seen by admins alone; two such are not meant for the same people.
  const same = own === '' ? [mailbox] : all.filter((other) => audience(other) === own)
  return { mailbox, ids: new Set(same.map(({ id }) => id)) }
}

const byId = prepared((tx) =>
  tx
    .select()
    .from(mailboxes)
    .where(eq(mailboxes.id, sql.placeholder('mailboxId')))
    .prepare(UNNAMED),
)
const allMailboxes = prepared((tx) =>
  tx.select({ id: mailboxes.id, openToAll: mailboxes.openToAll }).from(mailboxes).prepare(UNNAMED),
)
const openedTo = prepared((tx) => tx.select().from(mailboxTeams).orderBy(asc(mailboxTeams.teamId)).prepare(UNNAMED))
