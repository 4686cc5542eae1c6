import { For, Show } from 'solid-js'
import type { Looked } from '../exchange.ts'
import { ExchangeCommand } from './exchange-command.tsx'

/** The raw rows, those that were granted and who may send, side by side with what each row means. */
export function ExchangeChecks(props: { checks: Looked['checks'] }) {
  return (
    <details class="exchange-fold">
      <summary>
        <h2>What Exchange says, row by row</h2>
      </summary>
      <div class="exchange-checks">
        <For each={props.checks}>
          {(check) => (
            <section>
              <h3>{check.title}</h3>
              <Show when={check.command}>
                <ExchangeCommand command={check.command} of={check.title} />
              </Show>
              <ul>
                <For each={check.rows} fallback={<li class="hint">Nobody</li>}>
                  {({ row, means }) => (
                    <li>
                      <code>{row}</code>
                      <small>{means}</small>
                    </li>
                  )}
                </For>
              </ul>
            </section>
          )}
        </For>
      </div>
    </details>
  )
}
