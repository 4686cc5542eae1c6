import { type AutoMapping, openAutoMapping } from './auto-mapping.ts'
import type { Blocker } from './bad-input.ts'
import {
  accountOf,
  addressOf,
  type Directory,
  hasNoMailbox,
  isGroup,
  isSame,
  isServicePrincipal,
  userOf,
} from './directory.ts'
import { isMemberOf } from './membership.ts'
import { findPeople, type Person } from './people.ts'
import { directOf, type Grant, isBuiltIn, isOrphan, mailboxGrants, sendAsGrants } from './permission.ts'
import type { Part } from './plan.ts'
import type { Target } from './plan-mailbox.ts'
import type { Params } from './registry.ts'
import type { Recipient, Snapshot } from './snapshot.ts'
import { type Note, PHASES, type Step, step } from './step.ts'
import type { Wanted } from './wanted.ts'

/** Exchange keeps no more entries on a mailbox. */
const MAX_ACES = 500
/** More than these open it at a time badly, and a licence covers no more. */
const MAX_USERS = 25
/** Outlook shows no more mapped mailboxes; one with an archive counts as two. */
const MAX_MAPPED = 32

/** A direct grant with whom it belongs to: `key` as the directory has it, else the name that the row shows. */
type Held = Grant & { key: string; recipient: Recipient | null }

type World = {
  wanted: Wanted
  snapshot: Snapshot
  target: Target
  directory: Directory
  people: Person[]
  /** Allowed, direct and not of the system. */
  full: Held[]
  sendAs: Held[]
  denied: Held[]
  sendAsDenied: Held[]
  mapping: (key: string) => AutoMapping
}

/** Steps for who may do what with the mailbox. */
export function planDelegates(wanted: Wanted, snapshot: Snapshot, directory: Directory, target: Target): Part {
  const { people, blockers } = findPeople(wanted, snapshot, directory)
  const held = (grants: Grant[]) =>
    directOf(grants)
      .filter((grant) => !isBuiltIn(grant))
      .map((grant) => holder(grant, directory))
  const full = held(mailboxGrants(snapshot)).filter(({ rights }) => rights.includes('FullAccess'))
  const sendAs = held(sendAsGrants(snapshot))
  const world: World = {
    wanted,
    snapshot,
    target,
    directory,
    people,
    full: full.filter(({ deny }) => !deny),
    sendAs: sendAs.filter(({ deny }) => !deny),
    denied: full.filter(({ deny }) => deny),
    sendAsDenied: sendAs.filter(({ deny }) => deny),
    mapping: openAutoMapping(snapshot, directory),
  }
  if (needsAdIdentity(world)) {
    const subject = target.identity
    const message = `The snapshot has no DistinguishedName for ${subject}, which Send As needs on premises. Collect it again.`
    blockers.push({ code: 'DN_MISSING', subject, message })
  }
  const parts = [
    planDenials(world),
    planFullAccess(world),
    planAutoMapping(world),
    planSendAs(world),
    planSendOnBehalf(world),
    planRemovals(world),
    planLimits(world),
  ]
  return {
    steps: parts.flatMap((part) => part.steps ?? []),
    notes: [...notesOnPeople(world), ...parts.flatMap((part) => part.notes ?? [])],
    blockers: [...blockers, ...parts.flatMap((part) => part.blockers ?? [])],
  }
}

function holder(grant: Grant, directory: Directory): Held {
  const byName = directory.resolve(grant.who)
  const resolved = byName.is === 'found' || !grant.sid ? byName : directory.resolve(grant.sid)
  if (resolved.is === 'found') return { ...grant, key: resolved.key, recipient: resolved.recipient }
  return { ...grant, key: grant.who.toLowerCase(), recipient: null }
}

const heldBy = (grants: Held[], { key }: Person) => grants.filter((grant) => grant.key === key)
const wants = ({ rights }: Person, right: Person['rights'][number]) => rights.includes(right)

