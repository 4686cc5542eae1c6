import { createSignal, Show } from 'solid-js'
import { unmarked } from '../text.ts'
import { Text } from './text.tsx'

/** The mail that goes below an answer, folded, and whether it does. */
export function ComposerQuote(props: { quoted: string; isIn: boolean; onIsIn?: (isIn: boolean) => void }) {
  const [isShown, setIsShown] = createSignal(false)
  return (
    <div class="quotes">
      <Show when={props.isIn && isShown()}>
        <Text text={unmarked(props.quoted)} quoted />
      </Show>
      <div class="more">
        <Show when={props.isIn} fallback={<span class="hint">Without their email below.</span>}>
          <button
            type="button"
            class="dots"
            aria-expanded={isShown()}
            aria-label="Quoted email below the answer"
            data-tip="Their email goes below your answer"
            onClick={() => setIsShown(!isShown())}
          />
          <span class="hint">Their email goes below.</span>
        </Show>
        <Show when={props.onIsIn}>
          {(onIsIn) => (
            <button type="button" onClick={() => onIsIn()(!props.isIn)}>
              {props.isIn ? 'Leave it out' : 'Quote it'}
            </button>
          )}
        </Show>
      </div>
    </div>
  )
}
