import { api, call, wordsOf } from './api.ts'
import { type Draft, showDraft } from './drafts.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

/** Throws a draft away, which can be taken back: then it is there again, as it was. */
export async function discardDraft(issueId: string, draft: Draft): Promise<void> {
  const param = { id: draft.id }
  const restore = async () => {
    try {
      const { version } = await call(api.drafts[':id'].restoration.$post({ param }))
      showDraft(issueId, { ...draft, version }, true)
    } catch (error) {
      complain(wordsOf(error))
    }
  }
  try {
    await call(api.drafts[':id'].$delete({ param }))
    say('Draft discarded.', () => void restore())
  } catch (error) {
    complain(wordsOf(error))
  }
  void client.invalidateQueries({ queryKey: ['drafts'] })
}
