/** What goes wrong with a request. `drop` breaks the connection before or after the command was carried out. */
export type Fault =
  | { is: 'throttled'; retryAfterS?: number }
  | { is: 'too many at once' }
  | { is: 'busy' }
  | { is: 'drop'; applied: boolean }
  | { is: 'denied' }
  | { is: 'denied without a word' }
  | { is: 'unauthenticated' }
  | { is: 'garbage' }
  | { is: 'cursor lost' }
  | { is: 'failure'; type: string; message: string; status?: number }

/** A command as it came. `n` counts all commands, `nth` those of this cmdlet; both begin with 1. */
export type Call = { n: number; nth: number; cmdlet: string; params: Record<string, unknown> }

/** Decides for each command whether something goes wrong with it. */
export type Faults = (call: Call) => Fault | undefined

/** The n-th command of a cmdlet fails. */
export function nthOf(cmdlet: string, nth: number, fault: Fault): Faults {
  return (call) => (call.cmdlet === cmdlet && call.nth === nth ? fault : undefined)
}

/** The n-th command of all fails. */
export function nth(n: number, fault: Fault): Faults {
  return (call) => (call.n === n ? fault : undefined)
}
