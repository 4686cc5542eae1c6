import { commandLine } from '../command-line.ts'
import { addressOf, hasNoMailbox, isGroup, isOutside, isSecurityGroup, userOf } from '../directory.ts'
import { membersOf } from '../membership.ts'
import type { Grant } from '../permission.ts'
import { type Case, type Finding, grantCommand, NO_FIX, ok, revokeCommand, rowText } from './finding.ts'

const OWA_STEPS = [
  'Sign in to Outlook on the web.',
  'Right-click your name, or Folders, in the pane on the left.',
  'Choose "Add shared folder or mailbox".',
  'Type the name of the mailbox, pick it from the list, and choose Add.',
]
const APP_STEPS = ['Add the mailbox in the app itself: add an account, choose shared mailbox, and type its address.']

/** The checks on the program, the person and the rights, in the order in which they rule each other out. */
export const accessChecks: ((one: Case) => Finding)[] = [
  neverMaps,
  newOutlook,
  eligible,
  samePremises,
  explicitDeny,
  inheritedDeny,
  granted,
  onlyViaGroup,
  partialRight,
  hidden,
]

const full = ({ rights }: Grant) => rights.includes('FullAccess')
const direct = ({ inherited }: Grant) => !inherited
const allowed = ({ deny }: Grant) => !deny
const hasDirectGrant = ({ own }: Case) => own.some((grant) => full(grant) && direct(grant) && allowed(grant))

function neverMaps({ question: { client } }: Case): Finding {
  const code = 'CLIENT_NEVER_MAPS'
  if (client === 'outlook-classic' || client === 'new-outlook')
    return ok(code, 'This Outlook shows mailboxes by itself.')
  const manualSteps = client === 'owa' ? OWA_STEPS : APP_STEPS
  const name = {
    owa: 'Outlook on the web',
    mac: 'Outlook for Mac',
    mobile: 'A mail app on a phone',
    other: 'This program',
  }[client]
  return {
    code,
    verdict: 'cause',
    says: `${name} never shows a shared mailbox by itself. It is added by hand.`,
    evidence: `The program is ${client}.`,
    fix: { commands: [], manualSteps },
  }
}

function newOutlook({ question: { client } }: Case): Finding {
  const code = 'NEW_OUTLOOK'
  if (client !== 'new-outlook') return ok(code, 'It is not the new Outlook.')
  const manualSteps = [
    'Look in Settings, Accounts, Shared with me. What is there can be shown as an account of its own; "Add" adds others.',
  ]
  return {
    code,
    verdict: 'possible',
    says: 'The new Outlook shows such mailboxes in another place. Registry values do nothing there.',
    evidence: 'The program is new-outlook.',
    fix: { commands: [], manualSteps },
  }
}

function eligible({ recipient, address, snapshot }: Case): Finding {
  const code = 'USER_NOT_ELIGIBLE'
  const type = recipient.RecipientTypeDetails ?? 'unknown'
  const isElsewhere = snapshot.hybrid && /^(MailUser|Remote)/i.test(type)
  if (!isElsewhere && (isOutside(recipient) || hasNoMailbox(recipient))) {
    const manualSteps = [`Give ${address} a licence with a mailbox in this organisation, or use another account.`]
    return {
      code,
      verdict: 'cause',
      says: `${address} has no mailbox in this organisation, which a delegate needs.`,
      evidence: `It is a ${type}.`,
      fix: { commands: [], manualSteps },
    }
  }
  return ok(code, `${address} is in the organisation.`, `It is a ${type}.`)
}

function samePremises({ recipient, address, snapshot, mailbox }: Case): Finding {
  const code = 'CROSS_PREMISES'
  const type = recipient.RecipientTypeDetails ?? ''
  const isRemoteUser = /^(MailUser|Remote)/i.test(type)
  const isRemoteMailbox = /^Remote/i.test(mailbox.RecipientTypeDetails)
  if (isRemoteUser === isRemoteMailbox || !snapshot.hybrid) return ok(code, 'Both are on the same side.')
  const links = mailbox.DistinguishedName && recipient.DistinguishedName
  const command = links
    ? [
        commandLine('Set-ADUser', {
          Identity: mailbox.DistinguishedName!,
          Add: ['msExchDelegateListLink', recipient.DistinguishedName!],
        }),
      ]
    : []
  const manualSteps = [
    'Move both to the same side, or add the mailbox to Outlook by hand. On premises the link can be set on the account; Outlook must be newer than May 2015.',
  ]
  return {
    code,
    verdict: 'cause',
    says: `${address} and the mailbox are on different sides of a hybrid organisation, where nothing appears by itself.`,
    evidence: `${address} is a ${type}, the mailbox a ${mailbox.RecipientTypeDetails}.`,
    fix: { commands: command, manualSteps },
  }
}

function explicitDeny(one: Case): Finding {
  const code = 'EXPLICIT_DENY'
  const is = (grant: Grant) => grant.deny && direct(grant) && full(grant)
  const own = one.own.filter(is)
  const all = [...own, ...one.byGroup.filter(is)]
  if (all.length === 0) return ok(code, 'Nothing on the mailbox denies access.')
  const commands = all.map(({ who }) => revokeCommand({ ...one, user: own.length > 0 ? one.user : who }, true))
  return {
    code,
    verdict: 'cause',
    says: `${one.address} is denied access, and a denial beats every grant.`,
    evidence: all.map(rowText).join('; '),
    fix: { commands, manualSteps: [] },
  }
}

