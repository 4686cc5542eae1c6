import { generateKeyPairSync } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { appTokens } from '../../server/provisioning/connection/app-token.ts'
import { collect } from '../../server/provisioning/connection/collect.ts'
import { type CmdletCall, ExchangeError } from '../../server/provisioning/connection/connection.ts'
import { classify } from '../../server/provisioning/connection/error-kind.ts'
import { nthOf } from '../../server/provisioning/simulator/faults.ts'
import { startSimulator, thumbprintOf } from '../../server/provisioning/simulator/http.ts'
import { openTenant } from '../../server/provisioning/simulator/tenant.ts'
import { appOf, openSimulated, SECRET } from './simulated.ts'

const FOO = 'foo.user@contoso.com'
const look: CmdletCall = { cmdlet: 'Get-MailboxPermission', params: { Identity: FOO } }
const grant: CmdletCall = {
  cmdlet: 'Add-MailboxPermission',
  params: { Identity: FOO, User: 'user1@contoso.com', AccessRights: ['FullAccess'], AutoMapping: true, Confirm: false },
}
const inventory: CmdletCall = {
  cmdlet: 'Get-Mailbox',
  params: { RecipientTypeDetails: ['UserMailbox'], ResultSize: 'Unlimited' },
}

const failure = async (work: Promise<unknown>) =>
  await work.then(
    () => expect.unreachable(),
    (error: unknown) => {
      if (!(error instanceof ExchangeError)) throw error
      return error
    },
  )

