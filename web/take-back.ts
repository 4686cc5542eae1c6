import { ApiError, api, call, wordsOf } from './api.ts'
import { type Draft, forgetDraft, loadDraft, newDraft, restoreDraft, saveDraft } from './drafts.ts'
import { issueKey } from './queries.ts'
import { client } from './query-client.ts'
import { complain, say } from './toasts.ts'

type Held = Awaited<ReturnType<typeof readHeld>>
const readHeld = (id: string) => call(api.messages[':id'].sending.$get({ param: { id } }))

/** Takes an answer back that is held: it is a draft again, where it was written. */
export async function takeBack(messageId: string): Promise<void> {
  try {
    const held = await readHeld(messageId)
    const { issueId } = held
    const before = loadDraft(issueId)
    const draft = draftOf(held, before)
    // Kept first: whatever happens to this page, what was written is in one of the two places.
    saveDraft(issueId, draft, Date.now())
    try {
      await call(api.messages[':id'].sending.$delete({ param: { id: messageId } }))
    } catch (error) {
      // It is out, so it is no draft. Where nobody answered, nobody knows: then it stays in both.
      if (error instanceof ApiError && error.status > 0) {
        if (before) saveDraft(issueId, before, before.savedAt)
        else forgetDraft(issueId)
      }
      throw error
    }
    restoreDraft(issueId, draft, true)
    say('Taken back. Nobody got it.')
    void client.invalidateQueries({ queryKey: issueKey(issueId) })
    void client.invalidateQueries({ queryKey: ['issues'] })
    void client.invalidateQueries({ queryKey: ['counts'] })
  } catch (error) {
    complain(wordsOf(error))
  }
}

/** What was sent as a draft again, before what was begun since. */
export function draftOf({ text, to, cc, answeredId, quote, attachments }: Held, since: Draft | undefined): Draft {
  const begun = since?.text.trim() ? since.text : ''
  return {
    ...(since ?? newDraft('reply')),
    id: crypto.randomUUID(),
    kind: 'reply',
    messageId: answeredId,
    recipients: { to, cc },
    text: begun ? `${text.trimEnd()}\n\n${begun}` : text,
    quote,
    attachments: [
      ...attachments.map(({ id, filename, size }) => ({ id, filename, size })),
      ...(since?.attachments ?? []),
    ],
    seen: null,
  }
}
