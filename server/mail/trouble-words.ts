import type { Auth, Trouble } from '../../db/vocabulary.ts'
import { describeSignIn } from './sign-in/sign-in-words.ts'
import type { ServerKind } from './trouble.ts'

/** A trouble in words: what is wrong, and what the person can do about it. */
export type Words = { summary: string; whatToDo: string }
export type Where = {
  host: string
  port: number
  kind: ServerKind
  user: string
  detail?: string | null
  auth?: Auth | undefined
}

/** How Exchange says that somebody may not send as another one. */
const NOT_AS_THIS = /SendAsDenied|not allowed to send as|permissions to send as this sender/i

/** Puts a trouble into plain sentences. `detail` are the server's words, which make some of them more precise. */
export function describeTrouble(trouble: Trouble, where: Where): Words {
  const { host, port, kind, user } = where
  const server = `The ${kind} server ${host}`
  const encrypted = kind === 'IMAP' ? 'TLS (port 993) or STARTTLS (port 143)' : 'TLS (port 465) or STARTTLS (port 587)'
  switch (trouble) {
    case 'name_not_found':
      return {
        summary: `There is no server named ${host}.`,
        whatToDo: `Check the spelling of the ${kind} server. If it is right, the DNS of this network does not know it.`,
      }
    case 'refused':
      return {
        summary: `${server} does not accept connections on port ${port}.`,
        whatToDo: `Check the port: ${kind} usually listens on ${kind === 'IMAP' ? '993' : '465 or 587'}. The server may also be down.`,
      }
    case 'timeout':
      return {
        summary: `${server} did not answer on port ${port} in time.`,
        whatToDo: `Check host and port, and that no firewall stands between. Where the port expects TLS, choose ${encrypted}.`,
      }
    case 'unreachable':
      return {
        summary: `There is no way from here to ${host}.`,
        whatToDo: 'Check the network connection of this machine, and its firewall or VPN.',
      }
    case 'certificate':
      return certificate(where)
    case 'tls':
      return {
        summary: `${server} and Downfield could not agree on an encrypted connection on port ${port}.`,
        whatToDo: `Choose the encryption that belongs to the port: ${encrypted}.`,
      }
    case 'not_imap':
    case 'not_smtp':
      return {
        summary: `What answers at ${host} on port ${port} does not speak ${kind}.`,
        whatToDo: `Check the port: ${kind} usually listens on ${kind === 'IMAP' ? '993' : '465 or 587'}.`,
      }
    case 'wrong_password':
      return {
        summary: `${server} refused the sign-in of ${user || 'nobody'}.`,
        whatToDo:
          'Enter user name and password again. Accounts with two-step sign-in need an app password; some servers want the whole address as user name.',
      }
    case 'sign_in_again':
    case 'app_refused':
    case 'sign_in_unreachable':
    case 'token_refused':
      return describeSignIn(trouble, where)
    case 'disabled':
      return disabled(where)
    case 'folder_missing':
      return {
        summary: `${server} has no such folder for ${user}.`,
        whatToDo: 'Check that the account has a mailbox and that this user may open it.',
      }
    case 'too_many_connections':
      return {
        summary: `${server} has too many connections of ${user || 'this account'}.`,
        whatToDo:
          'Close other mail programs that use the account, or raise the limit on the server. Downfield tries again by itself.',
      }
    case 'closed':
      return {
        summary: `${server} closed the connection.`,
        whatToDo:
          'Nothing, if it happens rarely: Downfield connects again by itself. If it stays, look into the log of the mail server.',
      }
    case 'storage':
      return {
        summary: 'Downfield could not store what it fetched.',
        whatToDo:
          'Check that the disk of the data folder has space and can be written to. Nothing is lost: the mail is still on the server, and Downfield tries again.',
      }
    case 'other':
      if (kind === 'SMTP' && NOT_AS_THIS.test(where.detail ?? ''))
        return {
          summary: `${server} took the sign-in, but does not let it send as ${user || 'this mailbox'}.`,
          whatToDo:
            'Give whoever signs in Send As for the mailbox (Add-RecipientPermission -AccessRights SendAs); it takes up to an hour to work.',
        }
      return {
        summary: `${server} answered with an error.`,
        whatToDo: 'What it said stands below. If that does not help, ask whoever runs the mail server.',
      }
  }
}

function disabled({ host, kind, user, detail, auth = 'password' }: Where): Words {
  const server = `The ${kind} server ${host}`
  const account = user || 'this account'
  if (/authenticated but not connected/i.test(detail ?? ''))
    return {
      summary: `${server} took the sign-in, but does not open the mailbox ${account}: IMAP is disabled for it, or full access is missing.`,
      whatToDo:
        'Allow IMAP for the mailbox (Set-CASMailbox -ImapEnabled $true; it takes about half an hour), and give whoever signs in full access to it (Add-MailboxPermission -AccessRights FullAccess).',
    }
  if (/smtp ?client ?auth/i.test(detail ?? ''))
    return {
      summary: `${server} does not let ${account} send by SMTP.`,
      whatToDo:
        'Allow it for the mailbox (Set-CASMailbox -SmtpClientAuthenticationDisabled $false), or send by Microsoft Graph.',
    }
  return {
    summary: `${server} does not let ${account} use ${kind}.`,
    whatToDo: `Ask whoever runs the mail server to allow ${kind === 'IMAP' ? 'IMAP' : 'authenticated SMTP'} ${auth === 'password' ? 'with a password ' : ''}for this account.`,
  }
}

function certificate({ host, kind, detail }: Where): Words {
  const said = detail ?? ''
  if (/expired/i.test(said))
    return {
      summary: `The certificate of ${host} has expired.`,
      whatToDo: 'Ask whoever runs the mail server to renew it. If the clock of this machine is wrong, set it.',
    }
  if (/altname|does not match|hostname/i.test(said))
    return {
      summary: `The certificate of the server is for another name than ${host}.`,
      whatToDo: `Enter the ${kind} server under the name that its certificate has.`,
    }
  if (/self.signed|unable to (get|verify)/i.test(said))
    return {
      summary: `The certificate of ${host} is not from an authority that this machine trusts.`,
      whatToDo:
        'Give the server a certificate from a known authority, or start Downfield with NODE_EXTRA_CA_CERTS set to a file with the certificate of your own.',
    }
  return {
    summary: `The certificate of ${host} can't be trusted.`,
    whatToDo: 'Ask whoever runs the mail server to check it.',
  }
}