test('a command goes out once, with everything that the module sends, and its rows come back plain', async () => {
  const { connection, simulator } = await openSimulated()
  const { records, unchanged, requestId } = await connection.invoke(grant)
  expect({ records, unchanged }).toEqual({
    records: [
      {
        Identity: 'Foo User',
        User: 'user1@contoso.com',
        AccessRights: ['FullAccess'],
        Deny: false,
        IsInherited: false,
        InheritanceType: 'All',
        UserSid: expect.stringMatching(/^S-1-5-21-/),
        PrimarySmtpAddress: '',
      },
    ],
    unchanged: false,
  })
  expect(simulator.answered).toMatchObject([
    {
      cmdlet: 'Add-MailboxPermission',
      params: grant.params,
      headers: {
        'x-responseformat': 'json',
        'x-cmdletname': 'Add-MailboxPermission',
        'x-anchormailbox': expect.stringMatching(/^APP:SystemMailbox\{bb558c35-/),
        'client-request-id': requestId,
      },
    },
  ])
  // B5: what is there already is no error.
  expect((await connection.invoke(grant)).unchanged).toBe(true)
})

test('B8: an empty identity is refused here, and nothing is sent', async () => {
  const { connection, simulator } = await openSimulated()
  for (const Identity of ['', ' ']) {
    await expect(connection.invoke({ cmdlet: 'Get-Mailbox', params: { Identity } })).rejects.toThrow('Identity')
    await expect(connection.invoke({ cmdlet: 'Set-Mailbox', params: { Identity, Type: 'Shared' } })).rejects.toThrow(
      'Identity',
    )
  }
  await expect(connection.invoke({ cmdlet: 'Get-Mailbox', params: { ResultSize: 'Unlimited' } })).rejects.toThrow(
    'needs Identity',
  )
  expect([simulator.answered, simulator.tokensGiven]).toEqual([[], 0])
})

test('B7: a refusal of nothing but NUL bytes names both grants', async () => {
  const { connection, simulator } = await openSimulated()
  simulator.grants.directoryRole = false
  const error = await failure(connection.invoke(look))
  expect([error.kind, error.message]).toEqual([
    'RBAC_OR_UNKNOWN_CMDLET',
    'Exchange refused without a word. The app needs two grants: the application role Exchange.ManageAsApp with admin consent, and a role in the directory, such as Exchange Recipient Administrator; or this command does not exist there.',
  ])
})

test('throttling is waited out, for as long as Exchange says', async () => {
  const { connection, simulator, clock } = await openSimulated()
  simulator.faults = ({ n }) =>
    n === 1
      ? { is: 'throttled', retryAfterS: 7 }
      : n === 2
        ? { is: 'too many at once' }
        : n === 3
          ? { is: 'busy' }
          : undefined
  expect((await connection.invoke(look)).records).toHaveLength(3)
  expect(clock.waited).toEqual([7_000, 6_000, 9_000])
})

test('a write is never repeated by the connection: whoever keeps the journal knows what that would do', async () => {
  const { connection, simulator } = await openSimulated()
  for (const [fault, kind] of [
    [{ is: 'throttled', retryAfterS: 1 }, 'RETRYABLE'],
    [{ is: 'busy' }, 'RETRYABLE'],
    [{ is: 'drop', applied: true }, 'UNCERTAIN'],
    [{ is: 'drop', applied: false }, 'UNCERTAIN'],
    [{ is: 'garbage' }, 'UNCERTAIN'],
  ] as const) {
    simulator.reset()
    simulator.faults = nthOf('Add-MailboxPermission', 1, fault)
    expect((await failure(connection.invoke(grant))).kind).toBe(kind)
    expect(simulator.answered).toHaveLength(1)
  }
})

test('a read that breaks off is asked again', async () => {
  const { connection, simulator } = await openSimulated()
  simulator.faults = nthOf('Get-MailboxPermission', 1, { is: 'drop', applied: true })
  expect((await connection.invoke(look)).records).toHaveLength(3)
})

test('tokens are kept until they end, and a refused one is replaced once', async () => {
  const { connection, simulator, clock } = await openSimulated()
  await Promise.all([connection.invoke(look), connection.invoke(look), connection.invoke(look)])
  expect(simulator.tokensGiven).toBe(1)
  clock.pass(56 * 60_000)
  await connection.invoke(look)
  expect(simulator.tokensGiven).toBe(2)
  simulator.faults = ({ n }) => (n === 5 ? { is: 'unauthenticated' } : undefined)
  await connection.invoke(look)
  expect(simulator.tokensGiven).toBe(3)
  simulator.grants.appRole = false
  expect((await failure(connection.invoke(look))).kind).toBe('UNAUTHENTICATED')
})

test('the app may sign in with a certificate; what it says of itself is good once', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const { clock } = await openSimulated()
  const tenant = openTenant({ platform: 'exo', clock })
  const simulator = await startSimulator({ tenant, clientSecret: SECRET, publicKey })
  onTestFinished(() => simulator.close())
  const credential = { by: 'certificate', privateKey, thumbprint: thumbprintOf(publicKey) } as const
  const ask = (app: ReturnType<typeof appOf> | object) =>
    appTokens({ ...appOf(simulator.url), ...app }, clock)().then(
      ({ tenantId }) => tenantId,
      ({ kind }: ExchangeError) => kind,
    )
  expect(await ask({ credential })).toBe(appOf('').tenant)
  expect(await ask({ credential: { by: 'secret', clientSecret: 'wrong' } })).toBe('AUTH_SECRET')
  expect(await ask({ credential: { ...credential, privateKey: 'no key' } })).toBe('AUTH_CERTIFICATE')
  const other = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  expect(await ask({ credential: { ...credential, privateKey: other.privateKey } })).toBe('AUTH_CERTIFICATE')
  expect(await ask({ clientId: '00000000-0000-4000-8000-000000000000' })).toBe('AUTH_APP')
  expect(await ask({ authority: 'http://login.example' })).toBe('UNREACHABLE')
})

test('pages are followed; a place that is lost is looked for once more, and never half a list is given', async () => {
  const { connection, simulator, tenant } = await openSimulated()
  for (let i = 0; i < 8; i++) tenant.add(`many${i}`)
  simulator.maxPageSize = 3
  expect((await connection.invoke(inventory)).records).toHaveLength(11)
  simulator.losesCursors = true
  simulator.reset()
  const error = await failure(connection.invoke(inventory))
  expect([error.kind, simulator.answered.map(({ status }) => status)]).toEqual(['PARTIAL_READ', [200, 400, 200, 400]])
  simulator.losesCursors = false
  simulator.reset()
  simulator.faults = ({ n }) => (n === 2 ? { is: 'cursor lost' } : undefined)
  expect((await connection.invoke(inventory)).records).toHaveLength(11)
})

test('B12: where reading comes to no end there is no snapshot', async () => {
  const { connection, simulator } = await openSimulated()
  simulator.maxPageSize = 2
  simulator.losesCursors = true
  expect((await failure(collect(connection, { identity: FOO }, 0))).kind).toBe('PARTIAL_READ')
})

