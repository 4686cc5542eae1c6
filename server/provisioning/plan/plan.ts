import type { Blocker } from '../bad-input.ts'
import { openDirectory } from '../directory.ts'
import type { Snapshot } from '../snapshot.ts'
import { planDelegates } from './plan-delegates.ts'
import { planMailbox } from './plan-mailbox.ts'
import type { Note, Step } from './step.ts'
import type { Wanted } from './wanted.ts'

/** What to do, in this order; where there are blockers nothing is to be done. */
export type Plan = { steps: Step[]; notes: Note[]; blockers: Blocker[] }

/** A part of a plan. */
export type Part = { steps: Step[]; notes: Note[]; blockers: Blocker[] }

/**
 * The steps from what is to what is wanted. What the wanted state doesn't speak of stays as it is; a plan for a state
 * that is reached is empty.
 */
export function planExchange(wanted: Wanted, snapshot: Snapshot): Plan {
  const directory = openDirectory(snapshot)
  const mailbox = planMailbox(wanted, snapshot, directory)
  const delegates = planDelegates(wanted, snapshot, directory, mailbox.target)
  const blockers = [...mailbox.blockers, ...delegates.blockers]
  const notes = distinct([...mailbox.notes, ...delegates.notes])
  if (blockers.length > 0) return { steps: [], notes, blockers }
  // The sort keeps the order within a phase.
  const steps = [...mailbox.steps, ...delegates.steps].sort((a, b) => a.phase - b.phase)
  return { steps, notes, blockers }
}

function distinct(notes: Note[]): Note[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.subject}`, note])).values()]
}
