import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { startImapServer } from '../provisioning/simulator/mail/imap-server.ts'

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
  const imap = await startImapServer({
    user: DEMO_ADDRESS,
    password: PASSWORD,
    folders: { Sent: '\\Sent', Drafts: '\\Drafts', Junk: '\\Junk', Trash: '\\Trash' },
    // CONDSTORE stays off: hoodiecrow advertises it but answers every CHANGEDSINCE with everything.
    plugins: ['ID', 'ENABLE', 'NAMESPACE', 'IDLE', 'LITERALPLUS', 'UIDPLUS', 'SPECIAL-USE', 'UNSELECT', 'MOVE'],
    port: options.imapPort ?? 0,
  })

  const listeners: ((mail: SentMail) => void)[] = []
  const deliver: DemoMailbox['deliver'] = (raw, { internalAt = Date.now(), folder = 'INBOX' } = {}) => {
    imap.append(folder, folder === 'Sent' ? ['\\Seen'] : [], internalAt, raw)
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
    imap: { host: imap.host, port: imap.port },
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

/** The server listens on TCP, where address() is an object. */
function portOf(address: AddressInfo | string | null) {
  return (address as AddressInfo).port
}