test('a tenant that lives elsewhere is followed there, with the token to nobody else', async () => {
  const { connection, simulator } = await openSimulated()
  simulator.regionalHost = simulator.host.replace('127.0.0.1', 'localhost')
  await connection.invoke(look)
  await connection.invoke(look)
  expect(simulator.answered.map(({ headers }) => headers.host)).toEqual([
    simulator.regionalHost,
    simulator.regionalHost,
  ])
  simulator.regionalHost = 'evil.example'
  const error = await failure(connection.invoke(look))
  expect([error.kind, error.message]).toEqual([
    'UNREACHABLE',
    'Exchange sends to a host that is none of its own; nothing was sent there.',
  ])
})

test('what the sign-in may do is found out without changing anything', async () => {
  const { connection, simulator, tenant } = await openSimulated()
  const before = JSON.stringify([...tenant.state.accounts])
  expect(await connection.capabilities()).toMatchObject({ canWrite: true, documented: false, clearAutoMapping: true })
  simulator.faults = ({ cmdlet }) =>
    cmdlet === 'Add-RecipientPermission' ? { is: 'denied without a word' } : undefined
  const { canWrite, cmdlets } = await connection.capabilities()
  expect([canWrite, cmdlets.includes('Add-RecipientPermission'), cmdlets.includes('Set-Mailbox')]).toEqual([
    false,
    false,
    true,
  ])
  expect(JSON.stringify([...tenant.state.accounts])).toBe(before)
})

test('what is read over the network is what collect.ps1 would write', async () => {
  const { connection, by } = await openSimulated()
  by('Add-MailboxPermission', { ...grant.params })
  by('Set-Mailbox', { Identity: FOO, GrantSendOnBehalfTo: ['user2'] })
  const { snapshot } = await collect(connection, { identity: FOO, names: ['user3', 'nobody@contoso.com'] }, 0)
  expect(snapshot).toMatchObject({
    platform: 'exo',
    hybrid: false,
    mailbox: { PrimarySmtpAddress: FOO, GrantSendOnBehalfTo: ['user2'], AccountDisabled: true },
    statistics: { TotalItemSize: '0.9537 MB (1,000,000 bytes)' },
  })
  expect(snapshot.recipients.map(({ PrimarySmtpAddress }) => PrimarySmtpAddress).sort()).toEqual([
    FOO,
    'user1@contoso.com',
    'user2@contoso.com',
    'user3@contoso.com',
  ])
  const none = await collect(connection, { identity: 'new@contoso.com' }, 0)
  expect(none.snapshot.mailbox).toBe(null)
})

test.each([
  [
    { status: 400, text: '{"error":{"message":"Invalid Operation","details":{"message":"Ex1|A.B|It is: a | b"}}}' },
    'FAILED',
    'It is: a | b',
  ],
  [
    {
      status: 404,
      text: `{"error":{"message":"Error executing cmdlet","innererror":{"internalexception":{"message":"The object 'x' couldn't be found on 'DC1'.","type":"T"}}}}`,
    },
    'NOT_FOUND',
    "The object 'x' couldn't be found on 'DC1'.",
  ],
  [
    {
      status: 400,
      text: `{"error":{"message":"Error executing cmdlet","innerError":{"internalexception":{"message":"Exception of type 'X' was thrown."}}}}`,
    },
    'FAILED',
    'Error executing cmdlet',
  ],
  [
    {
      status: 500,
      text: 'You have reached the maximum number of concurrent requests per tenant. Please wait and try again',
    },
    'RETRYABLE',
    'You have reached the maximum number of concurrent requests per tenant. Please wait and try again',
  ],
  [
    { status: 500, text: '{}', exceptionType: 'UnableToWriteToAadException' },
    'RETRYABLE',
    'Exchange answered with status 500.',
  ],
  [{ status: 502, text: '<html>Bad gateway</html>' }, 'RETRYABLE', 'Exchange answered with status 502.'],
  [
    { status: 400, text: '{"error":{"details":[{"message":"x|y|INSUFF_ACCESS_RIGHTS"}]}}' },
    'AD_ACCESS_DENIED',
    'INSUFF_ACCESS_RIGHTS',
  ],
] as const)('an error is known by its words, wherever they stand: %j', (answer, kind, message) => {
  expect(classify({ retryAfterMs: null, ...answer })).toMatchObject({ kind, message })
})
