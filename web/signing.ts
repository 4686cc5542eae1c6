import { useQuery } from '@tanstack/solid-query'
import { api, call } from './api.ts'
import type { Draft } from './drafts.ts'
import { dataOf } from './queries.ts'

/** What stands below a mail: what its writer made of it, else the signature that the server has for this place. */
export function createSigning(issueId: string | null, mailboxId: () => string | null, draft: () => Draft) {
  const mailbox = () => mailboxId() ?? ''
  const query = useQuery(() => ({
    queryKey: ['signatures', 'here', issueId ?? mailbox()],
    queryFn: () => call(api.signatures.here.$get({ query: issueId ? { issueId } : { mailboxId: mailbox() } })),
    enabled: draft().kind !== 'note' && (issueId !== null || mailbox() !== ''),
    staleTime: 30_000,
  }))
  return {
    /** As HTML; empty: none. */
    signature: () => draft().signature ?? dataOf(query)?.html ?? '',
    /** The one that the server has, as HTML. */
    kept: () => dataOf(query)?.html ?? '',
    /** The same once it is known, so that a mail that is sent at once has it too. */
    known: async (): Promise<string> => {
      const own = draft().signature
      if (typeof own === 'string') return own
      return (dataOf(query) ?? (await query.refetch({ cancelRefetch: false, throwOnError: true })).data)?.html ?? ''
    },
  }
}
