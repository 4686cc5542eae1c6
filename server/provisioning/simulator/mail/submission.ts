import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Holder, MailAccount, SmtpAdmission } from './admission.ts'

const HOST = '127.0.0.1'
/** Exchange Online takes no more from a program. */
const MAX_MAIL_BYTES = 35 * 1024 * 1024

/** A mail that was handed in, by which app, and as which mailbox it signed in. */
export type Submitted = { raw: Buffer; from: string; to: string[]; holder: Holder; account: MailAccount }

export type SubmissionOptions = {
  holderOf: (token: string) => Holder | null
  admit: (user: string, holder: Holder | null) => SmtpAdmission
  /** @throws Refusal */
  take: (mail: Submitted) => Promise<void>
  port?: number
}

/** An answer of SMTP that says no. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly responseCode: number
  constructor(responseCode: number, words: string) {
    super(words)
    this.responseCode = responseCode
  }
}

/** SMTP submission as Exchange Online has it for apps: by token alone, in the words of Exchange. */
export async function startSubmission({ holderOf, admit, take, port = 0 }: SubmissionOptions) {
  const server = new SMTPServer({
    banner: 'SIMULATED.outlook.office365.com Microsoft ESMTP MAIL Service ready',
    authMethods: ['LOGIN', 'XOAUTH2'],
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    // Who does not say goodbye is not waited for.
    closeTimeout: 200,
    onAuth({ method, username, accessToken }, _session, done) {
      if (method !== 'XOAUTH2')
        return done(
          new Refusal(535, '5.7.139 Authentication unsuccessful, basic authentication is disabled. [SIMULATED]'),
        )
      const holder = holderOf(accessToken ?? '')
      const admission = admit(username ?? '', holder)
      if (admission.is === 'in' && holder) return done(null, { user: { holder, account: admission.account } })
      done(
        admission.is === 'switched off'
          ? new Refusal(
              535,
              `5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the ${admission.where}. Visit https://aka.ms/smtp_auth_disabled for more information. [SIMULATED]`,
            )
          : new Refusal(535, '5.7.3 Authentication unsuccessful [SIMULATED]'),
      )
    },
    onMailFrom(_address, session, done) {
      done(session.user ? null : new Refusal(530, '5.7.57 Client not authenticated to send mail. [SIMULATED]'))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(new Refusal(552, '5.3.4 Message size exceeds fixed maximum message size'))
        // The cast: onAuth put it there, and nobody gets here without it.
        const { holder, account } = session.user as unknown as Pick<Submitted, 'holder' | 'account'>
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom ? mailFrom.address.toLowerCase() : ''
        const to = rcptTo.map(({ address }) => address.toLowerCase())
        take({ raw: Buffer.concat(chunks), from, to, holder, account }).then(
          () => done(null, '2.0.0 OK [Hostname=SIMULATED.PROD.OUTLOOK.COM]'),
          (error: Error) => done(error),
        )
      })
    },
  })
  server.on('error', () => {}) // clients that break off
  server.listen(port, HOST)
  await once(server.server, 'listening')
  return {
    host: HOST,
    // The cast: a server that listens on TCP has an object for an address.
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
