import type { AddressInfo, Socket } from 'node:net'
import hoodiecrow from 'hoodiecrow-imap'

const HOST = '127.0.0.1'

export type ImapServer = Awaited<ReturnType<typeof startImapServer>>
export type ImapServerOptions = {
  user: string
  password: string
  /** The folders beside the inbox; the value is what marks their use (RFC 6154), where the server marks it. */
  folders: Record<string, string | null>
  /** What it can do beyond IMAP4rev1, by the names that hoodiecrow has for it. */
  plugins: string[]
  port?: number
}

/** An IMAP server of one mailbox inside this process, on 127.0.0.1. The folders begin empty. */
export async function startImapServer({ user, password, folders, plugins, port = 0 }: ImapServerOptions) {
  // The folders begin empty at every start, and so with another UIDVALIDITY: the old UIDs mean nothing any more.
  const uidvalidity = Math.floor(Date.now() / 1000)
  const marked = Object.entries(folders).map(([name, use]): [string, object] => [
    name,
    { uidvalidity, flags: [], ...(use ? { 'special-use': use } : {}) },
  ])
  const server = hoodiecrow({
    plugins,
    users: { [user]: { password } },
    storage: { INBOX: { uidvalidity }, '': { separator: '/', folders: Object.fromEntries(marked) } },
  })

  // hoodiecrow hides an appended mail from the connection that appended it, whose count then stays behind and whose
  // "*" means another mail. RFC 3501 section 6.3.11 wants the EXISTS sent there too.
  const appendMessage = server.appendMessage.bind(server)
  server.appendMessage = (folder, flags, date, raw) => appendMessage(folder, flags, date, raw)

  // Sockets are kept because close() of a server waits for the client to leave, and an idling client does not.
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.server.listen(port, HOST, resolve)
  })

  return {
    host: HOST,
    // The cast: a server that listens on TCP has an object for an address.
    port: (server.server.address() as AddressInfo).port,
    /** Puts a mail into a folder; `internalAt` (ms, kept to the second) is when it arrived. */
    append(folder: string, flags: string[], internalAt: number, raw: Uint8Array) {
      server.appendMessage(folder, flags, internalDate(internalAt), Buffer.from(raw).toString('latin1'))
    },
    /** The raw mails in a folder, in order. */
    mailsIn(folder: string): Buffer[] {
      return (server.getMailbox(folder)?.messages ?? []).map(({ raw }) => Buffer.from(raw, 'latin1'))
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** An instant as IMAP writes it, in UTC: "05-Nov-2026 09:41:07 +0000" (RFC 3501, date-time). */
function internalDate(at: number) {
  const [date = '', time = ''] = new Date(at).toISOString().split(/[T.]/)
  const [year, month, day] = date.split('-')
  return `${day}-${MONTHS[Number(month) - 1]}-${year} ${time} +0000`
}
