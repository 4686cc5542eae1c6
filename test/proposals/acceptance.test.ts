import { expect, test } from 'vitest'
import type { Goal } from '../../db/schema.ts'
import type { Board } from '../../server/proposals/board.ts'
import type { Card } from '../../server/proposals/card.ts'
import type { Accuracy } from '../../server/proposals/metrics/accuracy.ts'
import type { Calibration } from '../../server/proposals/metrics/calibration.ts'
import type { Cycle } from '../../server/proposals/metrics/cycle.ts'
import type { Figure } from '../../server/proposals/metrics/figure.ts'
import type { Forecast } from '../../server/proposals/metrics/forecast.ts'
import type { Funnel } from '../../server/proposals/metrics/funnel.ts'
import type { Progress } from '../../server/proposals/metrics/progress.ts'
import type { ReasonShare, Rival } from '../../server/proposals/metrics/reasons.ts'
import type { Slip } from '../../server/proposals/metrics/slip.ts'
import { wilson95 } from '../../server/proposals/metrics/statistics.ts'
import type { Sample } from '../../server/proposals/metrics/trend.ts'
import type { Waterfall } from '../../server/proposals/metrics/waterfall.ts'
import type { Cohort, WinReport } from '../../server/proposals/metrics/win-rate.ts'
import type { TablePage } from '../../server/proposals/table.ts'
import { openEleven } from './eleven.ts'

const T = Date.parse('2026-07-01T00:00:00Z')
const Q2 = 'from=2026-04-01&to=2026-07-01'
const round = (value: number | null | undefined, digits: number) => Number((value ?? Number.NaN).toFixed(digits))
const dollars = (minor: number) => minor / 100