function inheritedDeny(one: Case): Finding {
  const code = 'INHERITED_DENY'
  const all = [...one.own, ...one.byGroup].filter((grant) => grant.deny && grant.inherited && full(grant))
  if (all.length === 0) return ok(code, 'No denial is inherited, as far as the groups are known.')
  const manualSteps = [`Use an account that is no administrator, or add the mailbox to Outlook by hand.`]
  return {
    code,
    verdict: 'cause',
    says: `${one.address} is denied access by a right that is inherited, as administrators are. Opening may work with the grant, but nothing appears by itself. It can't be taken away on the mailbox.`,
    evidence: all.map(rowText).join('; '),
    fix: { commands: [], manualSteps },
  }
}

function granted(one: Case): Finding {
  const code = 'NO_GRANT'
  const allow = [...one.own.filter(direct), ...one.byGroup].filter(allowed)
  if (allow.length > 0) return ok(code, `${one.address} has rights.`, allow.map(rowText).join('; '))
  if (unknownGroups(one).length > 0)
    return { ...ok(code, 'There are grants to groups whose members are not known.'), verdict: 'unknown' }
  return {
    code,
    verdict: 'cause',
    says: `${one.address} has no access to the mailbox.`,
    evidence: 'No entry of the mailbox is for this user.',
    fix: { commands: [grantCommand(one)], manualSteps: [] },
  }
}

function onlyViaGroup(one: Case): Finding {
  const code = 'ONLY_VIA_GROUP'
  const groups = one.byGroup.filter((grant) => full(grant) && allowed(grant) && !grant.inherited)
  if (hasDirectGrant(one)) return ok(code, `${one.address} has a grant of their own.`)
  const known = groups.length > 0 ? groups : unknownGroups(one)
  if (known.length === 0) return ok(code, 'No group has access.')
  const commands = [one.user, ...others(one, known)].map((user) => grantCommand({ ...one, user }))
  const isUseless = known.some(({ who }) => {
    const resolved = one.directory.resolve(who)
    return one.snapshot.platform === 'exo' && resolved.is === 'found' && !isSecurityGroup(resolved.recipient)
  })
  const says = `${one.address} has access by a group${groups.length > 0 ? '' : ', perhaps'}. For members of a group nothing appears by itself: each needs a grant of their own.${isUseless ? ' A group that is no mail-enabled security group gives no access at all.' : ''}`
  return {
    code,
    verdict: groups.length > 0 ? 'cause' : 'possible',
    says,
    evidence: known.map(rowText).join('; '),
    fix: { commands, manualSteps: [] },
  }
}

/** The other members of the groups, as far as they are known: they will ask the same. */
function others({ directory, recipient }: Case, groups: Grant[]): string[] {
  const members = groups.flatMap(({ who }) => {
    const resolved = directory.resolve(who)
    return resolved.is === 'found' ? membersOf(resolved.recipient) : []
  })
  const users = members.flatMap((member) => {
    const resolved = directory.resolve(member)
    return resolved.is === 'found' && !isGroup(resolved.recipient) && resolved.recipient !== recipient
      ? [userOf(resolved.recipient)]
      : []
  })
  return [...new Set(users)]
}

function unknownGroups({ directory, snapshot }: Case): Grant[] {
  return (snapshot.mailboxPermissions ?? []).flatMap((row) => {
    const resolved = directory.resolve(row.User)
    if (row.Deny || row.IsInherited || resolved.is !== 'found' || !isGroup(resolved.recipient)) return []
    if (membersOf(resolved.recipient).length > 0) return []
    const { AccessRights: rights } = row
    return [
      { who: addressOf(resolved.recipient), sid: null, rights, deny: false, inherited: false, inheritanceType: null },
    ]
  })
}

function partialRight(one: Case): Finding {
  const code = 'PARTIAL_RIGHT'
  const rows = one.own.filter((grant) => allowed(grant) && direct(grant))
  if (rows.length === 0 || rows.some(full))
    return { ...ok(code, 'What is granted is FullAccess, or nothing.'), fix: NO_FIX }
  return {
    code,
    verdict: 'cause',
    says: `${one.address} has some rights, but not FullAccess, without which nothing appears by itself.`,
    evidence: rows.map(rowText).join('; '),
    fix: { commands: [grantCommand(one)], manualSteps: [] },
  }
}

function hidden({ mailbox, identity }: Case): Finding {
  const code = 'HIDDEN'
  if (!mailbox.HiddenFromAddressListsEnabled) return ok(code, 'The mailbox is in the address lists.')
  const command = commandLine('Set-Mailbox', {
    Identity: identity,
    HiddenFromAddressListsEnabled: false,
    Confirm: false,
  })
  return {
    code,
    verdict: 'possible',
    says: 'The mailbox is hidden from address lists. Delegates often can not open such a mailbox anew.',
    evidence: 'HiddenFromAddressListsEnabled is true.',
    fix: { commands: [command], manualSteps: [] },
  }
}
