import { api, call, wordsOf } from './api.ts'
import { draftOf, NEW, showDraft } from './drafts.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

/** Takes an answer back that is held: it is a draft again, where it was written. */
export async function takeBack(messageId: string): Promise<void> {
  try {
    const kept = await call(api.messages[':id'].sending.$delete({ param: { id: messageId } }))
    const key = kept.issueId ?? NEW
    showDraft(key, draftOf(kept), true)
    say('Taken back. Nobody got it.')
    if (kept.issueId) void client.invalidateQueries({ queryKey: issueKey(kept.issueId) })
    for (const name of ['issues', 'counts', 'drafts']) void client.invalidateQueries({ queryKey: [name] })
  } catch (error) {
    complain(wordsOf(error))
  }
}
