import { isMarked } from './account.ts'
import { addressInUse, CmdletFailure, notFound } from './cmdlet-error.ts'
import { byNameOrDn, matching, one, ownerOf } from './identity.ts'
import { hashtable, needed, texts } from './parameters.ts'
import type { Cmdlet } from './permission-cmdlets.ts'
import { groupRow, isGroup, recipientRow } from './rows.ts'

const LINK = 'msexchdelegatelistlink'

/** Recipients, groups, programs, and the directory behind Exchange on premises. */
export const directoryCmdlets: Record<string, Cmdlet> = {
  'Get-Recipient'(input, state, tenant) {
    const name = typeof input.Identity === 'string' ? input.Identity : ''
    const types = texts(input.RecipientTypeDetails)
    const found = name === '' ? [...state.accounts.values()] : [one(state, tenant, name, () => true)]
    const rows = found
      .filter(({ type }) => types.length === 0 || types.includes(type))
      .map((account) => recipientRow(account, tenant))
    return { rows, warnings: [] }
  },

  'New-DistributionGroup'(input, state, tenant) {
    const name = needed(input, 'Name')
    const local = String(input.Alias ?? name.toLowerCase().replace(/[^a-z0-9.-]+/g, ''))
    const address = String(input.PrimarySmtpAddress ?? `${local}@${tenant.domain}`).toLowerCase()
    const owner = ownerOf(state, address)
    if (owner) throw addressInUse(address, owner.name)
    const group = tenant.add(name, {
      displayName: String(input.DisplayName ?? name),
      alias: local,
      upn: '',
      addresses: [`SMTP:${address}`],
      type: input.Type === 'Security' ? 'MailUniversalSecurityGroup' : 'MailUniversalDistributionGroup',
      members: texts(input.Members).map((member) => one(state, tenant, member, () => true).id),
      // By itself a group takes no mail from outside.
      outsideRefused: input.RequireSenderAuthenticationEnabled !== false,
    })
    return { rows: [groupRow(group)], warnings: [] }
  },
  'Set-DistributionGroup'(input, state, tenant) {
    const group = one(state, tenant, needed(input, 'Identity'), isGroup)
    if (typeof input.RequireSenderAuthenticationEnabled === 'boolean')
      group.outsideRefused = input.RequireSenderAuthenticationEnabled
    return { rows: [], warnings: [] }
  },
  'Get-DistributionGroup'(input, state, tenant) {
    return { rows: [groupRow(one(state, tenant, needed(input, 'Identity'), isGroup))], warnings: [] }
  },
  'Get-DistributionGroupMember'(input, state, tenant) {
    const { members } = one(state, tenant, needed(input, 'Identity'), isGroup)
    const rows = members.flatMap((id) => {
      const member = state.accounts.get(id)
      return member ? [recipientRow(member, tenant)] : []
    })
    return { rows, warnings: [] }
  },
  'Add-DistributionGroupMember'(input, state, tenant) {
    const group = one(state, tenant, needed(input, 'Identity'), isGroup)
    const member = one(state, tenant, needed(input, 'Member'), () => true)
    if (group.members.includes(member.id))
      throw new CmdletFailure(
        'Microsoft.Exchange.Management.Tasks.MemberAlreadyExistsException',
        `The recipient "${member.name}" is already a member of the group "${group.name}".`,
      )
    group.members.push(member.id)
    return { rows: [], warnings: [] }
  },
  'Remove-DistributionGroupMember'(input, state, tenant) {
    const group = one(state, tenant, needed(input, 'Identity'), isGroup)
    const member = one(state, tenant, needed(input, 'Member'), () => true)
    if (!group.members.includes(member.id))
      throw new CmdletFailure(
        'Microsoft.Exchange.Management.Tasks.MemberNotFoundException',
        `The recipient "${member.name}" isn't a member of the group "${group.name}".`,
      )
    group.members = group.members.filter((id) => id !== member.id)
    return { rows: [], warnings: [] }
  },

  'Get-ServicePrincipal'(input, state) {
    const name = typeof input.Identity === 'string' ? input.Identity.toLowerCase() : ''
    const found = state.principals.filter(({ appId, objectId, displayName }) =>
      [appId, objectId, displayName].some((own) => name === '' || own.toLowerCase() === name),
    )
    if (name !== '' && found.length === 0) throw notFound(name)
    const rows = found.map(({ appId, objectId, displayName, sid }) => ({
      Identity: objectId,
      AppId: appId,
      ObjectId: objectId,
      DisplayName: displayName,
      Sid: sid,
    }))
    return { rows, warnings: [] }
  },
  'New-ServicePrincipal'(input, state) {
    const appId = needed(input, 'AppId')
    if (state.principals.some((one) => one.appId === appId))
      throw new CmdletFailure(
        'Microsoft.Exchange.Management.Tasks.ServicePrincipalAlreadyExistsException',
        `The service principal "${appId}" already exists.`,
      )
    const objectId = needed(input, 'ObjectId')
    const displayName = String(input.DisplayName ?? '')
    state.principals.push({ appId, objectId, displayName, sid: `S-1-5-21-1-2-3-${9000 + state.principals.length}` })
    return { rows: [{ Identity: objectId, AppId: appId, ObjectId: objectId, DisplayName: displayName }], warnings: [] }
  },

  'Get-ADUser'(input, state, tenant) {
    const account = one(state, tenant, needed(input, 'Identity'), () => true)
    return {
      rows: [{ DistinguishedName: account.dn, msExchDelegateListLink: linksOf(state, account.id, tenant.clock.now()) }],
      warnings: [],
    }
  },
  'Set-ADUser'(input, state, tenant) {
    const target = byNameOrDn(state, needed(input, 'Identity'))
    const change = (value: unknown, on: boolean) => {
      for (const dn of hashtable(value)?.[LINK] ?? []) {
        const [user] = matching(state, tenant, dn)
        if (user) target.box.marks.push({ accountId: user.id, on, at: tenant.clock.now() })
      }
    }
    change(input.Remove, false)
    change(input.Add, true)
    return { rows: [], warnings: [] }
  },
}

/** Whom the link of a mailbox names, by their distinguished names. */
export function linksOf(state: Parameters<Cmdlet>[1], mailboxId: string, at: number): string[] {
  const box = state.accounts.get(mailboxId)?.box
  const ids = [...new Set(box?.marks.map(({ accountId }) => accountId))]
  return ids.filter((id) => box && isMarked(box, id, at)).flatMap((id) => state.accounts.get(id)?.dn ?? [])
}
