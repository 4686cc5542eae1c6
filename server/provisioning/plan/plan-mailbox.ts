import type { Blocker } from '../bad-input.ts'
import { type Directory, isSame } from '../directory.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { planAddresses } from './plan-addresses.ts'
import { planConversion } from './plan-conversion.ts'
import { planNew } from './plan-new-mailbox.ts'
import { planProperties } from './plan-properties.ts'
import { planSignIn } from './plan-sign-in.ts'
import { namesOf, type Target, targetOf } from './target.ts'
import type { Wanted } from './wanted.ts'

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
