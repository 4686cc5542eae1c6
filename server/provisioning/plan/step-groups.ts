import { PHASES, type Step } from './step.ts'

/** Steps that belong together: taking access and giving it again; every other step stands alone. */
export function inGroups(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = []
  for (const step of steps) {
    const last = groups.at(-1)
    const first = last?.[0]
    const isSecond = first?.risk === 'access-gap' && step.phase === PHASES.autoMappingOff && last?.length === 1
    if (isSecond && first.params.User === step.params.User) last?.push(step)
    else groups.push([step])
  }
  return groups
}