function planDenials(world: World): Partial<Part> {
  const { people, denied, sendAsDenied, target } = world
  const full = people
    .filter((person) => wants(person, 'FullAccess'))
    .flatMap((person) =>
      heldBy(denied, person).map(({ inheritanceType }) =>
        step(
          PHASES.removeDeny,
          'Remove-MailboxPermission',
          { ...fullAccess(target, person.user, inheritanceType), Deny: true, Confirm: false },
          `${person.address} is denied access, and a denial beats every grant.`,
        ),
      ),
    )
  const sending = people
    .filter((person) => wants(person, 'SendAs'))
    .flatMap((person) =>
      heldBy(sendAsDenied, person).map(() =>
        sendAsStep(
          world,
          'Remove',
          PHASES.removeDeny,
          person.user,
          `${person.address} is denied Send As, and a denial beats every grant.`,
          'none',
          true,
        ),
      ),
    )
  return { steps: [...full, ...sending] }
}

function planFullAccess({ people, full, target }: World): Partial<Part> {
  const steps = people
    .filter((person) => wants(person, 'FullAccess') && heldBy(full, person).length === 0)
    .map((person) => grantFull(target, person.user, person.autoMapping ?? true, `${person.address} has no access yet.`))
  return { steps }
}

/** Whether the mailbox appears by itself, for those who have access already. */
function planAutoMapping(world: World): Partial<Part> {
  const { wanted, snapshot, people, full, mapping, target } = world
  const isEnforced = wanted.autoMappingPolicy === 'enforce'
  const steps: Step[] = []
  const notes: Note[] = []
  const off: { person: Person; grants: Held[] }[] = []
  for (const person of people) {
    const grants = heldBy(full, person)
    if (person.autoMapping === undefined || person.isGroup || grants.length === 0 || !wants(person, 'FullAccess'))
      continue
    const { state, source } = mapping(person.key)
    if (state === (person.autoMapping ? 'on' : 'off')) continue
    if (state === 'unknown' && !isEnforced) {
      notes.push({ code: 'AUTOMAP_STATE_UNKNOWN', subject: person.address })
    } else if (person.autoMapping) {
      const known =
        state === 'unknown' ? 'Whether it appears by itself is not known' : `It does not appear by itself (${source})`
      steps.push(
        grantFull(
          target,
          person.user,
          true,
          `${known} for ${person.address}. A second grant turns that on; access stays throughout.`,
        ),
      )
    } else off.push({ person, grants })
  }
  if (off.length === 0) return { steps, notes }
  if (snapshot.platform === 'exo' && nobodyStaysMapped(world)) {
    const reason = 'Nobody is to have it appear by itself. This takes the mark from all at once and touches no access.'
    const clear = { Identity: target.identity, ClearAutoMapping: true, Confirm: false }
    return { steps: [step(PHASES.clearAutoMapping, 'Remove-MailboxPermission', clear, reason), ...steps], notes }
  }
  for (const { person, grants } of off) {
    const [grant] = grants
    if (grants.length > 1) notes.push({ code: 'SEVERAL_GRANTS', subject: person.address })
    else steps.push(...turnOff(world, person, grant!))
  }
  return { steps, notes }
}

/** Turns it off for one. Exchange knows no other way than taking the right and giving it again, but for the link itself. */
function turnOff({ wanted, snapshot, target }: World, person: Person, { inheritanceType }: Held): Step[] {
  const link = person.recipient.DistinguishedName
  if (snapshot.platform === 'onprem' && wanted.editAdLink && link && target.adIdentity) {
    const reason = `It appears by itself for ${person.address}. The link in the directory goes; access stays throughout.`
    const params = { Identity: target.adIdentity, Remove: ['msExchDelegateListLink', link], Confirm: false }
    return [step(PHASES.autoMappingOff, 'Set-ADUser', params, reason)]
  }
  const right = fullAccess(target, person.user, inheritanceType)
  return [
    step(
      PHASES.autoMappingOff,
      'Remove-MailboxPermission',
      { ...right, Confirm: false },
      `It appears by itself for ${person.address}. To turn that off access is taken and given again: the next step must follow.`,
      'access-gap',
    ),
    step(
      PHASES.autoMappingOff,
      'Add-MailboxPermission',
      { ...right, AutoMapping: false, Confirm: false },
      `Gives ${person.address} access again, without the mailbox appearing by itself.`,
      'access-gap',
    ),
  ]
}

