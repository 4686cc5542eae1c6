import { Show } from 'solid-js'
import { NARROW, useMedia } from '../clock.ts'
import { CommandButton } from './command-button.tsx'
import { Icon } from './icon.tsx'

/** What can be done with an issue, above its timeline. */
export function IssueBar(props: { isDone: boolean; onBack: () => void }) {
  const narrow = useMedia(NARROW)
  return (
    <div class="bar">
      <Show when={narrow()}>
        <button type="button" class="btn ghost square" aria-label="Back to the list" onClick={() => props.onBack()}>
          <Icon name="back" />
        </button>
      </Show>
      <CommandButton of="assign">Assign</CommandButton>
      <CommandButton of="snooze" class="ghost">
        Snooze
      </CommandButton>
      <CommandButton of="done">{props.isDone ? 'Reopen' : 'Done'}</CommandButton>
      <CommandButton of="status" class="ghost">
        Status
      </CommandButton>
      <span class="spacer" />
      <CommandButton of="tags" class="ghost" bare />
      <CommandButton of="note" class="ghost" bare />
      <CommandButton of="spam" class="ghost" bare />
      <CommandButton of="trash" class="ghost" bare />
    </div>
  )
}
