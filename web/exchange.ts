import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { api, call } from './api.ts'
import { client } from './query-client.ts'

// What is known of Exchange. Live events fetch what stands under `exchange` again; what asks Exchange itself stands
// under `exchange-look` and is asked again only where something was done, since a look is a dozen requests there.

const routes = api.exchange
export type Connection = InferResponseType<typeof routes.connections.$get, 200>[number]
export type Looked = InferResponseType<typeof routes.look.$post, 200>
export type Access = Looked['access'][number]
export type ExchangePlan = InferResponseType<typeof routes.plan.$post, 200>
export type Run = InferResponseType<(typeof routes.runs)[':id']['$get'], 200>
export type Managed = InferResponseType<typeof routes.mailboxes.$get, 200>[number]
export type Alarm = InferResponseType<typeof routes.alarms.$get, 200>[number]
export type ManagedDetails = InferResponseType<(typeof routes.mailboxes)[':id']['$get'], 200>
export type FlowStep = Looked['flow'][number]
export type Diagnosis = InferResponseType<typeof routes.doctor.$post, 200>

/** Which mailbox is meant, and how it is known: by asking, or by the file that was collected. */
export type Of = { connectionId: string; identity: string; snapshot?: string }

/** Runs that are not over are asked for this often, should an event get lost. */
const RUN_EVERY_MS = 1_500
const FLOW_EVERY_MS = 3_000
const UNDER_WAY: readonly Run['state'][] = ['queued', 'running', 'verifying']
export const isUnderWay = (run: Pick<Run, 'state'> | undefined) => run !== undefined && UNDER_WAY.includes(run.state)

export function useConnections() {
  return useQuery(() => ({
    queryKey: ['exchange', 'connections'],
    queryFn: () => call(routes.connections.$get()),
  }))
}

export function useAlarms() {
  return useQuery(() => ({ queryKey: ['exchange', 'alarms'], queryFn: () => call(routes.alarms.$get()) }))
}

/** The mailboxes that are looked after. */
export function useManaged() {
  return useQuery(() => ({ queryKey: ['exchange', 'mailboxes'], queryFn: () => call(routes.mailboxes.$get()) }))
}

/** One of them, with what is wanted and what was done; nothing while it is not looked after. */
export function useManagedDetails(id: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['exchange', 'mailboxes', id()],
    queryFn: () => call(routes.mailboxes[':id'].$get({ param: { id: id() ?? '' } })),
    enabled: id() !== undefined,
    // While Exchange lets the app in, and while a test mail is on its way.
    refetchInterval: ({ state }) =>
      state.data?.flow.steps.some(({ step, state }) => (step === 'watch' || step === 'try') && state === 'waiting')
        ? FLOW_EVERY_MS
        : false,
  }))
}

export function useRun(id: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['exchange', 'runs', id()],
    queryFn: () => call(routes.runs[':id'].$get({ param: { id: id() ?? '' } })),
    enabled: id() !== undefined,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? RUN_EVERY_MS : false),
  }))
}

/** All mailboxes that Exchange has. */
export function useFound(connectionId: () => string, enabled: () => boolean) {
  return useQuery(() => ({
    queryKey: ['exchange-look', 'found', connectionId()],
    queryFn: () => call(routes.connections[':id'].mailboxes.$get({ param: { id: connectionId() } })),
    enabled: enabled(),
    retry: false,
  }))
}

export function useLook(of: () => Of, enabled: () => boolean) {
  return useQuery(() => ({
    queryKey: ['exchange-look', 'mailbox', of()],
    queryFn: () => call(routes.look.$post({ json: of() })),
    enabled: enabled(),
    retry: false,
  }))
}

/** The way from what is there to what is wanted; the one before stays while the next is made. */
export function usePlan(of: () => Of, wanted: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['exchange-look', 'plan', of(), wanted()],
    queryFn: () => call(routes.plan.$post({ json: { ...of(), wanted: wanted() ?? '' } })),
    enabled: wanted() !== undefined,
    placeholderData: (before: ExchangePlan | undefined) => before,
    staleTime: 0,
    retry: false,
  }))
}

/** Asks Exchange again. */
export const lookAgain = () => client.invalidateQueries({ queryKey: ['exchange-look'] })

/** Hands a text to the browser as a file. */
export function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
