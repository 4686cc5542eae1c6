import type { Trouble } from '../../../db/vocabulary.ts'
import type { Where, Words } from '../trouble-words.ts'

/** What the codes of Microsoft Entra ID mean for whoever runs the mailbox. The code stands in the service's words. */
const BY_CODE: Record<string, Words> = {
  7000215: {
    summary: 'Microsoft does not know the client secret of the app.',
    whatToDo: 'Enter the value of the secret, not its id. Make a new one under Certificates & secrets if it is lost.',
  },
  7000222: {
    summary: 'The client secret of the app has expired.',
    whatToDo: 'Make a new secret under Certificates & secrets of the app registration, and enter its value here.',
  },
  7000218: {
    summary: 'The app needs a client secret.',
    whatToDo: 'Enter the secret of the app registration, or allow public client flows for the app.',
  },
  700016: {
    summary: 'The directory does not know the app.',
    whatToDo: 'Check the application (client) id and the tenant, and that an admin of that tenant gave consent.',
  },
  90002: { summary: 'There is no such tenant.', whatToDo: 'Check the directory (tenant) id or its domain.' },
  900023: { summary: 'There is no such tenant.', whatToDo: 'Check the directory (tenant) id or its domain.' },
  65001: {
    summary: 'Nobody consented to what the app wants to do.',
    whatToDo: 'Give admin consent under API permissions of the app registration; with an account, sign in again.',
  },
  500011: {
    summary: 'The tenant has no Exchange Online or Graph that the app could use.',
    whatToDo: 'Add the permissions for Office 365 Exchange Online to the app registration and give admin consent.',
  },
  700082: {
    summary: 'The sign-in has expired because it was not used for long.',
    whatToDo: 'Sign in again.',
  },
  50173: {
    summary: 'The sign-in was revoked, as happens when the password of the account changes.',
    whatToDo: 'Sign in again.',
  },
  50057: {
    summary: 'The account that signed in is disabled.',
    whatToDo: 'Sign in again with an account that is enabled and may open the mailbox.',
  },
  53003: {
    summary: 'A Conditional Access policy of the tenant blocks the sign-in.',
    whatToDo: 'Ask an admin of the tenant to exempt the app or the account from the policy.',
  },
}
const CODE = /AADSTS(\d+)/

/** The words for a trouble with a sign-in by OAuth 2.0. */
export function describeSignIn(trouble: Trouble, { host, kind, user, detail, auth }: Where): Words {
  const known = BY_CODE[CODE.exec(detail ?? '')?.[1] ?? '']
  const server = `The ${kind} server ${host}`
  const mailbox = user || 'the mailbox'
  switch (trouble) {
    case 'sign_in_again':
      return known ?? { summary: `Somebody must sign in again for ${mailbox}.`, whatToDo: 'Sign in again.' }
    case 'app_refused':
      return (
        known ?? {
          summary: 'The sign-in service refused the app.',
          whatToDo:
            'Check tenant, client id and client secret, and that an admin gave consent. What it said stands below.',
        }
      )
    case 'sign_in_unreachable':
      return {
        summary: 'The sign-in service did not answer as it should.',
        whatToDo:
          'Nothing, if it happens rarely: Downfield tries again by itself. If it stays, check that this machine reaches the service, and the address of the service in the settings.',
      }
    default:
      return { summary: `${server} did not take the token for ${mailbox}.`, whatToDo: refused(kind, auth) }
  }
}

function refused(kind: Where['kind'], auth: Where['auth']): string {
  if (auth === 'oauth_member')
    return kind === 'IMAP'
      ? 'Check that the account that signed in has full access to the mailbox, and that the IMAP user is the address of the mailbox.'
      : 'Check that the SMTP user is the account that signed in, not the shared mailbox, that it may send as the mailbox, and that authenticated SMTP is allowed for it.'
  return kind === 'IMAP'
    ? 'Check that the app has the permission IMAP.AccessAsApp with admin consent, that Exchange knows it (New-ServicePrincipal with the object id of the enterprise application), and that it has full access to the mailbox.'
    : 'Check that the app has the permission SMTP.SendAsApp with admin consent, and that it has full access to the mailbox and may send as it. Sending by Microsoft Graph needs neither.'
}
