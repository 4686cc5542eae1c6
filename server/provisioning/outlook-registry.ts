/** The versions of classic Outlook for Windows, as the registry calls them. */
export const OUTLOOK_VERSIONS = {
  2010: '14.0',
  2013: '15.0',
  2016: '16.0',
  2019: '16.0',
  2021: '16.0',
  365: '16.0',
} as const
export type OutlookVersion = keyof typeof OUTLOOK_VERSIONS

/** `sent`: what delegates send is kept in the shared mailbox. `deleted`: what they delete goes to its Deleted Items. */
export type Wish = { version: OutlookVersion; sent: boolean; deleted: boolean }

export const REGISTRY_FORMATS = ['bat', 'reg', 'undo-bat', 'undo-reg', 'intune-detect', 'intune-remediate'] as const
export type RegistryFormat = (typeof REGISTRY_FORMATS)[number]

type Value = { key: string; name: string; data: number }

/**
 * Settings for the Outlook of the person who signs in, on their computer. They work in classic Outlook for Windows
 * alone, for sent mail in cached mode alone.
 */
export function outlookRegistry(wish: Wish, format: RegistryFormat): string {
  const values = valuesOf(wish)
  switch (format) {
    case 'bat':
      return lines(values.map(({ key, name, data }) => `reg add "HKCU\\${key}" /v ${name} /t REG_DWORD /d ${data} /f`))
    case 'undo-bat':
      return lines(values.map(({ key, name }) => `reg delete "HKCU\\${key}" /v ${name} /f`))
    case 'reg':
      return regFile(values, ({ data }) => `dword:${data.toString(16).padStart(8, '0')}`)
    case 'undo-reg':
      return regFile(values, () => '-')
    case 'intune-detect':
      return lines([...values.map(detect), "Write-Output 'As wanted'", 'exit 0'])
    case 'intune-remediate':
      return lines(values.flatMap(remediate))
  }
}

/** What sent mail does, by the setting on the computer and that of the server. */
export function sentCopies(byRegistry: boolean, byServer: boolean): { shared: number; sender: number } {
  if (byRegistry) return { shared: byServer ? 2 : 1, sender: 0 }
  return { shared: byServer ? 1 : 0, sender: 1 }
}

function valuesOf({ version, sent, deleted }: Wish): Value[] {
  const key = `Software\\Microsoft\\Office\\${OUTLOOK_VERSIONS[version]}\\Outlook`
  return [
    ...(sent ? [{ key: `${key}\\Preferences`, name: 'DelegateSentItemsStyle', data: 1 }] : []),
    // 8 would be the delegate's own folder, as it is without the value.
    ...(deleted ? [{ key: `${key}\\Options\\General`, name: 'DelegateWastebasketStyle', data: 4 }] : []),
  ]
}

function detect({ key, name, data }: Value): string {
  const read = `(Get-ItemProperty -LiteralPath 'HKCU:\\${key}' -Name '${name}' -ErrorAction SilentlyContinue).${name}`
  return `if (${read} -ne ${data}) { Write-Output '${name} is not ${data}'; exit 1 }`
}

function remediate({ key, name, data }: Value): string[] {
  return [
    `if (-not (Test-Path -LiteralPath 'HKCU:\\${key}')) { New-Item -Path 'HKCU:\\${key}' -Force | Out-Null }`,
    `New-ItemProperty -LiteralPath 'HKCU:\\${key}' -Name '${name}' -PropertyType DWord -Value ${data} -Force | Out-Null`,
  ]
}

function regFile(values: Value[], written: (value: Value) => string): string {
  const blocks = values.flatMap((value) => [
    '',
    `[HKEY_CURRENT_USER\\${value.key}]`,
    `"${value.name}"=${written(value)}`,
  ])
  return lines(['Windows Registry Editor Version 5.00', ...blocks, ''])
}

/** Programs of Windows expect its line ends. */
const lines = (list: string[]) => `${list.join('\r\n')}\r\n`
