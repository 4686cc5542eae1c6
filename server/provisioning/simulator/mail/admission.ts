import { type Account, type Box, primaryOf } from '../account.ts'
import type { State, Tenant } from '../tenant.ts'

// Whom Exchange Online lets in over IMAP and SMTP: an app with a token (client credentials), whose service principal
// was let into the mailbox. Passwords are of no use there (section 5 of the specification).

/** Who a token was given to: the app, its enterprise application, and the permissions that an admin consented to. */
export type Holder = { appId: string; objectId: string; roles: readonly string[] }
/** An account that has a mailbox. */
export type MailAccount = Account & { box: Box }

export type ImapAdmission = { is: 'refused' } | { is: 'not connected' } | { is: 'in'; account: MailAccount }
export type SmtpAdmission =
  | { is: 'refused' }
  | { is: 'switched off'; where: 'Tenant' | 'Mailbox' }
  | { is: 'in'; account: MailAccount }

/** Whether IMAP opens a mailbox for a token; `user` is the address of the mailbox. */
export function admitToImap(tenant: Tenant, holder: Holder | null, user: string): ImapAdmission {
  const state = tenant.readableByMail()
  const account = called(state, user)
  if (!account || !isKnown(state, holder, 'IMAP.AccessAsApp')) return { is: 'refused' }
  // The token is good, and still nothing can be opened: Exchange says so with the next command alone.
  if (!account.box.imapEnabled || !has(account.box.aces, holder, 'FullAccess')) return { is: 'not connected' }
  return { is: 'in', account }
}

/** Whether a mail may be submitted in the name of a mailbox. */
export function admitToSmtp(tenant: Tenant, holder: Holder | null, user: string): SmtpAdmission {
  const state = tenant.readableByMail()
  const account = called(state, user)
  if (!account || !isKnown(state, holder, 'SMTP.SendAsApp')) return { is: 'refused' }
  const { smtpAuthDisabled } = account.box
  if (smtpAuthDisabled === true) return { is: 'switched off', where: 'Mailbox' }
  if (smtpAuthDisabled === null && tenant.smtpAuthDisabled) return { is: 'switched off', where: 'Tenant' }
  if (!has(account.box.aces, holder, 'FullAccess')) return { is: 'refused' }
  return { is: 'in', account }
}

/** The mailbox that a sender's address belongs to, where the app may send as it. */
export function maySendAs(tenant: Tenant, holder: Holder, from: string): MailAccount | null {
  const state = tenant.readableByMail()
  const account = withAddress(state, from)
  return account && has(account.box.sendAs, holder, 'SendAs') ? account : null
}

/** The mailbox with an address, any of its own. */
export function withAddress(state: State, address: string): MailAccount | null {
  const sought = `smtp:${address.toLowerCase()}`
  const found = [...state.accounts.values()].find(
    ({ box, addresses }) => box !== null && addresses.some((own) => own.toLowerCase() === sought),
  )
  // The cast: those without a box were left out.
  return (found as MailAccount | undefined) ?? null
}

/** A mailbox by what one signs in with: its user name or its primary address, and no other of its addresses. */
function called(state: State, user: string): MailAccount | null {
  const sought = user.toLowerCase()
  const found = [...state.accounts.values()].find(
    (one) => one.box !== null && [one.upn, primaryOf(one)].some((own) => own !== '' && own.toLowerCase() === sought),
  )
  // The cast: those without a box were left out.
  return (found as MailAccount | undefined) ?? null
}

/** The permission alone lets nobody in: Exchange must know the app, by the id of its enterprise application. */
function isKnown(state: State, holder: Holder | null, role: string): holder is Holder {
  return (
    holder?.roles.includes(role) === true &&
    state.principals.some(({ appId, objectId }) => appId === holder.appId && objectId === holder.objectId)
  )
}

function has(aces: Box['aces'], holder: Holder | null, right: string): boolean {
  const own = aces.filter(({ accountId, rights }) => accountId === holder?.objectId && rights.includes(right))
  return own.some(({ deny }) => !deny) && !own.some(({ deny }) => deny)
}
