import { createHash } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { type Account, type Ace, isMarked, newBox, primaryOf } from './account.ts'
import { wasNotFound } from './cmdlet-error.ts'

export type Platform = 'exo' | 'onprem'

export type TenantOptions = {
  platform: Platform
  clock: Clock
  domain?: string
  netBios?: string
  /** What is read was written so long ago at least. */
  replicationMs?: number
  /** For how many commands a new mailbox is not found. */
  unseenAfterNew?: number
  /** How long Autodiscover takes to tell of a mark. */
  autoMapDelayMs?: number
  /** How long IMAP and SMTP take to know of a right or a switch that changed. */
  mailDelayMs?: number
}

export type ServicePrincipal = { appId: string; objectId: string; displayName: string; sid: string }

/** All that a tenant holds. */
export type State = { accounts: Map<string, Account>; principals: ServicePrincipal[] }

/** A tenant, or an organisation with servers of its own, that is made up. */
export type Tenant = ReturnType<typeof openTenant>

const HOUR_MS = 60 * 60_000

/** Opens an empty tenant. */
export function openTenant({ platform, clock, ...options }: TenantOptions) {
  const domain = options.domain ?? 'contoso.com'
  const netBios = options.netBios ?? 'CONTOSO'
  let state: State = { accounts: new Map(), principals: [] }
  /** What was there before the last writes, for as long as reads may still see it. */
  const past: { at: number; state: State }[] = []
  let made = 0

  const longestLag = () => Math.max(tenant.replicationMs, tenant.mailDelayMs)
  /** The state as it was so long ago; `past` holds what was there before each write. */
  function seenAfter(lagMs: number): State {
    const now = clock.now()
    while (past[1] && past[1].at <= now - longestLag()) past.shift()
    return past.find(({ at }) => at > now - lagMs)?.state ?? state
  }

  const tenant = {
    platform,
    clock,
    domain,
    netBios,
    /** Nothing of it is real: lags can be changed while it runs. */
    replicationMs: options.replicationMs ?? 0,
    unseenAfterNew: options.unseenAfterNew ?? 0,
    autoMapDelayMs: options.autoMapDelayMs ?? HOUR_MS,
    mailDelayMs: options.mailDelayMs ?? 0,
    /** Whether the tenant lets nobody submit by SMTP whose mailbox does not say otherwise. */
    smtpAuthDisabled: false,
    get state() {
      return state
    },

    /** What a command that only reads gets to see. */
    readable: (): State => seenAfter(tenant.replicationMs),
    /** What IMAP and SMTP know. */
    readableByMail: (): State => seenAfter(tenant.mailDelayMs),
    /** Called before each write. */
    keepPast(): void {
      if (longestLag() > 0) past.push({ at: clock.now(), state: structuredClone(state) })
    },
    /** Puts everything back as it was, for tests that try each way from the same start. */
    restore(saved: State): void {
      state = structuredClone(saved)
      past.length = 0
    },

    /** Adds somebody or something to the directory. */
    add(name: string, some: Partial<Account> = {}): Account {
      const local = name.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')
      const id = idOf(`account ${++made}`)
      const account: Account = {
        id,
        guid: idOf(`guid ${made}`),
        sid: `S-1-5-21-1-2-3-${1200 + made}`,
        name,
        alias: local,
        displayName: name,
        upn: `${local}@${domain}`,
        sam: local.slice(0, 20),
        addresses: [
          `SMTP:${local}@${domain}`,
          `smtp:${local}@${domain.split('.')[0]}.onmicrosoft.com`,
          `SIP:${local}@${domain}`,
        ],
        dn: `CN=${name},OU=${platform === 'exo' ? `${domain},OU=Microsoft Exchange Hosted Organizations` : 'People'},${dcOf(domain, platform)}`,
        legacyDn: `/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=${id.replaceAll('-', '')}-${local}`,
        type: 'UserMailbox',
        hidden: false,
        disabled: false,
        dirSynced: false,
        hasArchive: false,
        members: [],
        outsideRefused: true,
        box: null,
        ...some,
      }
      if (account.box === null && /^(User|Shared|Linked|Legacy|Room|Equipment)\w*Mailbox$/.test(account.type))
        account.box = newBox(platform, netBios)
      state.accounts.set(account.id, account)
      return account
    },

    idOf: (text: string) => idOf(`${text} ${++made}`),

    /** Whether Outlook of this account is told to open this mailbox now: the hidden truth. */
    isAdvertised(mailbox: Account, user: Account, at = clock.now()): boolean {
      if (!mailbox.box || !user.box) return false
      return isMarked(mailbox.box, user.id, at - tenant.autoMapDelayMs) && !tenant.isDenied(mailbox, user)
    },
    /** Everybody in a group, through groups in it too. */
    groupsOf(user: Account): Account[] {
      const all = [...state.accounts.values()]
      const found = new Set<Account>()
      const look = (id: string) => {
        for (const group of all)
          if (group.members.includes(id) && !found.has(group)) {
            found.add(group)
            look(group.id)
          }
      }
      look(user.id)
      return [...found]
    },
    /** Whether an entry that denies full access reaches the account. */
    isDenied(mailbox: Account, user: Account): boolean {
      return tenant.acesFor(mailbox, user).some(({ deny, rights }) => deny && rights.includes('FullAccess'))
    },
    /** Whether the account can open the mailbox. */
    hasAccess(mailbox: Account, user: Account): boolean {
      const aces = tenant.acesFor(mailbox, user)
      const isFull = ({ rights }: Ace) => rights.includes('FullAccess')
      const denied = aces.some((ace) => ace.deny && !ace.inherited && isFull(ace))
      return !denied && aces.some((ace) => !ace.deny && isFull(ace))
    },
    acesFor(mailbox: Account, user: Account): Ace[] {
      const groups = tenant.groupsOf(user)
      const names = [user, ...groups].flatMap(({ name, sam }) => [`${netBios}\\${name}`, `${netBios}\\${sam}`])
      const ids = [user.id, ...groups.map(({ id }) => id)]
      return (mailbox.box?.aces ?? []).filter(({ accountId, who }) =>
        accountId === null ? names.includes(who) : ids.includes(accountId),
      )
    },
    /** @throws where nobody has this address: a mistake in what uses the simulator */
    byAddress(address: string): Account {
      const found = [...state.accounts.values()].find((one) => primaryOf(one) === address || one.upn === address)
      if (!found) throw wasNotFound(address)
      return found
    },
    /** How rows of permissions call an account. */
    calledBy(account: Account): string {
      if (platform === 'onprem') return `${netBios}\\${account.sam}`
      return account.type === 'UserMailbox' || account.upn ? account.upn : account.name
    },
  }
  return tenant
}

/** A GUID that is the same in each run. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function dcOf(domain: string, platform: Platform): string {
  if (platform === 'exo') return 'DC=NAMPR01A005,DC=PROD,DC=OUTLOOK,DC=COM'
  return domain
    .replace(/\.[^.]+$/, '.local')
    .split('.')
    .map((part) => `DC=${part}`)
    .join(',')
}
