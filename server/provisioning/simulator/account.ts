/** An entry of an access control list, on the mailbox or for sending as it. */
export type Ace = {
  /** The account, or null for what is no account: the mailbox itself, a built-in group, somebody who is gone. */
  accountId: string | null
  /** How the row shows it, where there is no account. */
  who: string
  sid: string
  rights: string[]
  deny: boolean
  inherited: boolean
  inheritanceType: string
}

/** Settings that only a mailbox has. */
export type Box = {
  /** FullAccess and the like; Send As. */
  aces: Ace[]
  sendAs: Ace[]
  behalf: string[]
  /** Which delegates carry the mark of auto-mapping, and since when: what no cmdlet shows. */
  marks: { accountId: string; on: boolean; at: number }[]
  copySentAs: boolean
  copySendOnBehalf: boolean
  /** A copy of what programs submit by SMTP. */
  copySubmission: boolean
  forwardingId: string | null
  forwardingSmtp: string | null
  keepsCopy: boolean
  sizeBytes: number
  imapEnabled: boolean
  smtpAuthDisabled: boolean | null
  /** How often it is still answered that there is no such mailbox. */
  unseen: number
}

/** A mailbox, person, contact or group of the directory. */
export type Account = {
  id: string
  guid: string
  sid: string
  name: string
  alias: string
  displayName: string
  upn: string
  sam: string
  /** Prefixed: SMTP: is the primary one. */
  addresses: string[]
  dn: string
  legacyDn: string
  type: string
  hidden: boolean
  disabled: boolean
  dirSynced: boolean
  hasArchive: boolean
  /** Of a group. */
  members: string[]
  outsideRefused: boolean
  box: Box | null
}

export const SELF_SID = 'S-1-5-10'

const self = (rights: string[]): Ace => ({
  accountId: null,
  who: 'NT AUTHORITY\\SELF',
  sid: SELF_SID,
  rights,
  deny: false,
  inherited: false,
  inheritanceType: 'All',
})

/** What every mailbox has from the start: itself twice, and on each platform what Exchange puts there. */
export function newBox(platform: 'exo' | 'onprem', netBios: string, unseen = 0): Box {
  const builtIn = (who: string, sid: string, rights: string[], deny: boolean, inherited: boolean): Ace => ({
    accountId: null,
    who,
    sid,
    rights,
    deny,
    inherited,
    inheritanceType: 'All',
  })
  const aces = [
    self(['FullAccess', 'ReadPermission']),
    self(['FullAccess', 'ExternalAccount', 'ReadPermission']),
    ...(platform === 'exo'
      ? [builtIn('Discovery Management', 'S-1-5-21-1-2-3-1272443', ['FullAccess'], false, false)]
      : // The defaults that the reference of Get-MailboxPermission lists.
        [
          builtIn(`${netBios}\\Administrator`, 'S-1-5-21-1-2-3-500', ['FullAccess'], true, true),
          builtIn(`${netBios}\\Domain Admins`, 'S-1-5-21-1-2-3-512', ['FullAccess'], true, true),
          builtIn(`${netBios}\\Enterprise Admins`, 'S-1-5-21-1-2-3-519', ['FullAccess'], true, true),
          builtIn(`${netBios}\\Organization Management`, 'S-1-5-21-1-2-3-1105', ['FullAccess'], true, true),
          builtIn(`${netBios}\\Exchange Servers`, 'S-1-5-21-1-2-3-1106', ['FullAccess'], false, true),
        ]),
  ]
  return {
    aces,
    sendAs: [self(['SendAs'])],
    behalf: [],
    marks: [],
    copySentAs: false,
    copySendOnBehalf: false,
    copySubmission: true,
    forwardingId: null,
    forwardingSmtp: null,
    keepsCopy: false,
    sizeBytes: 1_000_000,
    imapEnabled: true,
    smtpAuthDisabled: null,
    unseen,
  }
}

export const primaryOf = ({ addresses }: Pick<Account, 'addresses'>) =>
  addresses.find((one) => one.startsWith('SMTP:'))?.slice(5) ?? ''

/** Whether the delegate carries the mark, as of some time. */
export function isMarked(box: Box, accountId: string, at: number): boolean {
  return box.marks.findLast((mark) => mark.accountId === accountId && mark.at <= at)?.on ?? false
}

export function isGroupType(type: string): boolean {
  return /Group/.test(type)
}
