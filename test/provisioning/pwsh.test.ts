import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { virtualClock } from '../../server/provisioning/clock.ts'
import { collect } from '../../server/provisioning/connection/collect.ts'
import { openPwsh, RUNNER } from '../../server/provisioning/connection/pwsh.ts'
import { readWantedFile } from '../../server/provisioning/plan/plan-file.ts'
import { registry } from '../../server/provisioning/registry.ts'
import { all, parse } from './powershell.ts'

// PowerShell is not here: a stand-in speaks the runner's side of the protocol. The runner itself is only parsed.

const FOO = 'foo.user@contoso.com'
const stand = path.join(import.meta.dirname, 'pwsh-stand-in.ts')

function open(platform: 'exo' | 'onprem' = 'exo', runner?: string) {
  const connection = openPwsh({
    command: [process.execPath, stand, platform],
    platform,
    clock: virtualClock(),
    ...(runner ? { runner } : {}),
  })
  onTestFinished(() => connection.close())
  return connection
}

test.each(['exo', 'onprem'] as const)('by PowerShell a plan comes out as by any other way: %s', async (platform) => {
  const connection = open(platform)
  const wanted = await readWantedFile(
    `mailbox: {identity: ${FOO}}\ndelegates: [{user: user1, rights: [FullAccess, SendAs, SendOnBehalf]}]`,
    'wanted.yaml',
    async () => '',
  )
  const look = async () =>
    (
      await collect(
        connection,
        { identity: FOO, names: wanted.names, netBiosDomain: platform === 'onprem' ? 'CONTOSO' : '' },
        0,
      )
    ).snapshot
  const { steps } = wanted.plan(await look())
  expect(steps).toHaveLength(3)
  for (const { cmdlet, params } of steps) expect((await connection.invoke({ cmdlet, params })).unchanged).toBe(false)
  expect(wanted.plan(await look()).steps).toEqual([])
  const { cmdlet, params } = steps[0]!
  expect((await connection.invoke({ cmdlet, params })).unchanged).toBe(true)
  expect(await connection.capabilities()).toMatchObject({
    canWrite: true,
    documented: true,
    clearAutoMapping: platform === 'exo',
  })
})

test('commands wait for each other, and errors are known by what PowerShell calls them', async () => {
  const connection = open()
  const kinds = await Promise.all(
    [
      { cmdlet: 'Get-Mailbox', params: { Identity: 'nobody' } },
      { cmdlet: 'Get-ADPermission', params: { Identity: FOO } },
      { cmdlet: 'Get-Mailbox', params: { Identity: FOO } },
    ].map((call) =>
      connection.invoke(call as Parameters<typeof connection.invoke>[0]).then(
        ({ records }) => records[0]?.PrimarySmtpAddress,
        ({ kind }: { kind: string }) => kind,
      ),
    ),
  )
  expect(kinds).toEqual(['NOT_FOUND', 'RBAC_OR_UNKNOWN_CMDLET', FOO])
  await expect(connection.invoke({ cmdlet: 'Get-Mailbox', params: { Identity: '' } })).rejects.toThrow('Identity')
})

test.each(['dies', 'noise'])(
  'a process that %s leaves a write uncertain, and the next command has a new one',
  async (Identity) => {
    const connection = open()
    const kindOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        ({ kind }: { kind: string }) => kind,
      )
    expect(
      await kindOf(connection.invoke({ cmdlet: 'Set-Mailbox', params: { Identity, AccountDisabled: true } })),
    ).toBe('UNCERTAIN')
    expect(await kindOf(connection.invoke({ cmdlet: 'Get-Mailbox', params: { Identity } }))).toBe('UNREACHABLE')
    expect(await kindOf(connection.invoke({ cmdlet: 'Get-Mailbox', params: { Identity: FOO } }))).toBe('done')
  },
)

test('a runner that somebody changed is not run', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'df-runner-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const runner = path.join(folder, 'runner.ps1')
  await copyFile(RUNNER, runner)
  expect((await open('exo', runner).invoke({ cmdlet: 'Get-Mailbox', params: { Identity: FOO } })).records).toHaveLength(
    1,
  )
  await writeFile(runner, `${await readFile(RUNNER, 'utf8')}\nRemove-Mailbox x\n`)
  await expect(open('exo', runner).invoke({ cmdlet: 'Get-Mailbox', params: { Identity: FOO } })).rejects.toMatchObject({
    kind: 'READ_ONLY',
  })
})

test('the runner is PowerShell, evaluates nothing, and knows the commands of the registry alone', async () => {
  const text = await readFile(RUNNER, 'utf8')
  const names = all(parse(text), 'command_name').map(({ text }) => text)
  expect(names.filter((name) => /^(Invoke-Expression|iex|Invoke-Command|Start-Process)$/i.test(name))).toEqual([])
  const allowed = [.../\$allow = @\(([^)]*)\)/.exec(text)![1]!.matchAll(/'([^']+)'/g)].map(([, name]) => name)
  expect(allowed.sort()).toEqual(Object.keys(registry).sort())
})
