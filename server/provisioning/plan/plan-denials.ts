import { heldBy, type World, wants } from '../holding.ts'
import { fullAccess, sendAsStep } from '../rights.ts'
import type { Part } from './plan.ts'
import { PHASES, step } from './step.ts'

/** Takes away what denies somebody the rights that they are to have. */
export function planDenials(world: World): Partial<Part> {
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
