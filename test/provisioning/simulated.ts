import { onTestFinished } from 'vitest'
import { virtualClock } from '../../server/provisioning/clock.ts'
import { appTokens } from '../../server/provisioning/connection/app-token.ts'
import { openExoRest } from '../../server/provisioning/connection/exo-rest.ts'
import { SIMULATED_CLIENT, SIMULATED_TENANT, startSimulator } from '../../server/provisioning/simulator/http.ts'
import { invoke } from '../../server/provisioning/simulator/invoke.ts'
import { openTenant, type TenantOptions } from '../../server/provisioning/simulator/tenant.ts'

export const SECRET = 'a secret / of the+app'

/**
 * The fixture of the cases in a simulated Exchange: the shared mailbox foo.user, blocked and with copies, and three
 * users; and a connection to it.
 */
export async function openSimulated(options: Partial<TenantOptions> = {}) {
  const clock = virtualClock()
  const tenant = openTenant({ platform: 'exo', clock, ...options })
  const users = ['user1', 'user2', 'user3'].map((name) => tenant.add(name))
  const foo = tenant.add('Foo User', {
    alias: 'foo.user',
    upn: 'foo.user@contoso.com',
    sam: 'foo.user',
    addresses: [
      'SMTP:foo.user@contoso.com',
      'smtp:foo@contoso.onmicrosoft.com',
      'SIP:foo.user@contoso.com',
      'SPO:SPO_1',
    ],
    type: 'SharedMailbox',
    disabled: true,
  })
  foo.box!.copySentAs = true
  foo.box!.copySendOnBehalf = true
  const simulator = await startSimulator({ tenant, clientSecret: SECRET })
  onTestFinished(() => simulator.close())
  const tokens = appTokens(appOf(simulator.url), clock)
  const connection = openExoRest({ exchangeUrl: simulator.url, tokens, clock, platform: tenant.platform })
  return {
    clock,
    tenant,
    simulator,
    connection,
    tokens,
    users,
    /** What an admin did before, by hand. */
    by: (cmdlet: string, params: Record<string, unknown>) => invoke(tenant, cmdlet, params),
    foo: () => tenant.byAddress('foo.user@contoso.com'),
    /** The commands that came, without those that only look. */
    written: () => simulator.answered.filter(({ cmdlet }) => !cmdlet.startsWith('Get-')).map(({ cmdlet }) => cmdlet),
  }
}
export type Simulated = Awaited<ReturnType<typeof openSimulated>>

export const appOf = (authority: string) => ({
  authority,
  tenant: SIMULATED_TENANT,
  clientId: SIMULATED_CLIENT,
  scope: 'https://outlook.office365.com/.default',
  credential: { by: 'secret', clientSecret: SECRET } as const,
})
