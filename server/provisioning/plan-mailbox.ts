import type { Blocker } from './bad-input.ts'
import { commandLine } from './command-line.ts'
import { addressesOf, addressOf, bareAddress, type Directory, isSame } from './directory.ts'
import type { Part } from './plan.ts'
import type { Params } from './registry.ts'
import type { Mailbox, Recipient, Snapshot } from './snapshot.ts'
import { type Note, PHASES, type Step, step } from './step.ts'
import type { Wanted, WantedMailbox } from './wanted.ts'

const MAX_ALIAS = 64
/** Above 50 GB a shared mailbox needs a licence; a little before is the time to say so. */
const NEAR_QUOTA_BYTES = 49 * 1024 ** 3
/** Addresses of the tenant itself: mail between servers goes by them. */
const TENANT_DOMAIN = /\.onmicrosoft\.(com|us|cn)$/i

/** The mailbox as the steps name it. */
export type Target = {
  identity: string
  /** What Add-ADPermission takes: the distinguished name, or the name where it has none yet. */
  adIdentity: string | null
  isNew: boolean
}

/** Steps for the mailbox itself: that it exists, its kind, sign-in, properties and addresses. */
export function planMailbox(wanted: Wanted, snapshot: Snapshot, directory: Directory): Part & { target: Target } {
  const { mailbox } = snapshot
  if (mailbox === null) return planNew(wanted, snapshot, directory)
  const target = targetOf(wanted.mailbox, mailbox)
  const blockers: Blocker[] = []
  if (!namesOf(mailbox).some((name) => isSame(name, wanted.mailbox.identity))) {
    const subject = wanted.mailbox.identity
    const message = `The snapshot is of ${target.identity}, the wanted state of ${subject}. Collect a snapshot of ${subject}.`
    blockers.push({ code: 'OTHER_MAILBOX', subject, message })
    return { target, steps: [], notes: [], blockers }
  }
  const conversion = planConversion(wanted.mailbox, snapshot, mailbox, target)
  const parts = [
    conversion,
    planSignIn(wanted.mailbox, snapshot, mailbox, target, conversion.to),
    planProperties(wanted, snapshot, mailbox, directory, target),
    planAddresses(wanted.mailbox, snapshot, mailbox, directory, target),
  ]
  return {
    target,
    steps: parts.flatMap(({ steps }) => steps),
    notes: parts.flatMap(({ notes }) => notes),
    blockers: [...blockers, ...parts.flatMap(({ blockers }) => blockers)],
  }
}

function targetOf({ identity }: WantedMailbox, mailbox: Mailbox): Target {
  const { PrimarySmtpAddress, UserPrincipalName, Guid, DistinguishedName } = mailbox
  const asked = [PrimarySmtpAddress, UserPrincipalName].find((name) => isSame(name, identity))
  return {
    identity: asked || PrimarySmtpAddress || UserPrincipalName || Guid || identity,
    adIdentity: DistinguishedName || null,
    isNew: false,
  }
}

function namesOf(mailbox: Mailbox): (string | null | undefined)[] {
  const { Identity, Guid, ExternalDirectoryObjectId, UserPrincipalName, Name, Alias, DisplayName } = mailbox
  const { DistinguishedName, LegacyExchangeDN } = mailbox
  const names = [Identity, Guid, ExternalDirectoryObjectId, UserPrincipalName, Name, Alias, DisplayName]
  return [...names, DistinguishedName, LegacyExchangeDN, ...addressesOf(mailbox)]
}

