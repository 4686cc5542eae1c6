import { directoryCmdlets } from './directory-cmdlets.ts'
import { mailboxCmdlets } from './mailbox-cmdlets.ts'
import { checkParameters, type Input, UnknownCmdlet } from './parameters.ts'
import { type Cmdlet, type Output, permissionCmdlets } from './permission-cmdlets.ts'
import type { Tenant } from './tenant.ts'

const CMDLETS: Record<string, Cmdlet> = { ...mailboxCmdlets, ...permissionCmdlets, ...directoryCmdlets }

/**
 * Carries out one command on a tenant, as Exchange would. What it only tries (WhatIf) changes nothing.
 * @throws UnknownCmdlet, CmdletFailure
 */
export function invoke(tenant: Tenant, cmdlet: string, input: Input): Output {
  const checked = checkParameters(tenant.platform, cmdlet, input)
  const run = Object.hasOwn(CMDLETS, cmdlet) ? CMDLETS[cmdlet] : undefined
  if (!run) throw new UnknownCmdlet(cmdlet)
  if (cmdlet.startsWith('Get-')) return run(checked, tenant.readable(), tenant)
  if (checked.WhatIf === true) {
    const saved = structuredClone(tenant.state)
    try {
      const { warnings } = run(checked, tenant.state, tenant)
      return { rows: [], warnings }
    } finally {
      tenant.restore(saved)
    }
  }
  const before = structuredClone(tenant.state)
  tenant.keepPast()
  try {
    return run(checked, tenant.state, tenant)
  } catch (error) {
    // A command that fails changes nothing, but that a new mailbox was asked for once more.
    const seen = [...tenant.state.accounts].map(([id, { box }]): [string, number] => [id, box?.unseen ?? 0])
    tenant.restore(before)
    for (const [id, unseen] of seen) {
      const box = tenant.state.accounts.get(id)?.box
      if (box) box.unseen = unseen
    }
    throw error
  }
}
