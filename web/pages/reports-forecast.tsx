import { ComingUpReport } from '../components/reports/coming-up.tsx'
import { ForecastReport } from '../components/reports/forecast.tsx'
import { ReportFilterBar, useReportSearch } from '../components/reports/report-filters.tsx'
import { WaterfallReport } from '../components/reports/waterfall.tsx'

/** What is coming, what may come in, and what changed. */
export default function ForecastPage() {
  const of = useReportSearch()
  return (
    <div class="page reports">
      <div class="top">
        <div>
          <h1>Forecast</h1>
          <p>What must leave the house, what may come in, and what changed.</p>
        </div>
      </div>
      <ReportFilterBar of={of} />
      <ComingUpReport filters={of.filters()} />
      <ForecastReport filters={of.filters()} span={{}} />
      <WaterfallReport
        filters={of.filters()}
        since={of.search.since}
        today={of.today()}
        onSince={(since) => of.set({ since })}
      />
    </div>
  )
}
