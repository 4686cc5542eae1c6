import { and, asc, eq, inArray, isNull, lt } from 'drizzle-orm'
import type { Reader } from '../../db/index.ts'
import { organizations, proposalCompetitors, proposalMilestones, proposalReasons } from '../../db/schema.ts'
import { type Card, cardOf } from './card.ts'
import { dayIn } from './deadline.ts'
import { type Fact, OPEN, readMoves, readOpenSegments, readSegments, readStated, type Segment } from './facts.ts'
import { listGoals } from './goals.ts'
import { accuracyOf } from './metrics/accuracy.ts'
import { calibrationOf } from './metrics/calibration.ts'
import { comingUpOf } from './metrics/coming-up.ts'
import { coverageOf } from './metrics/coverage.ts'
import { cycleOf } from './metrics/cycle.ts'
import { forecastOf, weighedOf } from './metrics/forecast.ts'
import { funnelOf, timeInStages, visitsOf } from './metrics/funnel.ts'
import { daysLater, inDays, inTime, type Period, partsOf, periodOf } from './metrics/period.ts'
import { progressOf } from './metrics/progress.ts'
import { reasonsOf, rivalsOf } from './metrics/reasons.ts'
import { slipOf } from './metrics/slip.ts'
import { quantile } from './metrics/statistics.ts'
import { trendOf } from './metrics/trend.ts'
import { waterfallOf } from './metrics/waterfall.ts'
import { cohortOf, winRateOf, winReportOf } from './metrics/win-rate.ts'
import type { ReportGround } from './report-ground.ts'
import { readSnapshot } from './snapshot.ts'
import { sumOf, weighted } from './worth.ts'

// The reports of the manager's page. Each reads what it needs, and computes by a pure function of metrics/.

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** With fewer decided ones a rate is shown in grey. */
const ENOUGH_FOR_A_RATE = 5

/** 1. What must leave the house in the next days, and who has how much of it. */
export async function comingUp(ground: ReportGround, days: number) {
  const { read, scope, filter, at, isNow, view } = ground
  const rows = await readSnapshot(read, scope, { ...filter, outcome: 'open' }, isNow ? null : at)
  const cards = rows.map((row) => cardOf(row, view))
  const until = at + days * DAY_MS
  const milestones = await read
    .select()
    .from(proposalMilestones)
    .where(and(isNull(proposalMilestones.doneAt), lt(proposalMilestones.at, until)))
    .orderBy(asc(proposalMilestones.at))
  return comingUpOf(cards, milestones, at, until)
}

/** 2. What may come in, by month and category, with the range that it may lie in. */
export async function forecast(ground: ReportGround, period: Period) {
  const goalMinor = await goalOf(ground, period)
  const month = (at: number) => dayIn(ground.zone, at).slice(0, 7)
  return {
    ...forecastOf(await ground.facts(period.from), period, ground.today, month, goalMinor),
    goalMinor: goalMinor ?? null,
    goals: (await goalsOf(ground)).filter(
      ({ periodStart, periodEnd }) => periodStart < period.end && periodEnd > period.start,
    ),
  }
}

/** 3. What changed since a moment and why. */
export async function waterfall(
  ground: ReportGround,
  from: number,
  to: number,
  window: Pick<Period, 'start' | 'end'> | null,
) {
  const { ownerId, teamId, pipelineId, ...rest } = ground.filter
  const end = Math.min(to, ground.at)
  const all = await readSegments(ground.read, ground.scope, rest, from, end)
  const segments = keepBy(all, { ownerId, teamId, pipelineId })
  return { from, to: end, ...waterfallOf(segments, from, end, window, ground.worthAt) }
}

