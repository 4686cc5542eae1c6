import type { Blocker } from './bad-input.ts'
import { hasNoMailbox, isNobodys } from './directory.ts'
import { heldBy, holder, type World, wants } from './holding.ts'
import { groupsOf, isMemberOf } from './membership.ts'
import { type Grant, mailboxGrants } from './permission.ts'
import type { Part } from './plan/plan.ts'
import type { Note } from './plan/step.ts'
import type { Recipient } from './snapshot.ts'

/** Exchange keeps no more entries on a mailbox. */
const MAX_ACES = 500
/** More than these open it at a time badly, and a licence covers no more. */
const MAX_USERS = 25
/** Outlook shows no more mapped mailboxes; one with an archive counts as two. */
const MAX_MAPPED = 32

/** What there is too much of. */
export function planLimits({ snapshot, target, people, full, mapping }: World): Partial<Part> {
  const notes: Note[] = []
  const others = full.filter(({ key }) => !people.some((person) => person.key === key))
  const withAccess = people.filter((person) => wants(person, 'FullAccess'))
  const users = withAccess.length + others.length
  if (users > MAX_USERS) notes.push({ code: 'OVER_25_USERS', subject: target.identity })
  const mapped = [
    ...withAccess
      .filter(({ autoMapping, key }) => autoMapping ?? mapping(key).state !== 'off')
      .map(({ recipient }) => recipient),
    ...others.filter(({ key }) => mapping(key).state === 'on').map(({ recipient }) => recipient),
  ]
  const entries = mapped.reduce((sum, recipient) => sum + (isArchived(recipient) ? 2 : 1), 0)
  if (entries > MAX_MAPPED) notes.push({ code: 'AUTOMAP_LIMIT_32', subject: target.identity })
  const added = withAccess.filter((person) => heldBy(full, person).length === 0).length
  const aces = (snapshot.mailboxPermissions ?? []).filter(({ IsInherited }) => !IsInherited).length + added
  if (added === 0 || aces <= MAX_ACES) return { notes }
  const message = `${target.identity} would hold ${aces} entries; Exchange keeps ${MAX_ACES}. Give a mail-enabled security group the rights instead.`
  const blocker: Blocker = { code: 'ACE_LIMIT_500', subject: target.identity, message }
  return { notes, blockers: [blocker] }
}

function isArchived(recipient: Recipient | null): boolean {
  return (
    recipient?.ArchiveStatus !== undefined &&
    recipient.ArchiveStatus !== null &&
    !/^none$/i.test(recipient.ArchiveStatus)
  )
}

/** What is worth knowing about single delegates. */
export function notesOnPeople({ snapshot, directory, people, sendAs }: World): Note[] {
  const denials = mailboxGrants(snapshot).filter(({ deny, rights }) => deny && rights.includes('FullAccess'))
  const behalf = snapshot.mailbox?.GrantSendOnBehalfTo ?? []
  return people.flatMap((person) => {
    const { recipient, key, address: subject } = person
    const notes: Note[] = []
    const isDenied = (grant: Grant) => {
      const held = holder(grant, directory)
      return held.key === key || isMemberOf(recipient, grant.who, directory)
    }
    if (wants(person, 'FullAccess')) {
      if (person.isGroup) notes.push({ code: 'GROUP_GRANT_NEVER_AUTOMAPS', subject })
      else if (hasNoMailbox(recipient)) notes.push({ code: 'NO_MAILBOX_NEVER_AUTOMAPS', subject })
      else if (isNobodys(recipient)) notes.push({ code: 'NOBODY_SIGNS_IN', subject })
      const isInherited = (grant: Grant) => grant.inherited && (isDenied(grant) || isLikelyDenied(recipient, grant))
      if (denials.some(isInherited)) notes.push({ code: 'INHERITED_DENY', subject })
      const byGroup = (grant: Grant) => !grant.inherited && holder(grant, directory).key !== key && isDenied(grant)
      if (denials.some(byGroup)) notes.push({ code: 'GROUP_DENY', subject })
    } else if (person.autoMapping) notes.push({ code: 'AUTOMAP_NEEDS_FULLACCESS', subject })
    const isNews =
      heldBy(sendAs, person).length === 0 ||
      !behalf.some((name) => {
        const resolved = directory.resolve(name)
        return resolved.is === 'found' && resolved.key === key
      })
    if (wants(person, 'SendAs') && wants(person, 'SendOnBehalf') && isNews) notes.push({ code: 'SENDAS_WINS', subject })
    return notes
  })
}

/** Groups of administrators, whom every mailbox denies access by inheritance. */
const ADMINISTRATORS = /(^|\\)(Organization Management|Domain Admins|Enterprise Admins|Administrators?)$/i
const NAMED_SO = /(^|[._-])adm(in(istrator)?)?([._-]|\d|$)/i

/** Exchange doesn't say who is in which group. Where the snapshot doesn't either, the name is all there is. */
function isLikelyDenied(recipient: Recipient, { who }: Grant): boolean {
  if (!ADMINISTRATORS.test(who) || groupsOf(recipient).length > 0) return false
  return NAMED_SO.test(recipient.PrimarySmtpAddress?.split('@')[0] ?? recipient.Alias ?? '')
}
