import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { createApp } from '../../server/api/app.ts'
import { type Archive, MAILS_AN_ISSUE, openArchive } from './archive.ts'
import { type Benchmark, type Figure, median, quantile } from './figures.ts'

/** The archive that is compared with, and the one that is measured. */
const SMALL = 10_000
const MESSAGES = 1_000_000
const CONNECTIONS = 32
const SECONDS = 10
const WARM_UP = 5
const TIMES = 60
const AUTOCANNON = path.join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')

/** What a member asks for who goes from one list to another: each list, and the counts beside all of them. */
const ASKED: Record<string, string> = {
  inbox: '/api/issues?view=inbox',
  'inbox, oldest first': '/api/issues?view=inbox&order=oldest',
  'assigned to me': '/api/issues?view=mine',
  team: '/api/issues?view=team&teamId=team-1',
  unassigned: '/api/issues?view=unassigned',
  waiting: '/api/issues?view=waiting',
  snoozed: '/api/issues?view=snoozed',
  done: '/api/issues?view=done',
  trash: '/api/issues?view=trash',
  all: '/api/issues?view=all',
  'a saved view': '/api/search?q=is%3Aunassigned+status%3Aopen',
  'a saved view of a tag': '/api/search?q=tag%3A%22tag+3%22+status%3Adone',
  counts: '/api/issues/counts',
  'counts of saved views': '/api/views/counts',
}

export const benchmark: Benchmark = {
  about: `lists and counts out of ${MESSAGES} mails and ${MESSAGES / MAILS_AN_ISSUE} issues (--mails N) on SQLite, as the server answers them, beside ${SMALL} mails; then ${CONNECTIONS} connections, beside a constant answer`,
  async measure(tell, messages = MESSAGES, _, kept) {
    const small = await openArchive(tell, SMALL, kept)
    const large = await openArchive(tell, messages, kept)
    const figures: Figure[] = []
    const [before, after] = [await answers(small), await answers(large)]
    const measured = Object.keys(ASKED).map((name) => [name, before[name]!, after[name]!] as const)
    for (const [name, few, many] of [...measured, ['all of them', together(before), together(after)] as const]) {
      figures.push(
        { name: `${name} p50Ms`, words: `${name}, ms at the median`, value: median(many.ms) },
        { name: `${name} p95Ms`, words: `${name}, ms at the 95th percentile`, value: quantile(many.ms, 0.95) },
        { name: `${name} processorMs`, words: `${name}, ms of processor on average`, value: many.processorMs },
        {
          name: `${name} growth`,
          words: `${name}, processor as a multiple of what ${SMALL} mails take`,
          value: many.processorMs / few.processorMs,
        },
      )
    }
    return [...figures, ...(await underLoad(large, tell))]
  },
}

/** How long each answer took, and how much of the processor on average: on a busy machine that says more. */
type Took = { ms: number[]; processorMs: number }

/** How long the server takes for each, without the network: sign-in, rights, rows and JSON. */
async function answers({ installation }: Archive): Promise<Record<string, Took>> {
  const { url, stop, deps } = await installation.start()
  const headers = { cookie: `${installation.cookie.name}=${installation.cookie.value}` }
  const app = createApp(deps)
  try {
    const times: Record<string, Took> = {}
    for (const [name, asked] of Object.entries(ASKED)) {
      const ms: number[] = []
      let before = process.threadCpuUsage()
      for (let i = 0; i < WARM_UP + TIMES; i++) {
        if (i === WARM_UP) before = process.threadCpuUsage()
        const began = performance.now()
        const answer = await app.request(`${url}${asked}`, { headers })
        await answer.text()
        if (answer.status !== 200) throw new Error(`${asked} was answered with ${answer.status}.`)
        if (i >= WARM_UP) ms.push(performance.now() - began)
      }
      const { user, system } = process.threadCpuUsage(before)
      times[name] = { ms, processorMs: (user + system) / 1000 / TIMES }
    }
    return times
  } finally {
    await stop()
  }
}

function together(all: Record<string, Took>): Took {
  const each = Object.values(all)
  return {
    ms: each.flatMap(({ ms }) => ms),
    processorMs: each.reduce((sum, { processorMs }) => sum + processorMs, 0) / each.length,
  }
}

type Load = { perSecond: number; p50Ms: number; p99Ms: number }

async function underLoad({ installation }: Archive, tell: (text: string) => void): Promise<Figure[]> {
  const { url, stop } = await installation.start()
  const cookie = `${installation.cookie.name}=${installation.cookie.value}`
  try {
    const list = `${url}/api/issues?view=inbox`
    await load(list, cookie, 2)
    tell(`Asking for the list and for the constant answer, ${SECONDS} seconds each.\n`)
    const product = await load(list, cookie, SECONDS)
    const constant = await load(`${url}/healthz`, cookie, SECONDS)
    return [
      ...figuresOf('', 'list', product),
      ...figuresOf('constant', 'constant answer', constant),
      { name: 'ratio', words: 'list as a part of the constant answer', value: product.perSecond / constant.perSecond },
    ]
  } finally {
    await stop()
  }
}

function figuresOf(prefix: string, words: string, { perSecond, p50Ms, p99Ms }: Load): Figure[] {
  const name = (text: string) => (prefix ? prefix + text.charAt(0).toUpperCase() + text.slice(1) : text)
  return [
    { name: name('requestsPerSecond'), words: `${words}, requests per second`, value: perSecond },
    { name: name('loadP50Ms'), words: `${words}, ms at the median`, value: p50Ms },
    { name: name('loadP99Ms'), words: `${words}, ms at the 99th percentile`, value: p99Ms },
  ]
}

/** Asks from a process of its own, so that asking takes no time from answering. */
async function load(url: string, cookie: string, seconds: number): Promise<Load> {
  const args = ['-j', '-n', '-c', String(CONNECTIONS), '-d', String(seconds), '-H', `cookie=${cookie}`, url]
  const { stdout } = await promisify(execFile)(process.execPath, [AUTOCANNON, ...args], { maxBuffer: 10_000_000 })
  // The cast: what autocannon -j prints, as far as it is read here.
  const result = JSON.parse(stdout) as {
    requests: { average: number }
    latency: { p50: number; p99: number }
    non2xx: number
    errors: number
  }
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx + result.errors} requests failed`)
  return { perSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 }
}
