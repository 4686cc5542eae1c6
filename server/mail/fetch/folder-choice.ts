import type { Mailbox } from '../../../db/schema.ts'
import type { FolderRole } from '../../../db/vocabulary.ts'

/** A folder of a mail server; one of them is the one for sent mail, if any. */
export type ListedFolder = { path: string; sent: boolean }
export type WantedFolder = { path: string; role: Exclude<FolderRole, 'import'> }

/** The one name that every server has, in any case of letters (RFC 9051, section 5.1). */
export const INBOX = 'INBOX'

/**
 * The folders whose mail comes in: the inbox, the one with sent mail, and those that somebody chose. What was chosen and
 * is not there is among them, so that somebody hears of it.
 */
export function foldersToWatch(
  listed: ListedFolder[],
  { sentFolder, moreFolders }: Pick<Mailbox, 'sentFolder' | 'moreFolders'>,
): WantedFolder[] {
  const sent = sentFolder || listed.find((folder) => folder.sent)?.path
  const wanted: WantedFolder[] = [{ path: INBOX, role: 'inbox' }]
  if (sent && !isInbox(sent)) wanted.push({ path: sent, role: 'sent' })
  for (const path of moreFolders)
    if (!isInbox(path) && !wanted.some((folder) => folder.path === path)) wanted.push({ path, role: 'other' })
  return wanted
}

function isInbox(path: string): boolean {
  return path.toUpperCase() === INBOX
}
