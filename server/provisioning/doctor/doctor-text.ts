import { oneLine } from '../one-line.ts'
import type { Diagnosis } from './doctor.ts'
import type { Finding } from './finding.ts'

const VERDICTS: Record<Finding['verdict'], string> = {
  cause: 'This is why',
  possible: 'This may be why',
  unknown: 'Not known',
  ok: 'Fine',
}

/** What the doctor found, for people to read: what matters first, then all that was looked at. */
export function diagnosisText({ headline, findings }: Diagnosis): string {
  const told = findings
    .filter(({ verdict }) => verdict !== 'ok')
    .sort((a, b) => Number(b === headline) - Number(a === headline))
  const lines =
    told.length === 0 ? ['Nothing was found that would keep the mailbox from appearing.', ''] : told.flatMap(paragraph)
  const fine = findings.filter(({ verdict }) => verdict === 'ok').map(({ code }) => code)
  if (fine.length > 0) lines.push(`Looked at and not the reason: ${fine.join(', ')}.`)
  return `${lines.map(oneLine).join('\n').trimEnd()}\n`
}

function paragraph({ code, verdict, says, evidence, fix }: Finding): string[] {
  return [
    `${VERDICTS[verdict]}: ${says} (${code})`,
    ...(evidence ? [`  Evidence: ${evidence}`] : []),
    ...fix.commands.map((command) => `  Run: ${command}`),
    ...fix.manualSteps.map((step) => `  By hand: ${step}`),
    '',
  ]
}
