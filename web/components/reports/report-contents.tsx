import { createMemo, For, onMount } from 'solid-js'
import type { ReportFilters } from '../../reports.ts'

/** The reports in the order in which a manager asks, each with the page and the panel that has it. */
const REPORTS = [
  ['forecast', 'coming-up', 'Coming up'],
  ['forecast', 'forecast', 'Forecast'],
  ['forecast', 'goals', 'Goals'],
  ['forecast', 'what-changed', 'What changed'],
  ['forecast', 'aging', 'Stuck'],
  ['forecast', 'pipeline-over-time', 'Over time'],
  ['forecast', 'forecast-against-actual', 'Against actual'],
  ['forecast', 'calibration', 'Percentages'],
  ['win-loss', 'win-rate', 'Win rate'],
  ['win-loss', 'funnel', 'Funnel'],
  ['win-loss', 'lost-reasons', 'Why lost'],
  ['win-loss', 'no-bid-reasons', 'Why not bid'],
  ['win-loss', 'competitors', 'Competitors'],
] as const

/** Ways to each report, those of the other page too, for the same proposals and the same day. */
export function ReportContents(props: { here: 'forecast' | 'win-loss'; filters: ReportFilters }) {
  const search = createMemo(() => {
    const words = new URLSearchParams(props.filters).toString()
    return words && `?${words}`
  })
  // The router looks for the report before this page, which comes by itself, is there.
  onMount(() => requestAnimationFrame(() => document.getElementById(location.hash.slice(1))?.scrollIntoView()))
  return (
    <nav class="report-contents" aria-label="Reports">
      <ol>
        <For each={REPORTS}>
          {([page, id, label]) => (
            <li>
              <a href={page === props.here ? `#${id}` : `/${page}${search()}#${id}`}>{label}</a>
            </li>
          )}
        </For>
      </ol>
    </nav>
  )
}
