import type { Mailbox, OAuthApp } from '../../db/schema.ts'
import type { Auth, Security } from '../../db/vocabulary.ts'
import type { MailDeps } from './deps.ts'
import { type TokenSource, tokensOf } from './sign-in/access-token.ts'

/** How to reach one mail server. Without a user nobody signs in; with `accessToken` the password means nothing. */
export type ServerSettings = {
  host: string
  port: number
  security: Security
  user: string
  password: string
  accessToken?: TokenSource | undefined
}
/** How to send by Microsoft Graph: as whom, and with which tokens. */
export type GraphSettings = { url: string; user: string; accessToken: TokenSource }
/** The two servers of a mailbox, and Graph where it sends by that instead of SMTP. */
export type ConnectionSettings = {
  imap: ServerSettings
  smtp: ServerSettings
  graph?: GraphSettings | undefined
  auth?: Auth
}

/**
 * The servers of a mailbox, with their passwords opened.
 * @throws where a password was sealed with another key
 */
export function connectionOf(mailbox: Mailbox, deps: Pick<MailDeps, 'db' | 'secrets'>): ConnectionSettings {
  const { auth, oauth } = mailbox
  const open = (sealed: string) => (auth === 'password' && sealed ? deps.secrets.decrypt(sealed) : '')
  const accessToken = auth === 'password' ? undefined : tokensOf(deps, mailbox.id, 'mail')
  return {
    auth,
    imap: {
      host: mailbox.imapHost,
      port: mailbox.imapPort,
      security: mailbox.imapSecurity,
      user: mailbox.imapUser,
      password: open(mailbox.imapPassword),
      accessToken,
    },
    smtp: {
      host: mailbox.smtpHost,
      port: mailbox.smtpPort,
      security: mailbox.smtpSecurity,
      user: mailbox.smtpUser,
      password: open(mailbox.smtpPassword),
      accessToken,
    },
    graph:
      mailbox.sendBy === 'graph' && oauth
        ? graphOf(mailbox.address, oauth, tokensOf(deps, mailbox.id, 'graph'))
        : undefined,
  }
}

/** How a mailbox sends by Graph: addressed by its own address, so that the copy lies in its own Sent folder. */
export function graphOf(address: string, { graphUrl }: OAuthApp, accessToken: TokenSource): GraphSettings {
  return { url: graphUrl, user: address, accessToken }
}
