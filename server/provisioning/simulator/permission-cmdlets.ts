import { type Account, type Ace, type Box, isGroupType, isMarked } from './account.ts'
import { badParameter, badValue, rejected } from './cmdlet-error.ts'
import { byNameOrDn, mailbox, principal } from './identity.ts'
import { type Input, needed, texts } from './parameters.ts'
import type { State, Tenant } from './tenant.ts'

/** What a command gives: rows, and words that are no errors. */
export type Output = { rows: Record<string, unknown>[]; warnings: string[] }
export type Cmdlet = (input: Input, state: State, tenant: Tenant) => Output

const MAX_ACES = 500
const MAX_ENTRIES = 32
const nothing = (warnings: string[] = []): Output => ({ rows: [], warnings })

/** Rights on a mailbox, and the mark of auto-mapping that comes and goes with them. */
export const permissionCmdlets: Record<string, Cmdlet> = {
  'Get-MailboxPermission'(input, state, tenant) {
    if (input.Identity === undefined || input.Identity === null || input.Identity === '')
      throw badParameter('Invalid Operation')
    const box = mailbox(state, tenant, needed(input, 'Identity'))
    return { rows: box.box.aces.map((ace) => permissionRow(box, ace, state, tenant)), warnings: [] }
  },

  'Add-MailboxPermission'(input, state, tenant) {
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    const { box } = target
    const rights = texts(input.AccessRights)
    if (rights.length === 0) throw badParameter('AccessRights is missing.')
    if (input.AutoMapping === true && !rights.includes('FullAccess'))
      throw rejected(
        'Setting AutoMapping option to true for non-FullAccess rights is not allowed. AutoMapping=true option can only be used together with FullAccess permission.',
      )
    const user = principal(state, tenant, needed(input, 'User'))
    const deny = input.Deny === true
    const inheritanceType = String(input.InheritanceType ?? 'All')
    const there = directAce(box.aces, user, deny, inheritanceType)
    const warnings: string[] = []
    const isThere = rights.every((right) => there?.rights.includes(right))
    if (isThere)
      warnings.push(
        `The appropriate access control entry is already present on the object "${target.dn}" for account "${tenant.calledBy(user)}".`,
      )
    else if (there) there.rights = [...new Set([...there.rights, ...rights])]
    else {
      if (box.aces.length >= MAX_ACES)
        throw rejected(`The access control list of "${target.dn}" can't hold more than ${MAX_ACES} entries.`)
      box.aces.push({
        accountId: user.id,
        who: tenant.calledBy(user),
        sid: user.sid,
        rights,
        deny,
        inherited: false,
        inheritanceType,
      })
    }
    if (rights.includes('FullAccess') && !deny)
      markByGrant(tenant, box, user, !there?.rights.includes('FullAccess') || !isThere, input.AutoMapping)
    if (markedIn(box, tenant.clock.now()) > MAX_ENTRIES)
      warnings.push(
        `Some delegates added may not show up automatically in Outlook. Outlook is limited to displaying only the first ${MAX_ENTRIES} entries (If a delegate user has an archive, the user counts as 2 entries).`,
      )
    const ace = directAce(box.aces, user, deny, inheritanceType)
    return { rows: ace && !isThere ? [permissionRow(target, ace, state, tenant)] : [], warnings }
  },

  'Remove-MailboxPermission'(input, state, tenant) {
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    const { box } = target
    const now = tenant.clock.now()
    if (input.ClearAutoMapping === true) {
      if (tenant.platform === 'onprem')
        throw rejected('The parameter ClearAutoMapping works in the cloud-based service alone.')
      if (input.User !== undefined || input.AccessRights !== undefined)
        throw badParameter('Parameter set cannot be resolved using the specified named parameters.')
      for (const { accountId } of [...box.marks]) mark(box, accountId, false, now)
      return nothing()
    }
    if (input.ResetDefault === true) {
      box.aces = box.aces.filter(({ accountId, inherited }) => accountId === null || inherited)
      for (const { accountId } of [...box.marks]) mark(box, accountId, false, now)
      return nothing()
    }
    const rights = texts(input.AccessRights)
    if (rights.length === 0) throw badParameter('AccessRights is missing.')
    const name = needed(input, 'User')
    const deny = input.Deny === true
    const inheritanceType = String(input.InheritanceType ?? 'All')
    const orphan = box.aces.find(
      (ace) => ace.accountId === null && !ace.inherited && same(ace.who, name) && ace.deny === deny,
    )
    if (orphan) {
      takeRights(box.aces, orphan, rights)
      return nothing()
    }
    const user = principal(state, tenant, name)
    const ace = directAce(box.aces, user, deny, inheritanceType)
    if (!ace || !rights.some((right) => ace.rights.includes(right))) {
      const inherited = box.aces.find((one) => one.inherited && one.accountId === user.id && one.deny === deny)
      return nothing([
        inherited
          ? `An inherited access control entry has been specified: [Rights: ${inherited.rights.join(', ')}, ControlType: ${deny ? 'Deny' : 'Allow'}] and was ignored on object "${target.dn}".`
          : `Can't remove the access control entry on the object "${target.dn}" for the user account "${tenant.calledBy(user)}" because the ACE doesn't exist on the object.`,
      ])
    }
    takeRights(box.aces, ace, rights)
    if (!deny && rights.includes('FullAccess')) mark(box, user.id, false, now)
    return nothing()
  },

  'Get-RecipientPermission'(input, state, tenant) {
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    return {
      rows: target.box.sendAs.map((ace) => ({
        Identity: target.name,
        Trustee: ace.accountId === null ? ace.who : shown(ace, state, tenant),
        AccessControlType: ace.deny ? 'Deny' : 'Allow',
        AccessRights: ace.rights,
        TrusteeSidString: ace.sid,
        TrusteeWithPrimarySmtpAddress: '',
      })),
      warnings: [],
    }
  },
  'Add-RecipientPermission'(input, state, tenant) {
    if (!texts(input.AccessRights).includes('SendAs')) throw badParameter('AccessRights is missing.')
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    return addSendAs(target, principal(state, tenant, needed(input, 'Trustee')), false, tenant)
  },
  'Remove-RecipientPermission'(input, state, tenant) {
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    const name = needed(input, 'Trustee')
    const orphan = target.box.sendAs.find((ace) => ace.accountId === null && same(ace.who, name))
    if (orphan) {
      target.box.sendAs = target.box.sendAs.filter((ace) => ace !== orphan)
      return nothing()
    }
    return removeSendAs(target, principal(state, tenant, name), input.Deny === true, tenant, "isn't present")
  },

  'Get-ADPermission'(input, state, tenant) {
    const target = byNameOrDn(state, needed(input, 'Identity'))
    // A directory has far more rows than those of Send As.
    const read = { Identity: target.dn, Deny: false, IsInherited: true, ExtendedRights: null, InheritanceType: 'All' }
    const others = [
      { ...read, User: 'NT AUTHORITY\\SYSTEM', AccessRights: ['GenericAll'], IsInherited: false },
      { ...read, User: `${tenant.netBios}\\Exchange Servers`, AccessRights: ['ReadProperty, WriteProperty'] },
    ]
    return {
      rows: [
        ...others,
        ...target.box.sendAs.map((ace) => ({
          Identity: target.dn,
          User: ace.accountId === null ? ace.who : shown(ace, state, tenant),
          Deny: ace.deny,
          IsInherited: ace.inherited,
          AccessRights: ['ExtendedRight'],
          ExtendedRights: ['Send-As'],
          InheritanceType: ace.inheritanceType,
        })),
      ],
      warnings: [],
    }
  },
  'Add-ADPermission'(input, state, tenant) {
    sendAsOnly(input)
    const target = byNameOrDn(state, needed(input, 'Identity'))
    return addSendAs(target, principal(state, tenant, needed(input, 'User')), input.Deny === true, tenant)
  },
  'Remove-ADPermission'(input, state, tenant) {
    sendAsOnly(input)
    const target = byNameOrDn(state, needed(input, 'Identity'))
    const user = principal(state, tenant, needed(input, 'User'))
    return removeSendAs(target, user, input.Deny === true, tenant, "doesn't exist on the object")
  },
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function sendAsOnly(input: Input): void {
  const rights = texts(input.ExtendedRights)
  if (rights.length !== 1 || !/^send[ -]as$/i.test(rights[0]!))
    throw badValue(`The extended right ${rights.join(', ')} is unknown here.`)
}

/** The direct entry for an account. */
function directAce(aces: Ace[], user: Account, deny: boolean, inheritanceType: string): Ace | undefined {
  return aces.find(
    (ace) =>
      ace.accountId === user.id && !ace.inherited && ace.deny === deny && ace.inheritanceType === inheritanceType,
  )
}

function takeRights(aces: Ace[], ace: Ace, rights: string[]): void {
  ace.rights = ace.rights.filter((right) => !rights.includes(right))
  if (ace.rights.length === 0) aces.splice(aces.indexOf(ace), 1)
}

/** The state machine of section 1.4: what a grant does to the mark. */
function markByGrant(tenant: Tenant, box: Box, user: Account, isNew: boolean, autoMapping: unknown): void {
  // Members of a group, programs, and mail users whose mailbox is elsewhere never get one.
  if (isGroupType(user.type) || user.box === null) return
  if (isNew ? autoMapping !== false : autoMapping === true) mark(box, user.id, true, tenant.clock.now())
}

function mark(box: Box, accountId: string, on: boolean, at: number): void {
  if (isMarked(box, accountId, at) !== on) box.marks.push({ accountId, on, at })
}

function markedIn(box: Box, at: number): number {
  return new Set(box.marks.map(({ accountId }) => accountId).filter((id) => isMarked(box, id, at))).size
}

function addSendAs(target: Account & { box: Box }, user: Account, deny: boolean, tenant: Tenant): Output {
  const there = target.box.sendAs.some((ace) => ace.accountId === user.id && ace.deny === deny && !ace.inherited)
  if (there)
    return nothing([
      `The appropriate access control entry is already present on the object "${target.dn}" for account "${tenant.calledBy(user)}".`,
    ])
  const who = tenant.calledBy(user)
  target.box.sendAs.push({
    accountId: user.id,
    who,
    sid: user.sid,
    rights: ['SendAs'],
    deny,
    inherited: false,
    inheritanceType: 'None',
  })
  return nothing()
}

function removeSendAs(
  target: Account & { box: Box },
  user: Account,
  deny: boolean,
  tenant: Tenant,
  missing: string,
): Output {
  const kept = target.box.sendAs.filter((ace) => ace.accountId !== user.id || ace.deny !== deny || ace.inherited)
  const isSame = kept.length === target.box.sendAs.length
  target.box.sendAs = kept
  return nothing(
    isSame
      ? [
          `Can't remove the access control entry on the object "${target.dn}" for account "${tenant.calledBy(user)}" because the ACE ${missing}.`,
        ]
      : [],
  )
}

/** Whoever is gone from the directory leaves their SID behind. */
function shown(ace: Ace, state: State, tenant: Tenant): string {
  const account = ace.accountId === null ? undefined : state.accounts.get(ace.accountId)
  if (account) return tenant.calledBy(account)
  return state.principals.some(({ objectId }) => objectId === ace.accountId) ? ace.who : ace.sid
}

function permissionRow(target: Account, ace: Ace, state: State, tenant: Tenant) {
  return {
    Identity: target.name,
    User: ace.accountId === null ? ace.who : shown(ace, state, tenant),
    // As it comes: all rights in one text.
    AccessRights: [ace.rights.join(', ')],
    Deny: ace.deny,
    IsInherited: ace.inherited,
    InheritanceType: ace.inheritanceType,
    UserSid: ace.sid,
    PrimarySmtpAddress: '',
  }
}
