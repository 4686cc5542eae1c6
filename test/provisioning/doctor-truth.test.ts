import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askAutodiscover } from '../../server/provisioning/connection/autodiscover-client.ts'
import { collect } from '../../server/provisioning/connection/collect.ts'
import { gatherEvidence } from '../../server/provisioning/connection/evidence.ts'
import { diagnose } from '../../server/provisioning/doctor/doctor.ts'
import { CLIENTS } from '../../server/provisioning/doctor/finding.ts'
import { type Account, isMarked } from '../../server/provisioning/simulator/account.ts'
import type { Behaviour } from '../../server/provisioning/simulator/advertise.ts'
import { linksOf } from '../../server/provisioning/simulator/directory-cmdlets.ts'
import { openSimulated, type Simulated } from './simulated.ts'

// The simulator knows what no command shows: which delegates are marked, and what Outlook is told. Whatever the doctor
// calls a cause must be one. That it does not know is allowed; to be wrong is not.

const FOO = 'foo.user@contoso.com'
const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS
const STATES = Number(process.env.STATES ?? 200)

/** Mostly the same one, so that what is done and what is asked about meet. */
const user = fc.constantFrom('user1', 'user1', 'user1', 'user1', 'user2', 'remote1', 'admin1')
const act = fc.record({
  what: fc.constantFrom(
    'grant',
    'grant',
    'grant',
    'grant off',
    'take',
    'clear',
    'deny',
    'part',
    'group',
    'group',
    'leave stale',
  ),
  user,
  thenMs: fc.constantFrom(0, 10 * 60_000, 3 * HOUR_MS, 25 * HOUR_MS),
})
const state = fc.record({
  platform: fc.constantFrom('exo', 'onprem') as fc.Arbitrary<'exo' | 'onprem'>,
  hybrid: fc.boolean(),
  acts: fc.array(act, { maxLength: 5 }),
  /** Whether all of it was done from here, so that the ledger has it: it can not know what others did after. */
  ours: fc.boolean(),
  hidden: fc.boolean(),
  archive: fc.boolean(),
  pox: fc.constantFrom<Behaviour>(
    'answers',
    'answers',
    'answers',
    'error 500',
    'error 600',
    'redirects',
    'silent',
    'old names',
  ),
  /** Which evidence there is at all. */
  asks: fc.constantFrom(true, true, true, false),
  links: fc.constantFrom(true, true, false),
  user,
  client: fc.constantFrom('outlook-classic', 'outlook-classic', 'outlook-classic', ...CLIENTS),
})
type Made = typeof state extends fc.Arbitrary<infer T> ? T : never
type Ledger = {
  user: string | null
  did: 'granted' | 'removed' | 'cleared automapping'
  autoMapping: boolean | null
  at: string
}

async function open(platform: 'exo' | 'onprem') {
  const simulated = await openSimulated({ platform })
  const { tenant, users } = simulated
  tenant.add('remote1', { type: 'MailUser' })
  const admin = tenant.add('admin1')
  tenant.add('Organization Management', {
    type: 'RoleGroup',
    upn: '',
    addresses: [],
    members: [admin.id],
    alias: '',
    sam: 'Organization Management',
  })
  tenant.add('bids', { type: 'MailUniversalSecurityGroup', upn: '', members: [users[0]!.id, users[1]!.id] })
  return { ...simulated, saved: structuredClone(tenant.state) }
}

/** Carries the acts out, by whomever, and gives what the ledger has of them. */
function live({ tenant, by, clock }: Simulated, { acts, ours, platform, hidden, archive }: Made): Ledger[] {
  const ledger: Ledger[] = []
  const foo = () => tenant.byAddress(FOO)
  foo().hidden = hidden
  foo().hasArchive = archive
  const right = (User: string, more = {}) => ({ Identity: FOO, User, AccessRights: ['FullAccess'], ...more })
  for (const { what, user, thenMs } of acts) {
    const at = new Date(clock.now()).toISOString()
    const address = `${user}@contoso.com`
    const note = (did: Ledger['did'], autoMapping: boolean | null = null, who: string | null = address) =>
      ours && ledger.push({ user: who, did, autoMapping, at })
    const had = foo().box!.aces.some(
      ({ accountId, deny, inherited }) => accountId === tenant.byAddress(address).id && !deny && !inherited,
    )
    if (what === 'grant') {
      by('Add-MailboxPermission', right(user, { AutoMapping: true }))
      note('granted', true)
    } else if (what === 'grant off') {
      by('Add-MailboxPermission', right(user, { AutoMapping: false }))
      if (!had) note('granted', false)
    } else if (what === 'take') {
      by('Remove-MailboxPermission', right(user))
      note('removed')
    } else if (what === 'clear' && platform === 'exo') {
      by('Remove-MailboxPermission', { Identity: FOO, ClearAutoMapping: true })
      note('cleared automapping', null, null)
    } else if (what === 'deny') by('Add-MailboxPermission', right(user, { Deny: true }))
    else if (what === 'part') by('Add-MailboxPermission', { ...right(user), AccessRights: ['ReadPermission'] })
    else if (what === 'group') by('Add-MailboxPermission', right('bids'))
    else if (what === 'leave stale' && !ours)
      foo().box!.marks.push({ accountId: tenant.byAddress(address).id, on: true, at: clock.now() })
    clock.pass(thenMs)
  }
  return ledger
}

