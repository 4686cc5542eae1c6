import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { pino } from 'pino'
import { uuidv7 } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import { events, exchangeConnections, exchangeFlips } from '../../db/schema.ts'
import { carryOut } from '../../server/provisioning/apply/carry-out.ts'
import { openConnections, type ProvisioningDeps } from '../../server/provisioning/apply/deps.ts'
import { planNow } from '../../server/provisioning/apply/look.ts'
import { adopt, beginRun, findRun } from '../../server/provisioning/apply/run.ts'
import { SIMULATED_CLIENT, SIMULATED_TENANT } from '../../server/provisioning/simulator/http.ts'
import type { TenantOptions } from '../../server/provisioning/simulator/tenant.ts'
import { openWorld } from '../world.ts'
import { openSimulated, SECRET, type Simulated } from './simulated.ts'

export const FOO = 'foo.user@contoso.com'

/** A world with a connection to a simulated Exchange, and all that carries plans out there. */
export async function openApplied(options: Partial<TenantOptions> = {}) {
  const world = await openWorld()
  const simulated = await openSimulated(options)
  const connectionId = uuidv7()
  await addConnection(world.db, world.secrets, connectionId, simulated, options.platform ?? 'exo')
  const deps: ProvisioningDeps = {
    db: world.db,
    secrets: world.secrets,
    log: pino({ level: 'silent' }),
    clock: simulated.clock,
    connections: openConnections({ secrets: world.secrets, clock: simulated.clock }),
  }
  return { ...world, ...simulated, ...acting(deps, connectionId), deps, connectionId }
}
export type Applied = Awaited<ReturnType<typeof openApplied>>

export async function addConnection(
  db: Db,
  secrets: ProvisioningDeps['secrets'],
  id: string,
  { simulator }: Pick<Simulated, 'simulator'>,
  platform: 'exo' | 'onprem' = 'exo',
) {
  const settings = {
    tenant: SIMULATED_TENANT,
    clientId: SIMULATED_CLIENT,
    authority: simulator.url,
    exchangeUrl: simulator.url,
    autodiscoverUrl: simulator.url,
    certificateThumbprint: '',
    ldapUrl: '',
    ldapBaseDn: '',
    ldapBindDn: '',
    netBiosDomain: platform === 'onprem' ? 'CONTOSO' : '',
  }
  const sealed = secrets.encrypt(JSON.stringify({ clientSecret: SECRET }))
  await db.write(async (tx) => {
    await tx.insert(exchangeConnections).values({
      id,
      name: 'Contoso',
      kind: 'simulator',
      platform,
      settings,
      secrets: sealed,
      createdAt: 0,
      changedAt: 0,
    })
  })
}

/** What an admin does with a plan: sees it, and has it carried out. */
export function acting(deps: ProvisioningDeps, connectionId: string) {
  const begin = async (wanted: string, identity = FOO, lists = {}) => {
    const mailboxId = uuidv7()
    const mailbox = await deps.db.write((tx) =>
      adopt(tx, { connectionId, identity, id: mailboxId }, { wanted, lists }, deps.clock.now()),
    )
    const looked = await planNow(deps, mailbox, { wanted, lists })
    const id = randomUUID()
    await deps.db.write((tx) =>
      beginRun(tx, mailbox, looked, looked, { id, wanted, lists, memberId: null }, deps.clock.now()),
    )
    return { id, mailbox, looked }
  }
  const flips = async () => await deps.db.read.select().from(exchangeFlips)
  return {
    begin,
    flips,
    apply: async (wanted: string, identity = FOO, lists = {}) => {
      const { id } = await begin(wanted, identity, lists)
      await carryOut(deps, id)
      return await findRun(deps.db.read, id)
    },
    alarms: async () => (await flips()).filter(({ phase }) => phase === 'lost').map(({ command }) => command),
    told: async (action: 'exchange_access_lost' | 'exchange_access_back' | 'exchange_drift' | 'exchange_run') =>
      (await deps.db.read.select().from(events).where(eq(events.action, action))).map(({ detail }) => detail),
  }
}
