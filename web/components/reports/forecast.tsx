import { createSignal, Show } from 'solid-js'
import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import {
  type Forecast,
  listHref,
  monthLabel,
  type ReportFilters,
  type Span,
  useForecast,
  withoutValue,
} from '../../reports.ts'
import { Chart } from '../charts/chart.tsx'
import { type Column, columnsOf } from '../charts/columns.ts'
import { Panel } from '../charts/panel.tsx'
import { rangeOf } from '../charts/range.ts'
import type { Table } from '../charts/table.ts'
import { AmountSwitch } from './amount-switch.tsx'

const HEIGHT = 300
const CATEGORIES = [
  ['commit', 'Commit', 'commit'],
  ['best_case', 'Best case', 'best'],
  ['pipeline', 'Pipeline', 'pipe'],
] as const
const LEGEND = [
  ['won', 'Won'],
  ['commit', 'Commit'],
  ['best', 'Best case'],
  ['pipe', 'Pipeline'],
  ['overdue', 'Overdue'],
  ['plain', 'No date'],
  ['goal', 'Goal, by month'],
] as const

type Amount = { minor: number; weightedMinor: number; count: number; ids: string[] }

/** What may come in, by the month of the expected decision; overdue and without a date apart. */
export function ForecastReport(props: { filters: ReportFilters; span: Span }) {
  const query = useForecast(() => ({ ...props.filters, ...props.span }))
  const [weighted, setWeighted] = createSignal(true)
  const amount = (one: Amount) => (weighted() ? one.weightedMinor : one.minor)
  const href = (ids: readonly string[]) => listHref(props.filters, ids)

  const columns = (data: Forecast): Column[] => {
    const words = (minor: number) => money(minor, data.currency)
    const apart = (id: 'overdue' | 'undated', label: string, tone: 'overdue' | 'plain'): Column => ({
      label,
      short: id === 'overdue' ? 'Late' : undefined,
      value: data[id].count > data[id].unknown ? shortMoney(amount(data[id]), data.currency) : undefined,
      pieces:
        data[id].count === 0
          ? []
          : [
              {
                id,
                from: 0,
                to: amount(data[id]),
                tone,
                name: `${label}: ${words(amount(data[id]))}, ${plural(data[id].count, 'proposal')}`,
                href: href(data[id].ids),
              },
            ],
    })
    const months = data.months.map((month, i): Column => {
      const label = monthLabel(month.month, i === 0)
      let top = 0
      const parts = [
        ['closed', 'Won', 'won', month.closed, month.closed.minor] as const,
        ...CATEGORIES.map(([key, name, tone]) => [key, name, tone, month[key], amount(month[key])] as const),
      ]
      const pieces = parts.flatMap(([key, name, tone, figure, minor]) => {
        if (figure.count === 0) return []
        const from = top
        top += minor
        const said = `${label}, ${name}: ${words(minor)}, ${plural(figure.count, 'proposal')}`
        return [{ id: `${month.month} ${key}`, from, to: top, tone, name: said, href: href(figure.ids) }]
      })
      const goal = goalOfMonth(data.goals, month.month)
      return {
        label,
        pieces,
        value: top > 0 ? shortMoney(top, data.currency) : undefined,
        line: goal === undefined ? undefined : { at: goal, tone: 'goal' },
        apart: i === 0,
      }
    })
    return [apart('overdue', 'Overdue', 'overdue'), apart('undated', 'No date', 'plain'), ...months]
  }

  return (
    <Panel
      title="Forecast"
      lead="What may come in, by the month in which it is expected to be decided."
      file="forecast"
      icon="trend"
      query={query}
      hrefOf={href}
      empty={(data) =>
        [data.overdue, data.undated, data.commit, data.best_case, data.pipeline, data.closed].every(
          ({ count }) => count === 0,
        )
          ? 'As soon as there are open proposals, they are here by month.'
          : undefined
      }
      tools={<AmountSwitch name="amounts" weighted={weighted()} onWeighted={setWeighted} />}
      draw={(data, width) => columnsOf(columns(data), width, HEIGHT, (minor) => shortMoney(minor, data.currency))}
      legend={LEGEND}
      table={tableOf}
      below={(data) => <Range data={data} filters={props.filters} />}
    />
  )
}

