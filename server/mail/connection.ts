import type { Mailbox } from '../../db/schema.ts'
import type { Security } from '../../db/vocabulary.ts'
import type { Secrets } from '../access/secrets.ts'

/** How to reach one mail server. Without a user nobody signs in. */
export type ServerSettings = { host: string; port: number; security: Security; user: string; password: string }
/** The two servers of a mailbox. */
export type ConnectionSettings = { imap: ServerSettings; smtp: ServerSettings }

/**
 * The servers of a mailbox, with their passwords opened.
 * @throws where a password was sealed with another key
 */
export function connectionOf(mailbox: Mailbox, secrets: Pick<Secrets, 'decrypt'>): ConnectionSettings {
  const open = (sealed: string) => (sealed ? secrets.decrypt(sealed) : '')
  return {
    imap: {
      host: mailbox.imapHost,
      port: mailbox.imapPort,
      security: mailbox.imapSecurity,
      user: mailbox.imapUser,
      password: open(mailbox.imapPassword),
    },
    smtp: {
      host: mailbox.smtpHost,
      port: mailbox.smtpPort,
      security: mailbox.smtpSecurity,
      user: mailbox.smtpUser,
      password: open(mailbox.smtpPassword),
    },
  }
}
