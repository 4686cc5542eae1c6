import { Invalid } from '../errors.ts'

/** Something that stops a plan; `message` says in words what it is and what to do. */
export type Blocker = { code: string; subject: string; message: string }

/** A file that can't be understood as a whole: the wanted state, a list of users, a snapshot. */
export class BadInput extends Invalid {
  override name = 'BadInput'
  readonly blockers: Blocker[]
  constructor(blockers: Blocker[]) {
    super(blockers.map(({ subject, message }) => ({ field: subject, message })))
    this.blockers = blockers
  }
}
