import { plural } from '../../format.ts'
import { money, shortMoney } from '../../money.ts'
import { usePipelines } from '../../proposals.ts'
import { dataOf, useDirectory } from '../../queries.ts'
import { type Aging, listHref, type ReportFilters, useAging, withoutValue } from '../../reports.ts'
import { Panel } from '../charts/panel.tsx'
import { type Strip, stripsOf } from '../charts/strips.ts'
import type { Table } from '../charts/table.ts'

type Open = Aging['proposals'][number]

const LEGEND = [
  ['commit', 'Moving'],
  ['overdue', 'Still for longer than its stage allows'],
  ['plain', 'Without value'],
  ['goal', '4 of 5 won ones were through by then'],
] as const

/** Which open proposals are stuck: how long each is in its stage, beside how long those took that were won. */
export function AgingReport(props: { filters: ReportFilters }) {
  const query = useAging(() => props.filters)
  const pipelines = usePipelines()
  const directory = useDirectory()
  /** The stages in which something is open, in the order of the board. */
  const stagesOf = (data: Aging) => {
    const open = new Set(data.proposals.map(({ stageId }) => stageId))
    return (dataOf(pipelines) ?? []).flatMap(({ stages }) => stages).filter(({ id }) => open.has(id))
  }
  const usualOf = (data: Aging, id: string) => data.usual.find(({ stageId }) => stageId === id)
  const nameOf = (one: Open, currency: string) =>
    `${one.title}: ${plural(one.daysInStage, 'day')} in its stage, untouched for ${plural(one.idleDays, 'day')}${
      one.stale ? ', too long' : ''
    }, ${one.worthMinor === null ? 'no value' : money(one.worthMinor, currency)}`
  const strips = (data: Aging): Strip[] =>
    stagesOf(data).map((stage) => {
      const dots = data.proposals.filter(({ stageId }) => stageId === stage.id)
      const usual = usualOf(data, stage.id)
      const still = dots.filter(({ stale }) => stale).length
      return {
        label: stage.label,
        note: `${dots.length} open${still > 0 ? `, ${still} still` : ''}`,
        usual: usual && { days: usual.days, words: `${usual.days} d` },
        dots: dots
          .toSorted((a, b) => a.daysInStage - b.daysInStage)
          .map((one) => ({
            id: one.id,
            days: one.daysInStage,
            value: one.worthMinor ?? 0,
            tone: one.stale ? 'overdue' : one.worthMinor === null ? 'plain' : 'commit',
            name: nameOf(one, data.currency),
            href: `/proposals/${one.id}`,
          })),
      }
    })
  const tableOf = (data: Aging): Table => {
    const labels = new Map(stagesOf(data).map(({ id, label }) => [id, label]))
    return {
      head: [
        { label: 'Number', kind: 'text' },
        { label: 'Title', kind: 'text' },
        { label: 'Owner', kind: 'text' },
        { label: 'Stage', kind: 'text' },
        { label: 'Days in stage', kind: 'days' },
        { label: 'Usual days', kind: 'days' },
        { label: 'Days untouched', kind: 'days' },
        { label: 'Too long by', kind: 'days' },
        { label: 'Value', kind: 'money' },
      ],
      rows: data.proposals
        .toSorted((a, b) => b.staleByDays - a.staleByDays || b.daysInStage - a.daysInStage)
        .map((one) => [
          { value: `PRP-${one.number}` },
          { value: one.title, ids: [one.id] },
          { value: one.ownerId ? directory.name(one.ownerId) : 'Nobody yet' },
          { value: labels.get(one.stageId) ?? '' },
          { value: one.daysInStage },
          { value: usualOf(data, one.stageId)?.days ?? null },
          { value: one.idleDays },
          { value: one.staleByDays },
          { value: one.worthMinor },
        ]),
    }
  }
  return (
    <Panel
      title="What is stuck"
      lead="Each open proposal by its days in its stage; the higher in its band, the more it is worth."
      file="aging"
      icon="clock"
      query={query}
      hrefOf={(ids) => listHref(props.filters, ids)}
      empty={(data) => (data.proposals.length === 0 ? 'Nothing is open.' : undefined)}
      draw={(data, width) => stripsOf(strips(data), width)}
      legend={LEGEND}
      table={tableOf}
      above={(data) => (
        <p class="said">
          {data.stale.count === 0 ? (
            'Nothing has been still for longer than its stage allows.'
          ) : (
            <>
              <a class="quiet-link num" href={listHref(props.filters, data.stale.ids)}>
                {plural(data.stale.count, 'proposal')}
              </a>{' '}
              worth <span class="num">{shortMoney(data.stale.totalMinor, data.currency)}</span>{' '}
              {data.stale.count === 1 ? 'has' : 'have'} been still for longer than the stage allows.
            </>
          )}
        </p>
      )}
      below={(data) => (
        <p class="below">{withoutValue(data.proposals.filter(({ worthMinor }) => worthMinor === null).length)}</p>
      )}
    />
  )
}
