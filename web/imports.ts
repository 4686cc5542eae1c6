import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import type { Problem } from '../server/api/problem.ts'
import { api, call, refusal } from './api.ts'
import { client } from './query-client.ts'

// Proposals from files of other systems, as pages read and change them.

export type Imported = InferResponseType<(typeof api.imports)[':id']['$get'], 200>
export type ImportFile = NonNullable<Imported['file']>
export type ImportPlan = Imported['plan']
export type StageMeaning = NonNullable<ImportPlan['stages'][string]>
export type Checked = InferResponseType<(typeof api.imports)[':id']['check']['$get'], 200>

/** How often it is asked how far an import has come. */
const ASK_EVERY_MS = 700

/** What a column can be, by the names that the server knows. */
export const FIELD_WORDS = {
  title: 'Name',
  organization: 'Organization',
  value: 'Value',
  currency: 'Currency',
  stage: 'Stage',
  status: 'Status: open, won, lost',
  probability: 'Probability',
  ownProbability: 'Probability of its own',
  closeDate: 'Close date: expected, or when it ended',
  expectedDecision: 'Expected decision',
  decidedAt: 'Decided on',
  createdAt: 'Created on',
  submittedAt: 'Submitted on',
  stageSince: 'In this stage since',
  enteredStage: 'Entered the stage that the column names',
  owner: 'Owner',
  award: 'Award',
  reason: 'Reason why it ended',
  nextStep: 'Next step',
  nextStepOn: 'Day of the next step',
  description: 'Description, as a note',
  source: 'Source',
  solicitation: 'Solicitation number',
  due: 'Due',
  dueZone: 'Time zone of due',
  externalId: 'Id in the other system',
} as const

const keyOf = (id: string) => ['import', id] as const
export const isUnderWay = (state: Imported['state']): boolean => state === 'running' || state === 'undoing'

export function useImports() {
  return useQuery(() => ({ queryKey: ['imports'], queryFn: () => call(api.imports.$get()) }))
}

export function useImport(id: () => string) {
  return useQuery(() => ({
    queryKey: keyOf(id()),
    queryFn: () => call(api.imports[':id'].$get({ param: { id: id() } })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.state) ? ASK_EVERY_MS : false),
  }))
}

/** The dry run of an import as its file is read now. */
export function useCheck(one: () => Imported) {
  return useQuery(() => ({
    queryKey: [...keyOf(one().id), 'check', one().plan],
    queryFn: () => call(api.imports[':id'].check.$get({ param: { id: one().id } })),
  }))
}

/** Sends a file; the answer is how it would be read. */
export async function sendFile(file: File): Promise<string> {
  const id = crypto.randomUUID()
  const query = new URLSearchParams({ id, filename: file.name })
  const response = await fetch(`/api/imports?${query}`, { method: 'POST', body: file })
  // The cast: a refusal is a problem document.
  if (!response.ok) throw refusal(response.status, (await response.json().catch(() => ({}))) as Partial<Problem>)
  void client.invalidateQueries({ queryKey: ['imports'] })
  return id
}

let lastChange = 0

/** Says how the file is to be read: shown at once, and as the server answers where that is the last change. */
export async function changePlan(one: Imported, change: Partial<ImportPlan>): Promise<void> {
  const turn = ++lastChange
  const key = keyOf(one.id)
  const before = client.getQueryData<Imported>(key) ?? one
  const plan = { ...before.plan, ...change }
  client.setQueryData<Imported>(key, { ...before, plan })
  try {
    const saved = await call(api.imports[':id'].plan.$put({ param: { id: one.id }, json: plan }))
    if (turn === lastChange) client.setQueryData<Imported>(key, (now) => (now ? { ...now, ...saved } : now))
  } catch (error) {
    if (turn === lastChange) client.setQueryData<Imported>(key, before)
    throw error
  }
}

export async function startImport({ id }: Imported): Promise<void> {
  const started = await call(api.imports[':id'].start.$post({ param: { id } }))
  client.setQueryData<Imported>(keyOf(id), (now) => (now ? { ...now, ...started } : now))
  void client.invalidateQueries({ queryKey: keyOf(id) })
  void client.invalidateQueries({ queryKey: ['imports'] })
}

export async function takeBackImport({ id }: Imported): Promise<void> {
  const begun = await call(api.imports[':id'].undo.$post({ param: { id } }))
  client.setQueryData<Imported>(keyOf(id), (now) => (now ? { ...now, ...begun } : now))
  void client.invalidateQueries({ queryKey: keyOf(id) })
  void client.invalidateQueries({ queryKey: ['imports'] })
}
