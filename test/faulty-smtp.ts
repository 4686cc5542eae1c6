import net from 'node:net'
import tls from 'node:tls'

/** Where in a session something goes wrong. `end`: after the dot that ends the text, where the mail changes hands. */
export const STAGES = [
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'text',
  'end',
] as const
export type Stage = (typeof STAGES)[number]

/**
 * What goes wrong there: the connection is cut, nothing is said for ever, or it is refused for now or for good. At the end
 * of the text the mail may count as taken all the same where the connection is cut or falls silent.
 */
export type Fault = { stage: Stage; what: 'cut' | 'hang' | '4xx' | '5xx'; takes?: boolean }

/** A mail as the server took it. */
export type TakenMail = { id: string; to: string[]; raw: string }

export type FaultyOptions = {
  /** What goes wrong in the next session; null: nothing. */
  fault: () => Fault | null
  /** How one recipient is answered: with a refusal such as "550 5.1.1 Gone", or null. */
  refuse: (address: string, session: number) => string | null
  /** Offers STARTTLS with these. */
  key?: Buffer
  cert?: Buffer
  /** Is told of each mail that is taken, before anything is answered. */
  onTaken?: (mail: TakenMail, fault: Fault | null) => void
}

/** An SMTP server by hand (RFC 5321), so that it can fail at each point, as no library lets it. */
export async function startFaultySmtp({ fault, refuse, key, cert, onTaken }: FaultyOptions) {
  const taken: TakenMail[] = []
  const seen = new Map<string, number>()
  const sockets = new Set<net.Socket>()
  let sessions = 0

  const server = net.createServer((socket) => {
    const session = ++sessions
    const planned = fault()
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (planned) seen.set(`${planned.stage} ${planned.what}`, (seen.get(`${planned.stage} ${planned.what}`) ?? 0) + 1)
    if (planned?.stage === 'connect') {
      if (planned.what !== 'hang') socket.destroy()
      return
    }
    talk(socket, socket, planned, session, false)
  })

  /** One conversation over a connection, plain or under TLS. */
  function talk(raw: net.Socket, socket: net.Socket, planned: Fault | null, session: number, secured: boolean) {
    let buffer = ''
    let inText = false
    let mute = false
    let to: string[] = []
    const say = (line: string) => void (mute || socket.writable === false || socket.write(`${line}\r\n`))

    /** Whether the stage goes on as it should. */
    const passes = (stage: Stage): boolean => {
      if (planned?.stage !== stage) return true
      if (planned.what === 'cut') raw.destroy()
      if (planned.what === 'hang') mute = true
      if (planned.what === '4xx') say('451 4.3.0 Try again later')
      if (planned.what === '5xx') say('554 5.7.1 Not from here')
      return false
    }
    const take = (text: string) => {
      const id = /^Message-ID: <([^>]+)>/im.exec(text)?.[1] ?? ''
      const mail = { id, to: [...to], raw: text }
      taken.push(mail)
      onTaken?.(mail, planned)
    }
    const endOfText = (text: string) => {
      inText = false
      if (planned?.stage === 'end' && planned.takes) take(text)
      if (!passes('end')) return
      if (to.length === 0) return say('554 5.5.1 No valid recipients')
      take(text)
      say(`250 2.0.0 Queued as ${taken.length}`)
    }
    const command = (line: string) => {
      const verb = line.split(/[ :]/)[0]!.toUpperCase()
      const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (verb === 'EHLO') {
        if (passes('ehlo'))
          say(`250-faulty.example\r\n${key && !secured ? '250-STARTTLS\r\n' : ''}250-AUTH PLAIN\r\n250 8BITMIME`)
      } else if (verb === 'STARTTLS') {
        if (planned?.stage === 'starttls' && planned.what !== '4xx' && planned.what !== '5xx') {
          // It agrees, and then the handshake never comes about.
          say('220 Go ahead')
          if (planned.what === 'cut') setImmediate(() => raw.destroy())
          mute = true
          socket.removeAllListeners('data')
          return
        }
        if (!passes('starttls')) return
        say('220 Go ahead')
        socket.removeAllListeners('data')
        const secure = new tls.TLSSocket(raw, { isServer: true, secureContext: tls.createSecureContext({ key, cert }) })
        secure.on('error', () => {})
        talk(raw, secure, planned, session, true)
      } else if (verb === 'AUTH') {
        if (passes('auth')) say('235 2.7.0 Welcome')
      } else if (verb === 'MAIL') {
        if (passes('mail')) say('250 2.1.0 Ok')
      } else if (verb === 'RCPT') {
        if (!passes('rcpt')) return
        const refusal = refuse(address, session)
        if (!refusal) to = [...to, address]
        say(refusal ?? '250 2.1.5 Ok')
      } else if (verb === 'DATA') {
        if (!passes('data')) return
        inText = true
        say('354 Go on')
        if (planned?.stage === 'text') passes('text')
      } else if (verb === 'QUIT') {
        say('221 2.0.0 Bye')
        socket.end()
      } else say('250 2.0.0 Ok')
    }

    socket.on('data', (chunk: Buffer) => {
      buffer += chunk.toString('latin1')
      while (!mute) {
        if (inText) {
          const end = buffer.indexOf('\r\n.\r\n')
          if (end < 0) return
          const text = buffer.slice(0, end + 2)
          buffer = buffer.slice(end + 5)
          endOfText(text.replace(/^\.\./gm, '.'))
          continue
        }
        const end = buffer.indexOf('\r\n')
        if (end < 0) return
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        command(line)
      }
    })
    if (!secured && passes('greeting')) say('220 faulty.example ESMTP')
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return {
    port: address.port,
    taken,
    /** How often each fault came about. */
    seen,
    get sessions() {
      return sessions
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