/** Whether what the doctor calls a cause is one. */
function isTrue(code: string, { tenant, clock }: Simulated, who: Account, { client, hybrid }: Made): boolean {
  const foo = tenant.byAddress(FOO)
  const aces = tenant.acesFor(foo, who)
  const own = aces.filter(({ accountId, inherited, deny }) => accountId === who.id && !inherited && !deny)
  const isFull = ({ rights }: { rights: string[] }) => rights.includes('FullAccess')
  const marked = (at = clock.now()) => isMarked(foo.box!, who.id, at)
  const advertised = tenant.isAdvertised(foo, who)
  const truths: Record<string, boolean> = {
    CLIENT_NEVER_MAPS: client !== 'outlook-classic' && client !== 'new-outlook',
    USER_NOT_ELIGIBLE: who.box === null,
    CROSS_PREMISES: hybrid && who.type === 'MailUser',
    EXPLICIT_DENY: aces.some((ace) => ace.deny && !ace.inherited && isFull(ace)),
    INHERITED_DENY: aces.some((ace) => ace.deny && ace.inherited && isFull(ace)),
    NO_GRANT: aces.every(({ deny }) => deny),
    ONLY_VIA_GROUP: !own.some(isFull) && aces.some((ace) => ace.accountId !== who.id && !ace.deny && isFull(ace)),
    PARTIAL_RIGHT: own.length > 0 && !own.some(isFull),
    LINK_OFF: own.some(isFull) && !marked(),
    TOO_EARLY: marked() && !advertised && !marked(clock.now() - DAY_MS),
    LINK_ON_NOT_ADVERTISED: marked(clock.now() - DAY_MS) && !advertised,
    ADVERTISED_CLIENT_SIDE: advertised,
    STALE_LINK: !own.some(isFull) && (marked() || advertised),
    WANTED_OFF: own.some(isFull) && (marked() || advertised),
  }
  return truths[code] ?? false
}

test(`whatever the doctor calls a cause is one: ${STATES} states`, async () => {
  const worlds = { exo: await open('exo'), onprem: await open('onprem') }
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(state, async (made) => {
      const simulated = worlds[made.platform]
      const { tenant, simulator, clock, connection, tokens, saved } = simulated
      tenant.restore(saved)
      const ledger = live(simulated, made)
      simulator.autodiscover.pox = made.pox
      simulator.autodiscover.soap = made.pox === 'old names' ? 'error 500' : made.pox
      const address = `${made.user}@contoso.com`
      const who = tenant.byAddress(address)
      const asked = {
        identity: FOO,
        names: [address, 'bids'],
        hybrid: made.hybrid,
        netBiosDomain: made.platform === 'onprem' ? 'CONTOSO' : '',
      }
      const { snapshot } = await collect(connection, asked, clock.now())
      const ask = async (of: string) => {
        const { token } = await tokens()
        const soap = await askAutodiscover({ url: simulator.url, protocol: 'soap', token }, of)
        const source = soap.is === 'settings' ? 'autodiscover-soap' : 'autodiscover-pox'
        return {
          answer:
            soap.is === 'settings' ? soap : await askAutodiscover({ url: simulator.url, protocol: 'pox', token }, of),
          source,
        }
      }
      const links = async () =>
        made.platform === 'onprem' ? linksOf(tenant.state, tenant.byAddress(FOO).id, clock.now()) : null
      const witnesses = { ...(made.asks ? { ask } : {}), ...(made.links ? { links } : {}) }
      const autoMapping = await gatherEvidence(snapshot, witnesses, clock.now())
      const known = { ...snapshot, autoMapping, ledger }
      const answer = made.asks ? (await ask(address)).answer : undefined
      const isShown = tenant.isAdvertised(tenant.byAddress(FOO), who)
      for (const symptom of ['missing', ...(isShown ? (['unwanted'] as const) : [])] as const) {
        const { findings, headline } = diagnose(known, {
          user: address,
          client: made.client,
          symptom,
          now: clock.now(),
          answer,
        })
        const causes = findings.filter(({ verdict }) => verdict === 'cause').map(({ code }) => code)
        const wrong = causes.filter((code) => !isTrue(code, simulated, who, made))
        expect({ symptom, wrong }).toEqual({ symptom, wrong: [] })
        const said = headline ? `${headline.verdict} ${headline.code}` : 'nothing'
        seen.set(said, (seen.get(said) ?? 0) + 1)
      }
    }),
    { numRuns: STATES, seed: 20261121 },
  )
  // It says something in most of them, and not always the same.
  expect([...seen.keys()].filter((said) => said.startsWith('cause ')).length).toBeGreaterThan(7)
  const total = [...seen.values()].reduce((sum, count) => sum + count, 0)
  const causes = [...seen].filter(([said]) => said.startsWith('cause ')).reduce((sum, [, count]) => sum + count, 0)
  expect(causes / total).toBeGreaterThan(0.6)
})
