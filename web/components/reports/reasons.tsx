import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import { useReasons } from '../../proposals.ts'
import { dataOf } from '../../queries.ts'
import { listHref, type Reasons, type ReportFilters, type Span, useReasonReport, withoutValue } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import { rowsOf } from '../charts/rows.ts'
import { percent, type Table } from '../charts/table.ts'

/** Why proposals ended in one way, by the primary reason, most money first. */
export function ReasonsReport(props: {
  filters: ReportFilters
  span: Span
  of: 'lost' | 'noBid'
  title: string
  lead: string
  none: string
}) {
  const query = useReasonReport(() => ({ ...props.filters, ...props.span }))
  const reasons = useReasons()
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const labelOf = (id: string | null) =>
    id === null ? 'Not recorded' : ((dataOf(reasons) ?? []).find((one) => one.id === id)?.label ?? 'A former reason')
  const tableOf = (data: Reasons): Table => ({
    head: [
      { label: 'Reason', kind: 'text' },
      { label: 'Value', kind: 'money' },
      { label: 'Share of value', kind: 'share' },
      { label: 'Proposals', kind: 'count' },
      { label: 'Share of proposals', kind: 'share' },
    ],
    rows: data[props.of].map((one) => [
      { value: labelOf(one.reasonId) },
      { value: one.minor, ids: one.ids },
      { value: one.valueShare },
      { value: one.count, ids: one.ids },
      { value: one.countShare },
    ]),
  })
  return (
    <Panel
      title={props.title}
      lead={props.lead}
      file={props.of === 'lost' ? 'lost-reasons' : 'no-bid-reasons'}
      icon="trophy"
      query={query}
      hrefOf={href}
      empty={(data) => (data[props.of].length === 0 ? props.none : undefined)}
      draw={(data, width) =>
        rowsOf(
          data[props.of].map((one) => ({
            label: labelOf(one.reasonId),
            note: `${shortMoney(one.minor, data.currency)} · ${percent(one.valueShare)} · ${plural(one.count, 'proposal')}`,
            pieces: [
              {
                id: one.reasonId ?? 'none',
                value: one.minor,
                tone: props.of === 'lost' ? 'lost' : 'down',
                name: `${labelOf(one.reasonId)}: ${money(one.minor, data.currency)}, ${percent(one.valueShare)} of the value, ${plural(one.count, 'proposal')}`,
                href: href(one.ids),
              },
            ],
          })),
          width,
        )
      }
      table={tableOf}
      below={(data) => (
        <p class="below">{withoutValue(data[props.of].reduce((sum, { unknown }) => sum + unknown, 0))}</p>
      )}
    />
  )
}

const RESULTS = [
  ['wonAgainst', 'won', 'we won'],
  ['lostTo', 'lost', 'they won'],
] as const
const RESULT_LEGEND = [
  ['won', 'We won'],
  ['lost', 'They won'],
] as const

/** How it went against whom. */
export function CompetitorsReport(props: { filters: ReportFilters; span: Span }) {
  const query = useReasonReport(() => ({ ...props.filters, ...props.span }))
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  return (
    <Panel
      title="Competitors"
      lead="Whom we met in what was decided, and who won."
      file="competitors"
      icon="trophy"
      query={query}
      hrefOf={href}
      draw={(data, width) =>
        rowsOf(
          data.competitors.map((one) => ({
            label: one.name,
            note: `met ${one.met.length}`,
            pieces: RESULTS.map(([key, tone, words]) => ({
              id: `${one.organizationId} ${key}`,
              value: one[key].length,
              tone,
              name: `${one.name}: ${words} ${one[key].length} of ${one.met.length}`,
              href: href(one[key]),
            })),
          })),
          width,
        )
      }
      legend={RESULT_LEGEND}
      empty={(data) => (data.competitors.length === 0 ? 'No competitor was named where a proposal ended.' : undefined)}
      table={(data) => ({
        head: [
          { label: 'Competitor', kind: 'text' },
          { label: 'Met', kind: 'count' },
          { label: 'We won', kind: 'count' },
          { label: 'They won', kind: 'count' },
        ],
        rows: data.competitors.map((one) => [
          { value: one.name },
          { value: one.met.length, ids: one.met },
          { value: one.wonAgainst.length, ids: one.wonAgainst },
          { value: one.lostTo.length, ids: one.lostTo },
        ]),
      })}
    />
  )
}
