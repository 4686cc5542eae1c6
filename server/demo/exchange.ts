import { uuidv7 } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import type { Secrets } from '../access/secrets.ts'
import { realClock } from '../provisioning/clock.ts'
import { addConnection } from '../provisioning/connection/stored.ts'
import { SIMULATED_CLIENT, SIMULATED_TENANT, startSimulator } from '../provisioning/simulator/http.ts'
import { type SimulatedMail, startSimulatedMail } from '../provisioning/simulator/mail/mail.ts'
import { openTenant } from '../provisioning/simulator/tenant.ts'

/** The secret of an app that is made up as well. */
const SECRET = 'demo'
/** In the demo Autodiscover tells of a change after a minute, not after an hour. */
const DELAY_MS = 60_000

const PEOPLE = ['Jane Doe', 'John Doe', 'Omar Haddad', 'Mia Tran', 'Bob Stone']

export type DemoExchange = { url: string; mail: SimulatedMail; close(): Promise<void> }

/** An Exchange Online that is made up, so that anybody can try provisioning without a tenant. */
export async function startDemoExchange(): Promise<DemoExchange> {
  const tenant = openTenant({ platform: 'exo', clock: realClock, autoMapDelayMs: DELAY_MS })
  const people = PEOPLE.map((name) => tenant.add(name, named(name.toLowerCase().replace(' ', '.'))))
  const [jane, john, omar] = people
  const bids = tenant.add('Bids', { ...named('bids'), type: 'SharedMailbox', displayName: 'Bids' })
  tenant.add('Bid Team', {
    ...named('bid.team'),
    upn: '',
    type: 'MailUniversalSecurityGroup',
    members: [jane!.id, omar!.id],
  })
  tenant.add('Tenders', { ...named('tenders'), displayName: 'Tenders (everybody has the password)' })
  const ace = { deny: false, inherited: false, inheritanceType: 'All' }
  for (const who of [jane!, john!]) {
    const own = { accountId: who.id, who: who.upn, sid: who.sid, ...ace }
    bids.box?.aces.push({ ...own, rights: ['FullAccess'] })
    bids.box?.sendAs.push({ ...own, rights: ['SendAs'] })
    bids.box?.marks.push({ accountId: who.id, on: true, at: 0 })
  }
  const simulator = await startSimulator({ tenant, clientSecret: SECRET })
  const mail = await startSimulatedMail(simulator)
  return {
    url: simulator.url,
    mail,
    async close() {
      await mail.close()
      await simulator.close()
    },
  }
}

/** The connection to it, as an admin would have entered it. */
export async function connectDemoExchange(
  db: Db,
  secrets: Secrets,
  { url, mail }: DemoExchange,
  now: number,
): Promise<void> {
  const settings = {
    tenant: SIMULATED_TENANT,
    clientId: SIMULATED_CLIENT,
    authority: url,
    exchangeUrl: url,
    autodiscoverUrl: url,
    certificateThumbprint: '',
    ldapUrl: '',
    ldapBaseDn: '',
    ldapBindDn: '',
    netBiosDomain: '',
    // Both are on this machine, and nothing leaves it.
    mail: { imap: { ...mail.imap, security: 'none' as const }, smtp: { ...mail.smtp, security: 'none' as const } },
  }
  const input = {
    name: 'Contoso (simulated)',
    kind: 'simulator' as const,
    platform: 'exo' as const,
    hybrid: false,
    settings,
    clientSecret: SECRET,
    privateKey: '',
    ldapPassword: '',
  }
  const id = uuidv7()
  await db.write((tx) => addConnection(tx, secrets, id, input, null, now))
}

function named(local: string) {
  const address = `${local}@contoso.com`
  return { alias: local, upn: address, addresses: [`SMTP:${address}`, `smtp:${local}@contoso.onmicrosoft.com`] }
}
