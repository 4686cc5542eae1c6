import { For, Show } from 'solid-js'
import { dismiss, toasts, undo } from '../toasts.ts'
import { Caps } from './caps.tsx'
import { Icon } from './icon.tsx'

/** What was just done, said politely, with the way back. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite" aria-atomic="true">
      <For each={toasts()}>
        {(toast) => (
          <div class={`toast ${toast.tone}`}>
            <span>{toast.text}</span>
            <Show
              when={toast.undo}
              fallback={
                <button type="button" aria-label="Dismiss" onClick={() => dismiss(toast.id)}>
                  <Icon name="close" />
                </button>
              }
            >
              <button type="button" onClick={() => undo(toast)}>
                Undo
                <Caps of="undo" />
              </button>
            </Show>
          </div>
        )}
      </For>
    </div>
  )
}
