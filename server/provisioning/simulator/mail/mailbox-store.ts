import { randomUUID } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { type ImapServer, startImapServer } from './imap-server.ts'

/** The folders of a mailbox as Exchange names them in English. It marks none of them for its use. */
export const SENT_ITEMS = 'Sent Items'
const FOLDERS = {
  Archive: null,
  'Deleted Items': null,
  Drafts: null,
  'Junk Email': null,
  Outbox: null,
  [SENT_ITEMS]: null,
}
/** What Exchange can do: nothing that tells of changes, and nothing that searches better (section 5). */
const PLUGINS = ['ID', 'NAMESPACE', 'IDLE', 'LITERALPLUS', 'UIDPLUS', 'UNSELECT', 'MOVE']

/** The mail of one mailbox, and the way in that only the gate knows. */
export type MailboxStore = {
  port: number
  user: string
  password: string
  put(folder: string, raw: Buffer): void
  mailsIn(folder: string): Buffer[]
}
export type MailboxStores = ReturnType<typeof openMailboxStores>

/** The mail of all mailboxes of a tenant. A mailbox gets its folders when somebody first looks or writes. */
export function openMailboxStores(clock: Clock) {
  const stores = new Map<string, Promise<{ server: ImapServer; store: MailboxStore }>>()

  async function open(accountId: string) {
    const user = accountId
    const password = randomUUID()
    const server = await startImapServer({ user, password, folders: FOLDERS, plugins: PLUGINS })
    const store: MailboxStore = {
      port: server.port,
      user,
      password,
      put: (folder, raw) => server.append(folder, folder === SENT_ITEMS ? ['\\Seen'] : [], clock.now(), raw),
      mailsIn: server.mailsIn,
    }
    return { server, store }
  }

  return {
    async of(accountId: string): Promise<MailboxStore> {
      const known = stores.get(accountId) ?? open(accountId)
      stores.set(accountId, known)
      return (await known).store
    },
    async close(): Promise<void> {
      await Promise.all([...stores.values()].map(async (opening) => (await opening).server.close()))
    },
  }
}
