import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import type { ForecastCategory } from '../db/vocabulary.ts'
import { api, call } from './api.ts'

// What the pages about proposals read. Keys begin with `proposals` (lists, figures) or `proposal` (one of them).

export type Board = InferResponseType<typeof api.proposals.board.$get, 200>
export type Column = Board['columns'][number]
export type Stage = Column['stage']
/** A proposal as board, field and table show it. */
export type Card = Column['cards'][number]
export type Sum = Board['total']
export type FieldOf = InferResponseType<typeof api.proposals.field.$get, 200>
export type Placed = FieldOf['proposals'][number]
export type TablePage = InferResponseType<typeof api.proposals.$get, 200>
export type Details = InferResponseType<(typeof api.proposals)[':id']['$get'], 200>
export type Pipeline = InferResponseType<typeof api.pipelines.$get, 200>[number]
type TableQuery = NonNullable<NonNullable<Parameters<typeof api.proposals.$get>[0]>['query']>
export type CardSort = NonNullable<TableQuery['sort']>

/** Which proposals are shown, and as of which day: what board, field and table share, and what stands in the address. */
export type Filters = {
  pipelineId?: string
  ownerId?: string
  teamId?: string
  source?: string
  category?: ForecastCategory
  q?: string
  asOf?: string
}

/** So many cards of each column come first; one scrolls for the rest, each time so many more. */
const COLUMN_STEPS = [40, 200, 1_000, 2_000] as const
export const lastStep = COLUMN_STEPS.length - 1

export const boardKey = (filters: Filters, step: number) => ['proposals', 'board', filters, step] as const

/** The board. @param step how many cards of each column, by the steps */
export function useBoard(filters: () => Filters, step: () => number) {
  return useQuery(() => ({
    queryKey: boardKey(filters(), step()),
    queryFn: () =>
      call(api.proposals.board.$get({ query: { ...filters(), limit: String(COLUMN_STEPS[step()] ?? 40) } })),
    placeholderData: keepPreviousData,
  }))
}

/** How many proposals are open. */
export function useOpenProposals() {
  return useQuery(() => ({
    queryKey: ['proposals', 'count'],
    queryFn: async () => (await call(api.proposals.board.$get({ query: { limit: '0' } }))).total.count,
  }))
}

/** Only the sums of the board as of a moment. */
export function useTotal(filters: () => Filters, asOf: () => string) {
  return useQuery(() => ({
    queryKey: ['proposals', 'total', filters(), asOf()],
    queryFn: () => call(api.proposals.board.$get({ query: { ...filters(), asOf: asOf(), limit: '0' } })),
    placeholderData: keepPreviousData,
  }))
}

/** The field. @param most how many proposals at most, those worth most */
export function useField(filters: () => Filters, most: () => number, enabled: () => boolean) {
  return useQuery(() => ({
    queryKey: ['proposals', 'field', filters(), most()],
    queryFn: () => call(api.proposals.field.$get({ query: { ...filters(), limit: String(most()) } })),
    placeholderData: keepPreviousData,
    enabled: enabled(),
  }))
}

export type TableOrder = {
  sort: CardSort
  order: 'asc' | 'desc'
  outcome: 'open' | 'closed' | 'all'
  ids?: string
}
const TABLE_PAGE = '100'

export function useTable(filters: () => Filters, order: () => TableOrder) {
  return useInfiniteQuery(() => ({
    queryKey: ['proposals', 'table', filters(), order()],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      call(
        api.proposals.$get({
          query: { ...filters(), ...order(), limit: TABLE_PAGE, ...(pageParam && { cursor: pageParam }) },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: TablePage) => last.next,
    placeholderData: keepPreviousData,
  }))
}

/** How much was won of what was decided between two days, by the day of the decision. */
export function useWinRate(filters: () => Filters, period: () => { from?: string; to?: string }) {
  return useQuery(() => ({
    queryKey: ['proposals', 'win-rate', filters(), period()],
    queryFn: () => call(api.reports['win-rate'].$get({ query: { ...reported(filters()), ...period() } })),
    placeholderData: keepPreviousData,
  }))
}

/** How long decisions took, of those between two days. */
export function useCycle(filters: () => Filters, period: () => { from?: string; to?: string }) {
  return useQuery(() => ({
    queryKey: ['proposals', 'cycle', filters(), period()],
    queryFn: () => call(api.reports.cycle.$get({ query: { ...reported(filters()), ...period() } })),
    placeholderData: keepPreviousData,
  }))
}

/** What is expected to be decided between two days. */
export function useExpected(filters: () => Filters, period: () => { from: string; to: string }) {
  return useQuery(() => ({
    queryKey: ['proposals', 'expected', filters(), period()],
    queryFn: () => call(api.reports.forecast.$get({ query: { ...reported(filters()), ...period() } })),
    placeholderData: keepPreviousData,
  }))
}

/** Reports know no words to look for, and categories are what they tell apart. */
const reported = ({ q: _, category: __, ...rest }: Filters) => rest

export const proposalKey = (id: string) => ['proposal', id] as const

export function useProposal(id: () => string) {
  return useQuery(() => ({
    queryKey: proposalKey(id()),
    queryFn: () => call(api.proposals[':id'].$get({ param: { id: id() } })),
  }))
}

/** The proposal that an issue became. */
export function useProposalOfIssue(issueId: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['proposal', 'of issue', issueId()],
    queryFn: () => call(api.issues[':id'].proposal.$get({ param: { id: issueId() ?? '' } })),
    enabled: issueId() !== undefined,
  }))
}

export function usePipelines() {
  return useQuery(() => ({ queryKey: ['pipelines'], queryFn: () => call(api.pipelines.$get()) }))
}

export function usePipelineSettings() {
  return useQuery(() => ({ queryKey: ['pipelines', 'settings'], queryFn: () => call(api.pipelines.settings.$get()) }))
}

export function useReasons() {
  return useQuery(() => ({ queryKey: ['pipelines', 'reasons'], queryFn: () => call(api.pipelines.reasons.$get()) }))
}

export function useOwnFields() {
  return useQuery(() => ({ queryKey: ['pipelines', 'fields'], queryFn: () => call(api.pipelines.fields.$get()) }))
}

export function useOrganizations(q: () => string) {
  return useQuery(() => ({
    queryKey: ['organizations', q()],
    queryFn: () => call(api.organizations.$get({ query: { q: q() } })),
    placeholderData: keepPreviousData,
  }))
}
