import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { expect, onTestFinished } from 'vitest'
import { openDns } from '../../server/net/dns.ts'
import { workDue } from '../../server/provisioning/apply/worker.ts'
import { SIMULATED_CLIENT, SIMULATED_TENANT } from '../../server/provisioning/simulator/http.ts'
import { startSimulatedMail } from '../../server/provisioning/simulator/mail/mail.ts'
import type { TenantOptions } from '../../server/provisioning/simulator/tenant.ts'
import { startDns } from '../dns.ts'
import { openSimulated, SECRET } from '../provisioning/simulated.ts'
import { openWorld } from '../world.ts'

/** The domain as Outlook needs it. */
const GOOD_DNS = { 'CNAME autodiscover.contoso.com': ['autodiscover.outlook.com'] }

/** The shared mailbox of the fixture. */
export const FOO = 'foo.user@contoso.com'

/** The app with a connection to a simulated Exchange that has mail, as an admin entered it. */
export async function openExchange(options: Partial<TenantOptions> = {}) {
  const world = await openWorld()
  const names = await startDns({ records: GOOD_DNS })
  onTestFinished(() => names.stop())
  world.deps.dns = openDns([names.server])
  const simulated = await openSimulated(options)
  const mail = await startSimulatedMail(simulated.simulator)
  onTestFinished(() => mail.close())
  const { url } = simulated.simulator
  const ada = world.as(world.ada)
  const id = randomUUID()
  const settings = {
    tenant: SIMULATED_TENANT,
    clientId: SIMULATED_CLIENT,
    authority: url,
    exchangeUrl: url,
    autodiscoverUrl: url,
    mail: { imap: { ...mail.imap, security: 'none' }, smtp: { ...mail.smtp, security: 'none' } },
  }
  const input = { name: 'Contoso', kind: 'simulator', platform: 'exo', settings, clientSecret: SECRET }
  const created = await ada('/api/exchange/connections', { method: 'POST', json: { id, ...input } })
  expect(created.status).toBe(201)
  const send = async (method: string, path: string, json: object = {}) => {
    const response = await ada(`/api/exchange${path}`, { method, json })
    return { status: response.status, body: await response.json() }
  }
  const post = (path: string, json: object = {}) => send('POST', path, json)
  const get = async (path: string) => await (await ada(`/api/exchange${path}`)).json()
  const deps = {
    db: world.db,
    secrets: world.secrets,
    log: pino({ level: 'silent' }),
    clock: simulated.clock,
    connections: world.deps.exchange,
  }
  const work = () => workDue(deps)
  return {
    ...world,
    ...simulated,
    exchangeMail: mail,
    names,
    id,
    input,
    post,
    put: (path: string, json: object) => send('PUT', path, json),
    get,
    ada,
    work,
    /** Applies what is wanted, and gives the row of the mailbox. */
    async applied(wanted: string, identity = FOO) {
      const of = { connectionId: id, identity, wanted, lists: {} }
      const { planHash, snapshotHash } = (await post('/plan', of)).body
      expect((await post('/apply', { ...of, id: randomUUID(), planHash, snapshotHash })).status).toBe(202)
      await work()
      const found = await get('/mailboxes')
      return found.find((one: { identity: string }) => one.identity === identity)
    },
  }
}
