import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { Invalid } from '../errors.ts'
import { daysLater, monthsLater, type Period, periodOf } from '../proposals/metrics/period.ts'
import { type ReportGround, reportGround } from '../proposals/report-ground.ts'
import * as reports from '../proposals/reports.ts'
import { proposalFor, scopeOf } from '../proposals/visible.ts'
import { momentOf } from './as-of.ts'
import type { Env } from './deps.ts'
import { idInPath } from './fields.ts'
import { asOf, day, filter as filters } from './proposal-fields.ts'
import { rule } from './rule.ts'
import { valid } from './valid.ts'

const MAX_DAYS_AHEAD = 366
const MAX_SAMPLES = 260
const MAX_YEARS = 20
const WEEK_DAYS = 7
const WEEKS_SHOWN = 26

const { pipelineId, ownerId, teamId, source, organizationId } = filters
const common = { pipelineId, ownerId, teamId, source, organizationId, asOf }
/** Days from `from` to before `to`; left out, each report has a period of its own. */
const period = { from: day.optional(), to: day.optional() }
const inReport = valid('query', z.object(common))
const inPeriod = valid('query', z.object({ ...common, ...period }))

type Common = z.infer<z.ZodObject<typeof common>>

/** The numbers of the manager's page, each as of any moment. Every figure names the proposals that it is made of. */
export const reportRoutes = new Hono<Env>()
  .get(
    '/coming-up',
    rule('read', 'What must leave the house, soonest first, and for whom'),
    valid(
      'query',
      z.object({ ...common, days: z.coerce.number<string>().int().min(1).max(MAX_DAYS_AHEAD).default(30) }),
    ),
    async (c) => {
      const { days, ...query } = c.req.valid('query')
      const ground = await groundFor(c, query)
      return c.json({ ...told(ground), ...(await reports.comingUp(ground, days)) })
    },
  )
  .get('/forecast', rule('read', 'What may come in, by month and category, with its range'), inPeriod, async (c) => {
    const query = c.req.valid('query')
    const ground = await groundFor(c, query)
    const period = chosen(ground, query, (month) => [month, monthsLater(month, 6)])
    return c.json({ ...told(ground, period), ...(await reports.forecast(ground, period)) })
  })
  .get(
    '/waterfall',
    rule('read', 'What changed between two days and why'),
    valid(
      'query',
      z.object({
        ...common,
        ...period,
        /** Only what is expected between these days is inside; left out: everything open. */
        windowFrom: day.optional(),
        windowTo: day.optional(),
      }),
    ),
    async (c) => {
      const { windowFrom, windowTo, ...query } = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, (_, today) => [lastMonday(today), daysLater(today, 1)])
      const window =
        windowFrom === undefined && windowTo === undefined
          ? null
          : { start: windowFrom ?? '0000-01-01', end: windowTo ?? '9999-12-31' }
      return c.json({ ...told(ground, period), ...(await reports.waterfall(ground, period.from, period.to, window)) })
    },
  )
  .get(
    '/win-rate',
    rule('read', 'How much is won, by number and by money, with what became of a cohort'),
    inPeriod,
    async (c) => {
      const query = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, lastYear)
      return c.json({ ...told(ground, period), ...(await reports.winRate(ground, period)) })
    },
  )
  .get(
    '/funnel',
    rule('read', 'How far proposals come, and whether we bid; left out: of all time'),
    inPeriod,
    async (c) => {
      const query = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, lastYear)
      return c.json({ ...told(ground, period), ...(await reports.funnel(ground, period)) })
    },
  )
  .get('/aging', rule('read', 'How long open proposals have stood still'), inReport, async (c) => {
    const ground = await groundFor(c, c.req.valid('query'))
    return c.json({ ...told(ground), ...(await reports.aging(ground)) })
  })
  .get('/reasons', rule('read', 'Why proposals ended, and how it went against whom'), inPeriod, async (c) => {
    const query = c.req.valid('query')
    const ground = await groundFor(c, query)
    const period = chosen(ground, query, lastYear)
    return c.json({ ...told(ground, period), ...(await reports.reasons(ground, period)) })
  })
  .get(
    '/trend',
    rule('read', 'The open pipeline over time, at the end of each so many days'),
    valid(
      'query',
      z.object({ ...common, ...period, every: z.coerce.number<string>().int().min(1).max(366).default(WEEK_DAYS) }),
    ),
    async (c) => {
      const { every, ...query } = c.req.valid('query')
      const ground = await groundFor(c, query)
      const back = every * WEEKS_SHOWN
      const period = chosen(ground, query, (_, today) => [daysLater(today, -back), daysLater(today, 1)])
      const moments: number[] = []
      for (let day = period.end; day > period.start && moments.length < MAX_SAMPLES; day = daysLater(day, -every))
        moments.unshift(Math.min(ground.at, periodOf(day, day, ground.zone).from - 1))
      return c.json({ ...told(ground, period), samples: await reports.trend(ground, moments) })
    },
  )
  .get(
    '/accuracy',
    rule('read', 'What was forecast at the start of each month or quarter, against what came'),
    valid('query', z.object({ ...common, ...period, by: z.enum(['month', 'quarter']).default('quarter') })),
    async (c) => {
      const { by, ...query } = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, lastYear)
      return c.json({
        ...told(ground, period),
        periods: await reports.accuracy(ground, period, by === 'month' ? 1 : 3),
      })
    },
  )
  .get('/calibration', rule('read', 'Whether stated probabilities come true'), inPeriod, async (c) => {
    const query = c.req.valid('query')
    const ground = await groundFor(c, query)
    const period = chosen(ground, query, (_, today) => [monthsLater(today, -36), daysLater(today, 1)])
    return c.json({ ...told(ground, period), ...(await reports.calibration(ground, period)) })
  })
  .get(
    '/slip',
    rule('read', 'What was expected in a period and slipped, and what is pushed on and on'),
    inPeriod,
    async (c) => {
      const query = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, thisQuarter)
      return c.json({ ...told(ground, period), ...(await reports.slip(ground, period)) })
    },
  )
  .get(
    '/cycle',
    rule('read', 'How long it takes from request to decision, and what that makes in a day'),
    inPeriod,
    async (c) => {
      const query = c.req.valid('query')
      const ground = await groundFor(c, query)
      const period = chosen(ground, query, lastYear)
      return c.json({ ...told(ground, period), ...(await reports.cycle(ground, period)) })
    },
  )
  .get('/coverage', rule('read', 'Whether what is open is enough for the goal'), inPeriod, async (c) => {
    const query = c.req.valid('query')
    const ground = await groundFor(c, query)
    const period = chosen(ground, query, thisQuarter)
    return c.json({ ...told(ground, period), coverage: await reports.coverage(ground, period) })
  })
  .get('/goals', rule('read', 'How far each goal is'), inReport, async (c) => {
    const ground = await groundFor(c, c.req.valid('query'))
    return c.json({ ...told(ground), goals: await reports.goalProgress(ground) })
  })
  .get('/stage-times/:id', rule('read', 'How long a proposal was in each stage'), idInPath, inReport, async (c) => {
    const { id } = c.req.valid('param')
    await proposalFor(c.var.db.read, c.var.member, id)
    const ground = await groundFor(c, c.req.valid('query'))
    return c.json({ ...told(ground), stages: await reports.stageTimes(ground, id) })
  })

