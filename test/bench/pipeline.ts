import { eq } from 'drizzle-orm'
import { uuidv7 } from '../../db/ids.ts'
import type { Db } from '../../db/index.ts'
import { insertInto } from '../../db/prepared.ts'
import { fxRates, members, proposalHistory, proposals, proposalTouches } from '../../db/schema.ts'
import { ensurePipeline } from '../../server/proposals/defaults.ts'
import { type Said, withChange } from '../../server/proposals/history.ts'
import { groundOf } from '../../server/proposals/proposal.ts'
import { type Asked, saidBy } from '../../server/proposals/state.ts'
import { type Benchmark, type Figure, median, quantile } from './figures.ts'
import { openInstallation } from './installation.ts'

const PROPOSALS = 5_000
/** Of those that are over; what is open has had as many as its age allows. */
const STATES = 25
const DAY_MS = 86_400_000
/** They begin over three years; those of the last fourteen months are open, about 2,000. */
const YEARS_MS = 3 * 365 * DAY_MS
const LIFE_MS = 435 * DAY_MS
const ROUNDS = 25
const PAST_DAYS = [1, 30, 200, 400, 700]

const ASKED: [name: string, words: string, path: string][] = [
  ['board', 'board', 'proposals/board?limit=100'],
  ['boardAll', 'board with every card', 'proposals/board?limit=2000'],
  ['table', 'table, first page', 'proposals?limit=50'],
  ['field', 'field', 'proposals/field'],
  ['comingUp', 'coming up', 'reports/coming-up'],
  ['forecast', 'forecast', 'reports/forecast'],
  ['waterfall', 'waterfall since Monday', 'reports/waterfall'],
  ['winRate', 'win rate', 'reports/win-rate'],
  ['funnel', 'funnel', 'reports/funnel'],
  ['aging', 'aging', 'reports/aging'],
  ['reasons', 'reasons', 'reports/reasons'],
  ['trend', 'trend over 26 weeks', 'reports/trend'],
  ['accuracy', 'forecast against actual', 'reports/accuracy'],
  ['calibration', 'calibration', 'reports/calibration'],
  ['slip', 'slip', 'reports/slip'],
  ['cycle', 'cycle and velocity', 'reports/cycle'],
  ['coverage', 'coverage', 'reports/coverage'],
]

