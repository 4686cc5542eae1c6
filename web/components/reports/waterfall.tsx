import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import { dayWords } from '../../proposal-words.ts'
import { listHref, type ReportFilters, useWaterfall, type Waterfall, withoutValue } from '../../reports.ts'
import { type Column, columnsOf } from '../charts/columns.ts'
import type { Tone } from '../charts/drawing.ts'
import { Panel } from '../charts/panel.tsx'
import type { Table } from '../charts/table.ts'
import { fallOf, STEPS, type Step } from '../charts/waterfall.ts'

const HEIGHT = 290
/** Steps that are always there; the others where something happened. */
const ALWAYS: readonly Step[] = ['new', 'won', 'lost']
const SHORT: Partial<Record<Step, string>> = {
  pulledIn: 'In',
  increased: 'Up',
  decreased: 'Down',
  withdrawn: 'Wdr.',
  cancelled: 'Canc.',
  pushedOut: 'Out',
}
const toneOf = (step: Step, sign: number): Tone =>
  step === 'won' ? 'won' : step === 'lost' ? 'lost' : sign > 0 ? 'up' : 'down'

/** What changed since a day and why; what there is no more adds up to what there is. */
export function WaterfallReport(props: {
  filters: ReportFilters
  since: string | undefined
  today: string
  onSince: (day: string | undefined) => void
}) {
  // A day that lies after the one that is shown is not asked for.
  const since = () => (props.since && props.since <= props.today ? props.since : undefined)
  const query = useWaterfall(() => {
    const from = since()
    return { ...props.filters, ...(from && { from }) }
  })
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  return (
    <Panel
      title="What changed"
      lead="Between the open value then and now, each step opens its proposals."
      file="what-changed"
      icon="trend"
      query={query}
      hrefOf={href}
      empty={(data) =>
        data.opening.count + data.closing.count + data.new.count + data.won.count + data.lost.count === 0
          ? 'There was nothing open then, and there is nothing open now.'
          : undefined
      }
      tools={
        <label class="as-of">
          <span>Since</span>
          <input
            class="input"
            type="date"
            max={props.today}
            value={since() ?? (query.isPending ? '' : (query.data?.period?.from ?? ''))}
            onChange={(event) => {
              const day = event.currentTarget.value
              props.onSince(day && day <= props.today ? day : undefined)
            }}
          />
        </label>
      }
      draw={(data, width) =>
        columnsOf(
          columnsFor(data, href, props.filters.asOf),
          width,
          HEIGHT,
          (minor) => shortMoney(minor, data.currency),
          true,
          floorOf(data),
        )
      }
      table={(data) => tableOf(data, props.filters.asOf)}
      tableBelow
      below={(data) => (
        <p class="below">
          {floorOf(data) > 0 ? 'The scale of the chart does not begin at 0. ' : ''}
          {withoutValue(Math.max(data.opening.unknown, data.closing.unknown))}
        </p>
      )}
    />
  )
}

const shownOf = (data: Waterfall) => STEPS.filter(([step]) => data[step].count > 0 || ALWAYS.includes(step))
const amountsOf = (data: Waterfall) =>
  // The cast: the keys are those of STEPS.
  Object.fromEntries(STEPS.map(([step]) => [step, data[step].minor])) as Record<Step, number>

function columnsFor(data: Waterfall, href: (ids: readonly string[]) => string, asOf: string | undefined): Column[] {
  const fall = fallOf(data.opening.minor, amountsOf(data))
  const total = (id: 'opening' | 'closing', label: string): Column => ({
    label,
    value: shortMoney(data[id].minor, data.currency),
    pieces:
      data[id].count === 0
        ? []
        : [
            {
              id,
              from: 0,
              to: data[id].minor,
              tone: 'total',
              name: `${label}: ${money(data[id].minor, data.currency)}, ${plural(data[id].count, 'open proposal')}`,
              href: href(data[id].ids),
            },
          ],
  })
  return [
    total('opening', data.period ? dayShort(data.period.from) : 'Then'),
    ...shownOf(data).map(([step, label, sign]): Column => {
      const { minor, count, ids } = data[step]
      const bar = fall.get(step) ?? { from: 0, to: 0 }
      const name = `${label}: ${sign > 0 ? '+' : '−'}${money(minor, data.currency)}, ${plural(count, 'proposal')}`
      return {
        label,
        short: SHORT[step],
        value: count === 0 ? undefined : `${sign > 0 ? '+' : '−'}${shortMoney(minor, data.currency)}`,
        pieces: count === 0 ? [] : [{ id: step, ...bar, tone: toneOf(step, sign), name, href: href(ids) }],
      }
    }),
    total('closing', asOf ? dayShort(asOf) : 'Now'),
  ]
}

/** A change below this share of the whole would be a line: the scale then begins near the lowest total. */
const SMALL = 0.3

function floorOf(data: Waterfall): number {
  const levels = [data.opening.minor, data.closing.minor]
  for (const { to } of fallOf(data.opening.minor, amountsOf(data)).values()) levels.push(to)
  const [low, high] = [Math.min(...levels), Math.max(...levels)]
  return high > low && high - low < high * SMALL ? Math.max(0, low - (high - low)) : 0
}

const dayShort = (day: string) => dayWords(day).split(' ').slice(0, 2).join(' ')

function tableOf(data: Waterfall, asOf: string | undefined): Table {
  const row = (label: string, sign: number, { minor, count, ids }: Waterfall['opening']) => [
    { value: label },
    { value: sign * minor, ids },
    { value: count, ids },
  ]
  return {
    head: [
      { label: 'Step', kind: 'text' },
      { label: 'Value', kind: 'money' },
      { label: 'Proposals', kind: 'count' },
    ],
    rows: [
      row(data.period ? `Open on ${dayWords(data.period.from)}` : 'Open then', 1, data.opening),
      ...STEPS.filter(([step]) => data[step].count > 0).map(([step, label, sign]) => row(label, sign, data[step])),
      row(asOf ? `Open on ${dayWords(asOf)}` : 'Open now', 1, data.closing),
    ],
  }
}
