import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { viewsOf } from '../../server/provisioning/views.ts'
import { openMachine } from '../cli/terminal.ts'
import { full, group, mailbox, mapped, person, read, sends, sendsOnPrem, snapshot } from './fixture.ts'

const actual = snapshot({
  mailbox: mailbox({ GrantSendOnBehalfTo: ['user2'] }),
  full: [
    full('user1@contoso.com'),
    full('user2@contoso.com'),
    full('marketing-sg@contoso.com'),
    full('S-1-5-21-1-2-3-4'),
    full('CONTOSO\\Organization Management', { Deny: true, IsInherited: true }),
  ],
  sends: [sends('user1@contoso.com')],
  recipients: [person('user1'), person('user2'), group],
  autoMapping: [mapped('user1', 'on')],
})

test('the checks of the article are shown with what each row means', () => {
  const [raw, direct, allSendAs, sendAs, behalf, mapping, ...rest] = viewsOf(read(actual))
  expect(rest).toEqual([])
  expect(raw?.rows).toHaveLength(8)
  expect(raw?.rows.at(-1)?.means).toBe('inherited: administrators are kept out, and nothing appears by itself for them')
  expect(direct).toEqual({
    title: 'Rights that were granted on it',
    command: `Get-MailboxPermission -Identity 'foo.user@contoso.com' | Where-Object { ($_.IsInherited -eq $false) -and -not ($_.User -like 'NT AUTHORITY\\SELF') } | Select-Object User,AccessRights,Deny,InheritanceType`,
    rows: [
      { row: 'Discovery Management: allowed FullAccess', means: 'put there by Exchange' },
      { row: 'user1@contoso.com: allowed FullAccess', means: 'user1@contoso.com may open it' },
      { row: 'user2@contoso.com: allowed FullAccess', means: 'user2@contoso.com may open it' },
      { row: 'marketing-sg@contoso.com: allowed FullAccess', means: 'marketing-sg@contoso.com, a group, may open it' },
      { row: 'S-1-5-21-1-2-3-4: allowed FullAccess', means: 'an account that is gone; nobody has this right' },
    ],
  })
  expect(allSendAs?.rows.map(({ means }) => means)).toEqual([
    'the mailbox itself; every mailbox has it',
    'user1@contoso.com may send as it',
  ])
  expect(sendAs?.rows).toEqual([
    { row: 'user1@contoso.com: allowed SendAs', means: 'user1@contoso.com may send as it' },
  ])
  expect(behalf?.rows).toEqual([{ row: 'user2', means: 'user2@contoso.com may send on its behalf' }])
  expect(mapping?.rows).toEqual([
    { row: 'user1@contoso.com', means: 'appears by itself (autodiscover-soap)' },
    { row: 'user2@contoso.com', means: 'not known: there is no evidence' },
    { row: 'marketing-sg@contoso.com', means: 'never: it is a group' },
  ])
})

test('on premises Send As is read from the directory', () => {
  const views = viewsOf(
    read(
      snapshot(
        {
          sends: [
            sendsOnPrem('CONTOSO\\user1'),
            sendsOnPrem('CONTOSO\\user2', { IsInherited: true }),
            { User: 'CONTOSO\\helpdesk', AccessRights: ['WriteProperty'], ExtendedRights: null, IsInherited: false },
          ],
        },
        'onprem',
      ),
    ),
  )
  expect(views.map(({ command }) => command.split(' ')[0])).toEqual([
    'Get-MailboxPermission',
    'Get-MailboxPermission',
    'Get-ADPermission',
    'Get-ADPermission',
    'Get-ADPermission',
    'Get-Mailbox',
    'Get-ADUser',
  ])
  expect(views.slice(2, 5).map(({ rows }) => rows.map(({ row }) => row))).toEqual([
    [
      'NT AUTHORITY\\SELF: allowed SendAs',
      'CONTOSO\\user1: allowed SendAs',
      'CONTOSO\\user2: allowed SendAs, inherited',
      'CONTOSO\\helpdesk: allowed WriteProperty',
    ],
    ['CONTOSO\\user1: allowed SendAs', 'CONTOSO\\helpdesk: allowed WriteProperty'],
    ['CONTOSO\\user1: allowed SendAs'],
  ])
  expect(views[3]?.rows[1]?.means).toContain('no matter of mail')
})

test('the command shows them', async () => {
  const { folder, run } = await openMachine()
  const file = path.join(folder, 'snapshot.json')
  await writeFile(file, JSON.stringify(actual))

  const { status, out } = await run(['exchange', 'check', '--snapshot', file])

  expect(status).toBe(0)
  expect(out).toContain('Who may send on its behalf\n  Get-Mailbox -Identity')
  expect(out).toContain('  user2\n    user2@contoso.com may send on its behalf\n')
  expect(await run(['exchange', 'check'])).toMatchObject({ status: 1, err: expect.stringContaining('--snapshot') })
})