export const benchmark: Benchmark = {
  about: `${PROPOSALS} proposals, about 2,000 of them open, with about 100,000 states on SQLite: board and each report over HTTP, one after the other, now and as of past days`,
  async measure(tell) {
    tell(`Making ${PROPOSALS} proposals with up to ${STATES} states each.\n`)
    const made = { open: 0, states: 0 }
    const installation = await openInstallation(async (db) => {
      await fill(db)
      made.open = await db.read.$count(proposals, eq(proposals.outcome, 'open'))
      made.states = await db.read.$count(proposalHistory)
    })
    const { url, stop } = await installation.start()
    const cookie = `${installation.cookie.name}=${installation.cookie.value}`
    const ask = async (path: string) => {
      const [began, used] = [performance.now(), process.cpuUsage()]
      const answer = await fetch(`${url}/api/${path}`, { headers: { cookie } })
      const body = await answer.text()
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`)
      const { user, system } = process.cpuUsage(used)
      return { ms: performance.now() - began, processorMs: (user + system) / 1_000 }
    }
    try {
      const figures: Figure[] = [
        { name: 'openProposals', words: 'open proposals', value: made.open },
        { name: 'states', words: 'states of proposals', value: made.states },
      ]
      for (const [name, words, path] of ASKED) {
        await ask(path)
        const now: number[] = []
        const then: number[] = []
        const used: number[] = []
        const usedThen: number[] = []
        for (let i = 0; i < ROUNDS; i++) {
          const at = Date.now() - PAST_DAYS[i % PAST_DAYS.length]! * DAY_MS
          const asked = await ask(path)
          const ofThen = await ask(`${path}${path.includes('?') ? '&' : '?'}asOf=${at}`)
          now.push(asked.ms)
          then.push(ofThen.ms)
          used.push(asked.processorMs)
          usedThen.push(ofThen.processorMs)
        }
        figures.push(
          { name: `${name}P50Ms`, words: `${words}, ms at the median`, value: median(now) },
          { name: `${name}P95Ms`, words: `${words}, ms at the 95th percentile`, value: quantile(now, 0.95) },
          // Asking and answering together, in one process: what a machine with nothing else to do would take.
          { name: `${name}ProcessorMs`, words: `${words}, ms of processor`, value: median(used) },
          { name: `${name}ThenP50Ms`, words: `${words} of a past day, median`, value: median(then) },
          { name: `${name}ThenP95Ms`, words: `${words} of a past day, 95th percentile`, value: quantile(then, 0.95) },
          { name: `${name}ThenProcessorMs`, words: `${words} of a past day, processor`, value: median(usedThen) },
        )
      }
      return figures
    } finally {
      await stop()
      await installation.remove()
    }
  },
}

/** Lives with a seed: the same each time, past the routes but by the function that makes histories. */
async function fill(db: Db): Promise<void> {
  await ensurePipeline(db)
  const now = Date.now()
  const random = generator(7)
  const [admin] = await db.read.select({ id: members.id }).from(members)
  await db.write(async (tx) => {
    const days = Array.from({ length: 160 }, (_, i) => new Date(now - i * 7 * DAY_MS).toISOString().slice(0, 10))
    for (const [i, day] of days.entries())
      await tx.insert(fxRates).values({ currency: 'EUR', day, rate: `1.0${10 + (i % 80)}`, setAt: now })
  })
  const ground = await groundOf(db.read)
  const stages = [...ground.stages.values()]
  const insertProposal = insertInto(proposals)
  const insertState = insertInto(proposalHistory)
  const sources = ['mailbox', 'referral', 'portal', 'partner']
  const ends = ['won', 'lost', 'lost', 'no_bid', 'cancelled'] as const
  for (let first = 0; first < PROPOSALS; first += 500) {
    await db.write(async (tx) => {
      for (let n = first; n < Math.min(PROPOSALS, first + 500); n++) {
        const id = uuidv7()
        const createdAt = Math.floor(now - DAY_MS - (YEARS_MS * (PROPOSALS - n)) / PROPOSALS)
        const step = LIFE_MS / STATES
        let rows = withChange(
          id,
          [],
          createdAt,
          begin(stages[0]!, admin!.id, random, createdAt),
          because(createdAt),
          ground.stages,
        )
        for (let k = 1; k < STATES; k++) {
          const at = Math.floor(createdAt + k * step + random() * step * 0.5)
          if (at >= now) break
          const ended = k === STATES - 1
          const asked: Asked = ended
            ? { outcome: ends[Math.floor(random() * ends.length)]! }
            : next(k, stages.length, random, at)
          const stageId = 'stage' in asked ? stages[Number(asked.stage)]!.id : undefined
          const said = saidBy({ ...asked, ...(stageId ? { stageId } : {}) }, rows.at(-1)!, ground, at)
          rows = withChange(id, rows, at, said, because(at), ground.stages)
        }
        const newest = rows.at(-1)!
        await insertProposal(tx, {
          ...newest,
          id,
          number: n + 1,
          title: `Proposal ${n + 1} for vehicle tablets and docks`,
          valueBasis: 'total',
          valueUnits: null,
          organizationId: null,
          source: sources[n % sources.length]!,
          priority: 'normal',
          solicitationNumber: `2026-${n}`,
          solicitationKind: 'rfp',
          portalUrl: '',
          setAside: '',
          dueLocal: null,
          dueZone: null,
          duePrecision: 'time',
          dueChoice: 'earlier',
          receivedAt: createdAt,
          createdAt,
          bidDecidedAt: null,
          reopenedCount: 0,
          nextStep: '',
          nextStepOn: null,
          touchedAt: newest.changedAt,
          issueId: null,
          mailboxId: null,
          version: rows.length,
          updatedAt: newest.validFrom,
          deletedAt: null,
        })
        for (const row of rows) await insertState(tx, row)
        await tx.insert(proposalTouches).values({ proposalId: id, at: createdAt + 3 * DAY_MS, kind: 'mail' })
      }
    })
  }
}

const because = (recordedAt: number) => ({ byId: null, cause: 'import' as const, recordedAt })
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

function begin(
  stage: { id: string; pipelineId: string; probability: number },
  ownerId: string,
  random: () => number,
  at: number,
): Said {
  return {
    pipelineId: stage.pipelineId,
    stageId: stage.id,
    outcome: 'open',
    probability: stage.probability,
    isOverride: false,
    category: 'pipeline',
    isCategoryOverride: false,
    valueMinor: random() < 0.05 ? null : Math.floor(random() * 50_000_000),
    currency: random() < 0.3 ? 'EUR' : 'USD',
    awardMinor: null,
    fxAtDecision: null,
    expectedDecision: dayOf(at + LIFE_MS),
    dueAt: Math.floor(at + LIFE_MS / 3),
    ownerId,
    teamId: null,
  }
}

/** Every fourth state is a stage, and the others are values, days and probabilities. */
function next(k: number, stages: number, random: () => number, at: number): Asked & { stage?: number } {
  if (k % 4 === 0) return { stage: Math.min(stages - 1, k >> 2) }
  if (k % 4 === 1) return { valueMinor: Math.floor(random() * 50_000_000) }
  if (k % 4 === 2) return { expectedDecision: dayOf(at + random() * 120 * DAY_MS) }
  return { override: Math.floor(random() * 101) }
}

function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
