import { type Address, ApiError, api, call } from './api.ts'
import type { Draft } from './drafts.ts'

/** Adds the note of a draft to its issue. */
export async function sendNote(issueId: string, draft: Draft): Promise<void> {
  const json = { id: draft.noteId, text: draft.note.trim() }
  await call(api.issues[':id'].notes.$post({ param: { id: issueId }, json }))
}

/** Hands the answer of a draft over to be sent. */
export async function sendReply(
  issueId: string,
  draft: Draft,
  messageId: string | undefined,
  recipients: { to: Address[]; cc: Address[] },
  status: 'waiting' | 'done',
): Promise<{ messageId: string; heldMs: number }> {
  if (messageId === undefined)
    throw new ApiError('Whom this answers is not known yet. Try again in a moment.', 0, new Map())
  const { id, quote, seen } = draft
  const attachments = draft.attachments.map((file) => file.id)
  const json = { id, messageId, ...recipients, text: draft.text.trimEnd(), quote, status, attachments, seen }
  return await call(api.issues[':id'].replies.$post({ param: { id: issueId }, json }))
}
