import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import hoodiecrow from 'hoodiecrow-imap'
import { SMTPServer } from 'smtp-server'

/** A mailbox that lives inside this process: IMAP to read it, SMTP to send from it. Nothing leaves the machine. */
export interface DemoMailbox {
  imap: { host: string; port: number }
  smtp: { host: string; port: number }
  user: string
  password: string
  address: string
  /** Puts a mail into a folder, as if it had just arrived; `internalAt` (ms, kept to the second) is when it did. */
  deliver(raw: Uint8Array, options?: { internalAt?: number; folder?: 'INBOX' | 'Sent' }): void
  /** Calls `listener` with every mail handed to SMTP, with its envelope; the addresses are lower case. */
  onSent(listener: (mail: SentMail) => void): void
  close(): Promise<void>
}

export type SentMail = { raw: Buffer; from: string; to: string[] }

export const DEMO_ADDRESS = 'proposals@northwind.example'

const HOST = '127.0.0.1'
/** Not a secret: the mailbox is reachable from this machine only and holds invented mail. */
const PASSWORD = 'northwind'
const LARGEST_MAIL_BYTES = 50 * 1024 * 1024

/** Opens a mailbox on 127.0.0.1, on free ports unless told otherwise. Mail sent to its own address arrives in it. */
export async function openDemoMailbox(options: { imapPort?: number; smtpPort?: number } = {}): Promise<DemoMailbox> {
  const imap = startImap()
  await new Promise<void>((resolve, reject) => {
    imap.server.once('error', reject)
    imap.server.listen(options.imapPort ?? 0, HOST, resolve)
  })

  const listeners: ((mail: SentMail) => void)[] = []
  const deliver: DemoMailbox['deliver'] = (raw, { internalAt = Date.now(), folder = 'INBOX' } = {}) => {
    const seen = folder === 'Sent' ? ['\\Seen'] : []
    imap.append(folder, seen, internalDate(internalAt), Buffer.from(raw).toString('latin1'))
  }
  const smtp = smtpServer((mail) => {
    if (mail.to.includes(DEMO_ADDRESS)) deliver(mail.raw)
    for (const listener of listeners) listener(mail)
  })
  const listening = once(smtp.server, 'listening')
  smtp.listen(options.smtpPort ?? 0, HOST)
  await listening.catch(async (error: unknown) => {
    await imap.close()
    throw error
  })

  return {
    imap: { host: HOST, port: portOf(imap.server.address()) },
    smtp: { host: HOST, port: portOf(smtp.server.address()) },
    user: DEMO_ADDRESS,
    password: PASSWORD,
    address: DEMO_ADDRESS,
    deliver,
    onSent: (listener) => listeners.push(listener),
    close: async () => {
      await Promise.all([imap.close(), new Promise<void>((resolve) => smtp.close(() => resolve()))])
    },
  }
}

function startImap() {
  const server = hoodiecrow({
    // CONDSTORE stays off: hoodiecrow advertises it but answers every CHANGEDSINCE with everything.
    plugins: ['ID', 'ENABLE', 'NAMESPACE', 'IDLE', 'LITERALPLUS', 'UIDPLUS', 'SPECIAL-USE', 'UNSELECT', 'MOVE'],
    users: { [DEMO_ADDRESS]: { password: PASSWORD } },
    storage: newFolders(),
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

  return {
    server: server.server,
    append: (folder: string, flags: string[], date: string, raw: string) =>
      server.appendMessage(folder, flags, date, raw),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** The folders begin empty at every start, and so with another UIDVALIDITY: the old UIDs mean nothing any more. */
function newFolders() {
  const uidvalidity = Math.floor(Date.now() / 1000)
  const folder = (use: string) => ({ uidvalidity, 'special-use': use, flags: [] })
  return {
    INBOX: { uidvalidity },
    '': {
      separator: '/',
      folders: {
        Sent: folder('\\Sent'),
        Drafts: folder('\\Drafts'),
        Junk: folder('\\Junk'),
        Trash: folder('\\Trash'),
      },
    },
  }
}

function smtpServer(accept: (mail: SentMail) => void) {
  return new SMTPServer({
    banner: 'Northwind demo',
    authMethods: ['PLAIN', 'LOGIN'],
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    size: LARGEST_MAIL_BYTES,
    onAuth: ({ username, password }, _session, callback) => {
      if (username === DEMO_ADDRESS && password === PASSWORD) callback(null, { user: username })
      else callback(new Error('The user name or the password is wrong.'))
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        if (stream.sizeExceeded) return callback(new Error(`At most ${LARGEST_MAIL_BYTES} bytes.`))
        callback(null, 'Accepted for the demo')
        accept({
          raw: Buffer.concat(chunks),
          from: mailFrom ? mailFrom.address.toLowerCase() : '',
          to: rcptTo.map(({ address }) => address.toLowerCase()),
        })
      })
    },
  })
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** An instant as IMAP writes it, in UTC: "05-Nov-2026 09:41:07 +0000" (RFC 3501, date-time). */
function internalDate(at: number) {
  const [date = '', time = ''] = new Date(at).toISOString().split(/[T.]/)
  const [year, month, day] = date.split('-')
  return `${day}-${MONTHS[Number(month) - 1]}-${year} ${time} +0000`
}

/** Both servers listen on TCP, where address() is an object. */
function portOf(address: AddressInfo | string | null) {
  return (address as AddressInfo).port
}