// Whether history came change by change or all at once, the same numbers come out.
test.each(['commands', 'history'] as const)(
  'the numbers of eleven known proposals come out to the cent (%s)',
  async (way) => {
    const { api, named, ids, mo, ben, stages, reasons } = await openEleven(way)
    const report = <R>(name: string, query = Q2) => api.get<R>(`reports/${name}?asOf=${T}&${query}`)
    const of = ({ ids, minor }: Figure) => [named(ids), dollars(minor)]

    // Point in time.
    const boards = await Promise.all(
      ['2026-04-01T00:00:00Z', '2026-07-01T00:00:00Z'].map((at) =>
        api.get<Board>(`proposals/board?asOf=${Date.parse(at)}`),
      ),
    )
    expect(
      boards.map(({ total, columns }) => [named(columns.flatMap(({ cards }) => cards.map(({ id }) => id))), total]),
    ).toEqual([
      [
        ['P1', 'P2', 'P4', 'P5', 'P6', 'P11'],
        { count: 6, totalMinor: 1_000_000_00, weightedMinor: 484_000_00, withoutValue: 0, withoutRate: 0 },
      ],
      [
        ['P4', 'P5', 'P7', 'P8', 'P9'],
        { count: 5, totalMinor: 986_000_00, weightedMinor: 502_800_00, withoutValue: 0, withoutRate: 0 },
      ],
    ])

    // Win and capture rate, by owner and source, and the cohort.
    const wins = await report<WinReport & { cohort: Cohort }>('win-rate')
    expect([
      named(wins.won.ids),
      named(wins.lost.ids),
      wins.noBid.ids,
      wins.withdrawn.ids,
      named(wins.cancelled.ids),
    ]).toEqual([['P1', 'P6'], ['P2', 'P11'], [], [], ['P10']])
    expect([wins.rate, wins.captureRate, dollars(wins.awarded.minor), wins.resolvedRate.rate]).toEqual([
      0.5, 0.4, 170_000, 0.4,
    ])
    expect(wins.interval?.map((value) => round(value, 3))).toEqual([0.15, 0.85])
    expect(wilson95(20, 40)?.map((value) => round(value, 3))).toEqual([0.352, 0.648])
    expect(Object.fromEntries(wins.byOwner.map(({ ownerId, of, n }) => [ownerId, `${of}/${n}`]))).toEqual({
      [mo.id]: '1/3',
      [ben.id]: '1/1',
    })
    expect(Object.fromEntries(wins.bySource.map(({ source, of, n }) => [source, `${of}/${n}`]))).toEqual({
      rfp_mailbox: '1/3',
      referral: '1/1',
    })
    const { cohort } = await report<{ cohort: Cohort }>('win-rate', 'from=2026-01-01&to=2026-04-01')
    expect(named(cohort.ids)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P11'])
    expect([cohort.won.count, cohort.lost.count, cohort.noBid, cohort.open, cohort.rate]).toEqual([2, 2, 1, 2, 0.5])
    expect([cohort.maturity.of, cohort.maturity.n, round(cohort.maturity.rate, 3)]).toEqual([5, 7, 0.714])

    // Cycle and velocity.
    const cycle = await report<Cycle>('cycle')
    const days = Object.fromEntries(cycle.each.map(({ id, cycleDays }) => [named([id])[0], cycleDays]))
    expect(days).toEqual({ P1: 90, P2: 120, P6: 102, P10: 25, P11: 101 })
    expect([cycle.won.mean, cycle.won.median, cycle.lost.mean]).toEqual([96, 96, 110.5])
    const waits = cycle.each.filter(({ decisionDays }) => decisionDays !== null)
    expect(Object.fromEntries(waits.map(({ id, decisionDays }) => [named([id])[0], decisionDays]))).toEqual({
      P1: 40,
      P6: 41,
      P2: 61,
      P11: 61,
    })
    expect(cycle.velocity).toMatchObject({ open: 5, averageAwardMinor: 85_000_00, minorADay: 2_213_54 })
    const first = await report<Cycle>('cycle', 'from=2026-01-01&to=2026-04-01')
    expect(first.each.map(({ id, cycleDays }) => [named([id])[0], cycleDays])).toEqual([['P3', 9]])

    // Funnel and time in stage.
    const pipelineId = boards[1]!.columns.at(-1)!.stage.pipelineId
    const { stages: shown, bidRate } = await report<Funnel>('funnel', `pipelineId=${pipelineId}`)
    expect(
      shown.map(({ label, reached, touched, next, pending, convAll, convResolved }) => [
        label,
        reached.length,
        touched.length,
        next.length,
        named(pending),
        round(convAll.rate, 4),
        round(convResolved.rate, 4),
      ]),
    ).toEqual([
      ['qualify', 11, 11, 9, ['P9'], 0.8182, 0.9],
      ['pursue', 9, 8, 7, ['P8'], 0.7778, 0.875],
      ['drafting', 7, 7, 6, ['P7'], 0.8571, 1],
      ['submitted', 6, 6, 3, ['P5'], 0.5, 0.6],
      ['negotiation', 3, 1, 2, ['P4'], 0.6667, 1],
    ])
    expect([bidRate.of, bidRate.noBid.length, bidRate.rate]).toEqual([9, 1, 0.9])
    const times = await api.get<{ stages: { stageId: string; days: number; latestDays: number }[] }>(
      `reports/stage-times/${ids.get('P11')}?asOf=${T}`,
    )
    const label = (id: string) => stages.find((stage) => stage.id === id)!.label
    expect(times.stages.map(({ stageId, days, latestDays }) => [label(stageId), days, latestDays])).toEqual([
      ['qualify', 13, 13],
      ['drafting', 42, 15],
      ['submitted', 46, 37],
    ])

    // Slip, overdue, aging.
    const slip = await report<Slip & { pushed: { id: string; pushCount: number; pushDays: number }[] }>('slip')
    expect([of(slip.base), of(slip.slipped)]).toEqual([
      [['P1', 'P2', 'P4', 'P6', 'P11'], 850_000],
      [['P4'], 400_000],
    ])
    expect([slip.countRate, round(slip.valueRate, 6)]).toEqual([0.2, 0.470588])
    expect(slip.pushed).toEqual([{ id: ids.get('P4'), pushCount: 1, pushDays: 31 }])
    const aging = await report<{ proposals: Card[] }>('aging', '')
    const age = (name: string) => {
      const { idleDays, daysInStage, ageDays, stale, staleByDays } = aging.proposals.find(
        ({ id }) => id === ids.get(name),
      )!
      return { idleDays, daysInStage, ageDays, stale, staleByDays }
    }
    expect(age('P4')).toEqual({ idleDays: 5, daysInStage: 41, ageDays: 135, stale: false, staleByDays: 0 })
    expect(age('P5')).toEqual({ idleDays: 29, daysInStage: 60, ageDays: 121, stale: true, staleByDays: 15 })

    // Forecast, with its range.
    await api.put(`pipelines/goals/${ids.get('P1')}`, {
      periodStart: '2026-07-01',
      periodEnd: '2026-10-01',
      amountMinor: 400_000_00,
    })
    // Another goal for one member, of the quarter before: what that one won, and what of theirs is still open in it.
    const { ownerId } = aging.proposals.find(({ id }) => id === ids.get('P9'))!
    const ofAnn = { periodStart: '2026-04-01', periodEnd: '2026-07-01', memberId: ownerId, amountMinor: 200_000_00 }
    await api.put(`pipelines/goals/${ids.get('P2')}`, ofAnn)
    const { goals } = await report<{ goals: (Progress & { goal: Goal })[] }>('goals', `ownerId=${ownerId}`)
    expect(goals.map(({ won, open, neededMinor, share }) => [of(won), of(open), neededMinor, share])).toEqual([
      [[['P1'], 90_000], [['P9'], 250_000], 110_000_00, 0.45],
    ])
    expect((await report<{ goals: unknown[] }>('goals', '')).goals.length).toBe(2)

    const q3 = await report<Forecast>('forecast', 'from=2026-07-01&to=2026-10-01')
    expect([of(q3.closed), of(q3.commit), of(q3.best_case), of(q3.pipeline)]).toEqual([
      [[], 0],
      [['P4'], 400_000],
      [['P5', 'P7'], 270_000],
      [['P8'], 66_000],
    ])
    expect(q3.cumulative).toEqual({
      closedMinor: 0,
      commitForecastMinor: 400_000_00,
      bestCaseForecastMinor: 670_000_00,
      openPipelineMinor: 736_000_00,
    })
    expect(q3.months.map(({ month, weightedMinor }) => [month, dollars(weightedMinor)])).toEqual([
      ['2026-07', 320_000],
      ['2026-08', 90_000],
      ['2026-09', 67_800],
    ])
    expect([of(q3.overdue), dollars(q3.overdue.weightedMinor), q3.undated.count]).toEqual([
      [['P9'], 250_000],
      25_000,
      0,
    ])
    expect(q3.spread).toEqual({
      n: 4,
      meanMinor: 477_800_00,
      sdMinor: 188_071_16,
      p10Minor: 150_000_00,
      p50Minor: 550_000_00,
      p90Minor: 670_000_00,
      atLeast: { minor: 400_000_00, chance: expect.closeTo(0.8, 9) },
      exact: true,
    })

    // Waterfall: what changed and why.
    const bars = await report<Waterfall>('waterfall', `${Q2}&windowFrom=2026-04-01&windowTo=2026-07-01`)
    const amounts = { ...bars } as Record<string, Figure>
    expect(
      Object.fromEntries(Object.entries(amounts).flatMap(([bar, figure]) => (figure?.ids ? [[bar, of(figure)]] : []))),
    ).toEqual({
      opening: [['P1', 'P2', 'P4', 'P6', 'P11'], 850_000],
      new: [['P9', 'P10'], 280_000],
      pulledIn: [[], 0],
      increased: [[], 0],
      decreased: [['P1'], 10_000],
      won: [['P1', 'P6'], 170_000],
      lost: [['P2', 'P11'], 270_000],
      noBid: [[], 0],
      withdrawn: [[], 0],
      cancelled: [['P10'], 30_000],
      pushedOut: [['P4'], 400_000],
      closing: [['P9'], 250_000],
    })

    // Forecast against actual, and calibration.
    const { periods } = await report<{ periods: Accuracy[] }>('accuracy')
    expect(
      periods.map(({ start, frozen, actual, errorMinor, attainment }) => [
        start,
        dollars(frozen.weightedMinor),
        dollars(actual.minor),
        dollars(errorMinor),
        round(attainment, 4),
      ]),
    ).toEqual([['2026-04-01', 439_000, 170_000, 269_000, 0.3872]])
    const calibration = await report<Calibration>('calibration')
    expect([calibration.n, round(calibration.brier, 9), calibration.brierOfBaseRate]).toEqual([4, 0.26, 0.25])

    // Reasons and competitors.
    const why = await report<{ lost: ReasonShare[]; competitors: (Rival & { name: string })[] }>('reasons')
    expect(
      why.lost.map(({ reasonId, count, minor, valueShare }) => [
        reasons.find(({ id }) => id === reasonId)?.label,
        count,
        dollars(minor),
        round(valueShare, 4),
      ]),
    ).toEqual([
      ['Price', 1, 200_000, 0.7407],
      ['Technical', 1, 70_000, 0.2593],
    ])
    expect(
      why.competitors.map(({ name, met, lostTo, wonAgainst }) => [name, named(met), named(lostTo), wonAgainst]),
    ).toEqual(
      expect.arrayContaining([
        ['Acme', ['P2'], ['P2'], []],
        ['Beta', ['P11'], ['P11'], []],
      ]),
    )

    // Every way to ask gives the same sums: board, table, field and trend.
    const table = await api.get<TablePage>(`proposals?asOf=${T}`)
    const field = await api.get<{ total: unknown }>(`proposals/field?asOf=${T}`)
    const { samples } = await report<{ samples: Sample[] }>('trend', 'to=2026-07-01')
    expect(table.sum).toEqual(boards[1]!.total)
    expect(field.total).toEqual(boards[1]!.total)
    expect(samples.at(-1)).toMatchObject({ totalMinor: 986_000_00, weightedMinor: 502_800_00 })
    // And each part of the trend is what a list of its category holds.
    for (const [category, { count, totalMinor, weightedMinor }] of Object.entries(samples.at(-1)!.byCategory)) {
      const { sum } = await api.get<TablePage>(`proposals?asOf=${T}&category=${category}`)
      expect([category, sum]).toMatchObject([category, { count, totalMinor, weightedMinor }])
    }
  },
)
