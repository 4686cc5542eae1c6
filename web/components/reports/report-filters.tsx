import { useSearchParams } from '@solidjs/router'
import { createMemo, Show } from 'solid-js'
import { dayWords } from '../../proposal-words.ts'
import { usePipelineSettings, usePipelines, useWinRate } from '../../proposals.ts'
import { dataOf, useDirectory } from '../../queries.ts'
import { dayInZone, type ReportFilters } from '../../reports.ts'
import { ProposalFilters } from '../proposal-filters.tsx'
import { Notice } from '../states.tsx'

const NAMES = ['pipelineId', 'ownerId', 'teamId', 'source', 'asOf'] as const

/** What both pages of reports share: which proposals, as of which day, and which period, all in the address. */
export function useReportSearch() {
  const [search, setSearch] = useSearchParams<Record<string, string>>()
  const settings = usePipelineSettings()
  const filters = createMemo<ReportFilters>(
    () => Object.fromEntries(NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []))),
    {},
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )
  const thisDay = () => dayInZone(dataOf(settings)?.zone ?? 'UTC', Date.now())
  return {
    search,
    filters,
    set: (change: Record<string, string | undefined>) => setSearch(change, { replace: true }),
    /** Really today. */
    thisDay,
    /** The day that is shown. */
    today: () => filters().asOf ?? thisDay(),
  }
}

export function ReportFilterBar(props: { of: ReturnType<typeof useReportSearch> }) {
  const directory = useDirectory()
  const pipelines = usePipelines()
  const sources = useWinRate(
    () => ({}),
    () => ({}),
  )
  return (
    <>
      <ProposalFilters
        filters={props.of.filters()}
        directory={directory}
        pipelines={(dataOf(pipelines) ?? []).filter(({ archivedAt }) => archivedAt === null)}
        sources={(dataOf(sources)?.bySource ?? []).map(({ source }) => source).filter(Boolean)}
        today={props.of.thisDay()}
        wordless
        onFilter={props.of.set}
      />
      <Show when={props.of.filters().asOf}>
        {(asOf) => (
          <Notice tone="plain" icon="clock">
            This is what stood here at the end of {dayWords(asOf())}.{' '}
            <button type="button" class="link" onClick={() => props.of.set({ asOf: undefined })}>
              Back to today
            </button>
          </Notice>
        )}
      </Show>
    </>
  )
}
