import { For, Show } from 'solid-js'
import type { Piece } from '../api.ts'

/** A text with what was searched for in it. */
export function Marked(props: { pieces: readonly Piece[] }) {
  return (
    <For each={props.pieces}>
      {(piece) => (
        <Show when={piece.marked} fallback={piece.text}>
          <mark>{piece.text}</mark>
        </Show>
      )}
    </For>
  )
}