/** Whoever has a proposal at the end has had it: else work that is handed over would look lost and won. */
function keepBy(
  segments: Segment[],
  by: { ownerId?: string | undefined; teamId?: string | undefined; pipelineId?: string | undefined },
): Segment[] {
  if (!by.ownerId && !by.teamId && !by.pipelineId) return segments
  const last = new Map(segments.map((segment) => [segment.id, segment]))
  return segments.filter(({ id }) => {
    const end = last.get(id)
    return (
      (!by.ownerId || end?.ownerId === by.ownerId) &&
      (!by.teamId || end?.teamId === by.teamId) &&
      (!by.pipelineId || end?.pipelineId === by.pipelineId)
    )
  })
}

/** 4. How much is won, in the period and quarter by quarter; and what became of those begun in it. */
export async function winRate(ground: ReportGround, period: Period) {
  const parts = partsOf(period, 3, ground.zone)
  const facts = await ground.facts(parts[0]?.from ?? period.from)
  const quarters = parts.map((quarter) => {
    const rate = winRateOf(facts.filter(({ decidedAt, outcome }) => outcome !== 'open' && inTime(decidedAt, quarter)))
    return { start: quarter.start, end: quarter.end, ...rate, enough: rate.n >= ENOUGH_FOR_A_RATE }
  })
  return { ...winReportOf(facts, period), cohort: cohortOf(facts, period), quarters }
}

/** 5. How far those begun in a period came, and 2.7: how long they were in each stage. */
export async function funnel(ground: ReportGround, period: Period) {
  const { read, scope, filter, at, view } = ground
  const { ownerId: _, teamId: __, pipelineId, ...rest } = filter
  const facts = await ground.facts(period.from)
  const stages = [...view.stages.values()]
  const wanted = pipelineId ?? stages[0]?.pipelineId
  const ofPipeline = stages.filter((stage) => stage.pipelineId === wanted && stage.archivedAt === null)
  const chosen = new Map(facts.filter((fact) => fact.pipelineId === wanted).map((fact) => [fact.id, fact]))
  const moves = (await readMoves(read, scope, rest, at, { created: period })).filter(({ id }) => chosen.has(id))
  const bid = [...chosen.values()].filter(({ bidDecidedAt }) => bidDecidedAt !== null && bidDecidedAt <= at)
  return { pipelineId: wanted ?? null, ...funnelOf(moves, ofPipeline, new Set(bid.map(({ id }) => id))) }
}

/** How long one proposal was in each stage. */
export async function stageTimes(ground: ReportGround, id: string) {
  const moves = await readMoves(ground.read, ground.scope, { ids: [id] }, ground.at)
  return timeInStages(visitsOf(moves).get(id)?.visits ?? [], ground.at)
}

/** 6. Which are stuck: each open proposal, and how long four of five of those won in the last year took in its stage. */
export async function aging(ground: ReportGround) {
  const { read, scope, filter, at, isNow, view } = ground
  const rows = await readSnapshot(read, scope, { ...filter, outcome: 'open' }, isNow ? null : at)
  const moves = await readMoves(read, scope, { source: filter.source }, at, { wonSince: at - YEAR_MS })
  const stays = new Map<string, number[]>()
  for (const { visits, outcome } of visitsOf(moves).values()) {
    if (outcome !== 'won') continue
    for (const { stageId, from, to } of visits) {
      const days = stays.get(stageId) ?? []
      days.push(((to ?? at) - from) / DAY_MS)
      stays.set(stageId, days)
    }
  }
  const cards = rows.map((row) => cardOf(row, view))
  const stale = rows.filter((_, i) => cards[i]?.stale)
  return {
    proposals: cards.map(agingOfCard),
    stale: { ...sumOf(stale, view.pricing), ids: stale.map(({ id }) => id) },
    usual: [...stays].map(([stageId, days]) => ({
      stageId,
      n: days.length,
      days: Math.round(quantile(days, 0.8) ?? 0),
    })),
  }
}

