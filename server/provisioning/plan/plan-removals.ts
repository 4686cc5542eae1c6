import { addressOf } from '../directory.ts'
import { type Held, isOurProgram, isRemovable, nameOf, type World, wants } from '../holding.ts'
import type { Person } from '../people.ts'
import { isOrphan } from '../permission.ts'
import { fullAccess, sendAsStep } from '../rights.ts'
import type { Part } from './plan.ts'
import { type Note, PHASES, step } from './step.ts'

/** What nobody is to have any more; Send As goes before access. */
export function planRemovals(world: World): Partial<Part> {
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
