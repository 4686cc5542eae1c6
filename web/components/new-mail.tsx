import { createSignal, onMount, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { begunDraft, type Draft, draftOf, NEW, newDraft, takeRestored } from '../drafts.ts'
import { me } from '../queries.ts'
import { Composer } from './composer.tsx'
import { Icon } from './icon.tsx'

/**
 * A new mail, over the page at its lower edge, so that what one writes about stays in sight. What was begun before is
 * gone on with.
 */
export default function NewMail(props: { onClose: () => void; onSent: (issueId: string) => void }) {
  const [draft, setDraft] = createSignal<Draft>()
  const [asked, setAsked] = createSignal(0)
  onMount(async () => {
    const begun = takeRestored(NEW) ?? (await begunBefore())
    setDraft(begun ?? { ...newDraft('new'), quote: false })
    setAsked(1)
  })
  return (
    <div class="new-mail" role="dialog" aria-label="New email">
      <header>
        <h2>New email</h2>
        <button
          type="button"
          class="btn ghost square"
          aria-label="Put away, keeping the draft"
          data-tip="Put away"
          data-keys="esc"
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </button>
      </header>
      <Show when={draft()}>
        {(now) => (
          <Composer
            issueId={null}
            draft={now()}
            asked={asked()}
            onDraft={setDraft}
            onClose={(sent, issueId) => {
              props.onClose()
              if (sent && issueId) props.onSent(issueId)
            }}
          />
        )}
      </Show>
    </div>
  )
}

/** The newest new mail that was begun and not sent, on whatever machine. */
async function begunBefore(): Promise<Draft | undefined> {
  try {
    const all = await call(api.drafts.$get())
    const mine = all.find(({ issueId, memberId }) => issueId === null && memberId === me()?.member.id)
    return begunDraft(NEW, mine && draftOf(await call(api.drafts[':id'].$get({ param: { id: mine.id } }))))
  } catch {
    return begunDraft(NEW, undefined)
  }
}
