import type { Mailbox } from '../../../db/schema.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { connectImap } from './imap.ts'
import type { Checked } from './look.ts'
import { openRounds } from './rounds.ts'

/**
 * Compares every folder of a mailbox with what is here, on a connection of its own, and puts right what differs. A server
 * may watch the mailbox at the same time. What is fetched still has to be understood.
 * @throws what mail/trouble.ts can name
 */
export async function checkMailbox(
  deps: Pick<MailDeps, 'db' | 'blobs' | 'secrets' | 'log'>,
  mailbox: Mailbox,
): Promise<Checked[]> {
  const imap = await connectImap(connectionOf(mailbox, deps).imap)
  try {
    const rounds = await openRounds({ deps, mailbox, imap, stuck: new Map(), stored: () => {} })
    return await rounds.check({ all: true })
  } finally {
    await imap.close()
  }
}
