import { For, Show } from 'solid-js'
import { type CommandId, caps, command } from '../keys.ts'

/** The keys of a command, drawn. Read aloud they would only be noise: `aria-keyshortcuts` says them. */
export function Caps(props: { of: CommandId }) {
  return (
    <Show when={command(props.of).keys}>
      {(keys) => (
        <span class="keys" aria-hidden="true">
          <For each={caps(keys())}>{(cap) => <kbd>{cap}</kbd>}</For>
        </span>
      )}
    </Show>
  )
}
