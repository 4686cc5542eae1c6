import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openMachine } from '../cli/terminal.ts'
import { startDns } from '../dns.ts'
import { full, mapped, person, snapshot } from './fixture.ts'
import { parse } from './powershell.ts'

const WANTED = `version: 1
mailbox:
  identity: foo.user@contoso.com
delegates:
  - {user: user1@contoso.com, rights: [FullAccess], autoMapping: false}
delegatesFrom: users.txt
`

async function openFiles(files: Record<string, string>, env: Record<string, string> = {}) {
  // No settings and no database: a plan needs neither.
  const machine = await openMachine(env)
  const at = (name: string) => path.join(machine.folder, name)
  for (const [name, text] of Object.entries(files)) await writeFile(at(name), text)
  const plan = (...more: string[]) =>
    machine.run(['exchange', 'plan', at('wanted.yaml'), '--snapshot', at('snapshot.json'), ...more])
  return { ...machine, at, plan }
}

const actual = snapshot({
  full: [full('user1@contoso.com'), full('user2@contoso.com')],
  autoMapping: [mapped('user1', 'on')],
})
const files = { 'wanted.yaml': WANTED, 'users.txt': 'user2\r\n', 'snapshot.json': JSON.stringify(actual) }
const REVOKE = `Remove-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -Confirm:$false`
const GRANT = `Add-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All -AutoMapping $false -Confirm:$false`
const SEND_AS = `Add-RecipientPermission -Identity 'foo.user@contoso.com' -Trustee 'user2@contoso.com' -AccessRights SendAs -Confirm:$false`

test('the plan as JSON says everything about each step', async () => {
  const { plan } = await openFiles(files)

  const { status, out, err } = await plan('--format', 'json')

  expect({ status, err }).toEqual({ status: 0, err: '' })
  const right = {
    Identity: 'foo.user@contoso.com',
    User: 'user1@contoso.com',
    AccessRights: ['FullAccess'],
    InheritanceType: 'All',
  }
  expect(JSON.parse(out)).toEqual({
    steps: [
      {
        phase: 80,
        cmdlet: 'Remove-MailboxPermission',
        params: { ...right, Confirm: false },
        command: REVOKE,
        risk: 'access-gap',
        reason:
          'It appears by itself for user1@contoso.com. To turn that off access is taken and given again: the next step must follow.',
      },
      {
        phase: 80,
        cmdlet: 'Add-MailboxPermission',
        params: { ...right, AutoMapping: false, Confirm: false },
        command: GRANT,
        risk: 'access-gap',
        reason: 'Gives user1@contoso.com access again, without the mailbox appearing by itself.',
      },
      {
        phase: 90,
        cmdlet: 'Add-RecipientPermission',
        params: {
          Identity: 'foo.user@contoso.com',
          Trustee: 'user2@contoso.com',
          AccessRights: ['SendAs'],
          Confirm: false,
        },
        command: SEND_AS,
        risk: 'none',
        reason: "user2@contoso.com can't send as the mailbox yet. It can take an hour to work.",
      },
    ],
    notes: [],
    blockers: [],
  })
})

test('the plan is readable', async () => {
  const { plan } = await openFiles(files)

  expect(await plan()).toEqual({
    status: 0,
    err: '',
    out: `foo.user@contoso.com in Exchange Online

Auto-mapping off for one
  1. It appears by itself for user1@contoso.com. To turn that off access is taken and given again: the next step must follow. [without access until the next step]
     ${REVOKE}
  2. Gives user1@contoso.com access again, without the mailbox appearing by itself. [without access until the next step]
     ${GRANT}

Send As
  3. user2@contoso.com can't send as the mailbox yet. It can take an hour to work.
     ${SEND_AS}
`,
  })
})

test('the plan is a script that an admin can run', async () => {
  const { plan } = await openFiles(files)

  const { status, out } = await plan('--format', 'ps1')

  expect(status).toBe(0)
  expect(out.startsWith('\ufeff# Plan of Downfield for foo.user@contoso.com')).toBe(true)
  parse(out.slice(1))
  for (const command of [REVOKE, GRANT, SEND_AS]) expect(out).toContain(command)
})

test('what stops a plan is said with its line, in every format', async () => {
  const { plan } = await openFiles({ ...files, 'users.txt': '\ufeffuser2\r\n# c\r\nnobody@x\r\n' })
  const message = 'users.txt line 3: There is no recipient nobody@x. Check how it is written, or collect again with it.'

  expect(await plan()).toEqual({
    status: 1,
    err: '',
    out: `foo.user@contoso.com in Exchange Online\n\nThis stops the plan:\n  ${message} (UNRESOLVED)\n`,
  })
  expect(await plan('--format', 'ps1')).toEqual({ status: 1, err: `${message}\n`, out: '' })
  const { status, out, err } = await plan('--format', 'json')
  expect({ status, err }).toEqual({ status: 1, err: `${message}\n` })
  expect(JSON.parse(out)).toEqual({
    steps: [],
    notes: [],
    blockers: [{ code: 'UNRESOLVED', subject: 'nobody@x', message }],
  })
})

