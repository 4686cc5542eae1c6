import { createUniqueId, type JSX, onCleanup, onMount, Show } from 'solid-js'
import { Icon } from './icon.tsx'

/** A dialog over the page. The browser keeps the focus in it, closes it on Escape and gives the focus back. */
export function Dialog(props: {
  label: string
  class?: string
  titled?: boolean
  onClose: () => void
  children: JSX.Element
}) {
  const id = createUniqueId()
  let self!: HTMLDialogElement
  onMount(() => self.showModal())
  onCleanup(() => self.close())
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it; the click outside is for who points.
    <dialog
      ref={self}
      class={props.class ?? 'sheet'}
      aria-labelledby={props.titled ? id : undefined}
      aria-label={props.titled ? undefined : props.label}
      onClose={() => props.onClose()}
      onClick={(event) => {
        if (event.target === self) self.close()
      }}
    >
      <Show when={props.titled}>
        <header>
          <h2 id={id}>{props.label}</h2>
          <button type="button" class="btn ghost square" aria-label="Close" onClick={() => self.close()}>
            <Icon name="close" />
          </button>
        </header>
      </Show>
      {props.children}
    </dialog>
  )
}
