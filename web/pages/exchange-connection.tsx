import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { Field, TextField } from '../components/field.tsx'
import { Notice } from '../components/states.tsx'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'

type Kind = 'exo-rest' | 'pwsh' | 'plan-only'
const KINDS: [Kind, string, string][] = [
  [
    'exo-rest',
    'Exchange Online, by an app',
    'An app of your directory with the permission Exchange.ManageAsApp and the role Exchange Recipient Administrator.',
  ],
  ['pwsh', 'PowerShell', 'PowerShell 7 on this server, with ExchangeOnlineManagement or the tools of Exchange.'],
  [
    'plan-only',
    'By files alone',
    'Nothing is let in: an admin runs a script that reads, and one that was reviewed. No password is needed.',
  ],
]
const FIELDS = ['name', 'clientSecret', 'privateKey', 'settings']

/** Connecting to Exchange. */
export default function ExchangeConnection() {
  const navigate = useNavigate()
  const [kind, setKind] = createSignal<Kind>('exo-rest')
  const id = crypto.randomUUID()
  const submit = createSubmit(async (form) => {
    const text = (name: string) => textOf(form, name).trim()
    const settings = {
      tenant: text('tenant'),
      clientId: text('clientId'),
      certificateThumbprint: text('certificateThumbprint'),
    }
    const json = {
      id,
      name: text('name'),
      kind: kind(),
      // The cast: the choices of this field are those of the server.
      platform: (text('platform') || 'exo') as 'exo' | 'onprem',
      hybrid: form.get('hybrid') !== null,
      settings,
      clientSecret: textOf(form, 'clientSecret'),
      privateKey: textOf(form, 'privateKey'),
    }
    await call(api.exchange.connections.$post({ json }))
    await client.invalidateQueries({ queryKey: ['exchange'] })
    say('Connected. Test it before anything else.')
    navigate('/exchange')
  })
  const wrong = (field: string) => submit.wrong(field) ?? submit.wrong(`settings.${field}`)
  return (
    <div class="page exchange">
      <div class="top">
        <div>
          <h1>Connect to Exchange</h1>
          <p>Nothing is changed by connecting. Every change is shown first, and carried out when you say so.</p>
        </div>
      </div>
      <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <fieldset>
          <legend>How it is reached</legend>
          <For each={KINDS}>
            {([value, words, why]) => (
              <label class="check">
                <input type="radio" name="kind" checked={kind() === value} onChange={() => setKind(value)} />
                <span>
                  {words}
                  <small>{why}</small>
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <fieldset>
          <legend>Connection</legend>
          <TextField label="Name" name="name" help="Such as Contoso." wrong={wrong('name')} />
          <Show when={kind() !== 'exo-rest'}>
            <Field label="Where the mailboxes are">
              {(attributes) => (
                <select {...attributes} class="input" name="platform">
                  <option value="exo">Exchange Online</option>
                  <option value="onprem">Exchange Server, on premises</option>
                </select>
              )}
            </Field>
          </Show>
          <label class="check">
            <input type="checkbox" name="hybrid" />
            <span>
              There is Exchange on premises and in the cloud
              <small>Then mailboxes are created and converted on premises, and the plan says so.</small>
            </span>
          </label>
          <Show when={kind() !== 'plan-only'}>
            <div class="pair">
              <TextField
                label="Directory (tenant)"
                name="tenant"
                help="Its id, or its domain such as contoso.onmicrosoft.com."
                wrong={wrong('tenant') ?? submit.wrong('settings')}
              />
              <TextField label="Application (client) id" name="clientId" wrong={wrong('clientId')} />
            </div>
          </Show>
          <Show when={kind() === 'exo-rest'}>
            <TextField
              label="Client secret"
              name="clientSecret"
              type="password"
              autocomplete="new-password"
              help="Or a certificate, below."
              wrong={wrong('clientSecret')}
            />
            <Field
              label="Private key of the certificate"
              help="As PEM. It is stored encrypted."
              wrong={wrong('privateKey')}
            >
              {(attributes) => (
                <textarea {...attributes} class="input exchange-area" name="privateKey" rows={3} spellcheck={false} />
              )}
            </Field>
          </Show>
          <Show when={kind() !== 'plan-only'}>
            <TextField
              label="Thumbprint of the certificate"
              name="certificateThumbprint"
              wrong={wrong('certificateThumbprint')}
            />
          </Show>
        </fieldset>
        <Show
          when={submit.general(
            ...FIELDS,
            ...['tenant', 'clientId', 'certificateThumbprint'].map((f) => `settings.${f}`),
          )}
        >
          {(words) => <Notice tone="bad">{words()}</Notice>}
        </Show>
        <div class="actions">
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            Connect
          </button>
          <a href="/exchange" class="btn ghost">
            Cancel
          </a>
        </div>
      </form>
    </div>
  )
}
