import { For, Show } from 'solid-js'
import type { Looked } from '../exchange.ts'
import { ExchangeCommand } from './exchange-command.tsx'
import { Icon } from './icon.tsx'

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

/** The five ways to share an address, what each leads to, and which of them is here. */
export function ExchangeOptions(props: { options: Looked['options'] }) {
  return (
    <details class="exchange-fold">
      <summary>
        <h2>Is a shared mailbox the right way? Five ways compared</h2>
      </summary>
      <ol class="exchange-options">
        <For each={props.options}>
          {(option) => (
            <li classList={{ here: option.here !== null }}>
              <h3>{option.title}</h3>
              <p>{option.leadsTo}</p>
              <Show when={option.here}>
                {(words) => (
                  <p class="is-here">
                    <Icon name="info" />
                    {words()}
                  </p>
                )}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </details>
  )
}
