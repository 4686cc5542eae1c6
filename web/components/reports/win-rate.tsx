import { money } from '../../money.ts'
import { useDirectory } from '../../queries.ts'
import {
  listHref,
  quarterLabel,
  type ReportFilters,
  type Span,
  useWinReport,
  type WinReport,
  withoutValue,
} from '../../reports.ts'
import { Numbers, Panel } from '../charts/panel.tsx'
import { type RatePoint, ratesOf } from '../charts/rates.ts'
import { percent, type Table } from '../charts/table.ts'

type Rate = Pick<WinReport, 'of' | 'n' | 'rate' | 'interval' | 'captureRate' | 'won' | 'lost'>

const LEGEND = [
  ['won', 'Win rate, by number'],
  ['money', 'Capture rate, by money bid'],
  ['plain', 'Fewer than 5 decided; the line up and down is the 95% interval'],
] as const

/** How many of those decided were won, by number and by money, quarter by quarter, by owner and by source. */
export function WinRateReport(props: { filters: ReportFilters; span: Span }) {
  const query = useWinReport(() => ({ ...props.filters, ...props.span }))
  const directory = useDirectory()
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const pointsOf = (data: WinReport): RatePoint[] =>
    data.quarters.map((quarter) => {
      const label = quarterLabel(quarter.start)
      return {
        id: quarter.start,
        label,
        n: quarter.n,
        rate: quarter.rate,
        interval: quarter.interval,
        money: quarter.captureRate,
        enough: quarter.enough,
        name: `${label}: ${sentence(quarter)}`,
        href: href(decided(quarter)),
      }
    })
  const tableOf = (data: WinReport): Table =>
    rateTable('Quarter', [
      ...data.quarters.map((quarter): [string, Rate] => [quarterLabel(quarter.start), quarter]),
      ['Whole period', data],
    ])
  return (
    <Panel
      title="Win rate"
      lead="Won, of what was won or lost, by the day of the decision. No bid, withdrawn and cancelled do not count."
      file="win-rate"
      icon="trophy"
      query={query}
      hrefOf={href}
      empty={(data) => (data.n === 0 ? 'In this period nothing was won or lost.' : undefined)}
      draw={(data, width) => ratesOf(pointsOf(data), width)}
      legend={LEGEND}
      table={tableOf}
      above={(data) => (
        <dl class="rates num">
          <Figure
            label="Win rate"
            value={percent(data.rate)}
            note={`${data.of} of ${data.n}${intervalWords(data)}`}
            href={href(decided(data))}
          />
          <Figure
            label="Capture rate"
            value={percent(data.captureRate)}
            note={`${money(data.won.minor, data.currency)} of ${money(data.bidMinor, data.currency)} bid`}
            href={href(decided(data))}
          />
          <Figure
            label="Awarded"
            value={money(data.awarded.minor, data.currency)}
            note="by contract, not by bid"
            href={href(data.awarded.ids)}
          />
          <Figure
            label="Begun and decided"
            value={percent(data.cohort.maturity.rate)}
            note={`of ${data.cohort.count} begun in it; ${percent(data.cohort.rate)} of those won`}
            href={href(data.cohort.ids)}
          />
        </dl>
      )}
      below={(data) => (
        <>
          <p class="below">{withoutValue(data.won.unknown + data.lost.unknown)}</p>
          <div class="pair">
            <Numbers
              title="Win rate by source"
              table={rateTable(
                'Source',
                data.bySource.map((one): [string, Rate] => [one.source || 'Not recorded', one]),
              )}
              currency={data.currency}
              hrefOf={href}
            />
            <Numbers
              title="Win rate by owner"
              table={rateTable(
                'Owner',
                data.byOwner.map((one): [string, Rate] => [one.ownerId ? directory.name(one.ownerId) : 'Nobody', one]),
              )}
              currency={data.currency}
              hrefOf={href}
            />
          </div>
        </>
      )}
    />
  )
}

function Figure(props: { label: string; value: string; note: string; href: string }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <a href={props.href} aria-label={`${props.label}: ${props.value}, ${props.note}`}>
          {props.value}
        </a>
        <small>{props.note}</small>
      </dd>
    </div>
  )
}

const decided = ({ won, lost }: Rate) => [...won.ids, ...lost.ids]

/** With so many decided the interval is narrow enough to be left out. */
const MANY = 30
const intervalWords = ({ n, interval }: Rate) =>
  interval && n < MANY ? `, 95% between ${percent(interval[0])} and ${percent(interval[1])}` : ''

const sentence = (rate: Rate) =>
  `won ${rate.of} of ${rate.n} (${percent(rate.rate)}${intervalWords(rate)}), ${percent(rate.captureRate)} of the money bid`

function rateTable(what: string, rows: readonly [string, Rate][]): Table {
  return {
    head: [
      { label: what, kind: 'text' },
      { label: 'Won', kind: 'count' },
      { label: 'Decided', kind: 'count' },
      { label: 'Win rate', kind: 'share' },
      { label: '95% from', kind: 'share' },
      { label: '95% to', kind: 'share' },
      { label: 'Capture rate', kind: 'share' },
    ],
    rows: rows.map(([label, rate]) => [
      { value: label },
      { value: rate.of, ids: rate.won.ids },
      { value: rate.n, ids: decided(rate) },
      { value: rate.rate },
      { value: rate.interval?.[0] ?? null },
      { value: rate.interval?.[1] ?? null },
      { value: rate.captureRate },
    ]),
  }
}
