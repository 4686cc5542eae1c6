import { useQuery } from '@tanstack/solid-query'
import { createMemo } from 'solid-js'
import { api, call } from './api.ts'
import type { Draft } from './drafts.ts'
import { dataOf } from './queries.ts'
import { sameRecipients } from './recipients.ts'

export const NOBODY = { to: [], cc: [], bcc: [] }

/**
 * Whom a draft goes to and where it comes from: what its writer chose, else what the server proposes for the issue, and
 * for a new mail the mailboxes that there are.
 */
export function createAnswering(issueId: string | null, draft: () => Draft) {
  const answering = useQuery(() => ({
    queryKey: ['recipients', issueId, draft().messageId],
    queryFn: () => {
      const { messageId } = draft()
      return call(
        api.issues[':id'].recipients.$get({ param: { id: issueId ?? '' }, query: messageId ? { messageId } : {} }),
      )
    },
    enabled: issueId !== null,
    staleTime: 0,
  }))
  const proposed = () => dataOf(answering)
  const writing = useQuery(() => ({
    queryKey: ['contacts', 'ours'],
    queryFn: () => call(api.contacts.ours.$get()),
    enabled: issueId === null,
  }))
  const ours = () => dataOf(writing) ?? []
  const senders = createMemo(() => {
    const found = proposed()
    if (found) return found.addresses.map((address) => ({ name: found.from.name, address }))
    return ours().flatMap(({ name, addresses }) => addresses.map((address) => ({ name, address })))
  })
  const from = () => draft().from ?? proposed()?.from.address ?? senders()[0]?.address ?? ''
  const mailbox = () => ours().find(({ addresses }) => addresses.includes(from()))
  const recipients = createMemo(() => {
    const chosen = draft().recipients
    if (chosen || draft().kind !== 'reply') return chosen ?? NOBODY
    return { ...NOBODY, ...((draft().all ? proposed()?.replyAll : proposed()?.reply) ?? {}) }
  })
  /** As RFC 5646 has it; empty: nobody knows, or none in particular. */
  const language = () => draft().language ?? proposed()?.language ?? ''
  const twoWays = () => {
    const found = proposed()
    return draft().kind === 'reply' && found !== undefined && !sameRecipients(found.reply, found.replyAll)
  }
  /** In bytes: one file, and all that go along together. */
  const limits = () => {
    const found = proposed() ?? mailbox()
    return { file: found?.maxFileBytes, all: found?.maxAttachedBytes }
  }
  return { answering, proposed, senders, from, mailbox, recipients, language, twoWays, limits }
}
