import type { Check } from '../checks.ts'
import { noteLine } from '../notes.ts'
import { oneLine } from '../one-line.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Plan } from './plan.ts'
import type { Step } from './step.ts'
import { inGroups } from './step-groups.ts'

/** Without it Windows PowerShell 5.1 takes the file for the code page of the machine. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * The plan as a script to review and run where Exchange can be reached. It logs each step to a transcript, stops at
 * the first error, and gives access back at once where a step took it and the next one failed.
 * @param checks what shows the result, run at the end
 * @param now when it was made
 */
export function planScript(
  { steps, notes }: Plan,
  identity: string,
  platform: Snapshot['platform'],
  checks: Check[],
  now: number,
): string {
  const lines = [
    comment(`Plan of Downfield for ${identity}, made ${new Date(now).toISOString()}. Read it before you run it.`),
    comment(platform === 'exo' ? 'Run it after Connect-ExchangeOnline.' : 'Run it in the Exchange Management Shell.'),
    comment('To try it first, run it with -WhatIf: nothing is changed then.'),
    ...notes.map((note) => comment(noteLine(note))),
    ...(platform === 'exo' ? ['#Requires -Modules ExchangeOnlineManagement'] : []),
    ...HEAD,
    ...(steps.length === 0 ? ['# Everything is as wanted: there is nothing to do.', ''] : []),
    ...numbered(steps).flatMap(written),
    '# Checks: what is there now.',
    ...checks.flatMap(({ title, command }) => [comment(`${title}.`), command]),
    '',
    'Write-Host "What was done is in $transcript. Bring that file back to Downfield."',
  ]
  return `${BYTE_ORDER_MARK}${lines.join('\n')}\n`
}

const HEAD = [
  '[CmdletBinding()]',
  'param([switch]$WhatIf)',
  'Set-StrictMode -Version 2.0',
  "$ErrorActionPreference = 'Stop'",
  '$WhatIfPreference = [bool]$WhatIf',
  "$transcript = Join-Path (Get-Location) ('downfield-{0:yyyyMMdd-HHmmss}.jsonl' -f (Get-Date))",
  'function Write-Step([string]$Number, [bool]$Ok, [string]$Message) {',
  "  $line = @{ step = $Number; ok = $Ok; message = $Message; at = (Get-Date).ToUniversalTime().ToString('o') } | ConvertTo-Json -Compress",
  '  Add-Content -LiteralPath $transcript -Value $line -Encoding UTF8 -WhatIf:$false',
  '}',
  'function Step([string]$Number, [scriptblock]$Command) {',
  '  try { & $Command | Out-Null; Write-Step $Number $true "" }',
  '  catch { Write-Step $Number $false $_.Exception.Message; throw }',
  '}',
  '',
]

type Numbered = { step: Step; number: number }

function numbered(steps: Step[]): Numbered[][] {
  return inGroups(steps).map((group) => group.map((step) => ({ step, number: steps.indexOf(step) + 1 })))
}

function written([first, second]: Numbered[]): string[] {
  if (!first) return []
  const head = comment(`${first.number}. ${first.step.reason}`)
  if (!second) return [head, call(first), '']
  const pause = 'Start-Sleep -Seconds'
  return [
    head,
    comment(`${second.number}. ${second.step.reason}`),
    comment(`If the script is interrupted between the two, run this at once: ${second.step.command}`),
    `${second.step.command} -WhatIf`,
    call(first),
    'foreach ($wait in 1, 2, 4, 8, 16, 30, 0) {',
    `  try { ${call(second)}; break }`,
    `  catch { if ($wait -eq 0) { Write-Warning 'ACCESS LOST. Run the last command of this group by hand.'; throw }; ${pause} $wait }`,
    '}',
    '',
  ]
}

const call = ({ step, number }: Numbered) => `Step '${number}' { ${step.command} }`

/** Text as a comment, whatever is in it: a line break would end it. */
const comment = (text: string) => `# ${oneLine(text)}`
