import { isGroup } from '../directory.ts'
import { type Held, heldBy, isOurProgram, isRemovable, type World, wants } from '../holding.ts'
import type { Person } from '../people.ts'
import { isOrphan } from '../permission.ts'
import { fullAccess, grantFull } from '../rights.ts'
import type { Part } from './plan.ts'
import { type Note, PHASES, type Step, step } from './step.ts'

/** New grants, for those without access. */
export function planFullAccess({ people, full, target }: World): Partial<Part> {
  const steps = people
    .filter((person) => wants(person, 'FullAccess') && heldBy(full, person).length === 0)
    .map((person) => grantFull(target, person.user, person.autoMapping ?? true, `${person.address} has no access yet.`))
  return { steps }
}

/** Whether the mailbox appears by itself, for those who have access already. */
export function planAutoMapping(world: World): Partial<Part> {
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
