import type { Note } from './plan/step.ts'

type Words = { severity: 'info' | 'warn'; says: (subject: string) => string }

const NOTES: Record<string, Words> = {
  SENDAS_WINS: {
    severity: 'info',
    says: (who) => `${who} may send as the mailbox and on its behalf: Exchange then always sends as it.`,
  },
  AUTOMAP_STATE_UNKNOWN: {
    severity: 'info',
    says: (who) =>
      `Whether the mailbox appears by itself for ${who} is not known, so nothing is changed about it. Bring evidence ("downfield exchange doctor" says how), or set autoMappingPolicy: enforce.`,
  },
  AUTOMAP_NEEDS_FULLACCESS: {
    severity: 'warn',
    says: (who) => `Nothing appears by itself for ${who} without FullAccess.`,
  },
  AUTOMAP_LIMIT_32: {
    severity: 'warn',
    says: (mailbox) =>
      `Outlook shows the first 32 entries alone, and one with an archive counts as two. ${mailbox} has more delegates.`,
  },
  GROUP_GRANT_NEVER_AUTOMAPS: {
    severity: 'warn',
    says: (group) => `The members of ${group} get access, but the mailbox never appears by itself for them.`,
  },
  NO_MAILBOX_NEVER_AUTOMAPS: {
    severity: 'warn',
    says: (who) =>
      `${who} has no mailbox on this side, so nothing appears by itself. On premises the link is set by hand on the account.`,
  },
  NOBODY_SIGNS_IN: {
    severity: 'warn',
    says: (who) =>
      `${who} is itself a shared mailbox or a room: nobody signs in there, so the right is of use to nobody.`,
  },
  NAME_CHARACTERS: {
    severity: 'warn',
    says: (name) =>
      `Exchange Online refuses many letters beyond a to z in a name: where it refuses ${name}, say another one under name and keep displayName.`,
  },
  ARCHIVE_NEEDS_LICENCE: {
    severity: 'warn',
    says: (mailbox) => `${mailbox} has an online archive, which needs a licence also in a shared mailbox.`,
  },
  INHERITED_DENY: {
    severity: 'warn',
    says: (who) =>
      `An inherited right denies access to administrators, and ${who} is one, or is named like one. The mailbox may open with the grant and still not appear by itself; use an account that is no administrator.`,
  },
  GROUP_DENY: {
    severity: 'warn',
    says: (who) => `A group that ${who} is in is denied access, and a denial beats every grant.`,
  },
  SEVERAL_GRANTS: {
    severity: 'warn',
    says: (who) =>
      `${who} holds several grants, so auto-mapping is not turned off by taking one and giving it again. Tidy them first.`,
  },
  HIDDEN: {
    severity: 'warn',
    says: (mailbox) => `${mailbox} is hidden from address lists: delegates who add it anew may not find or open it.`,
  },
  SIGN_IN_ENABLED: {
    severity: 'warn',
    says: (mailbox) => `Sign-in to ${mailbox} itself is open. Say signInBlocked: true.`,
  },
  SIGN_IN_IN_AD: {
    severity: 'warn',
    says: (mailbox) => `On premises the account of ${mailbox} is enabled or disabled in Active Directory, by hand.`,
  },
  SIGN_IN_ON_PREM: {
    severity: 'warn',
    says: (mailbox) => `The account of ${mailbox} comes from the directory on premises: enable or disable it there.`,
  },
  MANAGED_ON_PREM: {
    severity: 'warn',
    says: (property) =>
      `${property} comes from the directory on premises and can't be changed in the cloud. Change it there.`,
  },
  HYBRID_SEND_AS_BOTH_SIDES: {
    severity: 'warn',
    says: (who) => `Send As of ${who} is kept on each side by itself: give it on the other side as well.`,
  },
  FORWARDS_OUTSIDE: { severity: 'warn', says: (to) => `Mail goes on to ${to}, outside of the organisation.` },
  FORWARDS_WITHOUT_COPY: {
    severity: 'warn',
    says: (mailbox) => `Mail that is forwarded leaves no copy in ${mailbox}.`,
  },
  NEAR_QUOTA: {
    severity: 'warn',
    says: (mailbox) => `${mailbox} is near or above 50 GB: without a licence it can't receive then.`,
  },
  OVER_25_USERS: {
    severity: 'warn',
    says: (mailbox) => `More than 25 people use ${mailbox}, which Exchange is not made for.`,
  },
  ORPHAN: {
    severity: 'info',
    says: (sid) => `${sid} is what an account left behind that is gone. pruneOrphans: true takes it away.`,
  },
  UNRESOLVED_KEPT: {
    severity: 'warn',
    says: (name) =>
      `${name} has a right, but can't be told apart with certainty, so it stays. Take it away by hand if it is to go.`,
  },
  SERVICE_PRINCIPAL_KEPT: {
    severity: 'info',
    says: (name) => `${name} is a program, maybe the one that watches the mailbox; its right stays.`,
  },
}

/** A note in words, as a line: "Note: …" or "Warning: …". */
export function noteLine({ code, subject }: Note): string {
  const { severity, says } = NOTES[code] ?? { severity: 'info', says: (subject: string) => `${code}: ${subject}` }
  return `${severity === 'warn' ? 'Warning' : 'Note'}: ${says(subject)} (${code})`
}