/** Whether everybody who has access now is to be without the mark, or is marked again by a later step. */
function nobodyStaysMapped({ wanted, people, full, mapping, snapshot }: World): boolean {
  return full.every((grant) => {
    const person = people.find(({ key }) => key === grant.key)
    if (isOrphan(grant) || isOurProgram(grant, snapshot) || (grant.recipient && isGroup(grant.recipient))) return true
    if (mapping(grant.key).state === 'off') return true
    if (person) return person.autoMapping === false || !wants(person, 'FullAccess')
    return wanted.exclusive && isRemovable(grant, null)
  })
}

function planSendAs(world: World): Partial<Part> {
  const { people, sendAs, snapshot } = world
  const missing = people.filter((person) => wants(person, 'SendAs') && heldBy(sendAs, person).length === 0)
  return {
    steps: missing.map(({ user, address }) =>
      sendAsStep(
        world,
        'Add',
        PHASES.sendAs,
        user,
        `${address} can't send as the mailbox yet. It can take an hour to work.`,
      ),
    ),
    // Send As is kept on each side by itself; nothing carries it over.
    notes: snapshot.hybrid
      ? missing.map(({ address }) => ({ code: 'HYBRID_SEND_AS_BOTH_SIDES', subject: address }))
      : [],
  }
}

function planSendOnBehalf({ wanted, snapshot, directory, people, target }: World): Partial<Part> {
  const current = (snapshot.mailbox?.GrantSendOnBehalfTo ?? []).map((name) => ({
    name,
    resolved: directory.resolve(name),
  }))
  const has = (key: string) => current.some(({ resolved }) => resolved.is === 'found' && resolved.key === key)
  const add = people.filter((person) => wants(person, 'SendOnBehalf') && !has(person.key))
  const narrowed = people
    .filter((person) => !wants(person, 'SendOnBehalf') && has(person.key))
    .map(({ address }) => address)
  const unlisted = current.flatMap(({ resolved }) =>
    wanted.exclusive && resolved.is === 'found' && !people.some(({ key }) => key === resolved.key)
      ? [addressOf(resolved.recipient)]
      : [],
  )
  const remove = [...new Set([...narrowed, ...unlisted])]
  const notes = wanted.exclusive
    ? current
        .filter(({ resolved }) => resolved.is !== 'found')
        .map(({ name }) => ({ code: 'UNRESOLVED_KEPT', subject: name }))
    : []
  if (add.length === 0 && remove.length === 0) return { notes }
  const change = {
    ...(add.length > 0 ? { add: add.map(({ address }) => address) } : {}),
    ...(remove.length > 0 ? { remove } : {}),
  }
  const why = [
    ...(add.length > 0 ? [`${change.add?.join(', ')} may not send on its behalf yet.`] : []),
    ...(remove.length > 0 ? [`${remove.join(', ')} is not to send on its behalf.`] : []),
  ]
  const params: Params = { Identity: target.identity, GrantSendOnBehalfTo: change, Confirm: false }
  const risk = remove.length > 0 ? 'destructive' : 'none'
  return { steps: [step(PHASES.sendOnBehalf, 'Set-Mailbox', params, why.join(' '), risk)], notes }
}

