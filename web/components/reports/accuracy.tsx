import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import { type Accuracy, listHref, quarterLabel, type ReportFilters, useAccuracy, withoutValue } from '../../reports.ts'
import { type Pair, pairsOf } from '../charts/pairs.ts'
import { Panel } from '../charts/panel.tsx'
import { percent, type Table } from '../charts/table.ts'

type Part = Accuracy['periods'][number]

const LEGEND = [
  ['best', 'Forecast at the first moment of the quarter, weighted'],
  ['won', 'Won in it'],
] as const

/** What was forecast at the start of each quarter against what came: whether one can go by the forecast. */
export function AccuracyReport(props: { filters: ReportFilters }) {
  const query = useAccuracy(() => props.filters)
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const labelOf = (part: Part) => `${quarterLabel(part.start)}${part.over ? '' : ', so far'}`
  const pairs = (data: Accuracy): Pair[] =>
    data.periods.map((part) => {
      const [frozen, actual] = [part.frozen.weightedMinor, part.actual.minor]
      return {
        label: labelOf(part),
        note: percent(part.attainment),
        bars: [
          {
            id: `${part.start} forecast`,
            value: frozen,
            tone: 'best',
            name: `${labelOf(part)}: forecast ${money(frozen, data.currency)}, ${plural(part.frozen.count, 'proposal')}`,
            href: href(part.frozen.ids),
            words: shortMoney(frozen, data.currency),
          },
          {
            id: `${part.start} won`,
            value: actual,
            tone: 'won',
            name: `${labelOf(part)}: won ${money(actual, data.currency)}, ${plural(part.actual.count, 'proposal')}, ${percent(part.attainment)} of the forecast`,
            href: href(part.actual.ids),
            words: shortMoney(actual, data.currency),
          },
        ],
      }
    })
  const tableOf = (data: Accuracy): Table => ({
    head: [
      { label: 'Quarter', kind: 'text' },
      { label: 'Forecast, weighted', kind: 'money' },
      { label: 'Forecast, whole', kind: 'money' },
      { label: 'Won', kind: 'money' },
      { label: 'Too high by', kind: 'money' },
      { label: 'Won of forecast', kind: 'share' },
      { label: 'Slipped', kind: 'count' },
      { label: 'Slipped, of expected', kind: 'share' },
      { label: 'Slipped, of their value', kind: 'share' },
    ],
    rows: data.periods.map((part) => [
      { value: labelOf(part) },
      { value: part.frozen.weightedMinor, ids: part.frozen.ids },
      { value: part.frozen.minor, ids: part.frozen.ids },
      { value: part.actual.minor, ids: part.actual.ids },
      { value: part.errorMinor },
      { value: part.attainment },
      { value: part.slip.slipped.count, ids: part.slip.slipped.ids },
      { value: part.slip.countRate },
      { value: part.slip.valueRate },
    ]),
  })
  return (
    <Panel
      title="Forecast against actual"
      lead="What each quarter's forecast said when it began, which stays as it was, and what came of it."
      file="forecast-against-actual"
      icon="trend"
      query={query}
      hrefOf={href}
      empty={(data) =>
        data.periods.every(({ frozen, actual }) => frozen.count + actual.count === 0)
          ? 'In these quarters nothing was forecast, and nothing was won.'
          : undefined
      }
      draw={(data, width) => pairsOf(pairs(data), width, (minor) => shortMoney(minor, data.currency))}
      legend={LEGEND}
      table={tableOf}
      below={(data) => (
        <p class="below">
          {withoutValue(data.periods.reduce((sum, { frozen, actual }) => sum + frozen.unknown + actual.unknown, 0))}
        </p>
      )}
    />
  )
}
