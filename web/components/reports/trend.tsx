import { createSignal } from 'solid-js'
import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import { CATEGORY_WORDS, dayWords } from '../../proposal-words.ts'
import { dayInZone, pastHref, type ReportFilters, type Trend, useTrend, withoutValue } from '../../reports.ts'
import { areasOf, type Moment } from '../charts/areas.ts'
import { Panel } from '../charts/panel.tsx'
import type { Table } from '../charts/table.ts'
import { AmountSwitch } from './amount-switch.tsx'

/** From the surest up. */
const CATEGORIES = ['commit', 'best_case', 'pipeline', 'omitted'] as const
const TONES = ['commit', 'best', 'pipe', 'plain'] as const

/** The open pipeline at the end of each week: whether there is more or less of it. */
export function TrendReport(props: { filters: ReportFilters }) {
  const query = useTrend(() => props.filters)
  const [weighted, setWeighted] = createSignal(false)
  const amount = (one: { totalMinor: number; weightedMinor: number }) =>
    weighted() ? one.weightedMinor : one.totalMinor
  const dayOf = (data: Trend, at: number) => dayInZone(data.zone, at)
  const hasOmitted = (data: Trend) => data.samples.some(({ byCategory }) => byCategory.omitted.count > 0)
  const shown = (data: Trend) => CATEGORIES.slice(0, hasOmitted(data) ? 4 : 3)
  const moments = (data: Trend): Moment[] =>
    data.samples.map((sample) => {
      const day = dayOf(data, sample.at)
      return {
        id: day,
        label: dayWords(day).split(' ').slice(0, 2).join(' '),
        parts: shown(data).map((category) => amount(sample.byCategory[category])),
        name: `${dayWords(day)}: ${money(amount(sample), data.currency)}, ${plural(sample.count, 'open proposal')}. ${shown(
          data,
        )
          .map((one) => `${CATEGORY_WORDS[one]} ${shortMoney(amount(sample.byCategory[one]), data.currency)}`)
          .join(', ')}`,
        href: pastHref(props.filters, day),
      }
    })
  const tableOf = (data: Trend): Table => ({
    head: [
      { label: 'End of', kind: 'text' },
      { label: 'Open proposals', kind: 'count' },
      ...shown(data).map((one) => ({ label: CATEGORY_WORDS[one], kind: 'money' as const })),
      { label: 'Open', kind: 'money' },
      { label: 'Open, weighted', kind: 'money' },
    ],
    rows: data.samples.toReversed().map((sample) => {
      const day = dayOf(data, sample.at)
      const href = pastHref(props.filters, day)
      return [
        { value: day },
        { value: sample.count, href },
        ...shown(data).map((category) => ({
          value: sample.byCategory[category].totalMinor,
          href: pastHref(props.filters, day, category),
        })),
        { value: sample.totalMinor, href },
        { value: sample.weightedMinor, href },
      ]
    }),
  })
  return (
    <Panel
      title="Pipeline over time"
      lead="What was open at the end of each week, as the board showed it, at the exchange rates of its day."
      file="pipeline-over-time"
      icon="trend"
      query={query}
      hrefOf={() => ''}
      empty={(data) =>
        data.samples.every(({ count }) => count === 0) ? 'In these weeks nothing was open.' : undefined
      }
      tools={<AmountSwitch name="trend-amounts" weighted={weighted()} onWeighted={setWeighted} />}
      draw={(data, width) =>
        areasOf(moments(data), TONES.slice(0, shown(data).length), width, (minor) => shortMoney(minor, data.currency))
      }
      legend={(data) => shown(data).map((one, i) => [TONES[i] ?? 'plain', CATEGORY_WORDS[one]] as const)}
      table={tableOf}
      below={(data) => <p class="below">{withoutValue(data.samples.at(-1)?.unknown ?? 0)}</p>}
    />
  )
}
