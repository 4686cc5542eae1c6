import { commandLine } from '../command-line.ts'
import type { CmdletName, Params } from '../registry.ts'

/** The order of the work; what comes first must be done before what comes after makes sense. */
export const PHASES = {
  create: 10,
  signIn: 20,
  properties: 30,
  addresses: 40,
  // It takes the mark from everybody, so it comes before a grant that sets it.
  clearAutoMapping: 50,
  removeDeny: 60,
  fullAccess: 70,
  autoMappingOff: 80,
  sendAs: 90,
  sendOnBehalf: 100,
  removals: 110,
} as const

/** `access-gap`: somebody is without access until the next step is done. `destructive`: somebody loses what they had. */
export type Risk = 'none' | 'access-gap' | 'destructive'

export type Step = {
  phase: number
  cmdlet: CmdletName
  params: Params
  /** As an admin would type it. */
  command: string
  risk: Risk
  reason: string
}

/** What is worth knowing about a plan; notes.ts has the words. */
export type Note = { code: string; subject: string }

export function step(phase: number, cmdlet: CmdletName, params: Params, reason: string, risk: Risk = 'none'): Step {
  return { phase, cmdlet, params, command: commandLine(cmdlet, params), risk, reason }
}
