import { Show } from 'solid-js'
import { type Draft, isEmpty } from '../drafts.ts'
import { HandOver } from './hand-over.tsx'
import { Icon } from './icon.tsx'
import { RemindMe } from './remind-me.tsx'
import { type Inserted, SavedReplyPicker } from './saved-reply-picker.tsx'

/** What can be done with a draft beside sending it: a saved reply, a reminder, handing it over, discarding it. */
export function ComposerTools(props: {
  issueId: string | null
  mailboxId: string | null
  language: string
  draft: Draft
  mayHandOver: boolean
  /** Where saved replies were asked for. */
  inserting: Element | undefined
  onInserting: (at: Element | undefined) => void
  onInsert: (reply: Inserted) => void
  onRemindAfter: (afterMs: number | null) => void
  /** Brings what is written to the server. */
  save: () => Promise<void>
  onGiven: () => void
  onDiscard: () => void
}) {
  return (
    <>
      <Show when={props.draft.kind !== 'note'}>
        <button
          type="button"
          class="btn ghost square"
          data-command="savedReply"
          aria-label="Insert a saved reply"
          data-tip="Insert a saved reply"
          data-keys="/"
          onClick={(event) => props.onInserting(event.currentTarget)}
        >
          <Icon name="saved" />
        </button>
        <Show when={props.inserting}>
          {(at) => (
            <SavedReplyPicker
              at={at()}
              issueId={props.issueId}
              mailboxId={props.mailboxId}
              language={props.language}
              onInsert={props.onInsert}
              onClose={() => props.onInserting(undefined)}
            />
          )}
        </Show>
        <RemindMe afterMs={props.draft.remindAfterMs ?? null} onAfterMs={props.onRemindAfter} />
      </Show>
      <Show when={!isEmpty(props.draft)}>
        <Show when={props.mayHandOver}>
          <HandOver draftId={props.draft.id} before={props.save} onGiven={props.onGiven} />
        </Show>
        <button
          type="button"
          class="btn ghost square"
          aria-label="Discard the draft"
          data-tip="Discard the draft"
          onClick={() => props.onDiscard()}
        >
          <Icon name="trash" />
        </button>
      </Show>
    </>
  )
}
