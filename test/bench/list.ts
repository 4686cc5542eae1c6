import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { mailboxes } from '../../db/schema.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import type { Benchmark, Figure } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'

const ISSUES = 100_000
const CONNECTIONS = 32
const SECONDS = 10
const AUTOCANNON = path.join(import.meta.dirname, '../../node_modules/autocannon/autocannon.js')

export const benchmark: Benchmark = {
  about: `the first page of the inbox out of ${ISSUES} issues on SQLite, ${CONNECTIONS} connections, beside a constant answer of the same server`,
  async measure(tell) {
    const installation = await openInstallation(async (db, secrets) => {
      const settings = mailboxOn('proposals@northwind.example', '', 1)
      // Paused: nothing but the list is measured.
      await db.write((tx) => addMailbox(tx, secrets, { ...settings, paused: true }, null, Date.now()))
      await db.read.select({ id: mailboxes.id }).from(mailboxes)
    })
    tell(`Making ${ISSUES} issues.\n`)
    fill(installation.databaseFile)
    const { url, stop } = await installation.start()
    const cookie = `${installation.cookie.name}=${installation.cookie.value}`
    try {
      const list = `${url}/api/issues?view=inbox`
      const page = await fetch(list, { headers: { cookie } })
      const { issues } = (await page.json()) as { issues: unknown[] }
      if (issues.length !== 50) throw new Error(`The page has ${issues.length} issues instead of 50.`)
      await load(list, cookie, 2)
      tell(`Asking for the list and for the constant answer, ${SECONDS} seconds each.\n`)
      const product = await load(list, cookie, SECONDS)
      const constant = await load(`${url}/healthz`, cookie, SECONDS)
      return [
        ...figures('', 'list', product),
        ...figures('constant', 'constant answer', constant),
        {
          name: 'ratio',
          words: 'list as a part of the constant answer',
          value: product.perSecond / constant.perSecond,
        },
      ]
    } finally {
      await stop()
      await installation.remove()
    }
  },
}

type Load = { perSecond: number; p50Ms: number; p99Ms: number }

function figures(prefix: string, words: string, { perSecond, p50Ms, p99Ms }: Load): Figure[] {
  const name = (text: string) => (prefix ? prefix + text.charAt(0).toUpperCase() + text.slice(1) : text)
  return [
    { name: name('requestsPerSecond'), words: `${words}, requests per second`, value: perSecond },
    { name: name('p50Ms'), words: `${words}, ms at the median`, value: p50Ms },
    { name: name('p99Ms'), words: `${words}, ms at the 99th percentile`, value: p99Ms },
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

/** In a few statements, past the product: what is measured is reading. The counts are those of the issues. */
function fill(file: string): void {
  const db = new Database(file)
  db.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ISSUES})
    insert into issues (id, mailbox_id, number, subject, status, done_reason, contact_name, contact_address, last_from,
      snippet, last_direction, message_count, has_attachments, last_message_at, listed_at, waiting_since, created_at, updated_at, version)
    select printf('01a00000-%04x-7%03x-8000-%012x', i / 4096, i % 4096, i), m.id, i,
      'Request for quote ' || i || ': field tablets and docks',
      case when i % 100 < 3 then 'new' when i % 100 < 10 then 'open' when i % 100 < 15 then 'waiting' else 'done' end,
      case when i % 100 >= 15 then 'answered' end,
      'Person ' || (i % 5000), 'person' || (i % 5000) || '@customer.example', 'Person ' || (i % 5000),
      'Please let us have your best price for the quantities below by the end of the week, delivered to our site.',
      'in', 1 + i % 5, i % 10 = 0, 1700000000000 + i * 60000, 1700000000000 + i * 60000, case when i % 100 < 10 then 1700000000000 + i * 60000 end,
      1700000000000 + i * 60000, 1700000000000 + i * 60000, 1
    from n, mailboxes m;
    insert into counts (mailbox_id, status, assignee, n) select mailbox_id, status, '', count(*) from issues group by 1, 2;
    update mailboxes set last_number = ${ISSUES};
    analyze;
  `)
  db.close()
}
