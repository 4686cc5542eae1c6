import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { openDb } from '../../db/index.ts'
import { members } from '../../db/schema.ts'
import { searchIssues } from '../../server/issues/search/search.ts'
import { addMailbox } from '../../server/mail/mailbox.ts'
import { openIndexing } from '../../server/mail/place/indexer.ts'
import { type Benchmark, type Figure, median, quantile } from './figures.ts'
import { mailboxOn, openInstallation } from './installation.ts'
import { openNotmuch } from './notmuch.ts'
import { fill } from './search-fill.ts'
import { kindsOf } from './search-queries.ts'

const MESSAGES = 100_000
/** notmuch takes minutes to index these many, and much longer for more. */
const MOST_FOR_NOTMUCH = 200_000
const ROUNDS = 3

export const benchmark: Benchmark = {
  about: `searching ${MESSAGES} mails (--mails N) on SQLite: the first 50 issues with marks, beside the command notmuch search over the same mails`,
  async measure(tell, messages = MESSAGES) {
    const folder = await mkdtemp(path.join(tmpdir(), 'df-bench-mails-'))
    const mails = path.join(folder, 'mails')
    const compared = messages <= MOST_FOR_NOTMUCH
    const installation = await openInstallation(async (db, secrets) => {
      const settings = mailboxOn('proposals@northwind.example', '', 1)
      await db.write((tx) => addMailbox(tx, secrets, { ...settings, paused: true }, null, Date.now()))
    })
    try {
      tell(`Making ${messages} mails.\n`)
      const vocabulary = fill(installation.databaseFile, messages, compared ? mails : null, tell)
      const db = await openDb(installation.databaseFile)
      const indexSeconds = await index(db, tell)
      const [member] = await db.read.select({ id: members.id }).from(members)
      const searcher = { memberId: member!.id, visible: 'all' as const }
      const notmuch = compared ? openNotmuch(folder, mails) : null
      if (!notmuch)
        tell(compared ? 'notmuch is not installed: nothing to compare with.\n' : 'Too many mails for notmuch.\n')
      const figures: Figure[] = [
        { name: 'indexedPerSecond', words: 'indexed, mails per second', value: messages / indexSeconds },
      ]
      if (notmuch) {
        tell('Letting notmuch index the same mails.\n')
        figures.push({
          name: 'notmuchIndexedPerSecond',
          words: 'notmuch new, mails per second',
          value: messages / notmuch.index().seconds,
        })
      }
      const { bavail, bsize } = await statfs(folder)
      tell(`${Math.round((bavail * bsize) / 1e9)} GB of disk are left. Searching.\n`)
      const all = { ours: [] as number[], theirs: [] as number[] }
      for (const [kind, queries] of Object.entries(kindsOf(vocabulary, messages))) {
        const ours: number[] = []
        const theirs: number[] = []
        for (let round = 0; round < ROUNDS; round++) {
          for (const query of queries) {
            const began = performance.now()
            await searchIssues(db.read, searcher, { q: query.ours }, Date.UTC(2030, 0, 1))
            ours.push(performance.now() - began)
            if (notmuch && query.theirs !== null && round === 0) theirs.push(notmuch.search(query.theirs))
          }
        }
        figures.push(...rows(kind, '', ours))
        if (theirs.length > 0) {
          figures.push(...rows(kind, 'notmuch', theirs))
          figures.push({
            name: `${kind} ratio`,
            words: `${kind}: Downfield as a part of notmuch, medians`,
            value: median(ours) / median(theirs),
          })
        }
        all.ours.push(...ours)
        all.theirs.push(...theirs)
      }
      figures.push(...rows('all', '', all.ours))
      if (all.theirs.length > 0) {
        figures.push(...rows('all', 'notmuch', all.theirs))
        figures.push({
          name: 'ratio',
          words: 'all: Downfield as a part of notmuch, medians',
          value: median(all.ours) / median(all.theirs),
        })
      }
      await db.close()
      return figures
    } finally {
      await installation.remove()
      await rm(folder, { recursive: true, force: true })
    }
  },
}

function rows(kind: string, of: string, times: number[]): Figure[] {
  const name = of ? `${kind} ${of}` : kind
  return [
    { name: `${name} p50Ms`, words: `${kind}${of && `, ${of}`}, ms at the median`, value: median(times) },
    {
      name: `${name} p95Ms`,
      words: `${kind}${of && `, ${of}`}, ms at the 95th percentile`,
      value: quantile(times, 0.95),
    },
  ]
}

async function index(db: Awaited<ReturnType<typeof openDb>>, tell: (text: string) => void): Promise<number> {
  const indexing = openIndexing({ db, log: pino({ level: 'silent' }) })
  const began = performance.now()
  let toldAt = began
  for (let done = 0; ; ) {
    const now = await indexing.next()
    if (typeof now === 'string') break
    done += now
    if (performance.now() - toldAt > 30_000) {
      toldAt = performance.now()
      tell(`${done} mails are searchable, ${Math.round((done * 1000) / (toldAt - began))} a second.\n`)
    }
  }
  await indexing.end()
  return (performance.now() - began) / 1000
}
