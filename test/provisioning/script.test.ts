import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { checkCommands } from '../../server/provisioning/checks.ts'
import { planExchange } from '../../server/provisioning/plan/plan.ts'
import { planScript } from '../../server/provisioning/plan/script.ts'
import { readWanted } from '../../server/provisioning/plan/wanted.ts'
import { full, mailbox, mapped, person, read, snapshot } from './fixture.ts'
import { all, parse } from './powershell.ts'

const FLIP = `mailbox: {identity: foo.user@contoso.com}
delegates:
  - {user: user1@contoso.com, rights: [FullAccess], autoMapping: false}
  - {user: user2@contoso.com, rights: [FullAccess, SendAs], autoMapping: true}`

async function scriptOf(wanted: string, row: Record<string, unknown>) {
  const actual = read(row)
  const plan = planExchange(await readWanted(wanted, 'wanted.yaml', async () => ''), actual)
  return {
    plan,
    script: planScript(
      plan,
      'foo.user@contoso.com',
      actual.platform,
      checkCommands(actual.platform, 'foo.user@contoso.com', 'x'),
      Date.parse('2026-11-21T12:00:00Z'),
    ),
  }
}

const flipped = snapshot({
  full: [full('user1@contoso.com'), full('user2@contoso.com')],
  autoMapping: [mapped('user1', 'on'), mapped('user2', 'on')],
})

test('the script is PowerShell and holds every command of the plan as it is', async () => {
  const { plan, script } = await scriptOf(FLIP, flipped)

  expect(script.startsWith('\ufeff')).toBe(true)
  const commands = all(parse(script.slice(1)), 'command').map(({ text }) => text)
  for (const { command } of plan.steps) expect(commands).toContain(command)
  expect(plan.steps).toHaveLength(3)
})

test('where access is taken for a moment, the script tries first and gives it back whatever happens', async () => {
  const { script } = await scriptOf(FLIP, flipped)
  const [remove, add] = ['Remove', 'Add'].map(
    (verb) =>
      `${verb}-MailboxPermission -Identity 'foo.user@contoso.com' -User 'user1@contoso.com' -AccessRights FullAccess -InheritanceType All`,
  )

  expect(
    script,
  ).toContain(`# 1. It appears by itself for user1@contoso.com. To turn that off access is taken and given again: the next step must follow.
# 2. Gives user1@contoso.com access again, without the mailbox appearing by itself.
# If the script is interrupted between the two, run this at once: ${add} -AutoMapping $false -Confirm:$false
${add} -AutoMapping $false -Confirm:$false -WhatIf
Step '1' { ${remove} -Confirm:$false }
foreach ($wait in 1, 2, 4, 8, 16, 30, 0) {
  try { Step '2' { ${add} -AutoMapping $false -Confirm:$false }; break }
  catch { if ($wait -eq 0) { Write-Warning 'ACCESS LOST. Run the last command of this group by hand.'; throw }; Start-Sleep -Seconds $wait }
}
`)
})

test.each(['exo', 'onprem'] as const)('the checks of the article run with what was mended: %s', async (platform) => {
  const checks = checkCommands(platform, 'foo.user@contoso.com', 'CN=Foo O’Brien,DC=contoso,DC=local')
  const cmdlets = checks.map(({ command }) => all(parse(command), 'command_name')[0]?.text)
  const sendAs = platform === 'exo' ? Array(2).fill('Get-RecipientPermission') : Array(3).fill('Get-ADPermission')
  const link = platform === 'exo' ? [] : ['Get-ADUser']
  expect(cmdlets).toEqual(['Get-MailboxPermission', 'Get-MailboxPermission', ...sendAs, 'Get-Mailbox', ...link])
  expect(checks.map(({ command }) => command).join()).not.toMatch(/[“”]/)
})

test('names from outside never leave their comment or their literal', async () => {
  const nasty = "x'; Remove-Mailbox y; $(calc) `n # ’; Get-Process; ‘"
  const { script } = await scriptOf(
    `mailbox: {identity: foo.user@contoso.com, displayName: ${JSON.stringify(nasty)}}\nexclusive: true`,
    snapshot({ mailbox: mailbox({ DisplayName: 'a\r\nRemove-Mailbox z' }), full: [full(`b\r\nGet-Process ${nasty}`)] }),
  )
  const names = all(parse(script.slice(1)), 'command_name').map(({ text }) => text)
  expect(names).not.toContain('Remove-Mailbox')
  expect(names).not.toContain('Get-Process')
  expect(names).toContain('Set-Mailbox')
})

test('collect.ps1 is PowerShell and changes nothing', async () => {
  const script = await readFile(path.join(import.meta.dirname, '../../server/provisioning/collect.ps1'), 'utf8')
  const names = [...new Set(all(parse(script), 'command_name').map(({ text }) => text))].filter((name) =>
    /^[A-Z]\w+-\w+$/.test(name),
  )
  const shells = [
    'ConvertTo-Plain',
    'ConvertTo-Json',
    'ForEach-Object',
    'Where-Object',
    'Select-Object',
    'New-Object',
    'Write-Host',
  ]
  expect(names.filter((name) => !name.startsWith('Get-') && !shells.includes(name))).toEqual([])
  expect(script).toMatch(/^[\x20-\x7e\n]*$/)
})

test('a plan without steps makes a script that only checks', async () => {
  const { script } = await scriptOf(
    'mailbox: {identity: foo.user@contoso.com}',
    snapshot({ recipients: [person('user1')] }),
  )
  expect(script).toContain('# Everything is as wanted: there is nothing to do.\n')
  expect(all(parse(script.slice(1)), 'command_name').map(({ text }) => text)).not.toContain('Set-Mailbox')
})
