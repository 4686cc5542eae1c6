import { useQuery } from '@tanstack/solid-query'
import type { createAnswering } from './answering.ts'
import { api, call } from './api.ts'
import type { Draft } from './drafts.ts'
import { dataOf } from './queries.ts'

/**
 * What stands below a mail: what its writer made of it, else the signature that the server has for this place and the
 * language that is written in.
 */
export function createSigning(
  issueId: string | null,
  { mailbox, language, proposed }: ReturnType<typeof createAnswering>,
  draft: () => Draft,
) {
  const mailboxId = () => mailbox()?.mailboxId ?? ''
  const query = useQuery(() => ({
    queryKey: ['signatures', 'here', issueId ?? mailboxId(), language()],
    queryFn: () =>
      call(
        api.signatures.here.$get({
          query: { ...(issueId ? { issueId } : { mailboxId: mailboxId() }), language: language() },
        }),
      ),
    // Until it is known what is answered, its language is not either.
    enabled: draft().kind !== 'note' && (issueId !== null ? proposed() !== undefined : mailboxId() !== ''),
    staleTime: 30_000,
  }))
  return {
    /** As HTML; empty: none. */
    signature: () => draft().signature ?? dataOf(query)?.html ?? '',
    /** The one that the server has, as HTML. */
    kept: () => dataOf(query)?.html ?? '',
    /** In which languages there is one; empty stands for any. */
    languages: () => dataOf(query)?.languages ?? [],
    /** The same once it is known, so that a mail that is sent at once has it too. */
    known: async (): Promise<string> => {
      const own = draft().signature
      if (typeof own === 'string') return own
      return (dataOf(query) ?? (await query.refetch({ cancelRefetch: false, throwOnError: true })).data)?.html ?? ''
    },
  }
}
