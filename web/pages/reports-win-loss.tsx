import { For } from 'solid-js'
import { FunnelReport } from '../components/reports/funnel.tsx'
import { CompetitorsReport, ReasonsReport } from '../components/reports/reasons.tsx'
import { ReportContents } from '../components/reports/report-contents.tsx'
import { ReportFilterBar, useReportSearch } from '../components/reports/report-filters.tsx'
import { WinRateReport } from '../components/reports/win-rate.tsx'
import type { Span } from '../reports.ts'

const PERIODS = [
  ['', '12 months'],
  ['24', '2 years'],
  ['36', '3 years'],
] as const

/** How much is won, how far proposals come, and why they end. */
export default function WinLossPage() {
  const of = useReportSearch()
  const months = () => PERIODS.find(([value]) => value === of.search.months)?.[0] ?? ''
  const span = (): Span => (months() === '' ? {} : { from: monthsBefore(of.today(), Number(months())) })
  return (
    <div class="page reports">
      <div class="top">
        <div>
          <h1>Win / loss</h1>
          <p>How much is won, how far proposals come, and why they end.</p>
        </div>
        <div class="segments" role="radiogroup" aria-label="How far back">
          <For each={PERIODS}>
            {([value, words]) => (
              <label>
                <input
                  type="radio"
                  name="period"
                  checked={months() === value}
                  onChange={() => of.set({ months: value || undefined })}
                />
                {words}
              </label>
            )}
          </For>
        </div>
      </div>
      <ReportFilterBar of={of} />
      <ReportContents filters={of.filters()} here="win-loss" />
      <WinRateReport filters={of.filters()} span={span()} />
      <FunnelReport filters={of.filters()} span={span()} />
      <ReasonsReport
        filters={of.filters()}
        span={span()}
        of="lost"
        title="Why we lost"
        lead="By the main reason and the value bid, most first."
        none="In this period nothing was lost."
      />
      <ReasonsReport
        filters={of.filters()}
        span={span()}
        of="noBid"
        title="Why we did not bid"
        lead="By the main reason and what it would have been worth."
        none="In this period we bid on everything."
      />
      <CompetitorsReport filters={of.filters()} span={span()} />
    </div>
  )
}

/** The first day of the month that is so many months before that of a day. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10)
}
