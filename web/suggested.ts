import { useQuery } from '@tanstack/solid-query'
import { api, call } from './api.ts'

/** Issues that may be about the same matter; asked only where somebody may act on it. */
export function useSuggested(id: () => string | undefined) {
  return useQuery(() => ({
    queryKey: ['suggestions-of', id() ?? ''],
    queryFn: () => call(api.issues[':id'].suggestions.$get({ param: { id: id() ?? '' } })),
    enabled: id() !== undefined,
  }))
}

/** So many open issues can be picked from, the newest. */
const OPEN_ISSUES = '200'

/** The issues that are ours to move, to pick one from; none while nobody picks. */
export function useOpenIssues(asked: () => boolean) {
  return useQuery(() => ({
    queryKey: ['open-issues'],
    queryFn: () => call(api.issues.$get({ query: { view: 'inbox', limit: OPEN_ISSUES } })),
    enabled: asked(),
  }))
}