function planNew(wanted: Wanted, snapshot: Snapshot, directory: Directory): Part & { target: Target } {
  const { identity, type, displayName, userPrincipalName, organizationalUnit } = wanted.mailbox
  const name = wanted.mailbox.name ?? identity.split('@')[0]!.slice(0, MAX_ALIAS)
  const target = { identity, adIdentity: name, isNew: true }
  const blockers: Blocker[] = []
  const refuse = (code: string, subject: string, message: string) => blockers.push({ code, subject, message })
  const alias = wanted.mailbox.alias ?? aliasFrom(identity.split('@')[0]!)
  const params: Params = {
    Name: name,
    Shared: true,
    ...(displayName === undefined ? {} : { DisplayName: displayName }),
    ...(alias === '' ? {} : { Alias: alias }),
    PrimarySmtpAddress: identity,
  }
  if (!identity.includes('@')) {
    refuse('NOT_FOUND', identity, `There is no mailbox ${identity}. To create one, identity must be its address.`)
  } else if (type === 'user') {
    refuse(
      'CREATE_USER',
      identity,
      `There is no mailbox ${identity}. A person's mailbox needs a licence and a password: create it in the admin center.`,
    )
  } else if (snapshot.platform === 'exo' && snapshot.hybrid) {
    const command = commandLine('New-RemoteMailbox', params)
    refuse(
      'HYBRID_CREATE_ON_PREM',
      identity,
      `In a hybrid organisation the mailbox is created on premises, with: ${command}`,
    )
  }
  const owner = ownerOf(identity, directory)
  const namesake = directory.recipients.find((one) => isSame(one.Name, name) || isSame(one.Alias, alias))
  if (owner)
    refuse(
      'ADDRESS_IN_USE',
      identity,
      `${identity} is an address of ${addressOf(owner)} already. Adopt that mailbox, or choose another address.`,
    )
  else if (namesake)
    refuse('NAME_IN_USE', name, `${addressOf(namesake)} has the name or alias ${name} already. Choose another name.`)
  if (blockers.length > 0) return { target, steps: [], notes: [], blockers }
  if (snapshot.platform === 'onprem') {
    Object.assign(params, { UserPrincipalName: userPrincipalName ?? identity })
    if (organizationalUnit !== undefined) Object.assign(params, { OrganizationalUnit: organizationalUnit })
  }
  // What a mailbox is like right after it was made. Its account may be open, whatever the reference says, so it is
  // taken for unknown.
  const fresh: Mailbox = {
    RecipientTypeDetails: 'SharedMailbox',
    PrimarySmtpAddress: identity,
    EmailAddresses: [],
    GrantSendOnBehalfTo: [],
  }
  const parts = [
    planSignIn(wanted.mailbox, snapshot, fresh, target, 'shared'),
    planProperties(
      wanted,
      snapshot,
      displayName === undefined ? fresh : { ...fresh, DisplayName: displayName },
      directory,
      target,
    ),
    planAddresses(wanted.mailbox, snapshot, fresh, directory, target),
  ]
  const create = step(PHASES.create, 'New-Mailbox', params, `There is no mailbox ${identity} yet.`)
  return {
    target,
    steps: [create, ...parts.flatMap(({ steps }) => steps)],
    notes: parts.flatMap(({ notes }) => notes),
    blockers: parts.flatMap(({ blockers }) => blockers),
  }
}