/** Where the whole period may end up, with the chance of each end said in words. */
function Range(props: { data: Forecast; filters: ReportFilters }) {
  const won = () => props.data.closed.minor
  const spread = () => props.data.spread
  const short = (minor: number) => shortMoney(minor, props.data.currency)
  const goal = () => {
    const months = props.data.months.map(({ month }) => goalOfMonth(props.data.goals, month))
    return months.some((one) => one === undefined)
      ? undefined
      : months.reduce<number>((sum, one) => sum + (one ?? 0), 0)
  }
  const ids = () => [...props.data.closed.ids, ...CATEGORIES.flatMap(([key]) => props.data[key].ids)]
  const unknown = () =>
    props.data.overdue.unknown +
    props.data.undated.unknown +
    CATEGORIES.reduce((sum, [key]) => sum + props.data[key].unknown, props.data.closed.unknown)
  return (
    <Show when={spread().n > 0}>
      <div class="range">
        <p>
          The whole period comes to <b class="num">{short(won() + spread().p50Minor)}</b> in the middle of what can
          happen: in 8 of 10 cases between <b class="num">{short(won() + spread().p10Minor)}</b> (P10) and{' '}
          <b class="num">{short(won() + spread().p90Minor)}</b> (P90)
          {spread().exact ? '' : ', simulated'}. {withoutValue(unknown())}
        </p>
        <Chart
          label="Range of the whole period"
          draw={(width) =>
            rangeOf(
              {
                low: won() + spread().p10Minor,
                middle: won() + spread().p50Minor,
                high: won() + spread().p90Minor,
                expected: won() + spread().meanMinor,
                goal: goal(),
                name: `P10 ${short(won() + spread().p10Minor)}, P50 ${short(won() + spread().p50Minor)}, P90 ${short(won() + spread().p90Minor)}, weighted ${short(won() + spread().meanMinor)}`,
                href: listHref(props.filters, ids()),
              },
              width,
              short,
            )
          }
        />
      </div>
    </Show>
  )
}

/** A goal is for some months, each of which has the same part of it. */
function goalOfMonth(goals: Forecast['goals'], month: string): number | undefined {
  const day = `${month}-01`
  const parts = goals.flatMap(({ periodStart, periodEnd, amountMinor }) =>
    periodStart <= day && day < periodEnd ? [amountMinor / monthsBetween(periodStart, periodEnd)] : [],
  )
  return parts.length === 0 ? undefined : Math.round(parts.reduce((sum, one) => sum + one, 0))
}

function monthsBetween(start: string, end: string): number {
  const [a, b] = [start, end].map((day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)))
  return Math.max(1, (b ?? 0) - (a ?? 0))
}

function tableOf(data: Forecast): Table {
  const none: Table['rows'][number] = [{ value: null }, { value: null }, { value: null }, { value: null }]
  const open = (amounts: readonly Amount[]) => {
    const ids = amounts.flatMap((one) => one.ids)
    return [
      { value: amounts.reduce((sum, { minor }) => sum + minor, 0), ids },
      { value: amounts.reduce((sum, { weightedMinor }) => sum + weightedMinor, 0), ids },
    ]
  }
  return {
    head: [
      { label: 'Expected', kind: 'text' },
      { label: 'Won', kind: 'money' },
      { label: 'Commit', kind: 'money' },
      { label: 'Best case', kind: 'money' },
      { label: 'Pipeline', kind: 'money' },
      { label: 'Open', kind: 'money' },
      { label: 'Open, weighted', kind: 'money' },
      { label: 'Goal', kind: 'money' },
    ],
    rows: [
      [{ value: 'Overdue' }, ...none, ...open([data.overdue]), { value: null }],
      [{ value: 'No date' }, ...none, ...open([data.undated]), { value: null }],
      ...data.months.map((month) => {
        const amounts = CATEGORIES.map(([key]) => month[key])
        return [
          { value: month.month },
          { value: month.closed.minor, ids: month.closed.ids },
          ...amounts.map(({ minor, ids }) => ({ value: minor, ids })),
          ...open(amounts),
          { value: goalOfMonth(data.goals, month.month) ?? null },
        ]
      }),
    ],
  }
}
