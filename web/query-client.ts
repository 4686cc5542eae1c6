import { QueryCache, QueryClient } from '@tanstack/solid-query'
import { ApiError, type SignedIn } from './api.ts'
import { forgetUndo } from './toasts.ts'

/** What belongs to nobody, or says who it is. */
const KEPT = ['session', 'demo', 'setup']

const STALE_MS = 30_000
const RETRIES = 2

/** What the page knows. Live events keep it fresh (live.ts); a 401 anywhere leads to the sign-in. */
export const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session')
        client.setQueryData(['session'], null)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      retry: (failures, error) =>
        failures < RETRIES && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: (failures) => 400 * 2 ** failures,
    },
  },
})

/** Another member, or nobody, is here now: what was read before is forgotten, since lists are each member's own. */
export function enter(session: SignedIn | null): void {
  forgetUndo()
  client.setQueryData(['session'], session)
  client.removeQueries({ predicate: ({ queryKey }) => !KEPT.includes(String(queryKey[0])) })
}
