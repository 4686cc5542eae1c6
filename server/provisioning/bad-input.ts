import { Invalid } from '../errors.ts'
import { oneLine } from './one-line.ts'
import { BadCall } from './registry.ts'

/** Something that stops a plan; `message` says in words what it is and what to do. */
export type Blocker = { code: string; subject: string; message: string }

/** A file that can't be understood as a whole: the wanted state, a list of users, a snapshot. */
export class BadInput extends Invalid {
  override name = 'BadInput'
  readonly blockers: Blocker[]
  constructor(blockers: Blocker[]) {
    super(blockers.map(({ subject, message }) => ({ field: subject, message: oneLine(message) })))
    this.blockers = blockers
  }
}

/**
 * What to say where a name that Exchange gave can't stand in a command, such as one with a line break in it.
 * @throws the error, where it is another one
 */
export function unwritable(error: unknown): Blocker {
  if (!(error instanceof BadCall)) throw error
  const message = `A name in the snapshot can't be written in a command. Mend it in Exchange, then collect again. ${error.message}`
  return { code: 'BAD_NAME', subject: 'snapshot', message }
}
