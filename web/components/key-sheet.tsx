import { For, Show } from 'solid-js'
import { COMMANDS, caps, type Group, singleKeys } from '../keys.ts'
import { Dialog } from './dialog.tsx'
import { Notice } from './states.tsx'

const GROUPS: readonly Group[] = ['Move', 'Issue', 'Go to', 'General']

/** All keys on one sheet. */
export default function KeySheet(props: { onClose: () => void }) {
  return (
    <Dialog label="Keys" titled class="sheet keysheet" onClose={() => props.onClose()}>
      <div class="body">
        <Show when={!singleKeys()}>
          <Notice tone="plain">Keys without ctrl are switched off. Your account page has the switch.</Notice>
        </Show>
        <div class="columns">
          <For each={GROUPS}>
            {(group) => (
              <section>
                <h3>{group}</h3>
                <dl>
                  <For each={COMMANDS.filter((command) => command.group === group && 'keys' in command)}>
                    {(command) => (
                      <div>
                        <dt>{command.label}</dt>
                        <dd class="keys">
                          <For each={'keys' in command ? caps(command.keys) : []}>{(cap) => <kbd>{cap}</kbd>}</For>
                          <Show when={'also' in command ? command.also : undefined}>
                            {(also) => (
                              <>
                                <span class="hint">or</span>
                                <For each={caps(also())}>{(cap) => <kbd>{cap}</kbd>}</For>
                              </>
                            )}
                          </Show>
                        </dd>
                      </div>
                    )}
                  </For>
                </dl>
              </section>
            )}
          </For>
        </div>
      </div>
    </Dialog>
  )
}
