import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { api, call } from './api.ts'
import { plural } from './format.ts'

// What the manager's pages read: a query for each report, so that one that fails takes no other with it. Keys begin with
// `proposals`, so that live events fetch them again.

const { reports } = api
export type ComingUp = InferResponseType<(typeof reports)['coming-up']['$get'], 200>
export type Forecast = InferResponseType<typeof reports.forecast.$get, 200>
export type Waterfall = InferResponseType<typeof reports.waterfall.$get, 200>
export type WinReport = InferResponseType<(typeof reports)['win-rate']['$get'], 200>
export type Funnel = InferResponseType<typeof reports.funnel.$get, 200>
export type Reasons = InferResponseType<typeof reports.reasons.$get, 200>
export type Goals = InferResponseType<typeof reports.goals.$get, 200>
export type Aging = InferResponseType<typeof reports.aging.$get, 200>
export type Trend = InferResponseType<typeof reports.trend.$get, 200>
export type Accuracy = InferResponseType<typeof reports.accuracy.$get, 200>
export type Calibration = InferResponseType<typeof reports.calibration.$get, 200>

/** Which proposals a report is about, and as of the end of which day: what stands in the address. */
export type ReportFilters = { pipelineId?: string; ownerId?: string; teamId?: string; source?: string; asOf?: string }
/** From a day to before another; left out: what the report has by itself. */
export type Span = { from?: string; to?: string }

/** A report by its name and what is asked of it. */
function useReport<T, Q>(name: string, query: () => Q, ask: (query: Q) => Promise<T>) {
  return useQuery(() => ({
    queryKey: ['proposals', 'report', name, query()],
    queryFn: () => ask(query()),
    placeholderData: keepPreviousData,
  }))
}

type Asked = () => ReportFilters & Span

export const useComingUp = (query: () => ReportFilters) =>
  useReport('coming-up', query, (query) => call(reports['coming-up'].$get({ query })))
export const useForecast = (query: Asked) =>
  useReport('forecast', query, (query) => call(reports.forecast.$get({ query })))
export const useWaterfall = (query: Asked) =>
  useReport('waterfall', query, (query) => call(reports.waterfall.$get({ query })))

export const useWinReport = (query: Asked) =>
  useReport('win-rate', query, (query) => call(reports['win-rate'].$get({ query })))
export const useFunnel = (query: Asked) => useReport('funnel', query, (query) => call(reports.funnel.$get({ query })))
export const useReasonReport = (query: Asked) =>
  useReport('reasons', query, (query) => call(reports.reasons.$get({ query })))

export const useGoals = (query: () => ReportFilters) =>
  useReport('goals', query, (query) => call(reports.goals.$get({ query })))
export const useAging = (query: () => ReportFilters) =>
  useReport('aging', query, (query) => call(reports.aging.$get({ query })))
export const useTrend = (query: () => ReportFilters) =>
  useReport('trend', query, (query) => call(reports.trend.$get({ query })))
export const useAccuracy = (query: () => ReportFilters) =>
  useReport('accuracy', query, (query) => call(reports.accuracy.$get({ query })))
export const useCalibration = (query: () => ReportFilters) =>
  useReport('calibration', query, (query) => call(reports.calibration.$get({ query })))

/** A longer address is refused by some servers. */
const MAX_IDS = 150

/** The list of some proposals, as of the same day. More than an address can name are all that the filters let through. */
export function listHref(filters: ReportFilters, ids: readonly string[]): string {
  const named = ids.length <= MAX_IDS ? { ids: ids.join(',') } : filters
  const asOf = filters.asOf ? { asOf: filters.asOf } : {}
  return `/pipeline?${new URLSearchParams({ view: 'table', outcome: 'all', ...named, ...asOf })}`
}

/** What was open at the end of a day, of one category or of all. */
export const pastHref = (filters: ReportFilters, asOf: string, category?: string): string =>
  `/pipeline?${new URLSearchParams({ ...filters, view: 'table', asOf, ...(category && { category }) })}`

/** The day, YYYY-MM-DD, of a moment in a zone. */
export const dayInZone = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)

/** "2 proposals without value are not in it", where some are. */
export const withoutValue = (n: number): string =>
  n === 0 ? '' : `${plural(n, 'proposal')} without value or exchange rate not counted in money.`

const monthShort = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })
const monthLong = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** A month, YYYY-MM: Dec, and the year where it begins. */
export const monthLabel = (month: string, first: boolean): string =>
  (first || month.endsWith('-01') ? monthLong : monthShort).format(Date.parse(`${month}-01`))

/** A quarter by its first day: Q3 2026. */
export const quarterLabel = (start: string): string =>
  `Q${Math.floor((Number(start.slice(5, 7)) - 1) / 3) + 1} ${start.slice(0, 4)}`
