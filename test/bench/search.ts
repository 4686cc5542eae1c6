import { existsSync } from 'node:fs'
import { openDb } from '../../db/index.ts'
import { members } from '../../db/schema.ts'
import { searchIssues } from '../../server/issues/search/search.ts'
import { openArchive } from './archive.ts'
import { type Benchmark, type Figure, median, quantile } from './figures.ts'
import { openNotmuch } from './notmuch.ts'
import { kindsOf } from './search-queries.ts'

const MESSAGES = 100_000
const ROUNDS = 3
/** The day on which it is asked: relative days are of it. */
const NOW = Date.UTC(2026, 11, 1)

export const benchmark: Benchmark = {
  about: `searching ${MESSAGES} mails (--mails N) on SQLite: the first 50 issues with marks, beside the command notmuch search over the same mails up to 200000`,
  async measure(tell, messages = MESSAGES, _, kept) {
    const { installation, indexedPerSecond, vocabulary, folder, mails } = await openArchive(tell, messages, kept)
    const db = await openDb(installation.databaseFile)
    const [member] = await db.read.select({ id: members.id }).from(members)
    const searcher = { memberId: member!.id, visible: 'all' as const }
    const notmuch = mails && existsSync(mails) ? openNotmuch(folder, mails) : null
    if (!notmuch) tell('Nothing to compare with: notmuch is not installed, or these are too many mails for it.\n')
    const figures: Figure[] = [
      {
        name: 'indexedPerSecond',
        words: 'indexed when the archive was made, mails per second',
        value: indexedPerSecond,
      },
    ]
    if (notmuch && !notmuch.isReady()) {
      tell('Letting notmuch index the same mails.\n')
      figures.push({
        name: 'notmuchIndexedPerSecond',
        words: 'notmuch new, mails per second',
        value: messages / notmuch.index().seconds,
      })
    }
    tell('Searching.\n')
    const all = { ours: [] as number[], theirs: [] as number[], processorMs: 0 }
    for (const [kind, queries] of Object.entries(kindsOf(vocabulary, messages))) {
      const ours: number[] = []
      const theirs: number[] = []
      let processorMs = 0
      for (let round = 0; round < ROUNDS; round++) {
        for (const query of queries) {
          const began = performance.now()
          const before = process.threadCpuUsage()
          await searchIssues(db.read, searcher, { q: query.ours }, NOW)
          ours.push(performance.now() - began)
          const { user, system } = process.threadCpuUsage(before)
          processorMs += (user + system) / 1000
          if (notmuch && query.theirs !== null && round === 0) theirs.push(notmuch.search(query.theirs))
        }
      }
      figures.push(...rows(kind, '', ours), processorRow(kind, processorMs / ours.length))
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
      all.processorMs += processorMs
    }
    figures.push(...rows('all', '', all.ours), processorRow('all', all.processorMs / all.ours.length))
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
  },
}

/** On a busy machine the processor time says more than the clock. */
const processorRow = (kind: string, value: number): Figure => ({
  name: `${kind} processorMs`,
  words: `${kind}, ms of processor on average`,
  value,
})

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
