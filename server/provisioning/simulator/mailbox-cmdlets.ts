import { type Account, type Box, isGroupType, newBox, primaryOf } from './account.ts'
import { addressInUse, badParameter, badValue, rejected } from './cmdlet-error.ts'
import { mailbox, matching, one, ownerOf } from './identity.ts'
import { hashtable, type Input, needed, texts } from './parameters.ts'
import type { Cmdlet, Output } from './permission-cmdlets.ts'
import { mailboxRow } from './rows.ts'
import type { State, Tenant } from './tenant.ts'

const MAX_NAME = 64
const NOT_SYNCED =
  "can't be performed on the object '%s' because the object is being synchronized from your on-premises organization."

/** The mailbox itself: made, changed, looked at. */
export const mailboxCmdlets: Record<string, Cmdlet> = {
  'Get-Mailbox'(input, state, tenant) {
    const name = typeof input.Identity === 'string' ? input.Identity : ''
    // Nothing for an identity means all of them, as if it had not been said.
    const found =
      name === '' ? [...state.accounts.values()].filter(({ box }) => box !== null) : [mailbox(state, tenant, name)]
    const types = texts(input.RecipientTypeDetails)
    const rows = found
      .filter(({ type }) => types.length === 0 || types.includes(type))
      .map((account) => mailboxRow(account, state, tenant))
    return { rows, warnings: [] }
  },

  'New-Mailbox'(input, state, tenant) {
    const name = needed(input, 'Name')
    if (name.length > MAX_NAME) throw badValue(`The name must not have more than ${MAX_NAME} characters.`)
    if (tenant.platform === 'onprem' && !input.UserPrincipalName) throw badParameter('UserPrincipalName is missing.')
    const local = String(input.Alias ?? name.toLowerCase().replace(/[^a-z0-9.-]+/g, ''))
    const address = String(input.PrimarySmtpAddress ?? `${local}@${tenant.domain}`).toLowerCase()
    const owner = ownerOf(state, address)
    if (owner) throw addressInUse(address, owner.name)
    if (matching(state, tenant, name).some((other) => other.name.toLowerCase() === name.toLowerCase()))
      throw rejected(`The name "${name}" is already being used. Please try another name.`)
    const account = tenant.add(name, {
      alias: local,
      displayName: String(input.DisplayName ?? name),
      upn: String(input.UserPrincipalName ?? address),
      sam: local.slice(0, 20),
      addresses: [`SMTP:${address}`, `smtp:${local}@${tenant.domain.split('.')[0]}.onmicrosoft.com`],
      type: input.Shared === true ? 'SharedMailbox' : 'UserMailbox',
      // The reference says otherwise of the cloud; there the account is enabled, with a password nobody knows.
      disabled: tenant.platform === 'onprem',
      box: newBox(tenant.platform, tenant.netBios, tenant.unseenAfterNew),
    })
    return { rows: [mailboxRow(account, state, tenant)], warnings: [] }
  },

  'Set-Mailbox'(input, state, tenant) {
    const target = mailbox(state, tenant, needed(input, 'Identity'))
    const before = fingerprint(target)
    if (target.dirSynced && tenant.platform === 'exo' && isKeptOnPrem(input))
      throw rejected(
        `The operation on mailbox "${target.name}" failed because it's out of the current user's write scope. The action 'Set-Mailbox' ${NOT_SYNCED.replace('%s', target.name)}`,
      )
    change(input, target, state, tenant)
    const warnings =
      fingerprint(target) === before
        ? [`The command completed successfully but no settings of '${target.name}' have been modified.`]
        : []
    return { rows: [], warnings }
  },

  'Get-MailboxStatistics'(input, state, tenant) {
    const { box, displayName } = mailbox(state, tenant, needed(input, 'Identity'))
    return { rows: [{ DisplayName: displayName, TotalItemSize: sizeText(box.sizeBytes), ItemCount: 12 }], warnings: [] }
  },
  'Get-CASMailbox'(input, state, tenant) {
    const { box, name } = mailbox(state, tenant, needed(input, 'Identity'))
    const row = { Identity: name, ImapEnabled: box.imapEnabled, SmtpClientAuthenticationDisabled: box.smtpAuthDisabled }
    return { rows: [row], warnings: [] }
  },
  'Set-CASMailbox'(input, state, tenant): Output {
    const { box } = mailbox(state, tenant, needed(input, 'Identity'))
    if (typeof input.ImapEnabled === 'boolean') box.imapEnabled = input.ImapEnabled
    if (typeof input.SmtpClientAuthenticationDisabled === 'boolean')
      box.smtpAuthDisabled = input.SmtpClientAuthenticationDisabled
    return { rows: [], warnings: [] }
  },
}

/** What the directory on premises keeps for an account that comes from there. */
function isKeptOnPrem(input: Input): boolean {
  const there = ['Type', 'AccountDisabled', 'EmailAddresses', 'DisplayName', 'HiddenFromAddressListsEnabled']
  return there.some((name) => input[name] !== undefined)
}

