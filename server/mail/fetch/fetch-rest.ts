import { and, eq, isNull } from 'drizzle-orm'
import { deliveries, folders, mailboxes } from '../../../db/schema.ts'
import { NotFound, Refused } from '../../errors.ts'
import { connectionOf } from '../connection.ts'
import type { MailDeps } from '../deps.ts'
import { understandAgain } from '../place/ingest.ts'
import { diagnose } from '../trouble.ts'
import { describeTrouble } from '../trouble-words.ts'
import { connectImap, type Imap, MAX_WHOLE_MAIL_BYTES } from './imap.ts'

const MB = 1024 * 1024

/**
 * Fetches the whole of a mail of which only the beginning is here, and reads it again.
 * @throws Refused with words for the member where it is too large, gone, or the server can't be reached
 */
export async function fetchRest(deps: MailDeps, deliveryId: string, signal: AbortSignal): Promise<void> {
  const [found] = await deps.db.read
    .select({ delivery: deliveries, folder: folders, mailbox: mailboxes })
    .from(deliveries)
    .innerJoin(folders, eq(folders.id, deliveries.folderId))
    .innerJoin(mailboxes, eq(mailboxes.id, deliveries.mailboxId))
    .where(eq(deliveries.id, deliveryId))
  if (!found) throw new NotFound('There is no such mail.')
  const { delivery, folder, mailbox } = found
  if (delivery.cut === null) return
  if (folder.role === 'import') throw new Refused('This mail came from a file. Its rest is only there.')
  if ((delivery.wholeSize ?? 0) > MAX_WHOLE_MAIL_BYTES)
    throw new Refused(`This mail has more than ${MAX_WHOLE_MAIL_BYTES / MB} MB. Open it in another mail program.`)

  let raw: Buffer | null
  let imap: Imap | undefined
  try {
    imap = await connectImap(connectionOf(mailbox, deps).imap, signal, MAX_WHOLE_MAIL_BYTES)
    const { uidValidity } = await imap.open(folder.path)
    raw = uidValidity === delivery.uidValidity ? await imap.fetchWhole(delivery.uid) : null
  } catch (error) {
    const { trouble, detail } = diagnose(error, 'IMAP')
    const { imapHost: host, imapPort: port, imapUser: user, auth } = mailbox
    const { summary } = describeTrouble(trouble, { host, port, user, auth, kind: 'IMAP', detail })
    deps.log.warn({ deliveryId, trouble, detail }, 'the rest of a mail could not be fetched')
    throw new Refused(`The rest could not be fetched. ${summary}`)
  } finally {
    await imap?.close()
  }
  if (!raw) throw new Refused('This mail is not on the mail server any more, or was moved there.')

  const rawHash = await deps.blobs.put(raw)
  const size = raw.length
  const whole = { rawHash, size, cut: null, wholeSize: null }
  await deps.db.write(async (tx) => {
    await tx.update(deliveries).set(whole).where(eq(deliveries.id, deliveryId))
    // The same mail in other folders was found before, and is the same still.
    if (delivery.messageId)
      await tx
        .update(deliveries)
        .set(whole)
        .where(
          and(
            eq(deliveries.messageId, delivery.messageId),
            eq(deliveries.rawHash, delivery.rawHash),
            isNull(deliveries.error),
          ),
        )
  })
  await understandAgain(deps, deliveryId)
}
