import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { BadInput, type Blocker } from '../provisioning/bad-input.ts'
import { type Plan, planExchange } from '../provisioning/plan.ts'
import { planText } from '../provisioning/plan-text.ts'
import { planScript } from '../provisioning/script.ts'
import { readSnapshot, type Snapshot } from '../provisioning/snapshot.ts'
import { readWanted } from '../provisioning/wanted.ts'
import { BadUsage, command } from './command.ts'

const FORMATS = ['text', 'ps1', 'json']
const COLLECT = path.join(import.meta.dirname, '../provisioning/collect.ps1')

export const exchangePlan = command({
  usage: 'FILE --snapshot FILE.json',
  about: `
FILE says in YAML what is wanted of a shared mailbox. The snapshot says what is there: "downfield exchange collect"
prints the script that writes it. Nothing is changed. The exit status is 1 where something stops the plan.`,
  takes: [1, 1],
  options: {
    snapshot: { type: 'string', value: 'FILE.json', help: 'What collect.ps1 wrote about the mailbox.' },
    format: { type: 'string', value: 'HOW', help: `${FORMATS.join(', ')}. Without it: text.` },
  },
  async run({ out, err }, [file], { snapshot: snapshotFile, format = 'text' }) {
    if (!FORMATS.includes(format)) throw new BadUsage(`--format must be ${FORMATS.join(', ')}.`)
    if (!snapshotFile) {
      throw new BadUsage(
        'Say with --snapshot what is there. "downfield exchange collect" prints the script that finds out.',
      )
    }
    const { plan, snapshot, identity } = await makePlan(file!, snapshotFile)
    const isBlocked = plan.blockers.length > 0
    if (format === 'json') out(`${JSON.stringify(plan, null, 2)}\n`)
    if (format === 'text' && snapshot) out(planText(plan, identity, snapshot.platform))
    else if (isBlocked) for (const { message } of plan.blockers) err(`${message}\n`)
    if (format === 'ps1' && snapshot && !isBlocked) out(planScript(plan, identity, snapshot, Date.now()))
    return isBlocked ? 1 : 0
  },
})

export const exchangeCollect = command({
  about: `
Save what is printed as collect.ps1, and run it where Exchange can be reached: after Connect-ExchangeOnline, or in the
Exchange Management Shell. It reads only. "Get-Help .\\collect.ps1" says what it takes.`,
  async run({ out }) {
    out(await readFile(COLLECT, 'utf8'))
    return 0
  },
})

type Made = { plan: Plan; snapshot: Snapshot | null; identity: string }

/** The plan, or what is wrong with the files: a program that reads JSON learns that as it learns everything else. */
async function makePlan(file: string, snapshotFile: string): Promise<Made> {
  const texts = [await readFile(file, 'utf8'), await readFile(snapshotFile, 'utf8')] as const
  const folder = path.dirname(file)
  const blockers: Blocker[] = []
  const wanted = await readWanted(texts[0], path.basename(file), (list) =>
    readFile(path.resolve(folder, list), 'utf8'),
  ).catch((error: unknown) => void collect(blockers, error))
  let snapshot: Snapshot | null = null
  try {
    snapshot = readSnapshot(texts[1], path.basename(snapshotFile))
  } catch (error) {
    collect(blockers, error)
  }
  if (!wanted || !snapshot) return { plan: { steps: [], notes: [], blockers }, snapshot: null, identity: '' }
  return { plan: planExchange(wanted, snapshot), snapshot, identity: wanted.mailbox.identity }
}

function collect(blockers: Blocker[], error: unknown): void {
  if (!(error instanceof BadInput)) throw error
  blockers.push(...error.blockers)
}
