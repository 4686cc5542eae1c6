import { type Kind, kindOf } from '../mailbox-kind.ts'
import type { Mailbox, Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { PHASES, step } from './step.ts'
import type { Target } from './target.ts'
import type { WantedMailbox } from './wanted.ts'

/** Whether one can sign in to the mailbox itself. */
export function planSignIn(
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
