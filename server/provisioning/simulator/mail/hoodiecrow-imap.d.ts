// What we use of hoodiecrow-imap 2.1.0, which ships no types.
declare module 'hoodiecrow-imap' {
  import type { EventEmitter } from 'node:events'
  import type { Server } from 'node:net'

  interface Message {
    uid: number
    flags: string[]
    /** As IMAP writes it, RFC 3501 date-time. */
    internaldate: string
    /** The bytes as a binary (latin1) string. */
    raw: string
  }

  interface Folder {
    path: string
    uidvalidity: number
    messages: Message[]
  }

  export interface ImapServer extends EventEmitter {
    server: Server
    close(closed: () => void): void
    getMailbox(path: string): Folder | undefined
    appendMessage(
      folder: string | Folder,
      flags: string[],
      internaldate: string | Date | undefined,
      raw: string,
    ): { mailbox: Folder; message: Message }
  }

  export default function hoodiecrow(options: {
    plugins: (string | ((server: ImapServer) => void))[]
    users: Record<string, { password: string }>
    storage: Record<string, object>
  }): ImapServer
}
