import { isGroupType } from '../account.ts'
import { matching } from '../identity.ts'
import type { State, Tenant } from '../tenant.ts'
import { type MailAccount, withAddress } from './admission.ts'

/** Where a mail goes: into mailboxes of the tenant, and out of it. */
export type Route = { mailboxes: MailAccount[]; outside: string[] }
/** Why somebody does not get it, as Exchange says. */
export type Undelivered = { address: string; words: string }

const MAX_DEPTH = 10

/**
 * Finds whom addresses reach: mailboxes by any of their addresses, members of groups, and whom a mailbox passes its mail
 * on to.
 * @param isOutsider whether the sender is no part of the organisation, whom a group refuses unless told otherwise
 */
export function routeOf(
  tenant: Tenant,
  addresses: readonly string[],
  isOutsider: boolean,
): Route & { undelivered: Undelivered[] } {
  const { state } = tenant
  const mailboxes = new Map<string, MailAccount>()
  const outside = new Set<string>()
  const undelivered: Undelivered[] = []

  function to(address: string, depth: number): void {
    const account = withAddress(state, address)
    if (account) {
      into(account, depth)
      return
    }
    const group = groupWith(state, address)
    if (group && isOutsider && group.outsideRefused)
      undelivered.push({
        address,
        words:
          '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group',
      })
    else if (group) for (const id of group.members) member(id, depth)
    else if (isOurs(tenant, address))
      undelivered.push({
        address,
        words: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      })
    else outside.add(address)
  }
  function member(id: string, depth: number): void {
    const account = state.accounts.get(id)
    // The cast: it has a box.
    if (account?.box) into(account as MailAccount, depth + 1)
    else if (account && isGroupType(account.type) && depth < MAX_DEPTH)
      for (const one of account.members) member(one, depth + 1)
  }
  function into(account: MailAccount, depth: number): void {
    const { forwardingId, forwardingSmtp, keepsCopy } = account.box
    // Whom the directory knows comes before an address (section 1.11).
    const forwarded = forwardingId !== null || forwardingSmtp !== null
    if (!forwarded || keepsCopy) mailboxes.set(account.id, account)
    if (!forwarded || depth >= MAX_DEPTH) return
    if (forwardingId !== null) member(forwardingId, depth + 1)
    else if (forwardingSmtp !== null) to(forwardingSmtp.replace(/^smtp:/i, ''), depth + 1)
  }

  for (const address of addresses) to(address.toLowerCase(), 0)
  return { mailboxes: [...mailboxes.values()], outside: [...outside], undelivered }
}

function groupWith(state: State, address: string) {
  return matching(state, { netBios: '' }, address).find(({ type }) => isGroupType(type))
}

function isOurs(tenant: Tenant, address: string): boolean {
  const domain = address.split('@')[1] ?? ''
  return domain === tenant.domain || domain === `${tenant.domain.split('.')[0]}.onmicrosoft.com`
}
