import { Show } from 'solid-js'
import { plural } from '../../format.ts'
import { type Funnel, listHref, type ReportFilters, type Span, useFunnel } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import { type Row, rowsOf } from '../charts/rows.ts'
import { percent, type Table } from '../charts/table.ts'

const LEGEND = [
  ['commit', 'Went on'],
  ['pipe', 'Still there'],
  ['down', 'Ended there'],
] as const

/** How far those begun in a period came, by distinct proposals, and how long each stage takes. */
export function FunnelReport(props: { filters: ReportFilters; span: Span }) {
  const query = useFunnel(() => ({ ...props.filters, ...props.span }))
  const href = (ids: readonly string[]) => listHref(props.filters, ids)
  const rows = (data: Funnel): Row[] =>
    data.stages.map((stage) => {
      const groups = [
        ['next', 'went on', 'commit', stage.next],
        ['pending', 'still there', 'pipe', stage.pending],
        ['ended', 'ended there', 'down', endedIn(stage)],
      ] as const
      return {
        label: stage.label,
        note: noteOf(stage),
        pieces: groups.map(([id, words, tone, ids]) => ({
          id: `${stage.stageId} ${id}`,
          value: ids.length,
          tone,
          name: `${stage.label}: ${plural(ids.length, 'proposal')} ${words}, of ${stage.reached.length} that came so far`,
          href: href(ids),
        })),
      }
    })
  return (
    <Panel
      title="Funnel"
      lead="How far the proposals begun in the period came. Each is counted once, however often it went back."
      file="funnel"
      icon="filter"
      query={query}
      hrefOf={href}
      empty={(data) => (data.count === 0 ? 'In this period no proposal was begun.' : undefined)}
      draw={(data, width) => rowsOf(rows(data), width)}
      legend={LEGEND}
      table={tableOf}
      below={(data) => (
        <p class="below num">
          We bid on{' '}
          <Show when={data.bidRate.n > 0} fallback={`${data.bidRate.of} of ${data.bidRate.n}`}>
            <a class="quiet-link" href={href(data.bidRate.bid)}>
              {data.bidRate.of}
            </a>{' '}
            of{' '}
            <a class="quiet-link" href={href([...data.bidRate.bid, ...data.bidRate.noBid])}>
              {data.bidRate.n}
            </a>
          </Show>{' '}
          ({percent(data.bidRate.rate)}) where that was decided.
        </p>
      )}
    />
  )
}

type Stage = Funnel['stages'][number]

function endedIn({ reached, next, pending }: Stage): string[] {
  const known = new Set([...next, ...pending])
  return reached.filter((id) => !known.has(id))
}

function noteOf({ reached, convAll, convResolved, medianDays }: Stage): string {
  const days = medianDays === null ? '' : ` · ${plural(Math.round(medianDays), 'day')}`
  const resolved = convResolved.rate === convAll.rate ? '' : ` (${percent(convResolved.rate)} of resolved)`
  return `${reached.length} · ${percent(convAll.rate)} go on${resolved}${days}`
}

const tableOf = (data: Funnel): Table => ({
  head: [
    { label: 'Stage', kind: 'text' },
    { label: 'Reached', kind: 'count' },
    { label: 'Went on', kind: 'count' },
    { label: 'Still there', kind: 'count' },
    { label: 'Ended there', kind: 'count' },
    { label: 'Go on, of all', kind: 'share' },
    { label: 'Go on, of resolved', kind: 'share' },
    { label: 'Median days', kind: 'days' },
  ],
  rows: data.stages.map((stage) => [
    { value: stage.label },
    { value: stage.reached.length, ids: stage.reached },
    { value: stage.next.length, ids: stage.next },
    { value: stage.pending.length, ids: stage.pending },
    { value: endedIn(stage).length, ids: endedIn(stage) },
    { value: stage.convAll.rate },
    { value: stage.convResolved.rate },
    { value: stage.medianDays },
  ]),
})
