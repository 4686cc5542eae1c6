import { AccuracyReport } from '../components/reports/accuracy.tsx'
import { AgingReport } from '../components/reports/aging.tsx'
import { CalibrationReport } from '../components/reports/calibration.tsx'
import { ComingUpReport } from '../components/reports/coming-up.tsx'
import { ForecastReport } from '../components/reports/forecast.tsx'
import { GoalsReport } from '../components/reports/goals.tsx'
import { ReportContents } from '../components/reports/report-contents.tsx'
import { ReportFilterBar, useReportSearch } from '../components/reports/report-filters.tsx'
import { TrendReport } from '../components/reports/trend.tsx'
import { WaterfallReport } from '../components/reports/waterfall.tsx'

/** What is coming, what may come in, what changed and is stuck, and whether earlier forecasts came true. */
export default function ForecastPage() {
  const of = useReportSearch()
  return (
    <div class="page reports">
      <div class="top">
        <div>
          <h1>Forecast</h1>
          <p>What must leave the house, what may come in, what changed, and how far to trust it.</p>
        </div>
      </div>
      <ReportFilterBar of={of} />
      <ReportContents filters={of.filters()} here="forecast" />
      <ComingUpReport filters={of.filters()} />
      <ForecastReport filters={of.filters()} span={{}} />
      <GoalsReport filters={of.filters()} today={of.today()} />
      <WaterfallReport
        filters={of.filters()}
        since={of.search.since}
        today={of.today()}
        onSince={(since) => of.set({ since })}
      />
      <AgingReport filters={of.filters()} />
      <TrendReport filters={of.filters()} />
      <AccuracyReport filters={of.filters()} />
      <CalibrationReport filters={of.filters()} />
    </div>
  )
}
