import { createInterface } from 'node:readline'
import { virtualClock } from '../../server/provisioning/clock.ts'
import { CmdletFailure } from '../../server/provisioning/simulator/cmdlet-error.ts'
import { invoke } from '../../server/provisioning/simulator/invoke.ts'
import { UnknownCmdlet } from '../../server/provisioning/simulator/parameters.ts'
import { openTenant } from '../../server/provisioning/simulator/tenant.ts'

// Stands in for PowerShell with runner.ps1: the same lines in and out, with a simulated Exchange behind them.

const [, , platform = 'exo', ...rest] = process.argv
const script = rest.at(-1) ?? ''
if (rest.slice(0, -1).join(' ') !== '-NoLogo -NoProfile -NonInteractive -File' || !script.endsWith('runner.ps1')) {
  process.stderr.write(`started otherwise: ${rest.join(' ')}`)
  process.exit(1)
}
const tenant = openTenant({ platform: platform === 'onprem' ? 'onprem' : 'exo', clock: virtualClock() })
for (const name of ['user1', 'user2', 'user3']) tenant.add(name)
tenant.add('Foo User', {
  alias: 'foo.user',
  upn: 'foo.user@contoso.com',
  sam: 'foo.user',
  addresses: ['SMTP:foo.user@contoso.com'],
  type: 'SharedMailbox',
  disabled: true,
})

type Request = { id: string; cmdlet: string; params: Record<string, unknown>; select: string[] }

for await (const line of createInterface({ input: process.stdin })) {
  // The cast: the connection under test wrote it.
  const { id, cmdlet, params, select } = JSON.parse(line) as Request
  const named = String(params.Identity ?? '')
  if (named === 'dies') process.exit(3)
  if (named === 'noise') process.stdout.write('WARNING: something\n')
  else process.stdout.write(`${JSON.stringify({ id, ...answer(cmdlet, params, select) })}\n`)
}

function answer(cmdlet: string, params: Record<string, unknown>, select: string[]) {
  try {
    const { rows, warnings } = invoke(tenant, cmdlet, params)
    // As the runner does: Booleans as they are, lists as texts, and every other value as text.
    const plain = (value: unknown) =>
      typeof value === 'boolean' || value === null || value === undefined
        ? (value ?? null)
        : Array.isArray(value)
          ? value.map(String)
          : String(value)
    const records = rows.map((row) => Object.fromEntries(select.map((name) => [name, plain(row[name])])))
    return { ok: true, records, warnings }
  } catch (error) {
    if (error instanceof UnknownCmdlet)
      return {
        ok: false,
        error: {
          message: 'The term is not recognized.',
          type: 'System.Management.Automation.CommandNotFoundException',
          fqid: 'CommandNotFoundException',
        },
      }
    if (!(error instanceof CmdletFailure)) throw error
    const fqid = `[Server=DB1,RequestId=1,FailureCategory=Cmdlet-${error.type.split('.').at(-1)}] E5DDAC9B,Microsoft.Exchange.Management`
    return { ok: false, error: { message: error.message, type: 'System.Management.Automation.RemoteException', fqid } }
  }
}
