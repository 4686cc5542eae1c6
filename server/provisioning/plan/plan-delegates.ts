import { openAutoMapping } from '../auto-mapping.ts'
import { notesOnPeople, planLimits } from '../delegate-notes.ts'
import type { Directory } from '../directory.ts'
import { holder, type World } from '../holding.ts'
import { findPeople } from '../people.ts'
import { directOf, type Grant, isBuiltIn, mailboxGrants, sendAsGrants } from '../permission.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Part } from './plan.ts'
import { planAutoMapping, planFullAccess } from './plan-auto-mapping.ts'
import { planDenials } from './plan-denials.ts'
import { planRemovals } from './plan-removals.ts'
import { planSendAs, planSendOnBehalf } from './plan-sending.ts'
import type { Target } from './target.ts'
import type { Wanted } from './wanted.ts'

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

function needsAdIdentity({ snapshot, target, people, wanted }: World): boolean {
  const touches = wanted.exclusive || wanted.pruneOrphans || people.length > 0
  return snapshot.platform === 'onprem' && target.adIdentity === null && touches
}