/** What the report shows of each: there may be thousands. */
const agingOfCard = (card: Card) => ({
  id: card.id,
  number: card.number,
  title: card.title,
  ownerId: card.ownerId,
  stageId: card.stageId,
  idleDays: card.idleDays,
  daysInStage: card.daysInStage,
  ageDays: card.ageDays,
  stale: card.stale,
  staleByDays: card.staleByDays,
  worthMinor: card.worthMinor,
})

/** 7. Why proposals ended as they did, and how it went against whom. */
export async function reasons(ground: ReportGround, period: Period) {
  const closed = (await ground.facts(period.from)).filter(
    ({ outcome, decidedAt }) => outcome !== 'open' && inTime(decidedAt, period),
  )
  const primary = await primaryReasons(ground.read, closed)
  const of = (outcome: Fact['outcome']) =>
    reasonsOf(
      closed.filter((fact) => fact.outcome === outcome),
      primary,
    )
  const competitors = await competitorsOf(ground.read, closed)
  const names = new Map(competitors.map(({ organizationId, name }) => [organizationId, name]))
  return {
    won: of('won'),
    lost: of('lost'),
    noBid: of('no_bid'),
    withdrawn: of('withdrawn'),
    cancelled: of('cancelled'),
    competitors: rivalsOf(closed, competitors).map((rival) => ({
      ...rival,
      name: names.get(rival.organizationId) ?? '',
    })),
  }
}

/** 8. The open pipeline over time: what the board showed at each of some moments. */
export async function trend(ground: ReportGround, moments: number[]) {
  const { read, scope, filter, at } = ground
  const past = moments.filter((moment) => moment <= at)
  // Of each state what its owner and pipeline were then, as the board would show it.
  const segments = await readOpenSegments(read, scope, filter, past[0] ?? at, (past.at(-1) ?? at) + 1)
  const states = segments.map((segment) => ({ ...segment, ...OPEN }))
  return trendOf(segments, past, (i, moment) => {
    const state = states[i]!
    const minor = ground.worthAt(state, moment)
    return minor === undefined ? undefined : { minor, weightedMinor: weighted(minor, state.probability) }
  })
}

/** 9. What was forecast at the start of each quarter, or month, against what came. */
export async function accuracy(ground: ReportGround, period: Period, months: 1 | 3) {
  const parts = partsOf(period, months, ground.zone).filter(({ from }) => from < ground.at)
  const known = await ground.facts(parts[0]?.from ?? period.from)
  const found = []
  for (const part of parts) {
    const [before, after] = [await ground.openAt(part.from - 1), await ground.openAt(part.to - 1)]
    found.push({ ...accuracyOf(before, after, known, part), over: part.to <= ground.at })
  }
  return found
}

/** 10. Whether what was stated at submission came true, of what was decided in a period. */
export async function calibration(ground: ReportGround, period: Period) {
  const decided = (await ground.facts(period.from)).filter(
    ({ outcome, decidedAt }) => (outcome === 'won' || outcome === 'lost') && inTime(decidedAt, period),
  )
  return calibrationOf(
    decided,
    await readStated(
      ground.read,
      decided.map(({ id }) => id),
    ),
  )
}

/** What was expected in a period and slipped out of it, and what is pushed on and on. */
export async function slip(ground: ReportGround, period: Period) {
  const [before, after] = [await ground.openAt(period.from - 1), await ground.openAt(period.to - 1)]
  const rows = await readSnapshot(
    ground.read,
    ground.scope,
    { ...ground.filter, outcome: 'open' },
    ground.isNow ? null : ground.at,
  )
  const pushed = rows
    .filter(({ pushCount }) => pushCount > 0)
    .map(({ id, pushCount, pushDays }) => ({ id, pushCount, pushDays }))
    .sort((a, b) => b.pushCount - a.pushCount || b.pushDays - a.pushDays)
  return { ...slipOf(before, after, period), pushed }
}

/** How long it takes from request to decision, and how much that makes in a day. */
export async function cycle(ground: ReportGround, period: Period) {
  return cycleOf(await ground.facts(period.from), period)
}