/** What nobody is to have any more; Send As goes before access. */
function planRemovals(world: World): Partial<Part> {
  const { wanted, snapshot, people, full, denied, sendAs, sendAsDenied, target } = world
  const notes: Note[] = []
  const isToGo = (grant: Held, right: Person['rights'][number]): string | undefined => {
    if (isOrphan(grant)) {
      if (!wanted.pruneOrphans) notes.push({ code: 'ORPHAN', subject: grant.who })
      return wanted.pruneOrphans ? `${grant.who} is what an account left behind that is gone.` : undefined
    }
    if (grant.deny) return undefined
    const person = people.find(({ key }) => key === grant.key)
    if (person) return wants(person, right) ? undefined : `${person.address} is listed without ${right}.`
    if (!wanted.exclusive) return undefined
    if (isOurProgram(grant, snapshot)) {
      notes.push({ code: 'SERVICE_PRINCIPAL_KEPT', subject: grant.who })
      return undefined
    }
    if (!isRemovable(grant, world.directory.domain)) {
      notes.push({ code: 'UNRESOLVED_KEPT', subject: grant.who })
      return undefined
    }
    return `${grant.recipient ? addressOf(grant.recipient) : grant.who} is not listed, and the list is meant to be whole.`
  }
  const sending = [...sendAs, ...sendAsDenied].flatMap((grant) => {
    const reason = isToGo(grant, 'SendAs')
    return reason
      ? [sendAsStep(world, 'Remove', PHASES.removals, nameOf(grant, world), reason, 'destructive', grant.deny)]
      : []
  })
  const access = [...full, ...denied].flatMap((grant) => {
    const reason = isToGo(grant, 'FullAccess')
    if (!reason) return []
    const params = {
      ...fullAccess(target, nameOf(grant, world), grant.inheritanceType),
      ...(grant.deny ? { Deny: true } : {}),
      Confirm: false,
    }
    return [step(PHASES.removals, 'Remove-MailboxPermission', params, reason, 'destructive')]
  })
  return { steps: [...sending, ...access], notes }
}

function planLimits({ snapshot, target, people, full, mapping }: World): Partial<Part> {
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

function notesOnPeople({ snapshot, directory, people, sendAs }: World): Note[] {
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
      if (denials.some((grant) => grant.inherited && isDenied(grant))) notes.push({ code: 'INHERITED_DENY', subject })
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

function grantFull(target: Target, user: string, autoMapping: boolean, reason: string): Step {
  const params = { ...fullAccess(target, user, null), AutoMapping: autoMapping, Confirm: false }
  return step(PHASES.fullAccess, 'Add-MailboxPermission', params, reason)
}

function fullAccess({ identity }: Target, user: string, inheritanceType: string | null): Params {
  return { Identity: identity, User: user, AccessRights: ['FullAccess'], InheritanceType: inheritanceType || 'All' }
}

function sendAsStep(
  { snapshot, target }: World,
  verb: 'Add' | 'Remove',
  phase: number,
  user: string,
  reason: string,
  risk: Step['risk'] = 'none',
  deny = false,
): Step {
  const rest = { ...(deny ? { Deny: true } : {}), Confirm: false }
  if (snapshot.platform === 'exo') {
    const params = { Identity: target.identity, Trustee: user, AccessRights: ['SendAs'], ...rest }
    return step(phase, `${verb}-RecipientPermission`, params, reason, risk)
  }
  const right = { AccessRights: ['ExtendedRight'], ExtendedRights: ['Send As'] }
  // Without a distinguished name the plan is blocked; the name only keeps the step whole until then.
  const params = { Identity: target.adIdentity ?? target.identity, User: user, ...right, ...rest }
  return step(phase, `${verb}-ADPermission`, params, reason, risk)
}

function needsAdIdentity({ snapshot, target, people, wanted }: World): boolean {
  const touches = wanted.exclusive || wanted.pruneOrphans || people.length > 0
  return snapshot.platform === 'onprem' && target.adIdentity === null && touches
}

/** How a step names who holds a grant. */
function nameOf({ recipient, who }: Held, { snapshot, directory }: World): string {
  if (!recipient) return who
  return snapshot.platform === 'onprem' ? accountOf(recipient, directory.domain) : userOf(recipient)
}

/** A row that nobody can be found for is only taken away where its name can mean one account alone. */
function isRemovable({ recipient, who }: Held, domain: string | null): boolean {
  if (recipient) return !isServicePrincipal(recipient)
  if (/^[^\s@]+@[^\s@]+$/.test(who)) return true
  return domain !== null && isSame(who.split('\\')[0], domain) && who.includes('\\')
}

/** The program that watches the mailbox holds a grant too; taking it would lock Downfield out. */
function isOurProgram({ recipient, who, sid }: Held, { servicePrincipals }: Snapshot): boolean {
  if (recipient && isServicePrincipal(recipient)) return true
  return servicePrincipals.some(
    ({ Identity, AppId, ObjectId, DisplayName, Sid }) =>
      [Identity, AppId, ObjectId, DisplayName].some((name) => isSame(name, who)) || isSame(Sid, sid),
  )
}
