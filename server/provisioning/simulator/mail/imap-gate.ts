import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { ImapAdmission } from './admission.ts'
import type { MailboxStore } from './mailbox-store.ts'

const HOST = '127.0.0.1'
const GREETING = '* OK The Microsoft Exchange IMAP4 service is ready. [UwBJAE0AVQBMAEEAVABFAEQA]'
/** As captured from Exchange Online (section 5). */
const CAPABILITY =
  'CAPABILITY IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+'
/** A token is some thousand characters; nobody sends more before signing in. */
const MAX_LINE = 64 * 1024

export type ImapGate = Awaited<ReturnType<typeof startImapGate>>
export type ImapGateOptions = {
  admit: (user: string, token: string) => ImapAdmission
  /** Called when a mailbox was opened, before its first command. */
  open: (accountId: string) => Promise<MailboxStore>
  port?: number
}

/**
 * IMAP as Exchange Online speaks it until somebody is signed in; from then on the mailbox itself answers. Who is known
 * but may not open the mailbox is told so with each command, as Exchange does.
 */
export async function startImapGate({ admit, open, port = 0 }: ImapGateOptions) {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((socket) => {
    keep(socket)
    greet(socket)
  })
  server.listen(port, HOST)
  await once(server, 'listening')

  function greet(socket: Socket): void {
    const say = (line: string) => socket.write(`${line}\r\n`)
    let rest = ''
    /** The tag of a sign-in whose token comes in a line of its own. */
    let awaits: string | null = null
    let isOutside = false
    /** Lines are answered one after the other. */
    let turn = Promise.resolve()
    const onData = (chunk: Buffer) => {
      rest += chunk.toString('latin1')
      if (rest.length > MAX_LINE) return void socket.destroy()
      turn = turn.then(next).catch(() => void socket.destroy())
    }
    socket.on('data', onData)
    say(GREETING)

    async function next(): Promise<void> {
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        const account = awaits === null ? answer(line) : signIn(awaits, line)
        if (!account) continue
        socket.off('data', onData)
        await handOver(socket, account.tag, await open(account.id), rest)
        return
      }
    }

    function answer(line: string): SignedIn | null {
      const [, tag = '*', command = '', more = ''] = /^(\S+) +(\S+) ?(.*)$/.exec(line) ?? []
      switch (command.toUpperCase()) {
        case 'CAPABILITY':
          say(`* ${CAPABILITY}`)
          say(`${tag} OK CAPABILITY completed.`)
          return null
        case 'ID':
          say('* ID ("name" "Microsoft.Exchange.Imap4.Imap4Server" "version" "15.20")')
          say(`${tag} OK ID completed`)
          return null
        case 'NOOP':
          say(`${tag} OK NOOP completed.`)
          return null
        case 'LOGOUT':
          say('* BYE Microsoft Exchange Server IMAP4 server signing off.')
          say(`${tag} OK LOGOUT completed.`)
          socket.end()
          return null
        case 'LOGIN':
          // Basic authentication is over.
          say(`${tag} NO LOGIN failed.`)
          return null
        case 'AUTHENTICATE': {
          const [, mechanism = '', initial] = /^(\S+)(?: (\S+))?$/.exec(more) ?? []
          if (mechanism.toUpperCase() !== 'XOAUTH2') say(`${tag} NO AUTHENTICATE failed.`)
          else if (initial !== undefined) return signIn(tag, initial)
          else {
            awaits = tag
            say('+ ')
          }
          return null
        }
        default:
          say(
            `${tag} BAD ${isOutside ? 'User is authenticated but not connected.' : 'Command received in Invalid state.'}`,
          )
          return null
      }
    }

    function signIn(tag: string, encoded: string): SignedIn | null {
      awaits = null
      const said = readXoauth2(encoded)
      const admission = said ? admit(said.user, said.token) : ({ is: 'refused' } as const)
      if (admission.is === 'in') return { tag, id: admission.account.id }
      isOutside = admission.is === 'not connected'
      say(`${tag} ${isOutside ? 'OK AUTHENTICATE completed.' : 'NO AUTHENTICATE failed.'}`)
      return null
    }
  }

  /** Signs in to the mailbox behind, and passes on what both say from then on. */
  async function handOver(socket: Socket, tag: string, store: MailboxStore, rest: string): Promise<void> {
    const behind = connect(store.port, HOST)
    keep(behind)
    behind.on('close', () => socket.destroy())
    socket.on('close', () => behind.destroy())
    // Its greeting, and its answer to the sign-in, which may say more than one line.
    let heard = ''
    behind.write(`G LOGIN "${store.user}" "${store.password}"\r\n`)
    while (!/^G (OK|NO|BAD)[^\r]*\r\n/m.test(heard)) {
      const [chunk] = (await once(behind, 'data')) as [Buffer]
      heard += chunk.toString('latin1')
    }
    if (!/^G OK/m.test(heard)) throw new Error('the mailbox behind the gate does not open')
    socket.write(`${tag} OK AUTHENTICATE completed.\r\n`)
    behind.write(rest, 'latin1')
    socket.pipe(behind).pipe(socket)
  }

  return {
    host: HOST,
    // The cast: a server that listens on TCP has an object for an address.
    port: (server.address() as AddressInfo).port,
    /** Ends every session, as Exchange does when a token expires. */
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type SignedIn = { tag: string; id: string }

/** What SASL XOAUTH2 carries: who, and with which token. Null where it is something else. */
export function readXoauth2(encoded: string): { user: string; token: string } | null {
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what parts the fields.
  const [, user, token] = /^user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01$/.exec(text) ?? []
  return user && token ? { user, token } : null
}