/** An alias as Exchange allows it: a dot only between other characters, and nothing beyond ASCII. */
function aliasFrom(local: string): string {
  return local
    .replace(/[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/g, '')
    .replace(/\.{2,}/g, '.')
    .slice(0, MAX_ALIAS)
    .replace(/^\.|\.$/g, '')
}

type Kind = 'shared' | 'user' | 'other'

const kindOf = ({ RecipientTypeDetails: type }: Mailbox): Kind => {
  if (/^(Remote)?SharedMailbox$/i.test(type)) return 'shared'
  return /^(Remote|Linked|Legacy)?(User|)Mailbox$/i.test(type) ? 'user' : 'other'
}

/** @returns `to` is undefined where the kind stays */
function planConversion(
  { type }: WantedMailbox,
  { platform, hybrid, statistics }: Snapshot,
  mailbox: Mailbox,
  { identity }: Target,
): Part & { to?: Kind } {
  const blockers: Blocker[] = []
  const notes: Note[] = []
  const size = bytesOf(statistics?.TotalItemSize)
  if (size !== null && size >= NEAR_QUOTA_BYTES && (type === 'shared' || kindOf(mailbox) === 'shared')) {
    notes.push({ code: 'NEAR_QUOTA', subject: identity })
  }
  if (type === undefined || type === kindOf(mailbox)) return { steps: [], notes, blockers }
  const isRemote = /^Remote/i.test(mailbox.RecipientTypeDetails)
  const Type = type === 'shared' ? 'Shared' : 'Regular'
  if (platform === 'exo' && (hybrid || mailbox.IsDirSynced)) {
    const command = commandLine('Set-RemoteMailbox', { Identity: identity, Type })
    const message = `${identity} belongs to the directory on premises: converted in the cloud it can turn back. Convert it there: ${command}`
    blockers.push({ code: 'HYBRID_CONVERT_ON_PREM', subject: identity, message })
  } else if (/^Linked/i.test(mailbox.RecipientTypeDetails)) {
    const message = `${identity} is linked to an account in another forest. Disconnect it and connect it as a shared mailbox by hand.`
    blockers.push({ code: 'LINKED_MAILBOX', subject: identity, message })
  } else if (platform === 'onprem' && type === 'user' && !isRemote) {
    const command = `Set-Mailbox -Identity ${identity} -Type Regular -Password (Read-Host -AsSecureString)`
    const message = `On premises a mailbox becomes a person's only with a new password, which Downfield never handles. Run by hand: ${command}`
    blockers.push({ code: 'PASSWORD_NEEDED', subject: identity, message })
  }
  if (blockers.length > 0) return { steps: [], notes, blockers }
  const reason =
    type === 'shared'
      ? `It is a ${mailbox.RecipientTypeDetails}. It needs its licence while it is converted; rules and mail stay. Don't delete the account: the mailbox hangs on it.`
      : `It is a ${mailbox.RecipientTypeDetails}. By hand, in the admin center: assign a licence before, else the mailbox is deleted after 30 days, and reset the password after.`
  const risk = type === 'shared' ? 'none' : 'destructive'
  const convert = step(
    PHASES.create,
    isRemote ? 'Set-RemoteMailbox' : 'Set-Mailbox',
    { Identity: identity, Type, Confirm: false },
    reason,
    risk,
  )
  return { steps: [convert], notes, blockers, to: type }
}

function planSignIn(
  wanted: WantedMailbox,
  { platform }: Snapshot,
  mailbox: Mailbox,
  { identity, isNew }: Target,
  becomes: Kind | undefined,
): Part {
  const none: Part = { steps: [], notes: [], blockers: [] }
  const blocked = wanted.signInBlocked ?? (becomes === undefined ? undefined : becomes === 'shared')
  const isBlocked = mailbox.AccountDisabled ?? undefined
  if (blocked === undefined) {
    const isOpen = kindOf(mailbox) === 'shared' && isBlocked === false
    return isOpen ? { ...none, notes: [{ code: 'SIGN_IN_ENABLED', subject: identity }] } : none
  }
  if (isBlocked === blocked) return none
  if (platform === 'onprem') {
    // Creating and converting disable the account there; the parameter works in the cloud alone.
    const isDone = isBlocked === undefined || (becomes !== undefined && blocked)
    return isDone ? none : { ...none, notes: [{ code: 'SIGN_IN_IN_AD', subject: identity }] }
  }
  if (mailbox.IsDirSynced) return { ...none, notes: [{ code: 'SIGN_IN_ON_PREM', subject: identity }] }
  const reason = blocked
    ? isNew || becomes
      ? 'Sign-in stays open without this, with a password that somebody may know. Nobody signs in to a shared mailbox.'
      : 'Sign-in to the mailbox itself is open. Everybody works with it by their own account.'
    : 'Its person must be able to sign in.'
  return {
    ...none,
    steps: [
      step(PHASES.signIn, 'Set-Mailbox', { Identity: identity, AccountDisabled: blocked, Confirm: false }, reason),
    ],
  }
}

function planProperties(
  wanted: Wanted,
  snapshot: Snapshot,
  mailbox: Mailbox,
  directory: Directory,
  { identity }: Target,
): Part {
  const { displayName, copySentAs, copySendOnBehalf, hiddenFromAddressLists } = wanted.mailbox
  const changes: Params = {}
  const why: string[] = []
  const notes: Note[] = []
  if (displayName !== undefined && displayName !== mailbox.DisplayName) {
    changes.DisplayName = displayName
    why.push(`It is called "${mailbox.DisplayName ?? ''}".`)
  }
  if (copySentAs !== undefined && copySentAs !== (mailbox.MessageCopyForSentAsEnabled ?? false)) {
    changes.MessageCopyForSentAsEnabled = copySentAs
    why.push(
      copySentAs
        ? 'A copy of what is sent as the mailbox is kept in it, for all to see.'
        : 'No copy of what is sent as the mailbox is wanted.',
    )
  }
  if (copySendOnBehalf !== undefined && copySendOnBehalf !== (mailbox.MessageCopyForSendOnBehalfEnabled ?? false)) {
    changes.MessageCopyForSendOnBehalfEnabled = copySendOnBehalf
    why.push(
      copySendOnBehalf
        ? 'The same for what is sent on its behalf.'
        : 'No copy of what is sent on its behalf is wanted.',
    )
  }
  const isHidden = mailbox.HiddenFromAddressListsEnabled ?? false
  if (hiddenFromAddressLists !== undefined && hiddenFromAddressLists !== isHidden) {
    if (snapshot.platform === 'exo' && mailbox.IsDirSynced)
      notes.push({ code: 'MANAGED_ON_PREM', subject: 'HiddenFromAddressListsEnabled' })
    else {
      changes.HiddenFromAddressListsEnabled = hiddenFromAddressLists
      why.push(
        hiddenFromAddressLists
          ? 'It is to be hidden from address lists.'
          : 'It is hidden from address lists, where delegates look for it.',
      )
    }
  }
  const hasDelegates = wanted.delegates.some(({ rights }) => rights.length > 0)
  if ((hiddenFromAddressLists ?? isHidden) && hasDelegates) notes.push({ code: 'HIDDEN', subject: identity })
  const forwarding = planForwarding(wanted.mailbox, mailbox, directory, identity)
  Object.assign(changes, forwarding.changes)
  why.push(...forwarding.why)
  const steps: Step[] =
    Object.keys(changes).length > 0
      ? [step(PHASES.properties, 'Set-Mailbox', { Identity: identity, ...changes, Confirm: false }, why.join(' '))]
      : []
  return { steps, notes: [...notes, ...forwarding.notes], blockers: forwarding.blockers }
}

type Forwarding = { changes: Params; why: string[]; notes: Note[]; blockers: Blocker[] }

/** Where mail goes on to. Both kinds are said whenever one changes: the one that stays behind would win silently. */
function planForwarding(
  { forwarding }: WantedMailbox,
  mailbox: Mailbox,
  directory: Directory,
  identity: string,
): Forwarding {
  const none: Forwarding = { changes: {}, why: [], notes: [], blockers: [] }
  if (forwarding === undefined) return none
  const inside = mailbox.ForwardingAddress || null
  const outside = mailbox.ForwardingSmtpAddress ? bareAddress(mailbox.ForwardingSmtpAddress) : null
  const keeps = mailbox.DeliverToMailboxAndForward ?? false
  if (forwarding === null) {
    if (!inside && !outside) return none
    const changes = { ForwardingAddress: null, ForwardingSmtpAddress: null, DeliverToMailboxAndForward: false }
    return { ...none, changes, why: [`Mail is forwarded to ${inside ?? outside}; it is to stay here.`] }
  }
  const { to, keepCopy } = forwarding
  const resolved = directory.resolve(bareAddress(to))
  const isOurs = isSame(to.split('@')[1], identity.split('@')[1])
  if (resolved.is === 'ambiguous') {
    const message = `forwarding.to: ${to} matches ${resolved.matches.join(' and ')}. Write the address of one.`
    return { ...none, blockers: [{ code: 'AMBIGUOUS_IDENTITY', subject: to, message }] }
  }
  if (resolved.is === 'unknown' && (!to.includes('@') || isOurs)) {
    const message = `forwarding.to: there is no recipient ${to}. Check how it is written, or collect again with it.`
    return { ...none, blockers: [{ code: 'UNRESOLVED', subject: to, message }] }
  }
  const person = resolved.is === 'found' ? resolved : null
  const current = inside ? directory.resolve(inside) : null
  const isThere = person
    ? (current?.is === 'found' && current.key === person.key) || isSame(inside, addressOf(person.recipient))
    : !inside && isSame(outside, bareAddress(to))
  const notes = [
    ...(person ? [] : [{ code: 'FORWARDS_OUTSIDE', subject: bareAddress(to) }]),
    ...(keepCopy ? [] : [{ code: 'FORWARDS_WITHOUT_COPY', subject: identity }]),
  ]
  if (isThere && keeps === keepCopy && !(person && outside)) return { ...none, notes }
  return {
    ...none,
    changes: {
      ForwardingAddress: person ? addressOf(person.recipient) : null,
      ForwardingSmtpAddress: person ? null : bareAddress(to),
      DeliverToMailboxAndForward: keepCopy,
    },
    why: [`Mail is to go on to ${to}, ${keepCopy ? 'with a copy here' : 'without a copy here'}.`],
    notes,
  }
}

function planAddresses(
  { aliases, exclusiveAliases }: WantedMailbox,
  { platform }: Snapshot,
  mailbox: Mailbox,
  directory: Directory,
  { identity }: Target,
): Part {
  const none: Part = { steps: [], notes: [], blockers: [] }
  if (aliases === undefined) return none
  const wanted = [...new Set(aliases.map((alias) => bareAddress(alias).toLowerCase()))]
  const there = addressesOf(mailbox)
  const [primary] = there
  const add = wanted.filter((alias) => !there.includes(alias))
  const remove = exclusiveAliases
    ? there.filter((one) => one !== primary && !wanted.includes(one) && !TENANT_DOMAIN.test(one))
    : []
  if (add.length === 0 && remove.length === 0) return none
  if (platform === 'exo' && mailbox.IsDirSynced)
    return { ...none, notes: [{ code: 'MANAGED_ON_PREM', subject: 'EmailAddresses' }] }
  const blockers = add.flatMap((alias): Blocker[] => {
    const owner = ownerOf(alias, directory)
    if (!owner || addressesOf(owner).some((one) => there.includes(one))) return []
    return [
      {
        code: 'ADDRESS_IN_USE',
        subject: alias,
        message: `${alias} is an address of ${addressOf(owner)} already. Take it from there first, or choose another.`,
      },
    ]
  })
  if (blockers.length > 0) return { ...none, blockers }
  const change = {
    ...(add.length > 0 ? { add: add.map((alias) => `smtp:${alias}`) } : {}),
    ...(remove.length > 0 ? { remove: remove.map((alias) => `smtp:${alias}`) } : {}),
  }
  const why = [
    ...(add.length > 0 ? [`Mail to ${add.join(', ')} is to arrive here.`] : []),
    ...(remove.length > 0 ? [`${remove.join(', ')} is not wanted any more.`] : []),
  ]
  const risk = remove.length > 0 ? 'destructive' : 'none'
  return {
    ...none,
    steps: [
      step(
        PHASES.addresses,
        'Set-Mailbox',
        { Identity: identity, EmailAddresses: change, Confirm: false },
        why.join(' '),
        risk,
      ),
    ],
  }
}

function ownerOf(address: string, { recipients }: Directory): Recipient | undefined {
  return recipients.find(
    (one) => addressesOf(one).includes(address.toLowerCase()) || isSame(one.UserPrincipalName, address),
  )
}

/** "50 GB (53,687,091,200 bytes)" in bytes. */
function bytesOf(size: string | null | undefined): number | null {
  const bytes = /\(([\d,. ]+) bytes\)/i.exec(size ?? '')?.[1]
  return bytes === undefined ? null : Number(bytes.replace(/\D/g, ''))
}
