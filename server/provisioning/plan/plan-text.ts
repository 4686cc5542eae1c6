import { noteLine } from '../notes.ts'
import { oneLine } from '../one-line.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Plan } from './plan.ts'
import { PHASES, type Risk } from './step.ts'

const TITLES: Record<number, string> = {
  [PHASES.create]: 'The mailbox',
  [PHASES.signIn]: 'Sign-in',
  [PHASES.properties]: 'Properties',
  [PHASES.addresses]: 'Addresses',
  [PHASES.clearAutoMapping]: 'Auto-mapping off for all',
  [PHASES.removeDeny]: 'Denials',
  [PHASES.fullAccess]: 'Full access',
  [PHASES.autoMappingOff]: 'Auto-mapping off for one',
  [PHASES.sendAs]: 'Send As',
  [PHASES.sendOnBehalf]: 'Send on Behalf',
  [PHASES.removals]: 'Removals',
}

const RISKS: Record<Risk, string> = {
  none: '',
  'access-gap': ' [without access until the next step]',
  destructive: ' [takes something away]',
}

/** The plan for people to read. */
export function planText(
  { steps, notes, blockers }: Plan,
  identity: string,
  platform: Snapshot['platform'] | null,
): string {
  const where = platform === null ? '' : platform === 'exo' ? ' in Exchange Online' : ' on premises'
  const lines: string[] = [`${identity}${where}`, '']
  if (blockers.length > 0) {
    lines.push('This stops the plan:', ...blockers.map(({ code, message }) => `  ${message} (${code})`))
  } else if (steps.length === 0) lines.push('Everything is as wanted: no changes.')
  let phase = 0
  steps.forEach((step, i) => {
    if (step.phase !== phase) lines.push(...(phase === 0 ? [] : ['']), TITLES[step.phase] ?? `Phase ${step.phase}`)
    phase = step.phase
    lines.push(`  ${i + 1}. ${step.reason}${RISKS[step.risk]}`, `     ${step.command}`)
  })
  if (notes.length > 0) lines.push('', ...notes.map(noteLine))
  return `${lines.map(oneLine).join('\n')}\n`
}
