import type net from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail as the server took it. */
export type Taken = { from: string; to: string[]; raw: string; user: string | undefined }

/**
 * How the server behaves, for one mail or for all. `refuse…`: answers with this code and text. `die`: ends the
 * connection without an answer, before the text begins, in the middle of it, or after its end; after the end the mail
 * counts as taken where `takes` says so.
 */
export type Behaviour = {
  refuseSignIn?: boolean
  refuseSender?: string
  refuseRecipients?: Record<string, string>
  refuseText?: string
  die?: 'before text' | 'in text' | 'after text'
  takes?: boolean
  /** What it makes of a mail that it takes, and its words after "250". */
  rewrite?: (raw: string) => { raw: string; answer?: string }
  /** Answers only when this is resolved. */
  answersAfter?: Promise<void>
}

export type TestSmtp = Awaited<ReturnType<typeof startSmtp>>

export type SmtpOptions = {
  secure?: boolean
  /** Whether a token is good for a user; without it the server does not speak XOAUTH2. */
  takesToken?: (user: string, token: string) => boolean
}

/** An SMTP server that remembers what it took and misbehaves on request. */
export async function startSmtp({ secure = false, takesToken }: SmtpOptions = {}) {
  const taken: Taken[] = []
  const attempts = { count: 0 }
  let behaviour: Behaviour = {}
  const sockets = new Set<net.Socket>()

  const server = new SMTPServer({
    secure,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: secure ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    ...(takesToken ? { authMethods: ['XOAUTH2', 'PLAIN', 'LOGIN'] } : {}),
    onAuth({ method, username, password, accessToken }, _session, done) {
      if (method === 'XOAUTH2') {
        if (takesToken?.(username ?? '', accessToken ?? '')) return done(null, { user: username })
        return done(failure('535 5.7.3 Authentication unsuccessful'))
      }
      if (behaviour.refuseSignIn || password !== 'pass') return done(failure('535 5.7.8 Wrong user or password'))
      done(null, { user: username })
    },
    onMailFrom(_address, _session, done) {
      attempts.count++
      done(behaviour.refuseSender ? failure(behaviour.refuseSender) : null)
    },
    onRcptTo({ address }, _session, done) {
      const refusal = behaviour.refuseRecipients?.[address]
      if (behaviour.die === 'before text') cut()
      done(refusal ? failure(refusal) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        if (behaviour.die === 'in text') cut()
      })
      stream.on('end', () => {
        const answer = async () => {
          await behaviour.answersAfter
          if (behaviour.refuseText) return done(failure(behaviour.refuseText))
          const given = Buffer.concat(chunks).toString('utf8')
          const { raw, answer } = behaviour.rewrite?.(given) ?? { raw: given }
          if (behaviour.die !== 'after text' || behaviour.takes) {
            const { mailFrom, rcptTo } = session.envelope
            taken.push({
              from: mailFrom ? mailFrom.address : '',
              to: rcptTo.map(({ address }) => address),
              raw,
              user: typeof session.user === 'string' ? session.user : undefined,
            })
          }
          if (behaviour.die === 'after text') return cut()
          done(null, answer ?? `2.0.0 Queued as ${taken.length}`)
        }
        void answer()
      })
    },
  })
  server.on('error', () => {}) // connections that we cut
  // Under TLS the bare socket must be left to the TLS socket over it.
  server.server.on(secure ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')

  return {
    port: address.port,
    taken,
    /** How often a mail was begun. */
    get attempts() {
      return attempts.count
    },
    behave(next: Behaviour) {
      behaviour = next
    },
    async stop() {
      cut()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** "450 4.2.1 Busy" as an error with its code. */
function failure(answer: string): Error {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(answer) ?? []
  if (!code || !text) throw new Error(`not an SMTP answer: ${answer}`)
  return Object.assign(new Error(text), { responseCode: Number(code) })
}