async function groundFor(c: Context<Env>, { asOf, ...filter }: Common): Promise<ReportGround> {
  const { db, member, now } = c.var
  const { read } = db
  const at = await momentOf(read, asOf, now)
  const { pipelineId, ownerId, teamId, source, organizationId } = filter
  const query = { filter: { pipelineId, ownerId, teamId, source, organizationId }, asOf: at }
  return await reportGround(read, await scopeOf(read, member), query, now)
}

/** What every report tells about itself. */
const told = ({ at, currency, scope, zone }: ReportGround, period: Period | null = null) => ({
  asOf: at,
  currency,
  zone,
  /** Whether the member sees every mailbox: else proposals of others are left out. */
  complete: scope.complete,
  period: period ? { from: period.start, to: period.end } : null,
})

/** The period that is asked for; else the report's own, by the first day of this month and today. */
function chosen(
  { today, zone }: ReportGround,
  { from, to }: { from?: string | undefined; to?: string | undefined },
  usual: (month: string, today: string) => [start: string, end: string],
): Period {
  const [start, end] = usual(monthsLater(today, 0), today)
  const [first, last] = [from ?? (to !== undefined && to <= start ? monthsLater(to, -12) : start), to ?? end]
  if (last <= first) throw new Invalid([{ field: 'to', message: 'to must be later than from.' }])
  if (Number(last.slice(0, 4)) - Number(first.slice(0, 4)) > MAX_YEARS)
    throw new Invalid([{ field: 'from', message: `from must be at most ${MAX_YEARS} years before to.` }])
  return periodOf(first, last, zone)
}

const lastYear = (_: string, today: string): [string, string] => [monthsLater(today, -12), daysLater(today, 1)]

function thisQuarter(month: string): [string, string] {
  const start = monthsLater(month, -((Number(month.slice(5, 7)) - 1) % 3))
  return [start, monthsLater(start, 3)]
}

/** The Monday of this week; on a Monday that of the week before. */
function lastMonday(today: string): string {
  const weekday = (new Date(today).getUTCDay() + 6) % WEEK_DAYS
  return daysLater(today, -(weekday === 0 ? WEEK_DAYS : weekday))
}
