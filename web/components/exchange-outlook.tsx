import { useQuery } from '@tanstack/solid-query'
import type { InferResponseType } from 'hono/client'
import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { download } from '../exchange.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'
import { Loaded, Notice } from './states.tsx'

type Files = InferResponseType<typeof api.exchange.outlook.$get, 200>['files']
type What = 'sent' | 'deleted' | 'both'

const VERSIONS = [
  ['365', 'Microsoft 365, 2016 to 2024'],
  ['2013', '2013'],
  ['2010', '2010'],
] as const
const WHATS: [What, string][] = [
  ['sent', 'Sent mail goes to the shared mailbox'],
  ['deleted', 'Deleted mail goes to the shared mailbox'],
  ['both', 'Both'],
]
const FILES: [keyof Files, string, string][] = [
  ['reg', 'Registry file', 'outlook.reg'],
  ['bat', 'Batch file', 'outlook.bat'],
  ['undo-reg', 'Registry file that takes it back', 'outlook-undo.reg'],
  ['undo-bat', 'Batch file that takes it back', 'outlook-undo.bat'],
  ['intune-detect', 'Intune, detection', 'detect.ps1'],
  ['intune-remediate', 'Intune, remediation', 'remediate.ps1'],
]

/** Settings for classic Outlook on the delegates' computers, as files for whoever looks after those. */
export function ExchangeOutlook(props: { copiesByServer: boolean }) {
  const [version, setVersion] = createSignal<string>('365')
  const [what, setWhat] = createSignal<What>('deleted')
  const [isOpen, setOpen] = createSignal(false)
  const copiesByServer = () => (props.copiesByServer ? 'true' : 'false')
  const found = useQuery(() => ({
    queryKey: ['exchange', 'outlook', version(), what(), copiesByServer()],
    queryFn: () =>
      call(
        api.exchange.outlook.$get({ query: { version: version(), what: what(), copiesByServer: copiesByServer() } }),
      ),
    enabled: isOpen(),
  }))
  return (
    <details class="exchange-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Settings for classic Outlook</h2>
      </summary>
      <Show when={isOpen()}>
        <div class="form exchange-outlook">
          <div class="pair">
            <Field label="Version of Outlook">
              {(attributes) => (
                <select {...attributes} class="input" onChange={(event) => setVersion(event.currentTarget.value)}>
                  <For each={VERSIONS}>{([value, words]) => <option value={value}>{words}</option>}</For>
                </select>
              )}
            </Field>
            <Field label="What it changes">
              {(attributes) => (
                <select
                  {...attributes}
                  class="input"
                  // The cast: the choices are those above.
                  onChange={(event) => setWhat(event.currentTarget.value as What)}
                >
                  <For each={WHATS}>
                    {([value, words]) => (
                      <option value={value} selected={value === what()}>
                        {words}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
          </div>
          <Loaded query={found} what="The settings">
            {(settings) => (
              <>
                <Show when={settings().copies.shared > 1}>
                  <Notice tone="warn">
                    The server keeps a copy of sent mail already. With this each mail lies in Sent Items twice.
                  </Notice>
                </Show>
                <div class="actions">
                  <For each={FILES}>
                    {([key, words, name]) => (
                      <button type="button" class="btn" onClick={() => download(name, settings().files[key] ?? '')}>
                        <Icon name="download" />
                        {words}
                      </button>
                    )}
                  </For>
                </div>
              </>
            )}
          </Loaded>
        </div>
      </Show>
    </details>
  )
}
