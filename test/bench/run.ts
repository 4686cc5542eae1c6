// `npm run bench -- NAME… [--json] [--mails N] [--from PATH] [--archives FOLDER]`: measures the product beside what it is compared with, in the same
// run; `ingest --vs-notmuch` beside notmuch. Figures of two machines, or of two runs on a busy one, say little; the ratio within a run says more.

import { parseArgs } from 'node:util'
import { explain } from '../../server/cli/explain.ts'
import type { Benchmark, Figure } from './figures.ts'

const BENCHMARKS: Record<string, () => Promise<{ benchmark: Benchmark }>> = {
  ingest: () => import('./ingest.ts'),
  'ingest-vs-notmuch': () => import('./ingest-vs-notmuch.ts'),
  live: () => import('./live.ts'),
  list: () => import('./list.ts'),
  pipeline: () => import('./pipeline.ts'),
  search: () => import('./search.ts'),
  suggest: () => import('./suggest.ts'),
  ui: () => import('./ui.ts'),
}
const say = (text: string) => process.stderr.write(text)

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  say(explain(error, process.env))
  process.exitCode = 1
}

async function run(args: string[]): Promise<number> {
  const options = {
    json: { type: 'boolean' },
    mails: { type: 'string' },
    from: { type: 'string' },
    archives: { type: 'string' },
    'vs-notmuch': { type: 'boolean' },
  } as const
  const { positionals, values } = parseArgs({ args, options, allowPositionals: true })
  const mails = values.mails === undefined ? undefined : Number(values.mails.replaceAll('_', ''))
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name))
  if (positionals.length === 0 || unknown.length > 0) {
    say(
      `Usage: npm run bench -- NAME… [--json] [--mails N] [--from PATH] [--archives FOLDER], with one or more of: ${Object.keys(BENCHMARKS).join(', ')}\n`,
    )
    return 1
  }
  for (const chosen of positionals) {
    const name = chosen === 'ingest' && values['vs-notmuch'] ? 'ingest-vs-notmuch' : chosen
    const { benchmark } = await BENCHMARKS[name]!()
    if (!values.json) process.stdout.write(`\n${name}: ${benchmark.about}\n`)
    const figures = await benchmark.measure(say, mails, values.from, values.archives)
    process.stdout.write(values.json ? json(name, figures) : table(figures))
  }
  // What a benchmark started, such as parser threads that are still idle, need not be waited for.
  return 0
}

function json(name: string, figures: Figure[]): string {
  return `${JSON.stringify({ name, ...Object.fromEntries(figures.map((figure) => [figure.name, figure.value])) })}\n`
}

function table(figures: Figure[]): string {
  const width = Math.max(...figures.map(({ words }) => words.length))
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
  return figures.map(({ words, value }) => `  ${words.padEnd(width)}  ${format.format(value).padStart(10)}\n`).join('')
}
