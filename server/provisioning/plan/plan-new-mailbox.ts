import type { Blocker } from '../bad-input.ts'
import { commandLine } from '../command-line.ts'
import { addressOf, type Directory, isSame } from '../directory.ts'
import type { Params } from '../registry.ts'
import type { Mailbox, Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { ownerOf, planAddresses } from './plan-addresses.ts'
import { planProperties } from './plan-properties.ts'
import { planSignIn } from './plan-sign-in.ts'
import { PHASES, step } from './step.ts'
import type { Target } from './target.ts'
import type { Wanted } from './wanted.ts'

const MAX_ALIAS = 64
/** RFC 5321, section 4.1.2, without quoted strings, which Exchange has no use for. */
const ADDRESS =
  /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9\u0080-\uffff-]+(\.[a-z0-9\u0080-\uffff-]+)+$/i

/** Steps for a mailbox that isn't there yet. */
export function planNew(wanted: Wanted, snapshot: Snapshot, directory: Directory): Part & { target: Target } {
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
  } else if (!ADDRESS.test(identity) || identity.split('@')[0]!.length > MAX_ALIAS) {
    refuse(
      'BAD_ADDRESS',
      identity,
      `${identity} can't be the address of a mailbox. Write one such as proposals@contoso.com, of at most ${MAX_ALIAS} characters before the @.`,
    )
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
  // The reference of New-Mailbox: in the cloud many special characters aren't allowed in a name, such as ö, ü or ä.
  const isUnusual = snapshot.platform === 'exo' && /[^\x20-\x7e]/.test(name)
  const create = step(PHASES.create, 'New-Mailbox', params, `There is no mailbox ${identity} yet.`)
  return {
    target,
    steps: [create, ...parts.flatMap(({ steps }) => steps)],
    notes: [...(isUnusual ? [{ code: 'NAME_CHARACTERS', subject: name }] : []), ...parts.flatMap(({ notes }) => notes)],
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
