import { api, call, wordsOf } from './api.ts'
import { draftOf, NEW, showDraft } from './drafts.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { complain } from './toasts.ts'

/** Opens a mail that did not arrive as a draft, to those whom it did not reach. */
export async function editAndResend(issueId: string, messageId: string): Promise<void> {
  try {
    const json = { draftId: crypto.randomUUID() }
    const kept = await call(api.messages[':id'].resending.$post({ param: { id: messageId }, json }))
    showDraft(kept.issueId ?? NEW, draftOf(kept), true)
    for (const key of [issueKey(issueId), ['issues'], ['drafts']]) void client.invalidateQueries({ queryKey: key })
  } catch (error) {
    complain(wordsOf(error))
  }
}
