import { expect, test } from 'vitest'
import { outlookRegistry, sentCopies } from '../../server/provisioning/outlook-registry.ts'
import { openMachine } from '../cli/terminal.ts'
import { parse } from './powershell.ts'

const both = { sent: true, deleted: true }

test('sent and deleted items go to the shared mailbox by two values of the registry', () => {
  expect(outlookRegistry({ version: 365, ...both }, 'bat').split('\r\n')).toEqual([
    'reg add "HKCU\\Software\\Microsoft\\Office\\16.0\\Outlook\\Preferences" /v DelegateSentItemsStyle /t REG_DWORD /d 1 /f',
    'reg add "HKCU\\Software\\Microsoft\\Office\\16.0\\Outlook\\Options\\General" /v DelegateWastebasketStyle /t REG_DWORD /d 4 /f',
    '',
  ])
})

test.each([
  [2010, '14.0'],
  [2013, '15.0'],
  [2016, '16.0'],
  [2019, '16.0'],
  [2021, '16.0'],
  [365, '16.0'],
] as const)('Outlook %s is %s in the registry', (version, name) => {
  expect(outlookRegistry({ version, sent: true, deleted: false }, 'bat')).toContain(
    `\\Office\\${name}\\Outlook\\Preferences`,
  )
})

test('the same as a file for the registry, and how to undo it', () => {
  const wish = { version: 2013, ...both } as const
  expect(outlookRegistry(wish, 'reg')).toBe(
    [
      'Windows Registry Editor Version 5.00',
      '',
      '[HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\15.0\\Outlook\\Preferences]',
      '"DelegateSentItemsStyle"=dword:00000001',
      '',
      '[HKEY_CURRENT_USER\\Software\\Microsoft\\Office\\15.0\\Outlook\\Options\\General]',
      '"DelegateWastebasketStyle"=dword:00000004',
      '',
      '',
    ].join('\r\n'),
  )
  expect(outlookRegistry(wish, 'undo-reg')).toContain('"DelegateSentItemsStyle"=-\r\n')
  expect(outlookRegistry(wish, 'undo-bat').split('\r\n')).toEqual([
    'reg delete "HKCU\\Software\\Microsoft\\Office\\15.0\\Outlook\\Preferences" /v DelegateSentItemsStyle /f',
    'reg delete "HKCU\\Software\\Microsoft\\Office\\15.0\\Outlook\\Options\\General" /v DelegateWastebasketStyle /f',
    '',
  ])
})

test('the pair of scripts for Intune is PowerShell', () => {
  const wish = { version: 365, ...both } as const
  const [detect, remediate] = (['intune-detect', 'intune-remediate'] as const).map((format) =>
    outlookRegistry(wish, format),
  )
  for (const script of [detect!, remediate!]) parse(script.replaceAll('\r\n', '\n'))
  expect(detect).toContain("DelegateSentItemsStyle -ne 1) { Write-Output 'DelegateSentItemsStyle is not 1'; exit 1 }")
  expect(remediate).toContain("-Name 'DelegateWastebasketStyle' -PropertyType DWord -Value 4 -Force")
})

test.each([
  [false, true, { shared: 1, sender: 1 }],
  [true, true, { shared: 2, sender: 0 }],
  [false, false, { shared: 0, sender: 1 }],
  [true, false, { shared: 1, sender: 0 }],
])(
  'copies of sent mail with the value of the registry %s and the setting of the server %s',
  (byRegistry, byServer, copies) => {
    expect(sentCopies(byRegistry, byServer)).toEqual(copies)
  },
)

test('the command prints them, and warns of two copies', async () => {
  const { run } = await openMachine()
  expect(await run(['exchange', 'outlook', '--outlook', '2016'])).toEqual({
    status: 0,
    err: '',
    out: outlookRegistry({ version: 2016, sent: false, deleted: true }, 'bat'),
  })
  expect((await run(['exchange', 'outlook', '--what', 'both'])).err).toContain('each mail is then there twice')
  expect(await run(['exchange', 'outlook', '--outlook', '97'])).toMatchObject({ status: 1, out: '' })
})
