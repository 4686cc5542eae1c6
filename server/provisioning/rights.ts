import type { World } from './holding.ts'
import { PHASES, type Step, step } from './plan/step.ts'
import type { Target } from './plan/target.ts'
import type { Params } from './registry.ts'

/** Gives access, or auto-mapping to who has access. */
export function grantFull(target: Target, user: string, autoMapping: boolean, reason: string): Step {
  const params = { ...fullAccess(target, user, null), AutoMapping: autoMapping, Confirm: false }
  return step(PHASES.fullAccess, 'Add-MailboxPermission', params, reason)
}

/** The parameters that say: full access of this user to this mailbox. */
export function fullAccess({ identity }: Target, user: string, inheritanceType: string | null): Params {
  return { Identity: identity, User: user, AccessRights: ['FullAccess'], InheritanceType: inheritanceType || 'All' }
}

/** Gives or takes Send As, by the cmdlet of the platform. */
export function sendAsStep(
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
