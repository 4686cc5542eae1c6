import type { AdPermission, MailboxPermission, RecipientPermission, Snapshot } from './snapshot.ts'

/** The mailbox itself. Its name is translated, so it is known by its SID. */
const SELF_SID = 'S-1-5-10'
const SELF_NAME = /^NT AUTHORITY\\SELF$/i
/** A deleted account leaves its bare SID behind. */
const ORPHAN = /^S-1-5-21-[\d-]+$/i
/** What Exchange and Windows put there themselves. */
const BUILT_IN = /^(NT AUTHORITY|NT SERVICE|BUILTIN)\\/i
const BUILT_IN_GROUPS =
  /^(?:[^\\]+\\)?(Discovery Management|Exchange (Servers|Trusted Subsystem|Services|Domain Servers)|Managed Availability Servers|Delegated Setup|Public Folder Management|Organization Management)$/i

/** A right that somebody has, or is denied, on the mailbox; the same for all three kinds of rows. */
export type Grant = {
  who: string
  sid: string | null
  rights: string[]
  deny: boolean
  inherited: boolean
  inheritanceType: string | null
}

export function isSelf({ who, sid }: Pick<Grant, 'who' | 'sid'>): boolean {
  return sid ? sid === SELF_SID : SELF_NAME.test(who)
}

/** Whether it is what an account left behind that is gone; one whose SID the snapshot knows is somebody's. */
export const isOrphan = ({ who, recipient }: Pick<Grant, 'who'> & { recipient?: unknown }) =>
  !recipient && ORPHAN.test(who)

/** Rows that nobody granted by hand: never touched. */
export function isBuiltIn(grant: Pick<Grant, 'who' | 'sid'>): boolean {
  return isSelf(grant) || BUILT_IN.test(grant.who) || BUILT_IN_GROUPS.test(grant.who)
}

/** Rights on the mailbox, all rows. */
export function mailboxGrants({ mailboxPermissions }: Snapshot): Grant[] {
  return (mailboxPermissions ?? []).map((row: MailboxPermission) => ({
    who: row.User,
    sid: row.UserSid ?? null,
    rights: row.AccessRights,
    deny: row.Deny,
    inherited: row.IsInherited,
    inheritanceType: row.InheritanceType ?? null,
  }))
}

/** Who may send as the mailbox, whichever platform it is on: the right is called SendAs here on both. */
export function sendAsGrants({ platform, recipientPermissions, adPermissions }: Snapshot): Grant[] {
  const grants =
    platform === 'exo'
      ? (recipientPermissions ?? []).map(fromRecipientPermission)
      : (adPermissions ?? []).map(fromAdPermission)
  return grants.filter(({ rights }) => rights.includes('SendAs'))
}

/** All rows of the directory, with rights that are no matter of mail too. */
export function directoryGrants({ adPermissions }: Snapshot): Grant[] {
  return (adPermissions ?? []).map((row) => {
    const grant = fromAdPermission(row)
    return grant.rights.length > 0 ? grant : { ...grant, rights: row.AccessRights }
  })
}

/** The checks of the first article as views: rows as they are, or without those that are inherited or the mailbox's own. */
export function directOf(grants: Grant[]): Grant[] {
  return grants.filter((grant) => !grant.inherited && !isSelf(grant))
}

function fromRecipientPermission(row: RecipientPermission): Grant {
  return {
    who: row.Trustee,
    sid: row.TrusteeSidString ?? null,
    rights: row.AccessRights.map(sendAs),
    deny: /^deny$/i.test(row.AccessControlType ?? ''),
    inherited: row.IsInherited,
    inheritanceType: null,
  }
}

function fromAdPermission(row: AdPermission): Grant {
  return {
    who: row.User,
    sid: row.UserSid ?? null,
    rights: row.ExtendedRights.map(sendAs),
    deny: row.Deny,
    inherited: row.IsInherited,
    inheritanceType: null,
  }
}

/** Granted as "Send As", read as "Send-As" or "SendAs". */
function sendAs(right: string): string {
  return /^send[ -]?as$/i.test(right) ? 'SendAs' : right
}