function change(input: Input, target: Account & { box: Box }, state: State, tenant: Tenant): void {
  const { box } = target
  if (typeof input.Type === 'string') {
    const isShared = input.Type === 'Shared'
    target.type = isShared ? 'SharedMailbox' : input.Type === 'Regular' ? 'UserMailbox' : `${input.Type}Mailbox`
    // In the cloud whoever knows the password still gets in.
    if (tenant.platform === 'onprem') target.disabled = isShared
  }
  if (typeof input.AccountDisabled === 'boolean') {
    if (tenant.platform === 'onprem')
      throw rejected('The parameter AccountDisabled works in the cloud-based service alone.')
    target.disabled = input.AccountDisabled
  }
  if (typeof input.DisplayName === 'string') target.displayName = input.DisplayName
  if (typeof input.MessageCopyForSentAsEnabled === 'boolean') box.copySentAs = input.MessageCopyForSentAsEnabled
  if (typeof input.MessageCopyForSendOnBehalfEnabled === 'boolean')
    box.copySendOnBehalf = input.MessageCopyForSendOnBehalfEnabled
  if (typeof input.MessageCopyForSMTPClientSubmissionEnabled === 'boolean')
    box.copySubmission = input.MessageCopyForSMTPClientSubmissionEnabled
  if (typeof input.HiddenFromAddressListsEnabled === 'boolean') target.hidden = input.HiddenFromAddressListsEnabled
  if (typeof input.DeliverToMailboxAndForward === 'boolean') box.keepsCopy = input.DeliverToMailboxAndForward
  if (input.ForwardingAddress !== undefined)
    box.forwardingId =
      input.ForwardingAddress === null ? null : one(state, tenant, String(input.ForwardingAddress), () => true).id
  if (input.ForwardingSmtpAddress !== undefined)
    box.forwardingSmtp =
      input.ForwardingSmtpAddress === null ? null : `smtp:${String(input.ForwardingSmtpAddress).replace(/^smtp:/i, '')}`
  if (input.EmailAddresses !== undefined) changeAddresses(input.EmailAddresses, target, state)
  if (input.GrantSendOnBehalfTo !== undefined) changeBehalf(input.GrantSendOnBehalfTo, target, state, tenant)
}

function changeAddresses(value: unknown, target: Account, state: State): void {
  const delta = hashtable(value)
  const prefixed = (address: string) => (address.includes(':') ? address : `smtp:${address}`)
  if (!delta) {
    target.addresses = texts(value).map(prefixed)
    return
  }
  for (const address of (delta.add ?? []).map(prefixed)) {
    const bare = address.replace(/^smtp:/i, '')
    const owner = ownerOf(state, bare)
    if (owner && owner.id !== target.id) throw addressInUse(bare, owner.name)
    if (!owner) target.addresses.push(address)
  }
  const gone = (delta.remove ?? []).map((address) => prefixed(address).toLowerCase())
  if (gone.includes(`smtp:${primaryOf(target)}`.toLowerCase()))
    throw rejected("The primary SMTP address can't be removed.")
  target.addresses = target.addresses.filter((address) => !gone.includes(address.toLowerCase()))
}

function changeBehalf(value: unknown, target: Account & { box: Box }, state: State, tenant: Tenant): void {
  const idOf = (name: string) => {
    const found = one(state, tenant, name, () => true)
    if (!found.box && !/^Mail/.test(found.type)) throw rejected(`"${name}" can't send on behalf of others.`)
    if (isGroupType(found.type) && !/Security/.test(found.type))
      throw rejected(`"${name}" isn't a mail-enabled security group.`)
    return found.id
  }
  const delta = hashtable(value)
  if (!delta) {
    target.box.behalf = texts(value).map(idOf)
    return
  }
  const gone = (delta.remove ?? []).map(idOf)
  const kept = target.box.behalf.filter((id) => !gone.includes(id))
  target.box.behalf = [...new Set([...kept, ...(delta.add ?? []).map(idOf)])]
}

/** What Set-Mailbox can change, to see whether it did. */
function fingerprint({ type, disabled, displayName, hidden, addresses, box }: Account & { box: Box }): string {
  const { copySentAs, copySendOnBehalf, copySubmission, forwardingId, forwardingSmtp, keepsCopy, behalf } = box
  return JSON.stringify([
    type,
    disabled,
    displayName,
    hidden,
    addresses,
    [copySentAs, copySendOnBehalf, copySubmission, forwardingId, forwardingSmtp, keepsCopy, behalf],
  ])
}

function sizeText(bytes: number): string {
  const gb = bytes / 1024 ** 3
  const short = gb >= 1 ? `${gb.toPrecision(4).replace(/\.?0+$/, '')} GB` : `${(bytes / 1024 ** 2).toPrecision(4)} MB`
  return `${short} (${bytes.toLocaleString('en-US')} bytes)`
}