test.each([
  [
    'an empty identity',
    { 'wanted.yaml': 'mailbox:\n  identity: ""\n' },
    'wanted.yaml line 2: mailbox.identity must not be empty.\n',
  ],
  [
    'a snapshot that was cut off',
    { 'snapshot.json': '{"platform":"exo",\n"mail' },
    'snapshot.json line 2 is not whole JSON. It may have been cut off; collect it again.\n',
  ],
  [
    'a name from Exchange with a line break',
    {
      'snapshot.json': JSON.stringify({
        ...actual,
        recipients: [person('user1', { WindowsLiveID: 'user1\nRemove-Mailbox x' }), person('user2')],
        mailboxPermissions: [],
      }),
      'wanted.yaml': WANTED.replace('user1@contoso.com', 'user1'),
    },
    `A name in the snapshot can't be written in a command. Mend it in Exchange, then collect again. Add-MailboxPermission -User can't be "user1\\nRemove-Mailbox x".\n`,
  ],
  [
    'a read that was not finished',
    {
      'snapshot.json': JSON.stringify({ ...actual, mailboxPermissions: { value: [], '@odata.nextLink': 'https://x' } }),
    },
    'snapshot.json: mailboxPermissions was not read to its end. No plan is made from a part of the truth; collect it again.\n',
  ],
])('%s makes no plan', async (_, changed, message) => {
  const { plan } = await openFiles({ ...files, ...changed })

  const text = await plan()
  expect(text.status).toBe(1)
  expect(text.err + text.out).toContain(message.trimEnd())
  const { status, out } = await plan('--format', 'json')
  expect(status).toBe(1)
  expect(JSON.parse(out)).toMatchObject({ steps: [], blockers: [{ message: message.trimEnd() }] })
})

test('a list of users that is not there is named', async () => {
  const { plan } = await openFiles({ ...files, 'wanted.yaml': WANTED.replace('users.txt', 'missing.txt') })

  const { status, err } = await plan()

  expect(status).toBe(1)
  expect(err).toMatch(/^There is no .*missing\.txt\. Check how it is written\.\n$/)
})

test('the doctor says what it found and what mends it', async () => {
  const { at, run } = await openFiles({
    'snapshot.json': JSON.stringify(snapshot({ full: [full('user1@contoso.com')] })),
    'answer.xml': '< AlternativeMailbox>\n< Type>Delegate\n< SmtpAddress>foo.user@contoso.com\n< /AlternativeMailbox>',
  })
  const doctor = (...more: string[]) => run(['exchange', 'doctor', 'user1', '--snapshot', at('snapshot.json'), ...more])

  const { status, out } = await doctor('--autodiscover', at('answer.xml'))
  expect(status).toBe(0)
  expect(out).toMatch(/^This is why: The server is right: it tells Outlook of user1@contoso\.com to open the mailbox\./)

  const json = await doctor('--format', 'json')
  expect(JSON.parse(json.out)).toMatchObject({ headline: { code: 'UNKNOWN_EXO', verdict: 'unknown' } })
  expect((await doctor('--client', 'owa')).out).toMatch(
    /^This is why: Outlook on the web never shows a shared mailbox by itself\./,
  )
  expect(await doctor('--client', 'pine')).toMatchObject({
    status: 1,
    err: expect.stringContaining('--client must be'),
  })
})

test('collect prints the script that reads', async () => {
  const { run } = await openMachine()
  const { status, out } = await run(['exchange', 'collect'])
  expect(status).toBe(0)
  expect(out).toContain('Reads only; changes nothing.')
})

test('DNS of a domain is asked by the servers that are set, and what is wrong gives the exit status', async () => {
  const names = await startDns({
    records: { 'MX contoso.com': ['0 .'], 'TXT contoso.com': ['v=spf1 include:spf.protection.outlook.com -all'] },
  })
  onTestFinished(() => names.stop())
  const { run, at } = await openFiles(files, { DOWNFIELD_DNS: names.server })
  const text = await run(['exchange', 'dns', 'contoso.com'])
  expect([text.status, text.err]).toEqual([1, ''])
  expect(text.out).toContain('MX, WRONG: contoso.com says that it takes no mail.')
  expect(text.out).toContain('SPF, right:')
  const [json] = JSON.parse((await run(['exchange', 'dns', 'contoso.com', '--format', 'json'])).out)
  expect(json.findings.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
    'wrong',
    'ok',
    'missing',
    'missing',
    'missing',
  ])
  expect((await run(['exchange', 'dns', 'not a domain'])).err).toContain('must be a domain such as contoso.com')
  const doctor = await run([
    'exchange',
    'doctor',
    'user1@contoso.com',
    '--snapshot',
    at('snapshot.json'),
    '--dns',
    '--computer-domain',
    'pc.example',
  ])
  expect(doctor.out).toContain('Outlook finds no settings for addresses in pc.example')
})
