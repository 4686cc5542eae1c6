import { expect, onTestFinished, test } from 'vitest'
import { collect } from '../../server/provisioning/connection/collect.ts'
import { gatherEvidence } from '../../server/provisioning/connection/evidence.ts'
import { directoryTrouble, readLinks } from '../../server/provisioning/connection/ldap.ts'
import { startSimulatedLdap } from '../../server/provisioning/simulator/ldap.ts'
import { openSimulated } from './simulated.ts'
import { BIND, hasSlapd, startSlapd } from './slapd.ts'

const MAILBOX = 'CN=Foo User,ou=People,dc=contoso,dc=local'
const DELEGATES = ['CN=Jörg \\, Äpfel,ou=People,dc=contoso,dc=local', 'CN=user2,ou=People,dc=contoso,dc=local']
const baseDn = 'dc=contoso,dc=local'

test.skipIf(!hasSlapd)('the link of a mailbox is read from OpenLDAP: many values, one, and none', async () => {
  for (const links of [DELEGATES, DELEGATES.slice(1), []]) {
    const url = await startSlapd(MAILBOX, links)
    expect((await readLinks({ url, baseDn, ...BIND }, MAILBOX))?.sort()).toEqual([...links].sort())
    expect(await readLinks({ url, baseDn, ...BIND, password: 'wrong' }, MAILBOX)).toBe(null)
    expect(await readLinks({ url, baseDn, ...BIND }, 'CN=nobody,dc=contoso,dc=local')).toBe(null)
    expect(await directoryTrouble({ url, baseDn, ...BIND })).toBe(null)
    expect(await directoryTrouble({ url, baseDn, ...BIND, password: 'wrong' })).toContain('Check the account')
    expect(await directoryTrouble({ url, baseDn: 'dc=fabrikam,dc=local', ...BIND })).toContain('has no dc=fabrikam')
  }
})

test('D11: values that come in ranges are all read', async () => {
  const { tenant, foo } = await openSimulated({ platform: 'onprem' })
  const directory = await startSimulatedLdap(tenant, BIND)
  onTestFinished(() => directory.close())
  const settings = { url: directory.url, baseDn, ...BIND }
  expect(await readLinks(settings, foo().dn)).toEqual([])
  const many = Array.from({ length: 3_100 }, (_, i) => tenant.add(`many${i}`))
  for (const count of [1, 1_500, 1_600, 3_100]) {
    foo().box!.marks = many.slice(0, count).map(({ id }) => ({ accountId: id, on: true, at: 0 }))
    directory.asked.length = 0
    expect(await readLinks(settings, foo().dn)).toEqual(many.slice(0, count).map(({ dn }) => dn))
    expect(directory.asked).toEqual(
      ['msExchDelegateListLink', 'msExchDelegateListLink;range=1500-*', 'msExchDelegateListLink;range=3000-*'].slice(
        0,
        Math.ceil(count / 1_500),
      ),
    )
  }
})

test('a directory that is away, or that a password would travel to in the open, tells nothing', async () => {
  expect(await readLinks({ url: 'ldap://127.0.0.1:1', baseDn, ...BIND }, MAILBOX)).toBe(null)
  expect(await readLinks({ url: 'ldap://dc.contoso.local', baseDn, ...BIND }, MAILBOX)).toBe(null)
  expect(await directoryTrouble({ url: 'ldap://dc.contoso.local', baseDn, ...BIND })).toContain('ldaps://')
  expect(await directoryTrouble({ url: 'ldap://127.0.0.1:1', baseDn, ...BIND })).toContain('can not be read')
})

test('on premises the link is the evidence: on for whom it names, off for the others', async () => {
  const { tenant, by, connection, clock } = await openSimulated({ platform: 'onprem' })
  const directory = await startSimulatedLdap(tenant, BIND)
  onTestFinished(() => directory.close())
  by('Add-MailboxPermission', { Identity: 'foo.user', User: 'CONTOSO\\user1', AccessRights: ['FullAccess'] })
  by('Add-MailboxPermission', {
    Identity: 'foo.user',
    User: 'CONTOSO\\user2',
    AccessRights: ['FullAccess'],
    AutoMapping: false,
  })
  const { snapshot } = await collect(
    connection,
    { identity: 'foo.user@contoso.com', netBiosDomain: 'CONTOSO' },
    clock.now(),
  )
  const links = (dn: string) => readLinks({ url: directory.url, baseDn, ...BIND }, dn)
  const states = async (password: string) =>
    (await gatherEvidence(snapshot, { links: password ? links : async () => null }, 0)).map(
      ({ user, state, source }) => [user, state, source],
    )
  expect(await states(BIND.password)).toEqual([
    ['user1@contoso.com', 'on', 'ad'],
    ['user2@contoso.com', 'off', 'ad'],
  ])
  expect(await states('')).toEqual([])
})