/** Whether what is open is enough for the goal of a period; null where there is no goal. */
export async function coverage(ground: ReportGround, period: Period) {
  const goalMinor = await goalOf(ground, period)
  if (goalMinor === undefined) return null
  const facts = await ground.facts(period.from)
  const { awarded, captureRate } = winReportOf(facts, period)
  const open = facts.filter(
    ({ outcome, category, expectedDecision }) =>
      outcome === 'open' && category !== 'omitted' && inDays(expectedDecision, period),
  )
  return coverageOf(goalMinor, awarded.minor, weighedOf(open), captureRate)
}

/**
 * How far each goal is that is not long over. With a member, a team or a pipeline in the filter: the goals of that one.
 * What is counted is all that a goal is for, whatever else the filter says.
 */
export async function goalProgress(ground: ReportGround) {
  const { ownerId, teamId, pipelineId } = ground.filter
  const recent = daysLater(ground.today, -DAYS_SHOWN_AFTER)
  const shown = (await listGoals(ground.read)).filter(
    (goal) =>
      goal.periodEnd > recent &&
      (ownerId === undefined || goal.memberId === ownerId) &&
      (teamId === undefined || goal.teamId === teamId) &&
      (pipelineId === undefined || goal.pipelineId === pipelineId),
  )
  const periods = shown.map(({ periodStart, periodEnd }) => periodOf(periodStart, periodEnd, ground.zone))
  const facts = shown.length === 0 ? [] : await ground.allFacts(Math.min(...periods.map(({ from }) => from)))
  return shown.map((goal, i) => ({ goal, ...progressOf(goal, facts, periods[i]!) }))
}
/** A goal is shown for so long after its period. */
const DAYS_SHOWN_AFTER = 366

/** The goals that are meant by the filter: of a member, of a team, or of all. */
async function goalsOf({ read, filter }: ReportGround) {
  const all = await listGoals(read)
  return all.filter(
    ({ memberId, teamId, pipelineId }) =>
      memberId === (filter.ownerId ?? null) &&
      teamId === (filter.teamId ?? null) &&
      (pipelineId === null || pipelineId === filter.pipelineId),
  )
}

/** What is to be won in a period: the goals that lie in it, whole. */
async function goalOf(ground: ReportGround, { start, end }: Period): Promise<number | undefined> {
  const within = (await goalsOf(ground)).filter(
    ({ periodStart, periodEnd }) => periodStart >= start && periodEnd <= end,
  )
  return within.length === 0 ? undefined : within.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
}

const IDS_AT_ONCE = 500

async function inChunks<T>(facts: readonly Fact[], read: (ids: string[]) => Promise<T[]>): Promise<T[]> {
  const found: T[] = []
  for (let i = 0; i < facts.length; i += IDS_AT_ONCE)
    found.push(...(await read(facts.slice(i, i + IDS_AT_ONCE).map(({ id }) => id))))
  return found
}

async function primaryReasons(read: Reader, facts: readonly Fact[]): Promise<Map<string, string>> {
  const rows = await inChunks(facts, async (ids) =>
    read
      .select({ proposalId: proposalReasons.proposalId, reasonId: proposalReasons.reasonId })
      .from(proposalReasons)
      .where(and(inArray(proposalReasons.proposalId, ids), eq(proposalReasons.isPrimary, true))),
  )
  return new Map(rows.map(({ proposalId, reasonId }) => [proposalId, reasonId]))
}

async function competitorsOf(read: Reader, facts: readonly Fact[]) {
  return await inChunks(facts, async (ids) =>
    read
      .select({
        proposalId: proposalCompetitors.proposalId,
        organizationId: proposalCompetitors.organizationId,
        role: proposalCompetitors.role,
        name: organizations.name,
      })
      .from(proposalCompetitors)
      .innerJoin(organizations, eq(organizations.id, proposalCompetitors.organizationId))
      .where(inArray(proposalCompetitors.proposalId, ids)),
  )
}
