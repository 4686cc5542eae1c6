import type { Blocker } from '../bad-input.ts'
import { addressesOf, addressOf, isSame, openDirectory } from '../directory.ts'
import type { Params } from '../registry.ts'
import type { Recipient, Snapshot } from '../snapshot.ts'
import type { Plan } from './plan.ts'
import { PHASES, type Step, step } from './step.ts'
import type { WantedGroup } from './wanted-group.ts'

/** The steps to a distribution group that takes mail from outside and passes it to its members. */
export function planGroup(wanted: WantedGroup, snapshot: Snapshot): Plan {
  const { identity, name, displayName, outsideSenders } = wanted.group
  const { people, blockers } = findMembers(wanted, snapshot)
  const { recipients } = openDirectory(snapshot)
  if (!snapshot.group) {
    const owner = recipients.find((one) => addressesOf(one).includes(identity.toLowerCase()))
    if (owner) {
      const message = `${identity} is an address of ${addressOf(owner)} already. Collect a snapshot of that group, or choose another address.`
      blockers.push({ code: 'ADDRESS_IN_USE', subject: identity, message })
    }
    const params: Params = {
      Name: name ?? identity.split('@')[0]!,
      ...(displayName === undefined ? {} : { DisplayName: displayName }),
      PrimarySmtpAddress: identity,
      ...(people.length > 0 ? { Members: people.map(addressOf) } : {}),
      RequireSenderAuthenticationEnabled: !outsideSenders,
    }
    const create = step(
      PHASES.create,
      'New-DistributionGroup',
      params,
      `There is no group ${identity} yet. ${opening(outsideSenders)}`,
    )
    return { steps: blockers.length > 0 ? [] : [create], notes: [], blockers }
  }
  if (!addressesOf(snapshot.group).includes(identity.toLowerCase())) {
    const message = `The snapshot is of ${snapshot.group.PrimarySmtpAddress}, the wanted state of ${identity}. Collect a snapshot of ${identity}.`
    blockers.push({ code: 'OTHER_MAILBOX', subject: identity, message })
  }
  if (!snapshot.groupMembers) {
    const message = 'The snapshot has a group, but not groupMembers. Where there are none it is an empty list.'
    blockers.push({ code: 'PARTIAL_READ', subject: 'groupMembers', message })
  }
  if (blockers.length > 0) return { steps: [], notes: [], blockers }
  return { steps: changes(wanted, snapshot, people), notes: [], blockers }
}

function changes({ group, exclusive }: WantedGroup, snapshot: Snapshot, people: Recipient[]): Step[] {
  const { identity, outsideSenders } = group
  const current = snapshot.groupMembers ?? []
  const isIn = (list: Recipient[], one: Recipient) => list.some((other) => isSame(addressOf(other), addressOf(one)))
  const steps: Step[] = []
  if ((snapshot.group?.RequireSenderAuthenticationEnabled ?? true) === outsideSenders) {
    const params = { Identity: identity, RequireSenderAuthenticationEnabled: !outsideSenders, Confirm: false }
    steps.push(step(PHASES.properties, 'Set-DistributionGroup', params, opening(outsideSenders)))
  }
  for (const one of people.filter((one) => !isIn(current, one))) {
    const params = { Identity: identity, Member: addressOf(one), Confirm: false }
    steps.push(step(PHASES.fullAccess, 'Add-DistributionGroupMember', params, `${addressOf(one)} is not a member yet.`))
  }
  for (const one of current.filter((one) => exclusive && !isIn(people, one))) {
    const params = { Identity: identity, Member: addressOf(one), Confirm: false }
    const reason = `${addressOf(one)} is not listed, and the list is meant to be whole.`
    steps.push(step(PHASES.removals, 'Remove-DistributionGroupMember', params, reason, 'destructive'))
  }
  return steps
}

const opening = (outsideSenders: boolean) =>
  outsideSenders
    ? 'People outside may write to it; by itself Exchange would refuse them.'
    : 'Only people of the organisation may write to it.'

function findMembers({ members }: WantedGroup, snapshot: Snapshot): { people: Recipient[]; blockers: Blocker[] } {
  const directory = openDirectory(snapshot)
  const people = new Map<string, Recipient>()
  const blockers: Blocker[] = []
  for (const { user, at } of members) {
    const resolved = directory.resolve(user)
    if (resolved.is === 'found') people.set(resolved.key, resolved.recipient)
    else if (resolved.is === 'ambiguous') {
      const message = `${at}: ${user} matches ${resolved.matches.join(' and ')}. Write the address of one.`
      blockers.push({ code: 'AMBIGUOUS_IDENTITY', subject: user, message })
    } else {
      const message = `${at}: There is no recipient ${user}. Check how it is written, or collect again with it.`
      blockers.push({ code: 'UNRESOLVED', subject: user, message })
    }
  }
  return { people: [...people.values()], blockers }
}
