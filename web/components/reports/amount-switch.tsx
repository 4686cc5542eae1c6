import { For } from 'solid-js'

/** Whether amounts are whole or by their probability. */
export function AmountSwitch(props: { name: string; weighted: boolean; onWeighted: (weighted: boolean) => void }) {
  return (
    <div class="segments" role="radiogroup" aria-label="Amounts">
      <For each={[true, false]}>
        {(one) => (
          <label>
            <input
              type="radio"
              name={props.name}
              checked={props.weighted === one}
              onChange={() => props.onWeighted(one)}
            />
            {one ? 'Weighted' : 'Whole'}
          </label>
        )}
      </For>
    </div>
  )
}
